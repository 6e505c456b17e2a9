"""Resizing a pool, and stopping it. What needs nodes is marked so."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.pools.samples import METADATA
from scenarios.support import (
    Json,
    current_name,
    elements,
    formula,
    has,
    json_object,
    settled_at_last,
    steady,
    steady_pool,
    target_name,
    without,
)


@pytest.mark.requirement("pools.resize.sets-target", "pools.resize.timeout-minimum-accepted", "pools.resize.timeout-shown")
def test_resize_to_nothing(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    exchange = batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 0, "resizeTimeout": "PT5M"})
    expect.status("pools.resize.timeout-minimum-accepted", exchange, 202)
    shown = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.resize.sets-target", json_object(shown).get(target_name(batch)), 0, shown, target_name(batch))
    expect.equal("pools.resize.timeout-shown", json_object(shown).get("resizeTimeout"), "PT5M", shown, "resizeTimeout")


@pytest.mark.requirement("pools.resize.timeout-below-refused")
@pytest.mark.parametrize("timeout", ["PT4M59S", "PT0S"])
def test_short_timeout(batch: Batch, expect: Expect, settled: str, timeout: str) -> None:
    exchange = batch.call("Pool_Resize", poolId=settled, body={target_name(batch): 0, "resizeTimeout": timeout})
    expect.status("pools.resize.timeout-below-refused", exchange, 400)


@pytest.mark.requirement("pools.resize.invalid-deallocation-refused")
def test_bad_deallocation(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Resize", poolId=settled, body={target_name(batch): 0, "nodeDeallocationOption": "sideways"})
    expect.status("pools.resize.invalid-deallocation-refused", exchange, 400)


@pytest.mark.requirement("pools.resize.autoscale-refused")
def test_autoscale(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch, enableAutoScale=True, autoScaleFormula=formula(batch))
    exchange = batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 0})
    expect.status("pools.resize.autoscale-refused", exchange, 409)


@pytest.mark.requirement("pools.stop-resize.steady-refused")
def test_stop_steady(batch: Batch, expect: Expect, settled: str) -> None:
    expect.status("pools.stop-resize.steady-refused", batch.call("Pool_StopResize", poolId=settled), 409)


def _resize(batch: Batch, pool: str) -> Exchange:
    exchange = batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 1})
    if exchange.response.status != 202:
        raise Blocked(f"resize answered {exchange.response.status}")
    return batch.call("Pool_Get", poolId=pool)


@pytest.mark.starts_nodes
@pytest.mark.requirement(
    "pools.resize.sets-target",
    "pools.resize.becomes-resizing",
    "pools.resize.becomes-steady",
    "pools.resize.reaches-target",
    "pools.resize.moves-transition-time",
)
def test_resize(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    before = batch.get_pool(pool)
    exchange = _resize(batch, pool)
    shown = json_object(exchange)
    expect.equal("pools.resize.sets-target", shown.get(target_name(batch)), 1, exchange, target_name(batch))
    # a quick target may be done by now; then it shows the node, or why there is none
    done = shown.get(current_name(batch)) == 1 or bool(shown.get("resizeErrors") or shown.get("resizeError"))
    state = shown.get("allocationState")
    begun = state == "resizing" or (done and state == "steady")
    expect("pools.resize.becomes-resizing", begun, expected="resizing, or the node", actual=state, exchange=exchange)
    settled = settled_at_last(batch, pool)
    expect.equal("pools.resize.becomes-steady", settled.get("allocationState"), "steady")
    times = [found.get("allocationStateTransitionTime") for found in (before, settled)]
    expect("pools.resize.moves-transition-time", times[0] != times[1], expected=f"later than {times[0]}", actual=times[1])
    if settled.get("resizeErrors") or settled.get("resizeError"):
        raise Blocked("the target could not allocate a node")
    expect.equal("pools.resize.reaches-target", settled.get(current_name(batch)), 1)


@pytest.mark.starts_nodes
@pytest.mark.requirement("pools.resize.sets-low-priority-target")
def test_low_priority(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    body = {target_name(batch): 0, "targetLowPriorityNodes": 1}
    if batch.call("Pool_Resize", poolId=pool, body=body).response.status != 202:
        raise Blocked("the resize was refused")
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("targetLowPriorityNodes")
    expect.equal("pools.resize.sets-low-priority-target", shown, 1, exchange, "targetLowPriorityNodes")


@pytest.mark.starts_nodes
@pytest.mark.requirement("pools.resize.while-resizing-refused")
def test_resize_twice(batch: Batch, expect: Expect) -> None:
    """Several times, as a quick target may have ended the first resize when the second is asked for."""
    for _ in range(3):
        pool = steady_pool(batch)
        first = _resize(batch, pool)
        second = batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 0})
        if json_object(first).get("allocationState") != "resizing":
            raise Blocked("the pool did not stay in the state resizing")
        if second.response.status != 202:
            break
    expect.error("pools.resize.while-resizing-refused", second, 409, {"PoolBeingResized", "OperationInvalidForCurrentState"})


@pytest.mark.starts_nodes
@pytest.mark.requirement(
    "pools.stop-resize.stops",
    "pools.stop-resize.leaves-error",
    "pools.stop-resize.moves-etag",
    "pools.resize.forgets-errors",
    "pools.list.element-equals-get",
)
def test_stop_resize(batch: Batch, expect: Expect) -> None:
    """Of a pool with something to lose: that it is kept is for the oracle to see."""
    pool = steady_pool(batch, displayName="kept", metadata=METADATA)
    before = json_object(_resize(batch, pool))
    if before.get("allocationState") != "resizing":
        raise Blocked("the pool did not stay in the state resizing")
    stopped = batch.call("Pool_StopResize", poolId=pool)
    if stopped.response.status == 409:
        raise Blocked("the resize had ended before it could be stopped")
    expect.status("pools.stop-resize.stops", stopped, 202)
    after = settled_at_last(batch, pool)
    expect.equal("pools.stop-resize.stops", after.get("allocationState"), "steady", stopped, "allocationState")
    expect.equal("pools.stop-resize.stops", after.get(target_name(batch)), 1, stopped, target_name(batch))
    error = _resize_error(batch, after)
    expect.equal("pools.stop-resize.leaves-error", error, "ResizeStopped", stopped, "code of the resize error")
    moved = after.get("eTag") != before.get("eTag")
    expect("pools.stop-resize.moves-etag", moved, expected="another ETag", actual=after.get("eTag"), exchange=stopped)
    listed = batch.call("Pool_List", query={"$filter": f"id eq '{pool}'"})
    expect.equal("pools.list.element-equals-get", elements(listed), [without(after)], listed, "the pool with its error")
    again = batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 0})
    if again.response.status != 202:
        raise Blocked(f"the second resize answered {again.response.status}")
    left = _resize_error(batch, steady(batch, pool))
    expect.equal("pools.resize.forgets-errors", left, None, again, "code of a resize error after a resize to no nodes")


def _resize_error(batch: Batch, pool: Json) -> object:
    if has(batch, "CloudPool", "resizeErrors"):
        return next((error.get("code") for error in pool.get("resizeErrors") or []), None)
    return (pool.get("resizeError") or {}).get("code")
