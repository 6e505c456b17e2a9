"""Every limit of a job schedule, just inside and just outside, in each of the three ways to state it."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.limits import CONFLICTS, INSIDE, OUTSIDE
from scenarios.job_schedules.samples import Build
from scenarios.job_schedules.ways import ADD, ALL, Way, by
from scenarios.pools.samples import covers
from scenarios.support import ACCEPTED, Json, json_object


@pytest.mark.parametrize(("way", "slug", "build"), by(ALL, INSIDE))
def test_inside(batch: Batch, expect: Expect, dormant: Json, changing: str, way: Way, slug: str, build: Build) -> None:
    requirement = f"job-schedules.{way.slug}.{slug}"
    schedule = batch.new_id("inside") if way is ADD else changing
    body = way.body(dormant, build(batch))
    expect.status(requirement, way.send(batch, schedule, body), ACCEPTED)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    shown = {name: json_object(exchange).get(name) for name in body}
    expect(requirement, covers(shown, body), expected=body, actual=shown, exchange=exchange)


def _refused(batch: Batch, expect: Expect, way: Way, slug: str, asleep: str, body: Json, statuses: Collection[int]) -> None:
    schedule = batch.new_id("outside") if way is ADD else asleep
    expect.status(f"job-schedules.{way.slug}.{slug}", way.send(batch, schedule, body), statuses)


@pytest.mark.parametrize(("way", "slug", "build"), by(ALL, OUTSIDE))
def test_outside(batch: Batch, expect: Expect, dormant: Json, asleep: str, way: Way, slug: str, build: Build) -> None:
    _refused(batch, expect, way, slug, asleep, way.body(dormant, build(batch)), {400})


@pytest.mark.parametrize(("way", "slug", "build"), by(ALL, CONFLICTS))
def test_conflict(batch: Batch, expect: Expect, dormant: Json, asleep: str, way: Way, slug: str, build: Build) -> None:
    _refused(batch, expect, way, slug, asleep, way.body(dormant, build(batch)), {400, 409})
