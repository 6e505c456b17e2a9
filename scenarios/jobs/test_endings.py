"""What ends a job by itself: its time, the last of its tasks, a task that fails."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.jobs.samples import FAILING, LONG, at_path
from scenarios.running import job_at_last, job_in, on, task_in
from scenarios.support import Json, json_object

REASON = "executionInfo.terminateReason"


@pytest.mark.requirement("jobs.max-wall-clock-time.ends-job", "jobs.max-wall-clock-time.reason")
def test_time(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(constraints={"maxWallClockTime": "PT1M"})
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.max-wall-clock-time.ends-job", shown.get("state"), "completed", exchange, "state")
    reason = at_path(shown, REASON)
    expect.equal("jobs.max-wall-clock-time.reason", reason, "MaxWallClockTimeExpiry", exchange, "terminateReason")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.max-wall-clock-time.ends-running-tasks")
def test_time_of_tasks(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner), constraints={"maxWallClockTime": "PT1M"})
    task = batch.create_task(job, commandLine=LONG)
    job_in(batch, job, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    if "startTime" not in shown.get("executionInfo", {}):
        raise Blocked("the task had not started when the time of the job ran out")
    expect.equal("jobs.max-wall-clock-time.ends-running-tasks", shown.get("state"), "completed", exchange, "state")


@pytest.mark.requirement("jobs.on-all-tasks-complete.ends-empty-job", "jobs.on-all-tasks-complete.reason")
def test_empty(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(onAllTasksComplete="terminatejob")
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.on-all-tasks-complete.ends-empty-job", shown.get("state"), "completed", exchange, "state")
    expect.equal("jobs.on-all-tasks-complete.reason", at_path(shown, REASON), "AllTasksComplete", exchange, "terminateReason")


@pytest.mark.requirement("jobs.on-all-tasks-complete.ends-job", "jobs.on-all-tasks-complete.noaction-goes-on")
def test_done_before(batch: Batch, expect: Expect) -> None:
    """A task is completed without a node when a client terminates it."""
    job = batch.create_job(onAllTasksComplete="noaction")
    _end(batch, job, batch.create_task(job))
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.on-all-tasks-complete.noaction-goes-on", json_object(exchange).get("state"), "active", exchange, "state")
    batch.make("Job_Patch", {"onAllTasksComplete": "terminatejob"}, jobId=job)
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.on-all-tasks-complete.ends-job", at_path(shown, REASON), "AllTasksComplete", exchange, "terminateReason")


@pytest.mark.requirement("jobs.on-all-tasks-complete.last-task-ends-job")
def test_last_task(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    first, last = batch.create_task(job), batch.create_task(job)
    batch.make("Job_Patch", {"onAllTasksComplete": "terminatejob"}, jobId=job)
    _end(batch, job, first)
    exchange = batch.call("Job_Get", jobId=job)
    before = json_object(exchange).get("state")
    expect.equal("jobs.on-all-tasks-complete.last-task-ends-job", before, "active", exchange, "state with a task left")
    _end(batch, job, last)
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    reason = at_path(shown, REASON)
    expect.equal("jobs.on-all-tasks-complete.last-task-ends-job", reason, "AllTasksComplete", exchange, "terminateReason")


def _end(batch: Batch, job: str, task: str) -> None:
    batch.make("Task_Terminate", jobId=job, taskId=task)
    task_in(batch, job, task, "completed")


def _failed(batch: Batch, runner: str, action: str | None) -> str:
    """A job of which a task has failed whose exit options ask for the action; None: a job that does not heed any."""
    heeded: Json = {"onTaskFailure": "performexitoptionsjobaction"} if action else {}
    asked: Json = {"exitConditions": {"exitCodes": [{"code": 3, "exitOptions": {"jobAction": action}}]}} if action else {}
    job = batch.create_job(**on(runner), **heeded)
    task = batch.create_task(job, commandLine=FAILING, **asked)
    shown = task_in(batch, job, task, "completed")
    if at_path(shown, "executionInfo.exitCode") != 3:
        raise Blocked("the task did not end with exit code 3")
    return job


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.on-task-failure.terminates", "jobs.on-task-failure.reason")
def test_failure_terminates(batch: Batch, expect: Expect, runner: str) -> None:
    job = _failed(batch, runner, "terminate")
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.on-task-failure.terminates", shown.get("state"), "completed", exchange, "state")
    expect.equal("jobs.on-task-failure.reason", at_path(shown, REASON), "TaskFailed", exchange, "terminateReason")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.on-task-failure.disables")
def test_failure_disables(batch: Batch, expect: Expect, runner: str) -> None:
    job = _failed(batch, runner, "disable")
    shown = job_at_last(batch, job, "disabled")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.on-task-failure.disables", shown.get("state"), "disabled", exchange, "state")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.on-task-failure.none-goes-on", "jobs.on-task-failure.noaction-goes-on")
def test_failure_goes_on(batch: Batch, expect: Expect, runner: str) -> None:
    for slug, job in (("none", _failed(batch, runner, "none")), ("noaction", _failed(batch, runner, None))):
        exchange = batch.call("Job_Get", jobId=job)
        expect.equal(f"jobs.on-task-failure.{slug}-goes-on", json_object(exchange).get("state"), "active", exchange, "state")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.on-task-failure.retries-first")
def test_failure_after_retries(batch: Batch, expect: Expect, runner: str) -> None:
    """A task that is tried again without end never fails, so its job goes on."""
    job = batch.create_job(**on(runner), onTaskFailure="performexitoptionsjobaction")
    options = {"exitCodes": [{"code": 3, "exitOptions": {"jobAction": "terminate"}}]}
    task = batch.create_task(job, commandLine=FAILING, exitConditions=options, constraints={"maxTaskRetryCount": -1})
    batch.wait(
        lambda: at_path(batch.get_task(job, task), "executionInfo.retryCount"), lambda count: (count or 0) > 1, "two retries"
    )
    exchange = batch.call("Job_Get", jobId=job)
    batch.call("Job_Terminate", jobId=job)
    expect.equal("jobs.on-task-failure.retries-first", json_object(exchange).get("state"), "active", exchange, "state")
