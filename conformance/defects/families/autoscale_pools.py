"""Autoscale of pools, and the removal of nodes."""

from __future__ import annotations

from conformance.defects.answers import body
from conformance.defects.leniency import stub
from conformance.defects.model import Defect
from conformance.defects.poollives import instead, no_scaling, nodes_stay
from conformance.defects.poolparts import made_up
from conformance.defects.stored import Changed, after

_ENABLE = "POST /pools/{}/enableautoscale"
_DISABLE = "POST /pools/{}/disableautoscale"
_EVALUATE = "POST /pools/{}/evaluateautoscale"
_REMOVE = "POST /pools/{}/removenodes"
_STUB = "A stub that says yes."


def _old_targets(pool: Changed) -> None:
    pool.restore("targetDedicatedNodes", "targetLowPriorityNodes")


def _still_scaled(pool: Changed) -> None:
    pool.restore("enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval", "autoScaleRun")


def _formula_left(pool: Changed) -> None:
    pool.restore("autoScaleFormula", "autoScaleRun")


def _not_run(pool: Changed) -> None:
    """Autoscale is on, and nobody computes the formula."""
    pool.now.pop("autoScaleRun", None)
    pool.restore("targetDedicatedNodes", "targetLowPriorityNodes")


def _applied(pool: Changed) -> None:
    pool.now["autoScaleFormula"] = pool.sent.get("autoScaleFormula")


DEFECTS = (
    Defect(
        "enable-ignored",
        "The operation enableautoscale is answered 200, and the pool does not scale.",
        "life-cycles",
        ("pools.enable-auto-scale.applies", "pools.trace.sent-shown"),
        _STUB,
        after(_ENABLE, _still_scaled),
        consequences=("pools.enable-auto-scale.keeps-formula",),
    ),
    Defect(
        "enable-without-run",
        "Autoscale is enabled, and its formula is never computed.",
        "life-cycles",
        ("pools.enable-auto-scale.runs",),
        "A language of formulas takes a while to write.",
        after(_ENABLE, _not_run),
    ),
    Defect(
        "enable-computes-nothing",
        "Autoscale shows that it ran, and sets no target.",
        "life-cycles",
        ("pools.enable-auto-scale.scales",),
        "A language of formulas takes a while to write.",
        no_scaling,
    ),
    Defect(
        "enable-interval-resets",
        "The operation enableautoscale puts back to the default what it does not name.",
        "partial-update",
        ("pools.enable-auto-scale.keeps-formula",),
        "The model of the request is filled with defaults.",
        made_up(_ENABLE, "autoScaleEvaluationInterval", "PT15M"),
    ),
    Defect(
        "disable-ignored",
        "The operation disableautoscale is answered 200, and the pool goes on scaling.",
        "life-cycles",
        ("pools.disable-auto-scale.turns-off",),
        _STUB,
        after(_DISABLE, _still_scaled),
    ),
    Defect(
        "disable-keeps-formula",
        "The operation disableautoscale leaves the formula and its last run.",
        "life-cycles",
        ("pools.disable-auto-scale.drops-formula",),
        "A flag is changed, and nothing else.",
        after(_DISABLE, _formula_left),
    ),
    Defect(
        "evaluate-applies",
        "The operation evaluateautoscale makes the formula that of the pool.",
        "life-cycles",
        ("pools.evaluate-auto-scale.applies-nothing",),
        "Copied from the handler of enableautoscale.",
        after(_EVALUATE, _applied),
    ),
    Defect(
        "evaluate-answers-nothing",
        "The operation evaluateautoscale answers when it was, and no values.",
        "schema",
        ("pools.evaluate-auto-scale.answers-result", "pools.evaluate-auto-scale.reports-errors"),
        "A language of formulas takes a while to write.",
        body(_EVALUATE, lambda run: {name: value for name, value in run.items() if name not in ("results", "error")}),
    ),
    Defect(
        "evaluate-anything",
        "The operation evaluateautoscale answers for pools without autoscale too, and without a formula.",
        "limits",
        ("pools.evaluate-auto-scale.needs-autoscale", "pools.evaluate-auto-scale.formula-required"),
        "It computes a formula, for which it needs no pool.",
        instead(_EVALUATE, 200, {"timestamp": "2026-01-01T00:00:00Z", "results": "$TargetDedicatedNodes=0"}),
        consequences=(
            "pools.responses.data-service-id-present",
            "protocol.body.metadata-present",
            "protocol.errors.missing-property",
        ),
    ),
    Defect(
        "remove-nodes-ignored",
        "The operation removenodes is answered 202, and the nodes stay.",
        "life-cycles",
        ("pools.remove-nodes.removes",),
        _STUB,
        nodes_stay,
        consequences=(
            "tasks.node-loss.requeued",
            "tasks.node-loss.terminated",
        ),
    ),
    Defect(
        "remove-nodes-target-stays",
        "The operation removenodes leaves the target of the pool, so that new nodes come.",
        "life-cycles",
        ("pools.remove-nodes.removes",),
        "Nodes are deleted, and nobody tells the pool.",
        after(_REMOVE, _old_targets),
    ),
    Defect(
        "remove-nodes-unchecked",
        "The operation removenodes is answered 202 whatever is sent: no list, too many, a short timeout, unknown nodes.",
        "limits",
        (
            "pools.remove-nodes.list-required",
            "pools.remove-nodes.more-than-hundred-refused",
            "pools.remove-nodes.timeout-below-refused",
            "pools.remove-nodes.unknown-node-refused",
        ),
        _STUB,
        stub(_REMOVE, 202, "MissingRequiredProperty", "InvalidPropertyValue", "NodeNotFound"),
        consequences=(
            "protocol.errors.missing-property",
            "protocol.errors.outside-limits",
        ),
    ),
)
