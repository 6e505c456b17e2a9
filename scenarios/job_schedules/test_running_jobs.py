"""A change of a schedule is for the jobs to come; the one that is active goes on as it is."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import completed_job, end, made
from scenarios.job_schedules.samples import specification
from scenarios.job_schedules.ways import CHANGES, Way
from scenarios.support import Json, json_object

RECURRING: Json = {"recurrenceInterval": "PT1M"}
OLD: Json = {"priority": 1, "displayName": "old", "metadata": [{"name": "edition", "value": "old"}]}
NEW: Json = {"priority": 2, "displayName": "new", "metadata": [{"name": "edition", "value": "new"}]}


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(
            way,
            id=way.slug,
            marks=pytest.mark.requirement(
                f"job-schedules.{way.slug}.leaves-active-job", f"job-schedules.{way.slug}.reaches-next-job"
            ),
        )
        for way in CHANGES
    ],
)
def test_change(batch: Batch, expect: Expect, way: Way) -> None:
    schedule = batch.create_job_schedule(schedule=RECURRING, jobSpecification=specification(**OLD))
    first = made(batch, schedule)[0]
    before = batch.get_job(str(first["id"]))
    if way.send(batch, schedule, way.body(RECURRING, {"jobSpecification": NEW})).response.status != 200:
        raise Blocked("the schedule cannot be changed")
    exchange = batch.call("Job_Get", jobId=str(first["id"]))
    expect.equal(f"job-schedules.{way.slug}.leaves-active-job", json_object(exchange), before, exchange, "the active job")
    end(batch, first)
    second = made(batch, schedule, 2)[1]
    exchange = batch.call("Job_Get", jobId=str(second["id"]))
    shown = {name: json_object(exchange).get(name) for name in NEW}
    expect.equal(f"job-schedules.{way.slug}.reaches-next-job", shown, NEW, exchange, "the next job")


@pytest.mark.requirement("job-schedules.job.terminate-reason", "job-schedules.job.all-tasks-complete")
def test_job_ends_itself(batch: Batch, expect: Expect) -> None:
    """A job without tasks has nothing left to do."""
    schedule = batch.create_job_schedule(jobSpecification=specification(onAllTasksComplete="terminatejob"))
    name = str(made(batch, schedule)[0]["id"])
    shown = completed_job(batch, name)
    exchange = batch.call("Job_Get", jobId=name)
    expect.equal("job-schedules.job.all-tasks-complete", shown.get("state"), "completed", exchange, "state")
    reason = shown.get("executionInfo", {}).get("terminateReason")
    expect.equal("job-schedules.job.terminate-reason", reason, "AllTasksComplete", exchange, "terminateReason")


@pytest.mark.requirement("job-schedules.job.manager-created")
def test_manager(batch: Batch, expect: Expect) -> None:
    manager = {"id": "manager", "commandLine": "/bin/sh -c 'exit 0'"}
    schedule = batch.create_job_schedule(jobSpecification=specification(jobManagerTask=manager))
    name = str(made(batch, schedule)[0]["id"])
    exchange = batch.call("Task_Get", jobId=name, taskId="manager")
    expect.status("job-schedules.job.manager-created", exchange, 200)


@pytest.mark.requirement("job-schedules.job.max-wall-clock-time")
def test_wall_clock(batch: Batch, expect: Expect) -> None:
    limits = {"maxWallClockTime": "PT1M"}
    schedule = batch.create_job_schedule(jobSpecification=specification(constraints=limits))
    name = str(made(batch, schedule)[0]["id"])
    shown = completed_job(batch, name)
    exchange = batch.call("Job_Get", jobId=name)
    reason = shown.get("executionInfo", {}).get("terminateReason")
    expect.equal("job-schedules.job.max-wall-clock-time", reason, "MaxWallClockTimeExpiry", exchange, "terminateReason")
