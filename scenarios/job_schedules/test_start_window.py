"""What becomes of a job that is due while the one before is active: the start window decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import LEEWAY, created, end, ended, made, read
from scenarios.support import Json

INTERVAL, WINDOW = timedelta(minutes=3), timedelta(minutes=1)


def _second(batch: Batch, times: Json) -> tuple[str, datetime, datetime, datetime]:
    """The schedule, when its first job began and ended, and when the second began.

    The first one ends later than a minute after another was due, and well before the next one is."""
    schedule = batch.create_job_schedule(schedule={"recurrenceInterval": "PT3M", **times})
    first = made(batch, schedule)[0]
    begun = created(first)
    batch.wait(batch.now, lambda now: _too_late(now - begun), "the middle between two recurrences")
    over = ended(end(batch, first))
    if not _too_late(over - begun):
        raise Blocked(f"the job could not be ended in time: it ran for {over - begun}")
    return schedule, begun, over, created(made(batch, schedule, 2)[1])


def _too_late(age: timedelta) -> bool:
    """The window of the last occurrence is past, and the next occurrence is still to come."""
    return age > INTERVAL and WINDOW + LEEWAY < age % INTERVAL < INTERVAL - 2 * LEEWAY


@pytest.mark.requirement("job-schedules.clock.start-window-lost")
def test_lost(batch: Batch, expect: Expect) -> None:
    schedule, begun, over, second = _second(batch, {"startWindow": "PT1M"})
    due = over + INTERVAL - (over - begun) % INTERVAL
    exchange = read(batch, schedule)
    late = due - second
    expect.equal("job-schedules.clock.start-window-lost", late < LEEWAY, True, exchange, f"made at {second}, due again at {due}")


@pytest.mark.parametrize(
    ("slug", "times"),
    [
        pytest.param(slug, times, id=slug, marks=pytest.mark.requirement(f"job-schedules.clock.{slug}"))
        for slug, times in (("start-window-longer", {"startWindow": "PT4M"}), ("start-window-default", {}))
    ],
)
def test_made_up(batch: Batch, expect: Expect, slug: str, times: Json) -> None:
    schedule, begun, over, second = _second(batch, times)
    due = over + INTERVAL - (over - begun) % INTERVAL
    exchange = read(batch, schedule)
    expect.equal(f"job-schedules.clock.{slug}", second < due, True, exchange, f"made at {second}, due again at {due}")
