"""What is generated from the contract's documents: leaves, values, sequences, coverage cases."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import pytest

from conformance import contract as contracts
from conformance.contract.openapi import render
from conformance.fuzz import coverage
from conformance.fuzz.bodies import Bodies
from conformance.fuzz.document import Document, describe
from conformance.fuzz.leaves import Body
from conformance.fuzz.machine import Machine, families
from conformance.fuzz.plan import TOKEN, Plan, of_step
from conformance.fuzz.stock import Stock
from conformance.fuzz.values import Values
from conformance.plugin.nodes import asked_for

VERSION = "2022-01-01.15.0"


@cache
def _described() -> tuple[Document, dict[str, Body], Values]:
    document = describe(render(VERSION), contracts.at(VERSION))
    shapes = {one.id: Body(one.body) for one in document.operations if one.body is not None}
    return document, shapes, Values(leaf.schema for shape in shapes.values() for leaf in shape.leaves)


def _bodies(seed: int = 0) -> Bodies:
    _, shapes, values = _described()
    bases: dict[str, Callable[[], dict[str, Any]]] = {
        "job": lambda: {"id": "<<job:0>>", "poolInfo": {"poolId": "<<job:0>>-no-pool"}}
    }
    return Bodies(contracts.at(VERSION), shapes, Stock(values, seed), bases, 0.2)


def _plans(family: str, count: int, seed: int = 0) -> list[Plan]:
    machine = Machine(family, _described()[0].operations, contracts.at(VERSION), _bodies(seed), ["2024-07-01.20.0"])
    by = random.Random(seed)
    return [machine.plan(by) for _ in range(count)]


def test_every_operation_of_the_contract_is_described() -> None:
    document = _described()[0]
    assert {one.id for one in document.operations} == set(contracts.at(VERSION).operations)
    assert document.broken == ()


def test_every_property_that_can_be_sent_is_a_leaf() -> None:
    _, shapes, _ = _described()
    contract = contracts.at(VERSION)
    for name, shape in shapes.items():
        model = contract.models[contract.operations[name].request or ""]
        sent = {p.name for p in model.properties.values() if not p.read_only}
        assert {leaf.at[0] for leaf in shape.leaves} == sent, name


def test_a_deep_leaf_brings_what_must_stand_around_it() -> None:
    body = _described()[1]["Pool_Add"].put({"id": "p"}, ("startTask", "resourceFiles", 0, "filePath"), "f")
    assert body == {"id": "p", "startTask": {"commandLine": "a", "resourceFiles": [{"filePath": "f"}]}}


def test_of_members_that_exclude_each_other_one_stays() -> None:
    shape = _described()[1]["Job_Add"]
    body = shape.put({"poolInfo": {"poolId": "p"}}, ("poolInfo", "autoPoolSpecification", "keepAlive"), True)
    assert "poolId" not in body["poolInfo"] and body["poolInfo"]["autoPoolSpecification"]["keepAlive"] is True


def test_values_are_what_their_schema_says_and_what_it_forbids() -> None:
    _, shapes, values = _described()
    stock, by = Stock(values, 3), random.Random(3)
    for leaf in islice((leaf for leaf in shapes["Pool_Add"].leaves if len(leaf.at) == 1), 20):
        validator = jsonschema_rs.validator_for(json.loads(leaf.schema), validate_formats=True)
        assert validator.is_valid(stock.valid(leaf.schema, by)), leaf
        assert not validator.is_valid(stock.invalid(leaf.schema, by)), leaf


def test_the_same_seed_gives_the_same_plans() -> None:
    assert _plans("jobs", 10, 5) == _plans("jobs", 10, 5)
    assert _plans("jobs", 10, 5) != _plans("jobs", 10, 6)


def test_what_else_is_imported_makes_no_difference() -> None:
    from hypothesis import find
    from hypothesis import strategies as st

    schema = '{"maxLength": 40, "minLength": 1, "type": "string"}'
    fresh = [Stock(Values([schema]), 7).valid(schema, random.Random(n)) for n in range(3)]
    assert find(st.just("Hypothesis looks for constants in our modules"), lambda text: True)
    assert [Stock(Values([schema]), 7).valid(schema, random.Random(n)) for n in range(3)] == fresh


def test_every_operation_is_asked_for() -> None:
    """But for those whose document parameters nobody made, which are asked about what does not exist."""
    document = _described()[0]
    plans = [plan for family in families(document.operations) for plan in _plans(family, 120)]
    assert set(contracts.at(VERSION).operations) <= {step.operation for plan in plans for step in plan.steps}


@pytest.mark.parametrize("family", ["pools", "jobs", "job-schedules", "tasks"])
def test_nothing_that_is_sent_asks_for_a_node(family: str) -> None:
    for plan in _every(family):
        for step in plan.steps:
            content = json.dumps(step.body, default=str).encode() if step.body.__class__.__name__ != "_Absent" else b""
            assert not asked_for(step.path, content), step


@pytest.mark.parametrize("family", ["pools", "jobs", "certificates", "tasks"])
def test_nobody_elses_resource_is_ever_changed(family: str) -> None:
    """Whatever is written, deleted or acted upon has a name that the run gives."""
    for plan in _every(family):
        for step in plan.steps:
            if step.method in {"DELETE", "PUT", "PATCH", "POST"} and (step.path.count("/") > 1 or "(" in step.path):
                top = step.path.split("/")[1]
                assert TOKEN.search(top if "(" in top else step.path.split("/")[2]), step


def _every(family: str) -> Iterator[Plan]:
    yield from _plans(family, 40)
    machine = Machine(family, _described()[0].operations, contracts.at(VERSION), _bodies())
    yield from islice(coverage.plans(machine, _bodies(), random.Random(1), thorough=True), 60)


def test_a_plan_reads_what_it_wrote() -> None:
    plans = _plans("pools", 60)
    read = [plan for plan in plans if any(s.method == "PATCH" for s in plan.steps)]
    assert read
    followed = sum(any(s.method == "GET" for s in plan.steps[[t.method for t in plan.steps].index("PATCH") :]) for plan in read)
    assert followed > len(read) / 2


def test_answers_that_a_step_needs_come_before_it() -> None:
    for family in ("pools", "jobs", "tasks"):
        for plan in _plans(family, 60):
            for number, step in enumerate(plan.steps):
                for kind, of in of_step(step):
                    assert kind not in {"etag", "modified", "next", "location"} or int(of) < number


def test_names_that_are_refused_still_begin_as_ours() -> None:
    """So that what a target takes nevertheless is found again."""
    names = [
        str(step.body["id"])
        for plan in _every("pools")
        for step in plan.steps
        if step.operation == "Pool_Add" and isinstance(step.body, dict) and isinstance(step.body.get("id"), str)
    ]
    assert any(name.startswith("<<long-pool:") for name in names)
    assert all(not name or name.startswith(("<<pool:", "<<long-pool:")) for name in names)


def test_coverage_cases_are_of_both_kinds_and_about_what_exists() -> None:
    machine = Machine("pools", _described()[0].operations, contracts.at(VERSION), _bodies())
    plans = list(islice(coverage.plans(machine, _bodies(), random.Random(2), thorough=True), 40))
    steps = [step for plan in plans for step in plan.steps]
    assert {plan.origin for plan in plans} == {"coverage"}
    assert any(not step.versioned for step in steps), "no case lacks or breaks api-version"
    assert {"TRACE", "OPTIONS"} & {step.method for step in steps}
    assert all(plan.steps[0].operation in {"Pool_Add", "Certificate_Add", "Job_Add", "JobSchedule_Add"} for plan in plans)
