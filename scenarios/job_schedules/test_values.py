"""Each property of a schedule and of its job specification: what was sent comes back, what was not sent has its default."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.samples import SPECIFICATION, instant, written
from scenarios.job_schedules.ways import ADD, ALL, Way, by
from scenarios.jobs.samples import COMMAND, UNLIMITED, at_path, cases, together
from scenarios.pools.samples import covers
from scenarios.support import ACCEPTED, Json, json_object

NAMES = {
    "job-display-name": "displayName",
    "priority": "priority",
    "constraints": "constraints",
    "max-parallel-tasks": "maxParallelTasks",
    "allow-task-preemption": "allowTaskPreemption",
    "uses-task-dependencies": "usesTaskDependencies",
    "common-environment": "commonEnvironmentSettings",
    "job-metadata": "metadata",
    "on-all-tasks-complete": "onAllTasksComplete",
    "on-task-failure": "onTaskFailure",
    "manager": "jobManagerTask",
    "preparation": "jobPreparationTask",
    "release": "jobReleaseTask",
}
KEPT = [(f"{slug}-kept", name) for slug, name in NAMES.items()]


@pytest.mark.parametrize(("way", "slug", "name"), by(ALL, KEPT))
def test_specification(batch: Batch, expect: Expect, dormant: Json, changing: str, way: Way, slug: str, name: str) -> None:
    requirement = f"job-schedules.{way.slug}.{slug}"
    schedule = batch.new_id("kept") if way is ADD else changing
    expect.status(requirement, way.send(batch, schedule, way.body(dormant, {"jobSpecification": together(name)})), ACCEPTED)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    shown, sent = at_path(json_object(exchange), f"jobSpecification.{name}"), SPECIFICATION[name]
    expect(requirement, covers(shown, sent), expected=sent, actual=shown, exchange=exchange, message=name)


SPANS = (
    ("start-window-kept", "startWindow", "PT1H30M"),
    ("recurrence-interval-kept", "recurrenceInterval", "P1DT12H"),
)


@pytest.mark.parametrize(("way", "slug", "name", "span"), by(ALL, SPANS))
def test_span(batch: Batch, expect: Expect, dormant: Json, changing: str, way: Way, slug: str, name: str, span: str) -> None:
    requirement = f"job-schedules.{way.slug}.{slug}"
    schedule = batch.new_id("span") if way is ADD else changing
    expect.status(requirement, way.send(batch, schedule, way.body(dormant, {"schedule": {name: span}})), ACCEPTED)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    expect.equal(requirement, at_path(json_object(exchange), f"schedule.{name}"), span, exchange, name)


INSTANTS = (("do-not-run-until-kept", "doNotRunUntil", 10), ("do-not-run-after-kept", "doNotRunAfter", 50))


@pytest.mark.parametrize(("way", "slug", "name", "days"), by(ALL, INSTANTS))
def test_instant(batch: Batch, expect: Expect, dormant: Json, changing: str, way: Way, slug: str, name: str, days: int) -> None:
    """The instant is what counts, not how it is written."""
    requirement = f"job-schedules.{way.slug}.{slug}"
    schedule = batch.new_id("instant") if way is ADD else changing
    sent = instant(dormant["doNotRunUntil"]) + timedelta(days=days)
    body = way.body(dormant, {"schedule": {name: written(sent)}})
    expect.status(requirement, way.send(batch, schedule, body), ACCEPTED)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    shown = at_path(json_object(exchange), f"schedule.{name}")
    expect.equal(requirement, shown is not None and instant(shown) == sent, True, exchange, f"{shown} is {written(sent)}")


DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("priority-default", "priority", 0),
    ("uses-task-dependencies-default", "usesTaskDependencies", False),
    ("on-all-tasks-complete-default", "onAllTasksComplete", "noaction"),
    ("on-task-failure-default", "onTaskFailure", "noaction"),
    ("max-parallel-tasks-default", "maxParallelTasks", -1),
    ("allow-task-preemption-default", "allowTaskPreemption", False),
    ("job-display-name-absent", "displayName", None),
    ("max-wall-clock-time-default", "constraints.maxWallClockTime", UNLIMITED),
    ("manager-kill-default", "jobManagerTask.killJobOnCompletion", True),
    ("manager-exclusive-default", "jobManagerTask.runExclusive", True),
    ("manager-elevation-default", "jobManagerTask.userIdentity.autoUser.elevationLevel", "nonadmin"),
    ("task-time-limit-default", "jobManagerTask.constraints.maxWallClockTime", UNLIMITED),
    ("preparation-wait-default", "jobPreparationTask.waitForSuccess", True),
    ("preparation-rerun-default", "jobPreparationTask.rerunOnNodeRebootAfterSuccess", True),
    ("preparation-id-default", "jobPreparationTask.id", "jobpreparation"),
    ("release-id-default", "jobReleaseTask.id", "jobrelease"),
    ("release-time-limit-default", "jobReleaseTask.maxWallClockTime", "PT15M"),
)


@pytest.fixture(scope="session")
def staffed(batch: Batch, dormant: Json) -> str:
    """A schedule whose jobs have each of their tasks, with nothing in it that may be left out."""
    tasks = {
        "jobManagerTask": {"id": "manager", "commandLine": COMMAND},
        "jobPreparationTask": {"commandLine": COMMAND},
        "jobReleaseTask": {"commandLine": COMMAND},
    }
    return batch.create_job_schedule(**ADD.body(dormant, {"jobSpecification": tasks}))


@pytest.mark.parametrize(("slug", "path", "default"), cases("job-schedules.add.", DEFAULTS))
def test_default(batch: Batch, expect: Expect, staffed: str, slug: str, path: str, default: Any) -> None:
    """A default need not be shown; where it is, it is the documented one."""
    exchange = batch.call("JobSchedule_Get", jobScheduleId=staffed)
    shown = at_path(json_object(exchange), f"jobSpecification.{path}")
    expect.equal(f"job-schedules.add.{slug}", default if shown is None else shown, default, exchange, path)


TIMES = (("start-window-default", "startWindow"), ("recurrence-interval-default", "recurrenceInterval"))


@pytest.mark.parametrize(("slug", "name"), cases("job-schedules.add.", TIMES))
def test_times_default(batch: Batch, expect: Expect, asleep: str, slug: str, name: str) -> None:
    exchange = batch.call("JobSchedule_Get", jobScheduleId=asleep)
    shown = at_path(json_object(exchange), f"schedule.{name}")
    expect.equal(f"job-schedules.add.{slug}", shown or UNLIMITED, UNLIMITED, exchange, name)
