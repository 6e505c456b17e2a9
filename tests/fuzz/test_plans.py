"""Plans as data, and how they are made shorter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.fuzz.plan import ABSENT, Plan, Step, of_step, tokens
from conformance.fuzz.shrink import shrink, smaller_values, without


def _plan(*steps: Step) -> Plan:
    return Plan("pools", steps)


CREATE = Step("Pool_Add", "POST", "/pools", body={"id": "<<pool:1>>", "vmSize": "a", "metadata": [{"name": "n", "value": "v"}]})
READ = Step("Pool_Get", "GET", "/pools/<<pool:1>>", query={"$select": "id"})
CONDITIONAL = Step("Pool_Patch", "PATCH", "/pools/<<pool:1>>", headers={"If-Match": "<<etag:1>>"}, body={"metadata": []})


def test_a_plan_comes_back_as_it_was() -> None:
    plan = Plan("pools", (CREATE, READ, CONDITIONAL, Step("", "GET", "/x", content="{", versioned=False)), "coverage")
    assert Plan.load(plan.dump()) == plan


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"family": "x", "steps": [{}]}', '{"family": "x", "steps": [1]}', "nonsense"])
def test_what_is_no_plan_is_told_so(data: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Plan.load(data)


def test_a_body_of_null_is_a_body() -> None:
    step = Step("Pool_Add", "POST", "/pools", body=None)
    assert Step.from_json(step.as_json()).body is None
    assert Step.from_json(Step("", "GET", "/").as_json()).body is ABSENT


def test_tokens_are_found_wherever_they_stand() -> None:
    query, headers = {"q": "<<etag:0>>"}, {"H": "<<modified:2>>"}
    step = Step("x", "POST", "/a/<<pool:1>>", query=query, headers=headers, body={"<<task:3>>": ["<<account>>"]})
    assert set(of_step(step)) == {("pool", "1"), ("etag", "0"), ("modified", "2"), ("task", "3"), ("account", "")}
    assert list(tokens("no <token> here <<Not:1>>")) == []


def test_a_step_goes_and_later_tokens_follow() -> None:
    plan = _plan(CREATE, READ, READ, CONDITIONAL)
    shorter = without(plan, 0)
    assert shorter is not None
    assert shorter.steps[2].headers == {"If-Match": "<<etag:0>>"}


def test_a_header_that_needs_what_is_gone_goes_too() -> None:
    shorter = without(_plan(CREATE, READ, CONDITIONAL), 1)
    assert shorter is not None
    assert shorter.steps[1].headers == {}


def test_a_page_goes_with_its_list() -> None:
    pages = [Step("Pool_List", "GET", "<<next:1>>", versioned=False), Step("Pool_List", "GET", "<<next:2>>", versioned=False)]
    shorter = without(_plan(CREATE, READ, *pages, CONDITIONAL), 1)
    assert shorter is not None
    assert [step.operation for step in shorter.steps] == ["Pool_Add", "Pool_Patch"]


def test_nothing_left_is_no_plan() -> None:
    assert without(_plan(CREATE), 0) is None


def test_shrinking_ends_with_what_it_takes() -> None:
    """It fails while a pool with metadata is created and patched later, whatever else there is."""
    sent: list[Plan] = []

    def still(plan: Plan) -> bool:
        sent.append(plan)
        made = [step.body for step in plan.steps if step.operation == "Pool_Add"]
        return any("metadata" in body for body in made) and any(step.operation == "Pool_Patch" for step in plan.steps)

    large = _plan(READ, CREATE, READ, READ, CONDITIONAL, READ)
    smallest = shrink(large, still)
    assert [step.operation for step in smallest.steps] == ["Pool_Add", "Pool_Patch"]
    assert smallest.steps[0].body == {"metadata": []}
    assert smallest.steps[1].headers == {} and smallest.steps[1].body == {}
    assert len(sent) < 60


def test_a_plan_that_cannot_be_shorter_stays() -> None:
    plan = _plan(CREATE, READ)
    assert shrink(plan, lambda smaller: False) == plan


@pytest.mark.parametrize(
    ("value", "some"),
    [({"a": 1, "b": {"c": 2}}, {"a": 1}), (["x", "y"], ["x"]), ("a long text", "a"), (512, 0), ({"a": ["<<pool:1>>"]}, {})],
)
def test_smaller_values_are_smaller(value: Any, some: Any) -> None:
    found = list(smaller_values(value))
    assert some in found
    assert value not in found
    assert all(len(json.dumps(one)) < len(json.dumps(value)) + 1 for one in found)


def test_a_token_is_not_cut() -> None:
    assert list(smaller_values("<<pool:1>>")) == []
