"""An operator changes what it says, in one place, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from mutated_cassettes import places

from conformance.exchange import Exchange
from conformance.qualify.recordings import OPERATORS, Damage, Operator, Place

_NAMED = {operator.id: operator for operator in OPERATORS}
# what these cassettes have nothing of
_UNUSED = {
    "headers.absent-strict-transport-security",
    "headers.absent-azure-asyncoperation",
    "headers.constant-client-request-id",
    "headers.stale-client-request-id",
    "list.stale-element",
    "shape.secret-told",
    "trace.cached-missing",
}
_FEW = 4


def _damages(operator: Operator) -> Iterator[tuple[Place, Damage]]:
    rng, found = Random(operator.id), 0
    for place in places():
        for damage in operator.make(place, rng):
            yield place, damage
            found += 1
        if found >= _FEW:
            return


def _changed(place: Place, damage: Damage) -> Exchange:
    changed = damage.instead[place.position]
    assert changed is not None
    return changed


def _differences(old: Any, new: Any, path: str = "") -> set[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        names = old.keys() | new.keys()
        return {p for n in names for p in _differences(old.get(n, _differences), new.get(n, _differences), f"{path}/{n}")}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return {p for n, (one, other) in enumerate(zip(old, new, strict=True)) for p in _differences(one, other, f"{path}/{n}")}
    return set() if type(old) is type(new) and old == new else {path}


def _fields(exchange: Exchange) -> set[tuple[str, str]]:
    return set(exchange.response.headers.fields)


def test_each_has_an_id_and_a_sentence() -> None:
    assert len(_NAMED) == len(OPERATORS)
    assert sum(not operator.harmless for operator in OPERATORS) >= 100
    assert all(operator.sentence.endswith(".") and operator.family for operator in OPERATORS)


@pytest.mark.parametrize("name", sorted(_NAMED.keys() - _UNUSED))
def test_it_changes_answers_only_and_not_the_trace_itself(name: str) -> None:
    found = list(_damages(_NAMED[name]))
    assert found
    for place, damage in found:
        assert damage.what
        before = [(e.request, e.response) for e in place.trace]
        for position, changed in damage.instead.items():
            assert changed is None or changed.index == place.trace[position].index or name == "harmless.told-twice"
            if name not in ("harmless.left-out", "harmless.other-host", "harmless.two-recordings", "harmless.told-twice"):
                assert changed is not None
                assert changed.request == place.trace[position].request
                assert changed.response != place.trace[position].response or name.startswith("harmless")
        assert [(e.request, e.response) for e in place.trace] == before


@pytest.mark.parametrize("name", sorted(n for n in _NAMED.keys() - _UNUSED if n.startswith("headers.absent-")))
def test_a_header_left_out_is_all_that_changes(name: str) -> None:
    for place, damage in _damages(_NAMED[name]):
        old, new = place.exchange, _changed(place, damage)
        assert {n.lower() for n, _ in _fields(old) - _fields(new)} == {name.removeprefix("headers.absent-")}
        assert not _fields(new) - _fields(old)
        assert (new.response.body, new.response.status) == (old.response.body, old.response.status)


@pytest.mark.parametrize("name", sorted(n for n in _NAMED if n.startswith(("headers.malformed-", "headers.stale-"))))
def test_a_header_changed_is_all_that_changes(name: str) -> None:
    for place, damage in _damages(_NAMED[name]):
        old, new = place.exchange, _changed(place, damage)
        assert len(_fields(old) - _fields(new)) == len(_fields(new) - _fields(old)) == 1
        assert (new.response.body, new.response.status) == (old.response.body, old.response.status)


@pytest.mark.parametrize("name", sorted(n for n in _NAMED if n.startswith(("shape.", "value."))))
def test_one_member_is_all_that_changes(name: str) -> None:
    for place, damage in _damages(_NAMED[name]):
        old, new = place.exchange, _changed(place, damage)
        changed = _differences(old.response.json, new.response.json)
        assert len(changed) == (2 if name.endswith("-case") else 1), (damage.what, changed)
        assert {n.lower() for n, _ in _fields(old) ^ _fields(new)} <= {"content-length"}
        assert new.response.status == old.response.status


@pytest.mark.parametrize("name", sorted(n for n in _NAMED if n.startswith("status.4") and n[-1].isdigit()))
def test_a_status_is_all_that_changes(name: str) -> None:
    for place, damage in _damages(_NAMED[name]):
        old, new = place.exchange, _changed(place, damage)
        assert (new.response.status, new.response.headers.fields) == (int(name[-3:]), old.response.headers.fields)
        assert new.response.body == old.response.body


@pytest.mark.parametrize("name", ["harmless.member-order", "harmless.whitespace", "harmless.escapes", "harmless.byte-order-mark"])
def test_a_body_that_is_written_otherwise_says_the_same(name: str) -> None:
    for place, damage in _damages(_NAMED[name]):
        assert _changed(place, damage).response.json == place.exchange.response.json


def test_the_same_chance_gives_the_same_damage() -> None:
    place = next(p for p in places() if p.kind == "get" and p.status == 200 and p.data)
    operator = _NAMED["shape.null"]
    bodies = {json.dumps(_changed(place, operator.make(place, Random(7))[0]).response.json) for _ in range(3)}
    assert len(bodies) == 1
