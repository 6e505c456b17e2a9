"""Conditional headers on every write of a pool that takes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.protocol.conditions import HEADERS, WRITE_UNMET, validators
from scenarios.support import ACCEPTED, Json, elements, formula, json_object, steady_pool, target_name


@dataclass(frozen=True)
class Write:
    operation: str
    requirement: str

    def body(self, batch: Batch) -> Json | None:
        match self.operation:
            case "Pool_Patch":
                return {"metadata": [{"name": "written", "value": "yes"}]}
            case "Pool_Resize":
                return {target_name(batch): 0}
            case "Pool_EnableAutoScale":
                return {"autoScaleFormula": formula(batch)}
            case _:
                return None


WRITES = (
    Write("Pool_Patch", "pools.patch.honours-conditions"),
    Write("Pool_Delete", "pools.delete.honours-conditions"),
    Write("Pool_Resize", "pools.resize.honours-conditions"),
    Write("Pool_EnableAutoScale", "pools.enable-auto-scale.honours-conditions"),
)
UNCHANGED = "protocol.conditional.unmet-write-changes-nothing"


def _table(met: bool) -> list[Any]:
    more = () if met else (UNCHANGED, "protocol.conditional.condition-not-met-code")
    return [
        pytest.param(
            write,
            header,
            id=f"{write.operation}-{header}",
            marks=pytest.mark.requirement(_general(header, met), write.requirement, *more),
        )
        for write in WRITES
        for header in HEADERS
    ]


def _general(header: str, met: bool) -> str:
    return f"protocol.conditional.write-{header.lower()}-{'met' if met else 'unmet'}"


def _send(batch: Batch, write: Write, pool: str, header: str, met: bool) -> Exchange:
    known = validators(batch.call("Pool_Get", poolId=pool))
    return batch.call(write.operation, poolId=pool, body=write.body(batch), headers={header: known.value(header, met)})


def _judge(expect: Expect, write: Write, header: str, met: bool, exchange: Exchange, statuses: Collection[int]) -> None:
    """Both the general requirement and the one of the operation are judged, also when the first does not hold."""
    try:
        expect.status(_general(header, met), exchange, statuses)
    finally:
        expect.status(write.requirement, exchange, statuses)


@pytest.mark.parametrize(("write", "header"), _table(True))
def test_met(batch: Batch, expect: Expect, write: Write, header: str) -> None:
    exchange = _send(batch, write, steady_pool(batch), header, True)
    _judge(expect, write, header, True, exchange, ACCEPTED)


@pytest.mark.parametrize(("write", "header"), _table(False))
def test_unmet(batch: Batch, expect: Expect, write: Write, header: str) -> None:
    pool = steady_pool(batch)
    before = batch.get_pool(pool)
    exchange = _send(batch, write, pool, header, False)
    _judge(expect, write, header, False, exchange, {WRITE_UNMET[header]})
    expect.error("protocol.conditional.condition-not-met-code", exchange, 412, "ConditionNotMet")
    after = batch.call("Pool_Get", poolId=pool)
    expect.status(UNCHANGED, after, 200)
    expect.equal(UNCHANGED, json_object(after), before, after, "the pool")


@pytest.mark.requirement("protocol.conditional.other-pairs-refused", UNCHANGED)
def test_forbidden_pair(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    before = batch.call("Pool_Get", poolId=pool)
    known = validators(before)
    headers = {header: known.value(header, True) for header in ("If-Match", "If-Modified-Since")}
    exchange = batch.call("Pool_Patch", poolId=pool, body={"metadata": [{"name": "a", "value": "b"}]}, headers=headers)
    expect.status("protocol.conditional.other-pairs-refused", exchange, 400)
    after = batch.call("Pool_Get", poolId=pool)
    expect.equal(UNCHANGED, json_object(after), json_object(before), after, "the pool")


@pytest.mark.requirement("protocol.conditional.match-decides", "protocol.conditional.none-match-decides")
@pytest.mark.parametrize("decides", [True, False])
def test_allowed_pairs(batch: Batch, expect: Expect, decides: bool) -> None:
    pool = steady_pool(batch)
    body = {"metadata": [{"name": "a", "value": "b"}]}
    for first, second, requirement in (
        ("If-Match", "If-Unmodified-Since", "protocol.conditional.match-decides"),
        ("If-None-Match", "If-Modified-Since", "protocol.conditional.none-match-decides"),
    ):
        known = validators(batch.call("Pool_Get", poolId=pool))
        headers = {first: known.value(first, decides), second: known.value(second, not decides)}
        exchange = batch.call("Pool_Patch", poolId=pool, body=body, headers=headers)
        expect.status(requirement, exchange, 200 if decides else 412)


@pytest.mark.requirement("pools.stop-resize.honours-if-match")
def test_stop_resize_unmet(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = _send(batch, Write("Pool_StopResize", ""), settled, "If-Match", False)
    expect.status("pools.stop-resize.honours-if-match", exchange, {409, 412})


UNMET = [_general(header, False) for header in HEADERS]


@pytest.mark.requirement("pools.stop-resize.honours-if-match", *UNMET)
@pytest.mark.starts_nodes
def test_stop_running_resize_unmet(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    batch.call("Pool_Resize", poolId=pool, body={target_name(batch): 1})
    for header in HEADERS:
        exchange = _send(batch, Write("Pool_StopResize", ""), pool, header, False)
        if exchange.response.status == 409:
            raise Blocked("the resize had ended before it could be stopped")
        expect.status(_general(header, False), exchange, 412)
        if header == "If-Match":
            expect.status("pools.stop-resize.honours-if-match", exchange, 412)


@pytest.mark.requirement("pools.remove-nodes.honours-if-match", *UNMET)
@pytest.mark.starts_nodes
def test_remove_nodes_unmet(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch, **{target_name(batch): 1})
    nodes = elements(batch.call("ComputeNode_List", poolId=pool))
    known = validators(batch.call("Pool_Get", poolId=pool))
    body = {"nodeList": [node["id"] for node in nodes]}
    for header in HEADERS:
        headers = {header: known.value(header, False)}
        exchange = batch.call("Pool_RemoveNodes", poolId=pool, body=body, headers=headers)
        expect.status(_general(header, False), exchange, 412)
        if header == "If-Match":
            expect.status("pools.remove-nodes.honours-if-match", exchange, 412)
