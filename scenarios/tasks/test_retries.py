"""How often a failing task is tried, how long a task may run, and what becomes of one that is requeued or reactivated."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.running import job_in, task_at_last, task_in
from scenarios.support import json_object
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import FAILING, LONG
from scenarios.tasks.test_run import run

pytestmark = pytest.mark.starts_nodes


@pytest.mark.requirement("tasks.run.retries-counted", "tasks.run.retry-time")
@pytest.mark.parametrize("most", [1, 2])
def test_counted(batch: Batch, expect: Expect, work: Work, most: int) -> None:
    job = work()
    task = run(batch, job, FAILING, constraints={"maxTaskRetryCount": most})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = json_object(exchange).get("executionInfo", {})
    expect.equal("tasks.run.retries-counted", execution.get("retryCount"), most, exchange, "retryCount")
    shown = isinstance(execution.get("lastRetryTime"), str)
    expect("tasks.run.retry-time", shown, expected="a lastRetryTime", actual=execution, exchange=exchange)


@pytest.mark.requirement("tasks.run.retries-of-job")
def test_of_job(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(constraints={"maxTaskRetryCount": 2})
    task = run(batch, job, FAILING)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    retries = json_object(exchange).get("executionInfo", {}).get("retryCount")
    expect.equal("tasks.run.retries-of-job", retries, 2, exchange, "retryCount")


@pytest.mark.requirement("tasks.run.retries-unlimited")
def test_unlimited(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = batch.create_task(job, commandLine=FAILING, constraints={"maxTaskRetryCount": -1})
    shown = batch.outcome(
        lambda: batch.get_task(job, task),
        lambda found: found.get("executionInfo", {}).get("retryCount", 0) >= 4 or found.get("state") == "completed",
        "the task is retried for the fourth time",
    )
    holds = shown.get("state") != "completed" and shown.get("executionInfo", {}).get("retryCount", 0) >= 4
    expect("tasks.run.retries-unlimited", holds, expected="four retries, and not completed", actual=shown)


@pytest.mark.requirement("tasks.run.retries-updated")
def test_updated(batch: Batch, expect: Expect, work_open: Work) -> None:
    """The task waits for another one, so that it is updated before it runs."""
    job = work_open(onTaskFailure=None)
    before = batch.new_id("before")
    task = batch.create_task(job, commandLine=FAILING, dependsOn={"taskIds": [before]})
    batch.make("Task_Update", {"constraints": {"maxTaskRetryCount": 2}}, jobId=job, taskId=task)
    batch.create_task(job, id=before)
    task_in(batch, job, task, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    retries = json_object(exchange).get("executionInfo", {}).get("retryCount")
    expect.equal("tasks.run.retries-updated", retries, 2, exchange, "retryCount")


@pytest.mark.requirement("tasks.run.time-limit-ends", "tasks.run.time-limit-failure")
def test_time_limit(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    limits = {"maxWallClockTime": "PT10S", "maxTaskRetryCount": 0}
    task = batch.create_task(job, commandLine=LONG, constraints=limits)
    task_at_last(batch, job, task, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    execution = shown.get("executionInfo", {})
    expect.equal("tasks.run.time-limit-ends", shown.get("state"), "completed", exchange, "state")
    code = execution.get("exitCode")
    expect("tasks.run.time-limit-ends", code != 0, expected="no end of its own", actual=f"exitCode {code}", exchange=exchange)
    result = execution.get("result")
    expect.equal("tasks.run.time-limit-failure", result, "failure", exchange, "result")


@pytest.mark.requirement("tasks.run.time-limit-inside")
def test_time_limit_inside(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = run(batch, job, "/bin/sh -c 'sleep 1'", constraints={"maxWallClockTime": "PT5M"})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    code = json_object(exchange).get("executionInfo", {}).get("exitCode")
    expect.equal("tasks.run.time-limit-inside", code, 0, exchange, "exitCode")


@pytest.mark.requirement("tasks.run.terminate-running", "tasks.run.terminate-running-failure", "tasks.run.terminate-keeps-node")
def test_terminate(batch: Batch, expect: Expect, work: Work, runner: str) -> None:
    job = work()
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    batch.make("Task_Terminate", jobId=job, taskId=task)
    shown = task_at_last(batch, job, task, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = shown.get("executionInfo", {})
    expect("tasks.run.terminate-running", "endTime" in execution, expected="an endTime", actual=execution, exchange=exchange)
    failure = execution.get("failureInfo")
    holds = isinstance(failure, dict)
    expect("tasks.run.terminate-running-failure", holds, expected="a failureInfo", actual=execution, exchange=exchange)
    pool = shown.get("nodeInfo", {}).get("poolId")
    expect.equal("tasks.run.terminate-keeps-node", pool, runner, exchange, "poolId of nodeInfo")


@pytest.mark.requirement("tasks.run.terminate-ended-refused", "tasks.run.reactivate-succeeded-refused")
def test_ended(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = run(batch, job, "/bin/sh -c 'exit 0'")
    exchange = batch.call("Task_Terminate", jobId=job, taskId=task)
    expect.error("tasks.run.terminate-ended-refused", exchange, 409, "TaskCompleted")
    if "Task_Reactivate" in batch.contract.operations:
        again = batch.call("Task_Reactivate", jobId=job, taskId=task)
        expect.error("tasks.run.reactivate-succeeded-refused", again, 409, "TaskSucceeded")


@pytest.mark.requirement("tasks.run.delete-running")
def test_delete(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    expect.status("tasks.run.delete-running", batch.call("Task_Delete", jobId=job, taskId=task), 200)
    gone = batch.call("Task_Get", jobId=job, taskId=task)
    expect.error("tasks.run.delete-running", gone, 404, "TaskNotFound")


@pytest.mark.requirement("tasks.run.reactivate-runs-again", "tasks.run.reactivate-resets-retries")
def test_reactivate(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = run(batch, job, FAILING, constraints={"maxTaskRetryCount": 2})
    first = batch.get_task(job, task)
    batch.make("Task_Reactivate", jobId=job, taskId=task)
    shown = batch.outcome(
        lambda: batch.get_task(job, task),
        lambda found: found.get("state") == "completed" and found.get("stateTransitionTime") != first.get("stateTransitionTime"),
        "the task has run again",
    )
    execution = shown.get("executionInfo", {})
    again = shown.get("stateTransitionTime") != first.get("stateTransitionTime")
    expect(
        "tasks.run.reactivate-runs-again", again, expected="another time of the state", actual=shown.get("stateTransitionTime")
    )
    expect.equal("tasks.run.reactivate-runs-again", execution.get("exitCode"), 3, what="exitCode of the second run")
    expect.equal("tasks.run.reactivate-resets-retries", execution.get("retryCount"), 2, what="retryCount of the second run")


@pytest.mark.requirement("tasks.run.reactivate-resets-retries")
def test_reactivated_waits(batch: Batch, expect: Expect, work: Work) -> None:
    """After the second run nobody can tell whether the count began anew."""
    job = work()
    task = run(batch, job, FAILING, constraints={"maxTaskRetryCount": 1})
    batch.make("Job_Disable", {"disableTasks": "wait"}, jobId=job)
    job_in(batch, job, "disabled")
    batch.make("Task_Reactivate", jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = json_object(exchange).get("executionInfo", {})
    expect.equal("tasks.run.reactivate-resets-retries", execution.get("retryCount"), 0, exchange, "retryCount while it waits")


@pytest.mark.requirement("tasks.run.requeue-count", "tasks.run.requeue-not-retry")
def test_requeue(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    batch.make("Job_Disable", {"disableTasks": "requeue"}, jobId=job)
    job_in(batch, job, "disabled")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = json_object(exchange).get("executionInfo", {})
    expect.equal("tasks.run.requeue-count", execution.get("requeueCount"), 1, exchange, "requeueCount")
    expect.equal("tasks.run.requeue-count", "lastRequeueTime" in execution, True, exchange, "lastRequeueTime is shown")
    expect.equal("tasks.run.requeue-not-retry", execution.get("retryCount"), 0, exchange, "retryCount")
