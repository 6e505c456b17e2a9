"""Disabling, enabling, terminating and deleting a job schedule."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.running import completed as completed_schedule
from scenarios.job_schedules.running import info, made, read, schedule_in
from scenarios.job_schedules.test_missing import BODIES
from scenarios.jobs.samples import at_path
from scenarios.richness import rich_job_schedule
from scenarios.support import ACCEPTED, Json, elements, json_object


@pytest.mark.requirement("job-schedules.disable.state-disabled", "job-schedules.disable.previous-state")
@pytest.mark.requirement("job-schedules.enable.state-active", "job-schedules.enable.previous-state")
def test_there_and_back(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule(**rich_job_schedule(batch))
    for operation, slug, state, before in (
        ("JobSchedule_Disable", "disable", "disabled", "active"),
        ("JobSchedule_Enable", "enable", "active", "disabled"),
    ):
        expect.status(f"job-schedules.{slug}.state-{state}", batch.call(operation, jobScheduleId=schedule), 204)
        exchange = read(batch, schedule)
        shown = json_object(exchange)
        expect.equal(f"job-schedules.{slug}.state-{state}", shown.get("state"), state, exchange, "state")
        requirement = f"job-schedules.{slug}.previous-state"
        expect.equal(requirement, shown.get("previousState"), before, exchange, "previousState")
        earlier, later = str(shown.get("previousStateTransitionTime")), str(shown.get("stateTransitionTime"))
        expect(requirement, earlier[:19] <= later[:19], expected=f"not after {later}", actual=earlier, exchange=exchange)


@pytest.mark.requirement("job-schedules.terminate.ends-completed", "job-schedules.terminate.end-time")
@pytest.mark.requirement("job-schedules.terminate.no-next-run-time", "job-schedules.terminate.previous-state")
def test_terminate(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(schedule=dormant)
    expect.status("job-schedules.terminate.ends-completed", batch.call("JobSchedule_Terminate", jobScheduleId=schedule), 202)
    shown = completed_schedule(batch, schedule)
    exchange = read(batch, schedule)
    expect.equal("job-schedules.terminate.ends-completed", shown.get("state"), "completed", exchange, "state")
    expect.equal("job-schedules.terminate.end-time", "endTime" in info(shown), True, exchange, "an end time is shown")
    told = "nextRunTime" in info(shown)
    expect.equal("job-schedules.terminate.no-next-run-time", told, False, exchange, "a next run time is shown")
    before = shown.get("previousState")
    expect.equal("job-schedules.terminate.previous-state", before in {"active", "terminating"}, True, exchange, f"{before}")


@pytest.mark.requirement("job-schedules.terminate.ends-active-job", "job-schedules.terminate.ends-active-job-reason")
@pytest.mark.requirement("job-schedules.terminate.again-refused", "job-schedules.terminate.keeps-jobs")
@pytest.mark.requirement("job-schedules.clock.recent-job", "job-schedules.list.element-equals-get")
def test_terminate_running(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule(schedule={"recurrenceInterval": "P1D"})
    job = str(made(batch, schedule)[0]["id"])
    batch.make("JobSchedule_Terminate", jobScheduleId=schedule)
    again = batch.call("JobSchedule_Terminate", jobScheduleId=schedule)
    expect.error("job-schedules.terminate.again-refused", again, 409, {"JobScheduleBeingTerminated", "JobScheduleCompleted"})
    ended = completed_schedule(batch, schedule)
    recent = info(ended).get("recentJob", {}).get("id")
    expect.equal("job-schedules.clock.recent-job", recent, job, what="the last job of the schedule that has ended")
    exchange = batch.call("JobSchedule_List", query={"$filter": f"id eq '{schedule}'"})
    listed = [info(element) for element in elements(exchange)]
    expect.equal("job-schedules.list.element-equals-get", listed, [info(ended)], exchange, "executionInfo")
    exchange = batch.call("Job_Get", jobId=job)
    expect.status("job-schedules.terminate.keeps-jobs", exchange, 200)
    state = json_object(exchange).get("state")
    expect.equal("job-schedules.terminate.ends-active-job", state, "completed", exchange, "state of the job")
    reason = at_path(json_object(exchange), "executionInfo.terminateReason")
    expect.equal("job-schedules.terminate.ends-active-job-reason", reason, "TerminateJobSchedule", exchange, "terminateReason")


@pytest.fixture(scope="session")
def completed(batch: Batch, dormant: Json) -> str:
    """The id of a schedule that has come to its end."""
    schedule = batch.create_job_schedule(id=batch.new_id("completed"), schedule=dormant)
    batch.make("JobSchedule_Terminate", jobScheduleId=schedule)
    schedule_in(batch, schedule, "completed")
    return schedule


WRITES = {
    "JobSchedule_Patch": "patch",
    "JobSchedule_Update": "update",
    "JobSchedule_Disable": "disable",
    "JobSchedule_Enable": "enable",
    "JobSchedule_Terminate": "terminate",
}


@pytest.mark.parametrize(
    ("operation", "slug"),
    [
        pytest.param(name, slug, id=name, marks=pytest.mark.requirement(f"job-schedules.{slug}.completed-refused"))
        for name, slug in WRITES.items()
    ],
)
def test_completed(batch: Batch, expect: Expect, completed: str, operation: str, slug: str) -> None:
    exchange = batch.call(operation, jobScheduleId=completed, body=BODIES.get(operation))
    expect.error(f"job-schedules.{slug}.completed-refused", exchange, 409, "JobScheduleCompleted")


@pytest.mark.parametrize(
    ("operation", "slug"),
    [
        pytest.param(name, slug, id=name, marks=pytest.mark.requirement(f"job-schedules.{slug}.deleted-refused"))
        for name, slug in (WRITES | {"JobSchedule_Delete": "delete"}).items()
    ],
)
def test_deleted(batch: Batch, expect: Expect, dormant: Json, operation: str, slug: str) -> None:
    """The schedule may still be on its way out, or gone."""
    schedule = batch.create_job_schedule(schedule=dormant)
    batch.make("JobSchedule_Delete", jobScheduleId=schedule)
    exchange = batch.call(operation, jobScheduleId=schedule, body=BODIES.get(operation))
    codes = {"JobScheduleBeingDeleted", "JobScheduleNotFound"}
    expect.error(f"job-schedules.{slug}.deleted-refused", exchange, {404, 409}, codes)


def _when_gone(batch: Batch, operation: str, **path: Any) -> int:
    """What a read answers once it no longer finds what was deleted."""
    return batch.outcome(
        lambda: batch.call(operation, **path).response.status, lambda status: status != 200, f"{operation} finds nothing"
    )


@pytest.mark.requirement("job-schedules.delete.gone", "job-schedules.delete.unlisted", "job-schedules.delete.id-free-again")
@pytest.mark.requirement("job-schedules.delete.deletes-jobs", "job-schedules.delete.jobs-not-found")
def test_delete(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule()
    job = str(made(batch, schedule)[0]["id"])
    expect.status("job-schedules.delete.gone", batch.call("JobSchedule_Delete", jobScheduleId=schedule), 202)
    expect.equal("job-schedules.delete.gone", _when_gone(batch, "JobSchedule_Get", jobScheduleId=schedule), 404, what="status")
    expect.equal("job-schedules.delete.deletes-jobs", _when_gone(batch, "Job_Get", jobId=job), 404, what="status of the job")
    exchange = batch.call("Job_ListFromJobSchedule", jobScheduleId=schedule)
    expect.error("job-schedules.delete.jobs-not-found", exchange, 404, "JobScheduleNotFound")
    listed = batch.call("JobSchedule_List", query={"$filter": f"id eq '{schedule}'"})
    expect.equal("job-schedules.delete.unlisted", json_object(listed).get("value"), [], listed, "job schedules of that id")
    again = batch.call("JobSchedule_Add", body=batch.job_schedule_body(schedule))
    expect.status("job-schedules.delete.id-free-again", again, ACCEPTED)


@pytest.mark.requirement("job-schedules.delete.completed-accepted")
def test_delete_completed(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(schedule=dormant)
    batch.make("JobSchedule_Terminate", jobScheduleId=schedule)
    schedule_in(batch, schedule, "completed")
    exchange = batch.call("JobSchedule_Delete", jobScheduleId=schedule)
    expect.status("job-schedules.delete.completed-accepted", exchange, 202)


@pytest.mark.parametrize(
    ("operation", "slug"),
    [
        pytest.param(name, slug, id=slug, marks=pytest.mark.requirement(f"job-schedules.{slug}.force-accepted"))
        for name, slug in (("JobSchedule_Delete", "delete"), ("JobSchedule_Terminate", "terminate"))
    ],
)
def test_force(batch: Batch, expect: Expect, dormant: Json, operation: str, slug: str) -> None:
    schedule = batch.create_job_schedule(schedule=dormant)
    exchange = batch.call(operation, jobScheduleId=schedule, query={"force": "true"})
    expect.status(f"job-schedules.{slug}.force-accepted", exchange, 202)
