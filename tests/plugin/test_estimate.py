"""The bound on requests: what scenarios were seen to send, taken generously, and something for those never measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.commands.marks import scenarios_by_requirement
from conformance.plugin import estimate
from conformance.plugin.estimate import Measured, measured, merged, renew, requests_at_most, write
from conformance.plugin.options import bounded, resolve
from conformance.requirements import load
from conformance.target import Target
from conformance.target.config import Budget, Permissions


def _settings(glob: str, *, nodes: bool = False, budget: Budget | None = None):  # type: ignore[no-untyped-def]
    target = Target(endpoint="http://h", permissions=Permissions(start_nodes=nodes), budget=budget or Budget())
    return resolve(target, [glob])


def _name() -> str:
    return next(r.id for r in load().requirements.values() if r.id.startswith("pools.") and not r.rule and r.since is None)


def test_only_scenarios_that_judge_something_count() -> None:
    name = _name()
    data = {"a": Measured(10, 2, (name,), False), "b": Measured(1000, 0, ("pools.other",), False)}
    base = requests_at_most(_settings(name), {"a": Measured(0, 0, (name,), False)})
    assert requests_at_most(_settings(name), data) == base + 2 * 10 + 2 * 20


def test_scenarios_that_start_nodes_count_only_with_permission() -> None:
    name = _name()
    data = {"a": Measured(10, 1, (name,), True)}
    without = requests_at_most(_settings(name), data)
    assert requests_at_most(_settings(name, nodes=True), data) == without + 2 * 10 + 80


def test_what_only_traffic_shows_needs_the_scenarios_of_its_profile() -> None:
    """Rules and the oracle judge what scenarios send for other requirements."""
    asked = _settings("pools.trace.kept")
    assert asked.shown_by_traffic({"pools.add.readable"}) == {"pools"}
    assert asked.shown_by_traffic({"pools.trace.kept"}) == frozenset()
    assert asked.gives_traffic(["pools.add.readable"], frozenset({"pools"}))
    assert not asked.gives_traffic(["jobs.add.readable", "no.such"], frozenset({"pools"}))
    data = {"a": Measured(10, 0, ("pools.add.readable",), False), "b": Measured(1000, 0, ("jobs.add.readable",), False)}
    assert requests_at_most(asked, data) == requests_at_most(asked, {}) + 2 * 10


def test_what_was_never_measured_counts_too() -> None:
    name = _name()
    assert requests_at_most(_settings(name), {}) > requests_at_most(_settings(name), {"a": Measured(0, 0, (name,), False)})


def test_what_the_user_says_stands() -> None:
    assert bounded(_settings("pools.*", budget=Budget(requests=7, minutes=2))).target.budget == Budget(requests=7, minutes=2)
    made = bounded(_settings("pools.*", nodes=True))
    assert made.estimated and made.target.budget.minutes == estimate.MINUTES_WITH_NODES
    assert bounded(_settings("pools.*")).target.budget.minutes == 0


def test_the_most_of_each_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Measured(3, 0, ("pools.b",), False), Measured(1, 2, ("pools.a",), False)
    assert merged([{"x": first}, {"x": second}]) == {"x": Measured(3, 2, ("pools.a", "pools.b"), False)}
    assert first.and_also(second).requests == 4
    for folder, one in (("1", first), ("2", second)):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / estimate.REQUESTS, {"x": one})
    monkeypatch.setattr(estimate, "DATA", tmp_path / "data.json")
    assert renew([tmp_path / "1", tmp_path / "2", tmp_path / "3"]) == 1
    assert measured(tmp_path / "data.json") == merged([{"x": first}, {"x": second}])
    assert replace(first, requests=3) == first


def test_most_scenarios_were_measured() -> None:
    """`make estimate` measures all of them anew; until then those that are new count with a round number each."""
    tests = {test for found in scenarios_by_requirement(load().requirements).values() for test in found}
    assert len(tests & set(measured(estimate.DATA))) > 0.8 * len(tests)
