"""Autoscale of pools: enable, disable, evaluate, and the evaluation that comes round by the clock."""

from __future__ import annotations

from conformance.contract import Contract
from conformance.reference.autoscale import (
    FormulaError,
    FormulaTooLong,
    Naming,
    Outcome,
    Surroundings,
    check,
    evaluate,
)
from conformance.reference.durations import parse_duration
from conformance.reference.instants import iso, to_datetime
from conformance.reference.problem import BatchProblem, missing_property
from conformance.reference.registry import answers
from conformance.reference.resources import scaling
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.poolaccess import find
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

DEFAULT_INTERVAL = "PT15M"


@answers("Pool_EnableAutoScale")
def enable(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    scaling.require_steady(pool)
    formula = call.body.get("autoScaleFormula", pool.get("autoScaleFormula"))
    if formula is None:
        raise missing_property("autoScaleFormula")
    _check(formula, _naming(call.contract))
    pool["enableAutoScale"] = True
    pool["autoScaleFormula"] = formula
    interval = call.body.get("autoScaleEvaluationInterval", pool.get("autoScaleEvaluationInterval", DEFAULT_INTERVAL))
    pool["autoScaleEvaluationInterval"] = interval
    reply = touch(pool, call.now)
    start(store, pool, call.contract, call.now)
    if _misses_targets(pool):
        scaling.resize(store, pool, call.now)
    return reply


@answers("Pool_DisableAutoScale")
def disable(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    if not pool.get("enableAutoScale"):
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The pool does not scale automatically."})
    scaling.require_steady(pool)
    pool["enableAutoScale"] = False
    for name in ("autoScaleFormula", "autoScaleEvaluationInterval", "autoScaleRun"):
        pool.pop(name, None)
    pool.setdefault("resizeTimeout", "PT15M")
    return touch(pool, call.now)


@answers("Pool_EvaluateAutoScale")
def evaluate_now(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    if not pool.get("enableAutoScale"):
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The pool does not scale automatically."})
    formula = call.body["autoScaleFormula"]
    if len(formula) == 0:
        raise missing_property("autoScaleFormula")
    run, _ = _run(pool, formula, _naming(call.contract), call.now)
    return Reply(run)


def start(store: Store, pool: Json, contract: Contract, now: int) -> None:
    """The first evaluation; more follow at each interval for as long as this autoscale lasts."""
    naming = _naming(contract)
    _check(pool["autoScaleFormula"], naming)
    pool["_autoscale"] = pool.get("_autoscale", 0) + 1
    _evaluate(pool, naming, now)
    _again(store, pool, naming, pool["_autoscale"], now)


def _again(store: Store, pool: Json, naming: Naming, token: int, now: int) -> None:
    interval = parse_duration(pool["autoScaleEvaluationInterval"])
    assert interval is not None

    def event(due: int) -> None:
        gone = pool["state"] == "deleting" or not pool.get("enableAutoScale") or pool["_autoscale"] != token
        if gone:
            return
        if pool["allocationState"] == "steady":
            _evaluate(pool, naming, due)
            if _misses_targets(pool):
                scaling.resize(store, pool, due)
        _again(store, pool, naming, token, max(due, store.settings.clock.now()))

    store.agenda.after(now, interval.total_seconds(), event)


def _misses_targets(pool: Json) -> bool:
    pairs = (("targetDedicatedNodes", "currentDedicatedNodes"), ("targetLowPriorityNodes", "currentLowPriorityNodes"))
    return any(pool[target] != pool[current] for target, current in pairs)


def _evaluate(pool: Json, naming: Naming, now: int) -> None:
    run, outcome = _run(pool, pool["autoScaleFormula"], naming, now)
    pool["autoScaleRun"] = run
    pool.setdefault("targetDedicatedNodes", 0)
    pool.setdefault("targetLowPriorityNodes", 0)
    if outcome is not None:
        pool["targetDedicatedNodes"] = outcome.target_dedicated
        pool["targetLowPriorityNodes"] = outcome.target_low_priority


def _run(pool: Json, formula: str, naming: Naming, now: int) -> tuple[Json, Outcome | None]:
    """A formula that cannot be computed is no refusal: the run says what went wrong."""
    surroundings = Surroundings(
        now=to_datetime(now),
        target_dedicated=pool.get("targetDedicatedNodes", 0),
        target_low_priority=pool.get("targetLowPriorityNodes", 0),
    )
    try:
        outcome = evaluate(formula, surroundings, naming)
    except FormulaError as error:
        problem = {"code": "AutoScalingFormulaEvaluationError", "message": f"{error.reason} (character {error.position})"}
        return {"timestamp": iso(now), "error": problem}, None
    return {"timestamp": iso(now), "results": outcome.results}, outcome


def check_pool(contract: Contract, pool: Json) -> None:
    """The formula of a pool that is to be made. Raises BatchProblem."""
    if pool.get("enableAutoScale"):
        _check(pool["autoScaleFormula"], _naming(contract))


def _check(formula: str, naming: Naming) -> None:
    try:
        check(formula, naming)
    except FormulaTooLong as error:
        raise BatchProblem("AutoScalingFormulaTooLong", {"Reason": error.reason}) from error
    except FormulaError as error:
        values = {"Reason": error.reason, "Position": str(error.position)}
        raise BatchProblem("AutoScalingFormulaSyntaxError", values) from error


def _naming(contract: Contract) -> Naming:
    return Naming.CLASSIC if "targetDedicated" in contract.models["CloudPool"].properties else Naming.NODES
