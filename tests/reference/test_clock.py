"""The service's own time, and what falls due in it."""

from __future__ import annotations

import time

import pytest

from conformance.reference.clock import Agenda, SystemClock
from conformance.reference.instants import TICKS_PER_SECOND


def test_own_time_runs_ahead_of_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    world = 1_700_000_000.0
    monkeypatch.setattr(time, "time", lambda: world)
    fast = SystemClock(200)
    begun = fast.now()
    world += 0.5
    assert fast.now() - begun == 100 * TICKS_PER_SECOND
    assert fast.wall() - begun == TICKS_PER_SECOND // 2


def test_events_fire_in_the_order_of_their_instants_and_not_before() -> None:
    agenda, fired = Agenda(), list[tuple[str, int]]()
    agenda.after(0, 2, lambda due: fired.append(("two seconds", due)))
    agenda.at(TICKS_PER_SECOND, lambda due: fired.append(("one second", due)))
    agenda.run(TICKS_PER_SECOND - 1)
    assert fired == []
    agenda.run(5 * TICKS_PER_SECOND)
    assert fired == [("one second", TICKS_PER_SECOND), ("two seconds", 2 * TICKS_PER_SECOND)]
