"""The size of pools: resize, stopping it, autoscale and the removal of nodes."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body
from conformance.defects.leniency import lenient, stub
from conformance.defects.model import Defect
from conformance.defects.poollives import instead, no_scaling, nodes_stay, stuck_resizing
from conformance.defects.poolparts import each, made_up
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after
from conformance.defects.where import lacks
from conformance.reference.wire import Json

_RESIZE = "POST /pools/{}/resize"
_STOP = "POST /pools/{}/stopresize"
_ENABLE = "POST /pools/{}/enableautoscale"
_DISABLE = "POST /pools/{}/disableautoscale"
_EVALUATE = "POST /pools/{}/evaluateautoscale"
_REMOVE = "POST /pools/{}/removenodes"
_READS = "GET /pools, GET /pools/{}"
_STUB = "A stub that says yes."
_LIKE_REPLACE = "The request is the new resource."
_REST = ("displayName", "metadata", "startTask")


def _old_targets(pool: Changed) -> None:
    pool.restore("targetDedicatedNodes", "targetLowPriorityNodes")


def _at_once(pool: Changed) -> None:
    """The nodes are never asked for."""
    pool.restore("allocationState", "allocationStateTransitionTime")


def _old_time(pool: Changed) -> None:
    pool.restore("allocationStateTransitionTime")


def _drops(*names: str) -> Callable[[Changed], None]:
    def change(pool: Changed) -> None:
        for name in names:
            pool.now.pop(name, None)

    return change


def _etag_stays(pool: Changed) -> None:
    pool.restore("_modified", "eTag", "lastModified")


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


def _stopped_target(pool: Changed) -> None:
    pool.now["targetDedicatedNodes"] = pool.now.get("currentDedicatedNodes", 0)


def _without_error(pool: Json) -> None:
    for name in ("resizeErrors", "resizeError"):
        pool.pop(name, None)


def _one_error(pool: Json) -> None:
    if pool.get("resizeErrors"):
        pool["resizeError"] = pool.pop("resizeErrors")[0]


def _errors_stay(pool: Changed) -> None:
    if "resizeErrors" in pool.was:
        pool.now["resizeErrors"] = pool.was["resizeErrors"]


DEFECTS = (
    Defect(
        "resize-target-ignored",
        "A resize is answered 202, and the pool keeps its old targets.",
        "life-cycles",
        ("pools.resize.sets-target", "pools.resize.sets-low-priority-target", "pools.trace.sent-shown"),
        _STUB,
        after(_RESIZE, _old_targets),
        consequences=("pools.stop-resize.stops",),
    ),
    Defect(
        "resize-never-begins",
        "A resize is answered 202 and shows the new target, and the pool stays steady without the nodes.",
        "life-cycles",
        ("pools.resize.becomes-resizing",),
        "Emulators have no nodes.",
        after(_RESIZE, _at_once),
    ),
    Defect(
        "pool-never-steady",
        "A pool that was resized stays resizing for ever, though it has its nodes.",
        "life-cycles",
        ("pools.resize.becomes-steady",),
        "The event that ends it gets lost.",
        stuck_resizing,
        consequences=("pools.stop-resize.stops",),
    ),
    Defect(
        "resize-time-stays",
        "The time of the allocation state does not move when a resize begins.",
        "life-cycles",
        ("pools.trace.state-times",),
        "The time is written where the state ends.",
        after(_RESIZE, _old_time),
    ),
    Defect(
        "resize-timeout-ignored",
        "A resize does not read the timeout.",
        "life-cycles",
        ("pools.resize.timeout-shown",),
        "A property that the handler does not read.",
        deaf_to_member(_RESIZE, "resizeTimeout"),
        consequences=(
            "pools.resize.timeout-below-refused",
            "pools.trace.sent-shown",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "resize-low-priority-ignored",
        "A resize does not read the target of low-priority nodes.",
        "life-cycles",
        ("pools.resize.sets-low-priority-target", "pools.trace.sent-shown"),
        "The handler of an older api-version.",
        deaf_to_member(_RESIZE, "targetLowPriorityNodes"),
    ),
    Defect(
        "resize-option-unchecked",
        "A resize takes any nodeDeallocationOption.",
        "limits",
        ("pools.resize.invalid-deallocation-refused",),
        "An enumeration is text.",
        lenient(_RESIZE, "nodeDeallocationOption"),
        consequences=("protocol.errors.invalid-enum",),
    ),
    Defect(
        "resize-of-autoscale-accepted",
        "A pool with autoscale can be resized.",
        "life-cycles",
        ("pools.resize.autoscale-refused",),
        "Nobody looks who decides about the size.",
        stub(_RESIZE, 202, "OperationInvalidForCurrentState"),
    ),
    Defect(
        "resize-while-resizing",
        "A pool that is being resized can be resized again.",
        "life-cycles",
        ("pools.resize.while-resizing-refused",),
        "States are not looked at.",
        stub(_RESIZE, 202, "PoolBeingResized"),
    ),
    Defect(
        "resize-drops-rest",
        "A resize removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.resize.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_RESIZE, _drops(*_REST)),
    ),
    Defect(
        "enable-drops-rest",
        "enableautoscale removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.enable-auto-scale.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_ENABLE, _drops(*_REST)),
    ),
    Defect(
        "disable-drops-rest",
        "disableautoscale removes name, metadata and start task of the pool.",
        "full-replace",
        ("pools.disable-auto-scale.keeps-the-rest", "pools.trace.kept"),
        _LIKE_REPLACE,
        after(_DISABLE, _drops(*_REST)),
    ),
    Defect(
        "resize-errors-stay",
        "The errors of a resize stay when the next one goes well.",
        "life-cycles",
        ("pools.resize.forgets-errors",),
        "Errors are added to a list that nobody empties.",
        after(_RESIZE, _errors_stay),
    ),
    Defect(
        "stop-of-steady-accepted",
        "A steady pool takes stopresize.",
        "life-cycles",
        ("pools.stop-resize.steady-refused",),
        _STUB,
        stub(_STOP, 202, "OperationInvalidForCurrentState"),
    ),
    Defect(
        "stop-lowers-target",
        "stopresize sets the target to the nodes that are there.",
        "life-cycles",
        ("pools.stop-resize.stops",),
        "The pool has what it has, so that it is to have that.",
        after(_STOP, _stopped_target),
    ),
    Defect(
        "stop-without-error",
        "A pool whose resize was stopped shows no error.",
        "life-cycles",
        ("pools.stop-resize.leaves-error", "pools.versions.resize-errors"),
        "It was no error.",
        body(_READS, each(_without_error), lacks("$select")),
    ),
    Defect(
        "stop-etag-stays",
        "stopresize and removenodes leave the ETag of the pool.",
        "conditions",
        ("pools.stop-resize.moves-etag", "pools.remove-nodes.moves-etag"),
        "Actions do not write the row that has the ETag.",
        after(f"{_STOP}, {_REMOVE}", _etag_stays),
        consequences=(
            "pools.trace.etag-transition",
            "pools.trace.modified-forward",
        ),
    ),
    Defect(
        "resize-error-single",
        "What went wrong in a resize is one error, as in older api-versions.",
        "versions",
        ("pools.versions.resize-errors", "pools.stop-resize.leaves-error"),
        "The oldest form for every api-version.",
        body(_READS, each(_one_error), lacks("$select")),
        consequences=("pools.responses.no-unknown-property",),
    ),
    Defect(
        "enable-ignored",
        "enableautoscale is answered 200, and the pool does not scale.",
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
        "enableautoscale puts back to the default what it does not name.",
        "partial-update",
        ("pools.enable-auto-scale.keeps-formula",),
        "The model of the request is filled with defaults.",
        made_up(_ENABLE, "autoScaleEvaluationInterval", "PT15M"),
    ),
    Defect(
        "disable-ignored",
        "disableautoscale is answered 200, and the pool goes on scaling.",
        "life-cycles",
        ("pools.disable-auto-scale.turns-off",),
        _STUB,
        after(_DISABLE, _still_scaled),
    ),
    Defect(
        "disable-keeps-formula",
        "disableautoscale leaves the formula and its last run.",
        "life-cycles",
        ("pools.disable-auto-scale.drops-formula",),
        "A flag is changed, and nothing else.",
        after(_DISABLE, _formula_left),
    ),
    Defect(
        "evaluate-applies",
        "evaluateautoscale makes the formula that of the pool.",
        "life-cycles",
        ("pools.evaluate-auto-scale.applies-nothing",),
        "Copied from the handler of enableautoscale.",
        after(_EVALUATE, _applied),
    ),
    Defect(
        "evaluate-answers-nothing",
        "evaluateautoscale answers when it was, and no values.",
        "schema",
        ("pools.evaluate-auto-scale.answers-result", "pools.evaluate-auto-scale.reports-errors"),
        "A language of formulas takes a while to write.",
        body(_EVALUATE, lambda run: {name: value for name, value in run.items() if name not in ("results", "error")}),
    ),
    Defect(
        "evaluate-anything",
        "evaluateautoscale answers for pools without autoscale too, and without a formula.",
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
        "removenodes is answered 202, and the nodes stay.",
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
        "removenodes leaves the target of the pool, so that new nodes come.",
        "life-cycles",
        ("pools.remove-nodes.removes",),
        "Nodes are deleted, and nobody tells the pool.",
        after(_REMOVE, _old_targets),
    ),
    Defect(
        "remove-nodes-unchecked",
        "removenodes is answered 202 whatever is sent: no list, too many, a short timeout, nodes that are not there.",
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
