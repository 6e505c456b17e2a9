"""Conditional requests: the whole table of met and unmet, read and write, and combinations."""

from __future__ import annotations

import pytest
from reference_client import Client

from conformance.reference.conditions import read_conditions
from conformance.reference.instants import TICKS_PER_SECOND, etag, from_unix, http_date
from conformance.reference.problem import BatchProblem

MODIFIED = from_unix(1_700_000_000)
BEFORE, SAME, AFTER = (http_date(MODIFIED + seconds * TICKS_PER_SECOND) for seconds in (-60, 0, 60))
OTHER = etag(MODIFIED + 1)


def outcome(method: str, **headers: str) -> int | None:
    """The status of the refusal, None when the request passes."""
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    try:
        read_conditions(method, lambda name: given.get(name.lower())).check(MODIFIED)
    except BatchProblem as problem:
        return problem.status
    return None


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("header", "value", "met"),
    [
        ("If_Match", etag(MODIFIED), True),
        ("If_Match", f'"{etag(MODIFIED)}"', True),
        ("If_Match", "*", True),
        ("If_Match", OTHER, False),
        ("If_None_Match", OTHER, True),
        ("If_None_Match", etag(MODIFIED), False),
        ("If_None_Match", "*", False),
        ("If_Modified_Since", BEFORE, True),
        ("If_Modified_Since", SAME, False),
        ("If_Modified_Since", AFTER, False),
        ("If_Unmodified_Since", BEFORE, False),
        ("If_Unmodified_Since", SAME, True),
        ("If_Unmodified_Since", AFTER, True),
    ],
)
def test_one_header(method: str, header: str, value: str, met: bool) -> None:
    read_says_304 = method in ("GET", "HEAD") and header in ("If_None_Match", "If_Modified_Since")
    assert outcome(method, **{header: value}) == (None if met else 304 if read_says_304 else 412)


def test_the_etag_decides_where_two_may_stand_together() -> None:
    assert outcome("GET", If_None_Match=OTHER, If_Modified_Since=AFTER) is None
    assert outcome("GET", If_None_Match=etag(MODIFIED), If_Modified_Since=BEFORE) == 304
    assert outcome("PATCH", If_Match=etag(MODIFIED), If_Unmodified_Since=BEFORE) is None
    assert outcome("PATCH", If_Match=OTHER, If_Unmodified_Since=AFTER) == 412


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("If_Match", "If_None_Match"),
        ("If_Match", "If_Modified_Since"),
        ("If_None_Match", "If_Unmodified_Since"),
        ("If_Modified_Since", "If_Unmodified_Since"),
    ],
)
def test_any_other_two_are_refused(one: str, other: str) -> None:
    values = {name: BEFORE if name.endswith("Since") else OTHER for name in (one, other)}
    assert outcome("GET", **values) == 400


def test_an_unmet_condition_changes_nothing() -> None:
    client = Client()
    client.pool()
    before = client.get()
    answer = client("PATCH", "/pools/p", {"metadata": [{"name": "a", "value": "b"}]}, headers={"If-Match": "0x8D3DB6589333A98"})
    assert (answer.status, answer.code) == (412, "ConditionNotMet")
    assert client.get() == before


def test_a_304_has_neither_body_nor_content_type() -> None:
    client = Client()
    client.pool()
    answer = client("GET", "/pools/p", headers={"If-None-Match": client.get()["eTag"]})
    assert (answer.status, answer.body, "content-type" in answer.headers) == (304, b"", False)
