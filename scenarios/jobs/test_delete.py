"""Deleting a job."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.jobs.test_missing import BODIES
from scenarios.protocol.lists import ids
from scenarios.running import job_in
from scenarios.support import ACCEPTED, etag, json_object


def _gone(batch: Batch, job: str) -> Exchange:
    """The first answer to a read that does not show the job any more; one that does if it never goes."""
    return batch.outcome(lambda: batch.call("Job_Get", jobId=job), lambda found: not _shows(found, job), f"{job} is gone")


def _shows(exchange: Exchange, job: str) -> bool:
    return exchange.response.status == 200 and json_object(exchange).get("id") == job


@pytest.mark.requirement("jobs.delete.deleting-or-gone", "jobs.delete.ends-not-found", "jobs.delete.id-free-again")
@pytest.mark.requirement("jobs.delete.tasks-gone")
def test_delete(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    task = batch.create_task(job)
    batch.make("Job_Delete", jobId=job)
    exchange = batch.call("Job_Get", jobId=job)
    expect.status("jobs.delete.deleting-or-gone", exchange, {200, 404})
    if exchange.response.status == 200:
        expect.equal("jobs.delete.deleting-or-gone", json_object(exchange).get("state"), "deleting", exchange, "state")
    expect.error("jobs.delete.ends-not-found", _gone(batch, job), 404, "JobNotFound")
    expect.error("jobs.delete.ends-not-found", batch.call("Job_Get", jobId=job), 404, "JobNotFound")
    lost = batch.call("Task_Get", jobId=job, taskId=task)
    expect.error("jobs.delete.tasks-gone", lost, 404, {"JobNotFound", "TaskNotFound"})
    again = batch.call("Job_Add", body=batch.job_body(job))
    expect.status("jobs.delete.id-free-again", again, ACCEPTED)
    listed = batch.call("Task_List", jobId=job)
    expect.equal("jobs.delete.tasks-gone", ids(listed), [], listed, "tasks of the new job")


@pytest.mark.requirement("jobs.delete.completed-accepted")
def test_delete_completed(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    expect.status("jobs.delete.completed-accepted", batch.call("Job_Delete", jobId=job), 202)


@pytest.mark.requirement("jobs.delete.etag-still")
def test_etag(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    before = etag(batch.call("Job_Get", jobId=job))
    batch.make("Job_Delete", jobId=job)
    exchange = batch.call("Job_Get", jobId=job)
    if exchange.response.status != 200:
        raise Blocked("the job was gone at once")
    expect.equal("jobs.delete.etag-still", etag(exchange), before, exchange, "ETag")


@pytest.mark.requirement("jobs.delete.force-accepted")
def test_force(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Delete", jobId=batch.create_job(), query={"force": "true"})
    expect.status("jobs.delete.force-accepted", exchange, 202)


GOING = {"JobBeingDeleted", "JobNotFound"}


@pytest.mark.requirement("jobs.delete.deleting-refuses-updates", "jobs.delete.twice-refused")
@pytest.mark.requirement("jobs.delete.deleting-refuses-tasks")
def test_deleting(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**BODIES["Job_Update"])
    batch.make("Job_Delete", jobId=job)
    for operation in ("Job_Patch", "Job_Update", "Job_Disable", "Job_Enable", "Job_Terminate"):
        exchange = batch.call(operation, jobId=job, body=BODIES.get(operation))
        expect.error("jobs.delete.deleting-refuses-updates", exchange, {404, 409}, GOING)
    added = batch.call("Task_Add", jobId=job, body=batch.task_body())
    expect.error("jobs.delete.deleting-refuses-tasks", added, {404, 409}, GOING)
    expect.error("jobs.delete.twice-refused", batch.call("Job_Delete", jobId=job), {404, 409}, GOING)
