"""PATCH and PUT of a job schedule: what they leave alone, and what they clear, one property at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.job_schedules.samples import METADATA, SPECIFICATION, instant, specification, written
from scenarios.job_schedules.test_values import NAMES
from scenarios.job_schedules.ways import CHANGES, PATCH, PUT, Way, by
from scenarios.jobs.samples import UNLIMITED, at_path, cases, together
from scenarios.support import ACCEPTED, Json, json_object

OMITTED = (
    ("keeps-omitted-schedule", "schedule"),
    ("keeps-omitted-specification", "jobSpecification"),
    ("keeps-omitted-metadata", "metadata"),
)
NO_LIMITS: Json = {"maxWallClockTime": UNLIMITED, "maxTaskRetryCount": 0}
# what a property of the job specification is when nobody says; the others are not shown, or empty
DEFAULTS: Json = {
    "priority": 0,
    "maxParallelTasks": -1,
    "allowTaskPreemption": False,
    "usesTaskDependencies": False,
    "onAllTasksComplete": "noaction",
    "onTaskFailure": "noaction",
    "constraints": NO_LIMITS,
}


def _get(batch: Batch, schedule: str) -> Exchange:
    return batch.call("JobSchedule_Get", jobScheduleId=schedule)


def _full(batch: Batch, dormant: Json) -> str:
    """A schedule with a value for everything."""
    return batch.create_job_schedule(
        displayName="kept", schedule=_times(dormant), jobSpecification=specification(priority=42), metadata=METADATA
    )


def _times(dormant: Json) -> Json:
    later = instant(dormant["doNotRunUntil"]) + timedelta(days=1)
    return {**dormant, "doNotRunAfter": written(later), "startWindow": "PT5M", "recurrenceInterval": "PT10M"}


def _send(batch: Batch, way: Way, schedule: str, body: Json) -> Exchange:
    exchange = way.send(batch, schedule, body)
    if exchange.response.status not in ACCEPTED:
        raise Blocked(f"{way.operation} answered {exchange.response.status}")
    return exchange


def _other(way: Way, dormant: Json, name: str) -> Json:
    """A change of something else than the property."""
    change: Json = {"jobSpecification": {"priority": 7}} if name == "metadata" else {"metadata": []}
    return way.body(dormant, change)


@pytest.mark.parametrize(("slug", "name"), cases("job-schedules.patch.", OMITTED))
def test_patch_keeps_omitted(batch: Batch, expect: Expect, dormant: Json, slug: str, name: str) -> None:
    schedule = _full(batch, dormant)
    before = batch.get_job_schedule(schedule).get(name)
    if not before:
        raise Blocked(f"{name} did not survive the creation")
    _send(batch, PATCH, schedule, _other(PATCH, dormant, name))
    exchange = _get(batch, schedule)
    expect.equal(f"job-schedules.patch.{slug}", json_object(exchange).get(name), before, exchange, name)


@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("keeps-display-name",)]))
def test_keeps_display_name(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str) -> None:
    schedule = _full(batch, dormant)
    _send(batch, way, schedule, _other(way, dormant, "metadata"))
    exchange = _get(batch, schedule)
    expect.equal(f"job-schedules.{way.slug}.{slug}", json_object(exchange).get("displayName"), "kept", exchange, "displayName")


@pytest.mark.parametrize("state", ["active", "disabled"])
@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("keeps-identity-times",)]))
def test_keeps_identity(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str, state: str) -> None:
    """A disabled schedule is not set going by a change of something else."""
    schedule = _full(batch, dormant)
    if state == "disabled":
        batch.make("JobSchedule_Disable", jobScheduleId=schedule)
    before = batch.get_job_schedule(schedule)
    if before.get("state") != state:
        raise Blocked(f"the job schedule is {before.get('state')}, not {state}")
    _send(batch, way, schedule, _other(way, _times(dormant), "metadata"))
    exchange = _get(batch, schedule)
    for name in ("id", "url", "creationTime", "state", "stateTransitionTime"):
        expect.equal(f"job-schedules.{way.slug}.{slug}", json_object(exchange).get(name), before.get(name), exchange, name)


@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("moves-etag",)]))
def test_moves_etag(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str) -> None:
    schedule = _full(batch, dormant)
    before = batch.get_job_schedule(schedule).get("eTag")
    answered = _send(batch, way, schedule, _other(way, dormant, "")).response.headers.get("ETag")
    exchange = _get(batch, schedule)
    after = json_object(exchange).get("eTag")
    if None in (before, answered, after):
        raise Blocked("one of the answers has no ETag")
    expect.equal(f"job-schedules.{way.slug}.{slug}", after != before, True, exchange, f"{after} is another ETag than {before}")
    expect.equal(f"job-schedules.{way.slug}.{slug}", answered, after, exchange, "the ETag of the answer and of the next read")


@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("next-run-time-follows",)]))
def test_next_run_time(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str) -> None:
    schedule = batch.create_job_schedule(schedule=dormant)
    later = instant(dormant["doNotRunUntil"]) + timedelta(days=2)
    _send(batch, way, schedule, way.body(dormant, {"schedule": {"doNotRunUntil": written(later)}}))
    exchange = _get(batch, schedule)
    shown = at_path(json_object(exchange), "executionInfo.nextRunTime")
    expect.equal(f"job-schedules.{way.slug}.{slug}", shown and instant(shown), later, exchange, "nextRunTime")


@pytest.mark.requirement("job-schedules.patch.empty-body-changes-nothing")
def test_empty_body(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = _full(batch, dormant)
    before = batch.get_job_schedule(schedule)
    written_to = PATCH.send(batch, schedule, {})
    expect.status("job-schedules.patch.empty-body-changes-nothing", written_to, {200, 400})
    exchange = _get(batch, schedule)
    after = json_object(exchange)
    changed = {name for name in {*before, *after} if after.get(name) != before.get(name)} - {"eTag", "lastModified"}
    expect.equal("job-schedules.patch.empty-body-changes-nothing", changed, set(), exchange, "changed properties")


@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("replaces-metadata",)]))
def test_replaces_metadata(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str) -> None:
    schedule = _full(batch, dormant)
    new = [{"name": "team", "value": "green"}, {"name": "added", "value": "x"}]
    _send(batch, way, schedule, way.body(dormant, {"metadata": new}))
    exchange = _get(batch, schedule)
    expect.equal(f"job-schedules.{way.slug}.{slug}", json_object(exchange).get("metadata"), new, exchange, "metadata")


@pytest.mark.requirement("job-schedules.patch.empty-metadata-removes")
def test_empty_metadata(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = _full(batch, dormant)
    _send(batch, PATCH, schedule, {"metadata": []})
    exchange = _get(batch, schedule)
    shown = json_object(exchange).get("metadata") or []
    expect.equal("job-schedules.patch.empty-metadata-removes", shown, [], exchange, "metadata")


@pytest.mark.requirement("job-schedules.update.clears-omitted-metadata", "job-schedules.update.same-accepted")
def test_put_clears_metadata(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = _full(batch, dormant)
    written_to = PUT.send(batch, schedule, PUT.body(_times(dormant), {"jobSpecification": {"priority": 42}}))
    expect.status("job-schedules.update.same-accepted", written_to, 200)
    exchange = _get(batch, schedule)
    shown = json_object(exchange).get("metadata") or []
    expect.equal("job-schedules.update.clears-omitted-metadata", shown, [], exchange, "metadata")


@pytest.mark.requirement("job-schedules.update.specification-required")
def test_put_needs_specification(batch: Batch, expect: Expect, dormant: Json, asleep: str) -> None:
    exchange = PUT.send(batch, asleep, {"schedule": dormant})
    expect.status("job-schedules.update.specification-required", exchange, 400)


@pytest.mark.requirement("job-schedules.update.without-schedule")
def test_put_without_schedule(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = _full(batch, dormant)
    written_to = PUT.send(batch, schedule, {"jobSpecification": specification()})
    expect.status("job-schedules.update.without-schedule", written_to, {200, 400})
    if written_to.response.status == 400:
        return
    exchange = _get(batch, schedule)
    shown = json_object(exchange).get("schedule") or {}
    left = {name: value for name, value in shown.items() if value not in (None, UNLIMITED)}
    expect.equal("job-schedules.update.without-schedule", left, {}, exchange, "what is left of the times")


MEMBERS = (
    ("replaces-do-not-run-until", "doNotRunUntil"),
    ("replaces-do-not-run-after", "doNotRunAfter"),
    ("replaces-start-window", "startWindow"),
    ("replaces-recurrence-interval", "recurrenceInterval"),
)


@pytest.mark.parametrize(("way", "slug", "name"), by(CHANGES, MEMBERS))
def test_replaces_schedule(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str, name: str) -> None:
    schedule = _full(batch, dormant)
    left = {member: value for member, value in _times(dormant).items() if member != name}
    _send(batch, way, schedule, way.body(left, {"schedule": {}}))
    exchange = _get(batch, schedule)
    shown = at_path(json_object(exchange), f"schedule.{name}")
    expect.equal(f"job-schedules.{way.slug}.{slug}", None if shown == UNLIMITED else shown, None, exchange, name)


CLEARED = [(f"replaces-{slug}", name) for slug, name in NAMES.items()]


@pytest.mark.parametrize(("way", "slug", "name"), by(CHANGES, CLEARED))
def test_replaces_specification(batch: Batch, expect: Expect, dormant: Json, way: Way, slug: str, name: str) -> None:
    """The job specification takes the place of the old one: what it leaves out is as if it had never been said."""
    schedule = batch.create_job_schedule(schedule=dormant, jobSpecification=specification(**together(name)))
    if at_path(batch.get_job_schedule(schedule), f"jobSpecification.{name}") in (None, DEFAULTS.get(name)):
        raise Blocked(f"{name} of {SPECIFICATION[name]} did not survive the creation")
    _send(batch, way, schedule, way.body(dormant, {"jobSpecification": {}}))
    exchange = _get(batch, schedule)
    shown: Any = at_path(json_object(exchange), f"jobSpecification.{name}")
    shown = NO_LIMITS | (shown or {}) if name == "constraints" else shown or DEFAULTS.get(name)
    expect.equal(f"job-schedules.{way.slug}.{slug}", shown, DEFAULTS.get(name), exchange, name)


FIXED = {"id": "other", "displayName": "other", "state": "disabled", "creationTime": "2020-01-01T00:00:00Z"}


@pytest.mark.parametrize(("way", "slug"), by(CHANGES, [("fixed-property-refused",)]))
@pytest.mark.parametrize("name", FIXED)
def test_fixed(batch: Batch, expect: Expect, dormant: Json, asleep: str, way: Way, slug: str, name: str) -> None:
    body = {**_other(way, dormant, "metadata"), name: FIXED[name]}
    expect.status(f"job-schedules.{way.slug}.{slug}", way.send(batch, asleep, body), 400)
