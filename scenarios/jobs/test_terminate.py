"""Terminating a job, and what a job that has ended refuses."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import LONG, at_path
from scenarios.jobs.test_missing import BODIES
from scenarios.running import job_at_last, job_in, on, task_in
from scenarios.support import etag, json_object


@pytest.fixture(scope="session")
def finished(batch: Batch) -> str:
    """The id of a completed job."""
    job = batch.create_job(id=batch.new_id("finished"), **BODIES["Job_Update"])
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    return job


@pytest.mark.requirement("jobs.terminate.at-once", "jobs.terminate.reason-at-once", "jobs.terminate.ends-completed")
@pytest.mark.requirement("jobs.terminate.previous-state", "jobs.terminate.end-time", "jobs.terminate.reason-default")
@pytest.mark.requirement("jobs.terminate.body-optional", "jobs.terminate.etag-still")
def test_terminate(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    written = batch.call("Job_Terminate", jobId=job)
    expect.status("jobs.terminate.body-optional", written, 202)
    exchange = batch.call("Job_Get", jobId=job)
    shown = json_object(exchange)
    holds = shown.get("state") in {"terminating", "completed"}
    expect("jobs.terminate.at-once", holds, expected="terminating or completed", actual=shown.get("state"), exchange=exchange)
    reason = at_path(shown, "executionInfo.terminateReason")
    expect.equal("jobs.terminate.reason-at-once", reason, "UserTerminate", exchange, "terminateReason")
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.terminate.ends-completed", shown.get("state"), "completed", exchange, "state")
    before, earlier = shown.get("previousState"), str(shown.get("previousStateTransitionTime"))
    holds = before in {"terminating", "active"} and earlier[:19] <= str(shown.get("stateTransitionTime"))[:19]
    expect("jobs.terminate.previous-state", holds, expected="terminating, earlier", actual=(before, earlier), exchange=exchange)
    start, end = (str(at_path(shown, f"executionInfo.{name}")) for name in ("startTime", "endTime"))
    holds = end != "None" and start[:19] <= end[:19]
    expect("jobs.terminate.end-time", holds, expected=f"not before {start}", actual=end, exchange=exchange)
    reason = at_path(shown, "executionInfo.terminateReason")
    expect.equal("jobs.terminate.reason-default", reason, "UserTerminate", exchange, "terminateReason")
    expect.equal("jobs.terminate.etag-still", etag(exchange), etag(written), exchange, "ETag")


@pytest.mark.requirement("jobs.terminate.reason-kept", "jobs.terminate.active-tasks-stay")
def test_reason(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    task = batch.create_task(job)
    batch.make("Job_Terminate", {"terminateReason": "Feierabend ☃"}, jobId=job)
    shown = job_in(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    reason = at_path(shown, "executionInfo.terminateReason")
    expect.equal("jobs.terminate.reason-kept", reason, "Feierabend ☃", exchange, "terminateReason")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("jobs.terminate.active-tasks-stay", json_object(exchange).get("state"), "active", exchange, "state of the task")


@pytest.mark.requirement("jobs.terminate.force-accepted")
def test_force(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Terminate", jobId=batch.create_job(), query={"force": "true"})
    expect.status("jobs.terminate.force-accepted", exchange, 202)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.terminate.ends-running-tasks")
def test_ends_running_tasks(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner))
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("jobs.terminate.ends-running-tasks", json_object(exchange).get("state"), "completed", exchange, "state")


CHANGES = {"Job_Patch": "patch", "Job_Update": "update", "Job_Disable": "disable", "Job_Enable": "enable"}


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            operation,
            f"jobs.completed.refuses-{slug}",
            id=operation,
            marks=pytest.mark.requirement(f"jobs.completed.refuses-{slug}", "jobs.completed.refused-code"),
        )
        for operation, slug in {**CHANGES, "Job_Terminate": "terminate"}.items()
    ],
)
def test_completed(batch: Batch, expect: Expect, finished: str, operation: str, requirement: str) -> None:
    exchange = batch.call(operation, jobId=finished, body=BODIES.get(operation))
    expect.status(requirement, exchange, 409)
    expect.error("jobs.completed.refused-code", exchange, 409, "JobCompleted")


@pytest.mark.requirement("jobs.completed.refuses-tasks", "jobs.completed.refused-code")
def test_completed_task(batch: Batch, expect: Expect, finished: str) -> None:
    exchange = batch.call("Task_Add", jobId=finished, body=batch.task_body())
    expect.status("jobs.completed.refuses-tasks", exchange, 409)
    expect.error("jobs.completed.refused-code", exchange, 409, "JobCompleted")


@pytest.mark.requirement("jobs.terminating.refuses-changes", "jobs.terminating.refuses-tasks")
@pytest.mark.requirement("jobs.terminating.refused-code")
def test_terminating(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**BODIES["Job_Update"])
    batch.make("Job_Terminate", jobId=job)
    answers = [batch.call(operation, jobId=job, body=BODIES.get(operation)) for operation in CHANGES]
    added = batch.call("Task_Add", jobId=job, body=batch.task_body())
    for exchange in answers:
        expect.status("jobs.terminating.refuses-changes", exchange, 409)
    expect.status("jobs.terminating.refuses-tasks", added, 409)
    for exchange in [*answers, added]:
        expect.error("jobs.terminating.refused-code", exchange, 409, {"JobBeingTerminated", "JobCompleted"})
