"""What was settled when a resource was made, when it entered its state, and that nobody deleted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from oracle_bodies import PRINT, certificate, pool
from oracle_tapes import OLD_VERSION, Tape, contradicted, follow, instant
from oracle_traces import new_pool

CERTIFICATE = f"/certificates{PRINT}"
NODE: Mapping[str, Any] = {
    "id": "n",
    "url": "https://acme.westeurope.batch.azure.com/pools/p/nodes/n",
    "state": "idle",
    "vmSize": "standard_a1",
    "affinityId": "TVM:n",
    "isDedicated": True,
    "allocationTime": instant(5),
}
OTHERS = [("vmSize", "standard_a2"), ("affinityId", "TVM:m"), ("isDedicated", False), ("allocationTime", instant(6))]


def _found(tape: Tape) -> list[tuple[str, str]]:
    return [(check, name) for check, name, _ in contradicted(follow(tape.exchanges.values()))]


def _node(tape: Tape, **changes: Any) -> Tape:
    return tape.get(f"node {len(tape.exchanges)}", "/pools/p/nodes/n", {**NODE, **changes})


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_node_of_an_own_pool_stays_as_it_was_allocated(name: str, value: object) -> None:
    tape = _node(new_pool()).ask("reboot", "POST", "/pools/p/nodes/n/reboot", 202)
    assert _found(_node(tape, vmSize="STANDARD_A1", ipAddress="10.0.0.9")) == []
    assert _found(_node(tape, **{name: value})) == [("read.fixed", name)]


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_node_of_a_pool_that_others_may_change(name: str, value: object) -> None:
    assert _found(_node(_node(Tape()), **{name: value})) == []


def test_another_node_of_the_name_after_a_resize() -> None:
    tape = _node(new_pool()).ask("resize", "POST", "/pools/p/resize", 202, sent={"targetDedicatedNodes": 1}, edition=2)
    assert _found(_node(tape, isDedicated=False, allocationTime=instant(70))) == []


def _certificate(*reads: Mapping[str, Any], query: str = "") -> Tape:
    made = {"thumbprint": certificate()["thumbprint"], "thumbprintAlgorithm": "sha1", "data": "AAAA", "certificateFormat": "cer"}
    tape = Tape(OLD_VERSION).ask("add", "POST", "/certificates", 201, sent=made)
    for place, told in enumerate(reads):
        tape.get(f"read {place}", CERTIFICATE + (query if place else ""), certificate(**told))
    return tape


def test_public_data_stay() -> None:
    assert _found(_certificate({"publicData": "AAAA"}, {"publicData": "AAAA"})) == []
    assert _found(_certificate({"publicData": "AAAA"}, {"publicData": "BBBB"})) == [("read.fixed", "publicData")]
    assert _found(_certificate({"publicData": "AAAA"}, {})) == [("read.fixed", "publicData")]
    assert _found(_certificate({}, {"publicData": "AAAA"})) == []
    assert _found(_certificate({"publicData": "AAAA"}, {}, query="?$select=state,thumbprint")) == []


@pytest.mark.parametrize(("moved", "wrong"), [(instant(1), False), (instant(40), True)])
def test_state_that_cannot_have_been_entered_again(moved: str, wrong: bool) -> None:
    tape = new_pool().get("read", "/pools/p", pool(1)).get("again", "/pools/p", pool(1, stateTransitionTime=moved))
    assert _found(tape) == ([("state.time", "stateTransitionTime")] if wrong else [])


def test_state_that_may_have_been_entered_again() -> None:
    tape = new_pool().get("read", "/pools/p", pool(1))
    assert _found(tape.get("again", "/pools/p", pool(1, allocationStateTransitionTime=instant(40)))) == []


@pytest.mark.parametrize(("code", "wrong"), [("PoolBeingDeleted", True), ("PoolBeingResized", False), ("JobBeingDeleted", False)])
@pytest.mark.parametrize("asked", ["resize", "evaluateautoscale"])
def test_being_deleted_though_nobody_deleted_it(code: str, wrong: bool, asked: str) -> None:
    tape = new_pool().ask("asked", "POST", f"/pools/p/{asked}", 409, {"code": code}, sent={})
    assert _found(tape) == ([("exists.found", "")] if wrong else [])
