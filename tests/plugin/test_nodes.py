"""What a request asks for, in nodes: in pools, auto pools, schedules and formulas."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from conformance.plugin.expect import NotPermitted
from conformance.plugin.nodes import POOLS_AT_ONCE, Nodes, asked_for, permit
from conformance.target import Ledger
from conformance.target.config import Permissions


def _auto(**pool: Any) -> dict[str, Any]:
    return {"poolInfo": {"autoPoolSpecification": {"pool": pool}}}


CASES: list[tuple[str, Any, float]] = [
    ("pool without nodes", {"id": "p", "targetDedicatedNodes": 0, "targetLowPriorityNodes": 0}, 0),
    ("dedicated", {"targetDedicatedNodes": 2}, 2),
    ("the oldest name", {"targetDedicated": 1}, 1),
    ("low priority", {"targetLowPriorityNodes": 1}, 1),
    ("both kinds", {"targetDedicatedNodes": 1, "targetLowPriorityNodes": 2}, 3),
    ("auto pool of a job", _auto(targetDedicatedNodes=1), 1),
    ("auto pool of a schedule", {"jobSpecification": _auto(targetLowPriorityNodes=4)}, 4),
    ("another letter case", {"TargetDedicatedNodes": 1}, 1),
    ("a number as text", {"targetDedicatedNodes": " 3 "}, 3),
    ("not a number", {"targetDedicatedNodes": "many"}, 0),
    ("negative", {"targetDedicatedNodes": -1}, 0),
    ("a truth value", {"targetDedicatedNodes": True}, 0),
    ("formula for none", {"autoScaleFormula": "$TargetDedicatedNodes = 0;"}, 0),
    ("formula for one", {"autoScaleFormula": "$TargetDedicated=1"}, 1),
    ("formula with two", {"autoScaleFormula": "$TargetDedicatedNodes=0; $TargetLowPriorityNodes = 2;"}, 2),
    ("formula that computes", {"autoScaleFormula": "$TargetDedicatedNodes = min(1, $PendingTasks);"}, math.inf),
    ("formula that is none, of zeros", {"autoScaleFormula": "$TargetDedicated = = 0;"}, 0),
    ("formula that is none", {"autoScaleFormula": "$TargetDedicated = = 1;"}, math.inf),
    ("formula inside a schedule", {"jobSpecification": _auto(autoScaleFormula="$targetdedicated = 5;")}, 5),
    ("formula for nothing", {"autoScaleFormula": "$nonsense === ;("}, 0),
    ("a list of tasks", {"value": [{"id": "t", "commandLine": "true"}]}, 0),
]


@pytest.mark.parametrize(("body", "wanted"), [pytest.param(body, wanted, id=name) for name, body, wanted in CASES])
def test_what_a_body_asks_for(body: Any, wanted: float) -> None:
    assert asked_for("/pools?api-version=1", json.dumps(body).encode()) == wanted


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff", b"7", b'"targetDedicatedNodes"'])
def test_what_is_no_object_asks_for_nothing(content: bytes | None) -> None:
    assert asked_for("/pools", content) == 0


def test_an_evaluation_changes_nothing() -> None:
    body = json.dumps({"autoScaleFormula": "$TargetDedicatedNodes = 9;"}).encode()
    assert asked_for("/pools/p/evaluateautoscale?api-version=1", body) == 0
    assert asked_for("/pools/p/enableautoscale?api-version=1", body) == 9


def test_what_is_not_permitted_is_refused() -> None:
    one, three = (json.dumps({"targetDedicatedNodes": count}).encode() for count in (1, 3))
    permit(Permissions(), "/pools", None)
    permit(Permissions(start_nodes=True), "/pools", one)
    assert permit(Permissions(start_nodes=True), "/pools", one) == 1
    with pytest.raises(NotPermitted, match=r"would start 1 node, which the target does not permit"):
        permit(Permissions(), "/pools", one)
    with pytest.raises(NotPermitted, match=r"asks for 3 nodes, more than permissions.max_nodes = 2"):
        permit(Permissions(start_nodes=True), "/pools", three)


def test_what_is_there_already_counts_until_it_is_deleted(tmp_path: Path) -> None:
    two = json.dumps({"targetDedicatedNodes": 2}).encode()
    with Ledger(tmp_path / "ledger.jsonl", "http://h") as ledger:
        nodes = Nodes(Permissions(start_nodes=True), ledger)
        for number in range(POOLS_AT_ONCE):
            nodes.permit("/pools", two, f"/pools/{number}")
            ledger.intent(f"/pools/{number}")
        nodes.permit("/pools/0/resize", two, None)
        with pytest.raises(NotPermitted, match="asks for 2 nodes beside 12; 12 at a time are permitted"):
            nodes.permit("/jobs", two, "/jobs/j")
        ledger.gone("/pools/1", "deleted")
        nodes.permit("/jobs", two, "/jobs/j")
