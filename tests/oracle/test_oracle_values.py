"""When two values are the same to the service."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle_tapes import VERSION

from conformance.contract import Plane, Property, at
from conformance.oracle.values import SCRUBBED, Comparison, bare, defaults_of, empty, same_scalar, seconds, ticks

_CALM = settings(deadline=None, derandomize=True, database=None)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_CONTRACT = at(VERSION, Plane.DATA)
_PROPERTIES = [
    p for name in ("CloudPool", "CloudJob", "CloudTask", "CloudJobSchedule") for p in _CONTRACT.models[name].properties.values()
]
_POOL = _CONTRACT.models["CloudPool"].properties
_STRICT, _LOOSE = Comparison(_CONTRACT), Comparison(_CONTRACT, loose=True)

DURATION = Property(name="resizeTimeout", type="string", format="duration")
INSTANT = Property(name="doNotRunUntil", type="string", format="date-time")
ENUM = Property(name="mode", type="string", enum=("classic", "simplified"))
FOLDED = Property(name="vmSize", type="string", folded=True)
TEXT = Property(name="displayName", type="string")
LOCATION = Property(name="location", type="string")


@pytest.mark.parametrize(
    ("prop", "one", "other"),
    [
        (DURATION, "PT1H", "PT60M"),
        (DURATION, "P7D", "P1W"),
        (DURATION, "PT3600S", "PT1H0M0S"),
        (DURATION, "PT0.5S", "PT0.50S"),
        (INSTANT, "2024-08-01T12:00:00Z", "2024-08-01T12:00:00.000Z"),
        (INSTANT, "2024-08-01T12:00:00.12Z", "2024-08-01T12:00:00.1200000Z"),
        (INSTANT, "2024-08-01T12:00:00Z", "2024-08-01T14:00:00+02:00"),
        (ENUM, "Classic", "classic"),
        (FOLDED, "STANDARD_D2S_V3", "Standard_D2s_v3"),
        (LOCATION, "West Europe", "westeurope"),
        (TEXT, SCRUBBED, "anything"),
        (TEXT, "https://SCRUBBED/x", "https://other/x"),
        (None, 1, 1.0),
        (None, "1", 1),
        (None, True, "true"),
    ],
)
def test_the_same(prop: Property | None, one: Any, other: Any) -> None:
    assert same_scalar(prop, one, other)
    assert same_scalar(prop, other, one)


@pytest.mark.parametrize(
    ("prop", "one", "other"),
    [
        (DURATION, "PT1H", "PT61M"),
        (DURATION, "PT1H", "one hour"),
        (INSTANT, "2024-08-01T12:00:00Z", "2024-08-01T12:00:00.0000001Z"),
        (INSTANT, "2024-08-01T12:00:00Z", "2024-08-01T12:00:00+02:00"),
        (TEXT, "Mine", "mine"),
        (TEXT, "PT1H", "PT60M"),
        (None, "a", "A"),
        (None, 1, True),
        (None, 1, "one"),
        (None, 1, 2),
        (None, True, False),
        (None, None, "a"),
    ],
)
def test_not_the_same(prop: Property | None, one: Any, other: Any) -> None:
    assert not same_scalar(prop, one, other)
    assert not same_scalar(prop, other, one)


_AS_POOL, _AS_TASK = ({"userIdentity": {"autoUser": {"scope": scope}}} for scope in ("Pool", "task"))


def _covers(name: str, sent: Any, shown: Any) -> str | None:
    return _STRICT.covers(sent, shown, _POOL[name])


@pytest.mark.parametrize(
    ("name", "sent", "shown", "where"),
    [
        ("startTask", {"commandLine": "ls"}, {"commandLine": "ls", "waitForSuccess": True}, None),
        ("startTask", {"commandLine": "ls"}, {"commandLine": "dir"}, "commandLine"),
        ("startTask", {"commandLine": "ls"}, {}, "commandLine"),
        ("startTask", {"commandLine": "ls", "resourceFiles": []}, {"commandLine": "ls"}, None),
        ("startTask", {"commandLine": "ls", "userIdentity": None}, {"commandLine": "ls"}, None),
        ("startTask", {"commandLine": "ls", "unknownName": 1}, {"commandLine": "ls"}, None),
        ("startTask", {"commandLine": "ls"}, None, "."),
        ("startTask", {}, None, None),
        (
            "startTask",
            _AS_POOL,
            _AS_TASK,
            "userIdentity/autoUser/scope",
        ),
        ("metadata", [{"name": "a", "value": "1"}], [{"value": "1", "name": "a"}], None),
        ("metadata", [{"name": "a", "value": "1"}] * 2, [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}], "."),
        ("metadata", [{"name": "a", "value": "1"}], [], "."),
        ("metadata", [], None, None),
        ("userAccounts", [{"name": "u", "password": "p"}], [{"name": "u"}], None),
        ("resourceTags", {"a": "b"}, {"a": "b", "c": "d"}, None),
        ("resourceTags", {"a": "b"}, {"a": "c"}, "a"),
    ],
)
def test_what_is_sent_is_covered_by_what_is_shown(name: str, sent: Any, shown: Any, where: str | None) -> None:
    assert _covers(name, sent, shown) == where


@_CALM
@given(_JSON, st.sampled_from([None, *_PROPERTIES]))
def test_a_value_covers_itself(value: Any, prop: Property | None) -> None:
    assert _STRICT.covers(value, value, prop) is None


@_CALM
@given(_JSON, _JSON, _JSON, st.sampled_from(_PROPERTIES))
def test_any_values_can_be_compared(one: Any, other: Any, third: Any, prop: Property) -> None:
    for comparison in (_STRICT, _LOOSE):
        for result in (comparison.covers(one, other, prop), comparison.survived(one, other, third, prop)):
            assert result is None or isinstance(result, str)
        off = comparison.undefaulted(one, other, prop)
        assert off is None or isinstance(off[0], str)


@_CALM
@given(st.dictionaries(st.sampled_from(sorted(_POOL)), _JSON, max_size=5))
def test_defaults_are_for_what_is_left_out(sent: dict[str, Any]) -> None:
    found = defaults_of(_CONTRACT.models["PoolAddParameter"], sent)
    assert all(sent.get(name) is None for name in found)


def test_what_was_left_out_of_an_object_has_its_default() -> None:
    sent, shown = {"commandLine": "ls"}, {"commandLine": "ls", "waitForSuccess": False}
    assert _STRICT.undefaulted(sent, shown, _POOL["startTask"]) == ("waitForSuccess", True)
    assert _STRICT.undefaulted(sent, {"commandLine": "ls"}, _POOL["startTask"]) is None


def test_what_outlives_a_whole_replacement() -> None:
    before = {"commandLine": "ls", "environmentSettings": [{"name": "A"}]}
    left = {"commandLine": "dir", "environmentSettings": [{"name": "A"}]}
    assert _STRICT.survived(before, {"commandLine": "dir"}, left, _POOL["startTask"]) == "environmentSettings"
    assert _STRICT.survived(before, {"commandLine": "dir"}, {"commandLine": "dir"}, _POOL["startTask"]) is None
    assert _STRICT.survived(before, left, left, _POOL["startTask"]) is None
    assert _LOOSE.survived(before, {"commandLine": "dir"}, left, _POOL["startTask"]) is None


@_CALM
@given(st.text(max_size=40))
def test_any_text_can_be_taken_for_an_instant_or_a_duration(text: str) -> None:
    assert ticks(text) is None or text[4] == "-"
    assert seconds(text) is None or "P" in text


@_CALM
@given(st.datetimes())
def test_ticks_are_in_the_order_of_time(when: Any) -> None:
    text = f"{when.isoformat(timespec='microseconds')}Z"
    assert ticks(text) == (when - type(when)(1, 1, 1)) // type(when).resolution * 10


@pytest.mark.parametrize("value", ["", [], {}, None])
def test_what_says_as_much_as_nothing(value: Any) -> None:
    assert empty(value)


@pytest.mark.parametrize("value", [False, 0, "0", [0], {"a": None}])
def test_what_says_something(value: Any) -> None:
    assert not empty(value)


@pytest.mark.parametrize("text", ["0x8DC", '"0x8DC"', 'W/"0x8DC"'])
def test_an_etag_without_what_is_around_it(text: str) -> None:
    assert bare(text) == "0x8DC"
