"""What the operations on the size of a pool leave alone, and that a size which was asked for comes about."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.pools.samples import METADATA, START_TASK, slots_name
from scenarios.support import Json, current_name, formula, json_object, settled_at_last, steady_pool, target_name

OPERATIONS = {
    "Pool_Resize": "pools.resize.keeps-the-rest",
    "Pool_EnableAutoScale": "pools.enable-auto-scale.keeps-the-rest",
    "Pool_DisableAutoScale": "pools.disable-auto-scale.keeps-the-rest",
}
KEPT = (
    "id",
    "url",
    "displayName",
    "creationTime",
    "state",
    "stateTransitionTime",
    "vmSize",
    "virtualMachineConfiguration",
    "metadata",
    "startTask",
    "taskSchedulingPolicy",
    "enableInterNodeCommunication",
)


def _body(batch: Batch, operation: str) -> Json | None:
    match operation:
        case "Pool_Resize":
            return {target_name(batch): 0}
        case "Pool_EnableAutoScale":
            return {"autoScaleFormula": formula(batch)}
        case _:
            return None


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [pytest.param(*known, id=known[0], marks=pytest.mark.requirement(known[1])) for known in OPERATIONS.items()],
)
def test_keeps_the_rest(batch: Batch, expect: Expect, operation: str, requirement: str) -> None:
    scaled = {"enableAutoScale": True, "autoScaleFormula": formula(batch)} if operation == "Pool_DisableAutoScale" else {}
    pool = steady_pool(
        batch,
        displayName="kept",
        metadata=METADATA,
        startTask=START_TASK,
        enableInterNodeCommunication=True,
        **{slots_name(batch): 2},
        **scaled,
    )
    before = batch.get_pool(pool)
    answer = batch.call(operation, poolId=pool, body=_body(batch, operation))
    if answer.response.status not in batch.contract.operations[operation].success:
        raise Blocked(f"{operation} answered {answer.response.status}")
    exchange = batch.call("Pool_Get", poolId=pool)
    after = json_object(exchange)
    for name in (*KEPT, slots_name(batch)):
        expect.equal(requirement, after.get(name), before.get(name), exchange, name)


def _allocated(batch: Batch, pool: str) -> Json:
    settled = settled_at_last(batch, pool)
    if settled.get("resizeErrors") or settled.get("resizeError"):
        raise Blocked("the target could not allocate a node")
    return settled


@pytest.mark.starts_nodes
@pytest.mark.requirement("pools.add.reaches-target")
def test_created_with_a_node(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(**{target_name(batch): 1})
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.add.reaches-target", json_object(exchange).get(target_name(batch)), 1, exchange, target_name(batch))
    expect.equal("pools.add.reaches-target", _allocated(batch, pool).get(current_name(batch)), 1, exchange, current_name(batch))


@pytest.mark.starts_nodes
@pytest.mark.requirement("pools.enable-auto-scale.scales")
def test_formula_applies(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    exchange = batch.call("Pool_EnableAutoScale", poolId=pool, body={"autoScaleFormula": formula(batch, 1)})
    if exchange.response.status != 200:
        raise Blocked(f"enableautoscale answered {exchange.response.status}")
    batch.wait(lambda: batch.get_pool(pool), lambda found: bool(found.get("autoScaleRun")), f"{pool} shows an autoScaleRun")
    settled = _allocated(batch, pool)
    expect.equal("pools.enable-auto-scale.scales", settled.get(target_name(batch)), 1, exchange, target_name(batch))
    expect.equal("pools.enable-auto-scale.scales", settled.get(current_name(batch)), 1, exchange, current_name(batch))
