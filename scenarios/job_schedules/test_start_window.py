"""What becomes of a job that is due while the one before is active: the start window decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import LEEWAY, created, end, ended, made, read
from scenarios.support import Json

INTERVAL, WINDOW = timedelta(minutes=3), timedelta(minutes=1)
# the id without `job-schedules.clock.`, the start window, whether the job that was due is left out
WINDOWS: tuple[tuple[str, Json, bool], ...] = (
    ("start-window-lost", {"startWindow": "PT1M"}, True),
    ("start-window-longer", {"startWindow": "PT4M"}, False),
    ("start-window-default", {}, False),
)


@dataclass(frozen=True)
class Late:
    """A schedule whose second job was due while the first was active."""

    schedule: str
    first: Json
    ended: datetime

    @property
    def due(self) -> datetime:
        """When the schedule recurs again."""
        return self.ended + INTERVAL - (self.ended - created(self.first)) % INTERVAL


def _in_between(age: timedelta) -> bool:
    """A minute and more since a job was due, and the next one is not due yet."""
    return age > INTERVAL and WINDOW + LEEWAY < age % INTERVAL < INTERVAL - 2 * LEEWAY


def _late(batch: Batch, schedule: str, first: Json) -> Late:
    over = ended(end(batch, first))
    if not _in_between(over - created(first)):
        raise Blocked(f"the job could not be ended in time: it ran for {over - created(first)}")
    return Late(schedule, first, over)


@pytest.mark.requirement(*(f"job-schedules.clock.{slug}" for slug, _, _ in WINDOWS))
def test_windows(batch: Batch, expect: Expect) -> None:
    """All schedules wait at the same time."""
    names = [batch.create_job_schedule(schedule={"recurrenceInterval": "PT3M", **times}) for _, times, _ in WINDOWS]
    firsts = [made(batch, schedule)[0] for schedule in names]
    batch.wait(
        batch.now,
        lambda now: all(_in_between(now - created(first)) for first in firsts),
        "the middle between two recurrences",
    )
    lates = [_late(batch, schedule, first) for schedule, first in zip(names, firsts, strict=True)]
    for late, (slug, _, lost) in reversed(list(zip(lates, WINDOWS, strict=True))):
        second = created(made(batch, late.schedule, 2)[1])
        waited = second > late.due - LEEWAY
        exchange = read(batch, late.schedule)
        expect.equal(f"job-schedules.clock.{slug}", waited, lost, exchange, f"made at {second}, due again at {late.due}")
