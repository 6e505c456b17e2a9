"""What becomes of a job that is due while the one before is active: the start window decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import LEEWAY, comes, created, ended, made, read, until
from scenarios.running import job_in
from scenarios.support import Json

INTERVAL, WINDOW = timedelta(minutes=4), timedelta(minutes=1)
ATTEMPTS = 3
# the id without `job-schedules.clock.`, the start window, whether the job that was due is left out
WINDOWS: tuple[tuple[str, Json, bool], ...] = (
    ("start-window-lost", {"startWindow": "PT1M"}, True),
    ("start-window-longer", {"startWindow": "PT5M"}, False),
    ("start-window-default", {}, False),
)


@dataclass(frozen=True)
class Late:
    """A schedule whose second job was due while the first was active: when the first began, and when it ended."""

    schedule: str
    begun: datetime
    ended: datetime

    @property
    def in_between(self) -> bool:
        """The first job ended more than a minute after another was due, and before the next one is."""
        since = (self.ended - self.begun) % INTERVAL
        return self.ended - self.begun > INTERVAL and WINDOW + LEEWAY < since < INTERVAL - 2 * LEEWAY

    @property
    def due(self) -> datetime:
        """When the schedule recurs again."""
        return self.ended + INTERVAL - (self.ended - self.begun) % INTERVAL


def _late(batch: Batch) -> list[Late]:
    """A schedule of each kind; they wait at the same time."""
    names = [batch.create_job_schedule(schedule={"recurrenceInterval": "PT4M", **times}) for _, times, _ in WINDOWS]
    firsts = [made(batch, schedule)[0] for schedule in names]
    last = max(created(first) for first in firsts)
    # in steps, as each wait looks again more and more seldom
    for span in (INTERVAL / 2, INTERVAL, INTERVAL + WINDOW + 2 * LEEWAY):
        until(batch, last + span)
    for first in firsts:
        batch.make("Job_Terminate", jobId=str(first["id"]))
    over = [ended(job_in(batch, str(first["id"]), "completed")) for first in firsts]
    return [Late(name, created(first), end) for name, first, end in zip(names, firsts, over, strict=True)]


@pytest.mark.requirement(*(f"job-schedules.clock.{slug}" for slug, _, _ in WINDOWS))
def test_windows(batch: Batch, expect: Expect) -> None:
    for _ in range(ATTEMPTS):
        lates = _late(batch)
        if all(late.in_between for late in lates):
            break
    else:
        raise Blocked("the jobs could not be ended between two recurrences of their schedules")
    # those that need not wait come first
    for late, (slug, _, lost) in reversed(list(zip(lates, WINDOWS, strict=True))):
        second = created(comes(batch, expect, f"job-schedules.clock.{slug}", late.schedule, 2)[1])
        waited = second > late.due - LEEWAY
        exchange = read(batch, late.schedule)
        expect.equal(f"job-schedules.clock.{slug}", waited, lost, exchange, f"made at {second}, due again at {late.due}")
