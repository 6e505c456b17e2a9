"""What notices damaged cassettes: the harmless is left alone, and of the rest no less is noticed than once was."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from mutated_cassettes import PATHS

from conformance.qualify.recordings import HEAD, OPERATORS, MutationReport, mutate, rows

_SAMPLE, _SEED = 6, 1
# Whose damages an audit cannot know all: the share that it has to notice. Of all others, it has to notice each.
_FLOORS: dict[str, float] = {
    "status.404-400": 0.83,
    "status.404-403": 0.83,
    "status.404-served": 0.0,
    "status.409-created": 0.16,
    "status.409-served": 0.0,
    "status.412-served": 0.66,
    "headers.constant-date": 0.66,
    "headers.stale-etag": 0.83,
    "headers.stale-location": 0.5,
    "errors.code-of-other-kind": 0.5,
    "shape.shown-absent": 0.83,
    "value.flag": 0.5,
    "list.lost": 0.0,
    "list.result-lost": 0.83,
    "list.result-twice": 0.66,
    "trace.state-back": 0.5,
    "trace.swapped": 0.66,
}


def _silent(_: str) -> None:
    pass


@cache
def _report() -> MutationReport:
    return mutate(PATHS, sample=_SAMPLE, seed=_SEED, progress=_silent)


def test_nothing_harmless_is_noticed() -> None:
    assert {t.operator.id: t.examples for t in _report().tallies if t.operator.harmless and t.killed} == {}
    assert sum(t.tried for t in _report().tallies if t.operator.harmless) >= 15 * _SAMPLE


@pytest.mark.parametrize("name", [o.id for o in OPERATORS if not o.harmless])
def test_no_less_is_noticed_than_once_was(name: str) -> None:
    tally = next(t for t in _report().tallies if t.operator.id == name)
    # one less is no loss: cassettes that are recorded anew are damaged in other places
    assert tally.killed >= _FLOORS.get(name, 1.0) * tally.tried - 1, tally.examples


def test_what_is_counted() -> None:
    report = _report()
    assert report.exchanges > 700
    assert all(t.must <= t.killed <= t.tried <= _SAMPLE for t in report.tallies)
    assert all(bool(t.by) is bool(t.killed) for t in report.tallies)
    assert report.tried == sum(t.tried for t in report.tallies if not t.operator.harmless)
    assert report.false_alarms == 0
    for tally in report.tallies:
        assert len(tally.examples) == min(5, tally.killed if tally.operator.harmless else tally.tried - tally.killed)


def test_the_same_seed_gives_the_same_damages() -> None:
    few = [o for o in OPERATORS if o.id in ("value.number", "shape.type", "status.412-served")]

    def tallies(seed: int) -> list[object]:
        report = mutate(PATHS[:6], sample=3, seed=seed, progress=_silent, operators=few)
        return [(t.tried, t.killed, t.by, t.examples) for t in report.tallies]

    assert tallies(1) == tallies(1)


def test_it_says_how_far_it_is() -> None:
    told: list[str] = []
    listen: Callable[[str], None] = told.append
    mutate(PATHS[:1], sample=1, seed=1, progress=listen, operators=OPERATORS[:3])
    assert "exchanges" in told[0]
    assert len(told) == 4


def test_recordings_that_have_nothing(tmp_path: Path) -> None:
    report = mutate([tmp_path], sample=1, seed=1, progress=_silent)
    assert (report.exchanges, report.tried) == (0, 0)
    assert len(rows(report)) == 1


def test_the_table_has_a_row_for_each_operator_that_did_something() -> None:
    table = rows(_report())
    assert {len(row) for row in table} == {len(HEAD)}
    assert len(table) == 1 + sum(1 for t in _report().tallies if t.tried)
