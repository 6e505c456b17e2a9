"""Filters: what is understood, what an element says to it, and what stays undecided."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.oracle.filters import parse

_CALM = settings(deadline=None, derandomize=True, database=None)
_ITEM: dict[str, Any] = {
    "id": "job-1",
    "state": "active",
    "priority": 5,
    "creationTime": "2024-08-01T12:00:00Z",
    "enableAutoScale": True,
    "executionInfo": {"poolId": "p", "exitCode": 0},
    "displayName": "it's",
}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("state eq 'active'", True),
        ("state eq 'completed'", False),
        ("state ne 'completed'", True),
        ("state eq 'Active'", None),
        ("startswith(id,'job')", True),
        ("startswith(id, 'task')", False),
        ("startswith(id,'JOB')", None),
        ("startswith(priority,'5')", None),
        ("priority gt 4", True),
        ("priority le 4", False),
        ("priority eq -5", False),
        ("executionInfo/poolId eq 'p'", True),
        ("executionInfo/exitCode ne 0", False),
        ("executionInfo/none eq 'p'", None),
        ("none/none eq 'p'", None),
        ("enableAutoScale eq true", True),
        ("enableAutoScale eq false", False),
        ("enableAutoScale gt true", None),
        ("displayName eq 'it''s'", True),
        ("creationTime gt datetime'2024-08-01T11:00:00Z'", True),
        ("creationTime lt datetime'2024-08-01T11:00:00Z'", False),
        ("creationTime ge DateTime'2024-08-01T12:00:00.3Z'", None),
        ("creationTime ge datetime'yesterday'", None),
        ("id gt 'job-0'", None),
        ("state gt 'aaaa'", True),
        ("state eq 'active' and priority eq 5", True),
        ("state eq 'active' and priority eq 4", False),
        ("state eq 'completed' or priority eq 5", True),
        ("state eq 'completed' and none eq 1", False),
        ("state eq 'active' or none eq 1", True),
        ("state eq 'active' and none eq 1", None),
        ("(state eq 'completed' or state eq 'active') and (priority lt 9)", True),
        ("state eq 'completed' or state eq 'active' and priority eq 4", False),
    ],
)
def test_what_an_element_says_to_a_filter(text: str, verdict: bool | None) -> None:
    wanted = parse(text)
    assert wanted is not None
    assert wanted.holds(_ITEM) is verdict


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "state",
        "state eq",
        "eq 'a'",
        "state is 'a'",
        "(state eq 'a'",
        "state eq 'a')",
        "state eq 'a",
        "not state eq 'a'",
    ],
)
def test_what_is_not_understood_decides_nothing(text: str) -> None:
    assert parse(text) is None


def test_it_tells_what_it_looked_at() -> None:
    wanted = parse("executionInfo/poolId eq 'q' and state eq 'active'")
    assert wanted is not None
    assert wanted.first == "executionInfo/poolId"
    assert wanted.told(_ITEM) == "executionInfo/poolId: p"


_PIECES = st.sampled_from(
    ["state", "eq", "and", "or", "(", ")", "'a'", "5", "startswith", ",", "datetime'x'", "true", "''", "/", " "]
)


@_CALM
@given(st.text(max_size=60) | st.lists(_PIECES, max_size=12).map(" ".join) | st.lists(_PIECES, max_size=12).map("".join))
def test_any_text_can_be_parsed(text: str) -> None:
    wanted = parse(text)
    assert wanted is None or wanted.holds(_ITEM) in (True, False, None)


@pytest.mark.parametrize("depth", [100, 200, 3000])
def test_a_filter_as_deep_as_a_url_can_be(depth: int) -> None:
    for wanted in (parse("(" * depth + "state eq 'active'" + ")" * depth), parse(" or ".join(["state eq 'gone'"] * depth))):
        assert wanted is None or wanted.holds(_ITEM) is not None


def test_a_filter_that_names_many() -> None:
    wanted = parse(" or ".join(f"id eq 'job-{number}'" for number in range(1, 101)))
    assert wanted is not None
    assert wanted.holds(_ITEM) is True


_VALUES: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just([1])


@_CALM
@given(
    st.dictionaries(st.sampled_from(["id", "state", "priority", "creationTime"]), _VALUES),
    st.sampled_from(["eq", "ne", "gt", "le"]),
)
def test_any_element_can_be_looked_at(item: dict[str, Any], operator: str) -> None:
    for literal in ("'a'", "5", "true", "datetime'2024-08-01T12:00:00Z'"):
        wanted = parse(f"state {operator} {literal}")
        assert wanted is not None
        assert wanted.holds(item) in (True, False, None)
