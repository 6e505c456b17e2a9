"""The job manager: a task that is there with the job, and whose end may be the job's."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.jobs.samples import COMMAND, LONG, MANAGER
from scenarios.protocol.lists import ids
from scenarios.running import job_at_last, job_in, on, one_node_pool, task_at_last, task_in
from scenarios.support import json_object

MINUTE = "/bin/sh -c 'sleep 60'"
LEAVES = {"killJobOnCompletion": False}


def _managed(batch: Batch, runner: str, **properties: Any) -> str:
    manager = {"id": "manager", "commandLine": COMMAND, "runExclusive": False, **properties.pop("manager", {})}
    return batch.create_job(**on(runner), jobManagerTask=manager, **properties)


@pytest.mark.requirement("jobs.manager.task-created", "jobs.manager.only-task-at-first")
def test_created(batch: Batch, expect: Expect, plain: str) -> None:
    job = batch.create_job(jobManagerTask=MANAGER)
    exchange = batch.call("Task_Get", jobId=job, taskId=MANAGER["id"])
    expect.status("jobs.manager.task-created", exchange, 200)
    command = json_object(exchange).get("commandLine")
    expect.equal("jobs.manager.task-created", command, MANAGER["commandLine"], exchange, "commandLine")
    for owner, tasks in ((job, [MANAGER["id"]]), (plain, [])):
        listed = batch.call("Task_List", jobId=owner)
        expect.equal("jobs.manager.only-task-at-first", ids(listed), tasks, listed, "tasks of the new job")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.ends-job", "jobs.manager.ends-job-reason")
def test_ends_job(batch: Batch, expect: Expect, runner: str) -> None:
    job = _managed(batch, runner)
    task_in(batch, job, "manager", "completed")
    shown = job_at_last(batch, job, "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.manager.ends-job", shown.get("state"), "completed", exchange, "state")
    reason = shown.get("executionInfo", {}).get("terminateReason")
    expect.equal("jobs.manager.ends-job-reason", reason, "JMComplete", exchange, "terminateReason")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.ends-running-tasks")
def test_ends_running_tasks(batch: Batch, expect: Expect, runner: str) -> None:
    job = _managed(batch, runner, manager={"commandLine": MINUTE})
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    job_in(batch, job, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    expect.equal("jobs.manager.ends-running-tasks", shown.get("state"), "completed", exchange, "state of the other task")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.leaves-job")
def test_leaves_job(batch: Batch, expect: Expect, runner: str) -> None:
    job = _managed(batch, runner, manager=LEAVES)
    task_in(batch, job, "manager", "completed")
    other = batch.create_job(**on(runner))  # until a task of it has ended, the first job has had time to end too
    task_in(batch, other, batch.create_task(other), "completed")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.manager.leaves-job", json_object(exchange).get("state"), "active", exchange, "state")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.all-tasks-complete")
def test_all_tasks_complete(batch: Batch, expect: Expect, runner: str) -> None:
    job = _managed(batch, runner, manager=LEAVES, onAllTasksComplete="terminatejob")
    task_in(batch, job, "manager", "completed")
    shown = job_at_last(batch, job, "completed")
    if "executionInfo" not in shown:
        raise Blocked("the job shows no executionInfo")
    exchange = batch.call("Job_Get", jobId=job)
    reason = shown["executionInfo"].get("terminateReason")
    expect.equal("jobs.manager.all-tasks-complete", reason, "AllTasksComplete", exchange, "terminateReason")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.exclusive")
def test_exclusive(batch: Batch, expect: Expect) -> None:
    """On a node of its own, as the manager needs all of it."""
    job = _managed(batch, one_node_pool(batch), manager={"runExclusive": True, "commandLine": MINUTE, **LEAVES})
    task_in(batch, job, "manager", "running")
    task = batch.create_task(job)
    ended = task_in(batch, job, "manager", "completed").get("executionInfo", {}).get("endTime")
    shown = task_in(batch, job, task, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    started = str(shown.get("executionInfo", {}).get("startTime"))
    holds = str(ended)[:19] <= started[:19]
    expect("jobs.manager.exclusive", holds, expected=f"start not before {ended}", actual=started, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.manager.shared")
def test_shared(batch: Batch, expect: Expect, runner: str) -> None:
    job = _managed(batch, runner, manager={"commandLine": LONG})
    task_in(batch, job, "manager", "running")
    shown = task_at_last(batch, job, batch.create_task(job), "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId="manager")
    batch.call("Job_Terminate", jobId=job)
    expect.equal("jobs.manager.shared", shown.get("state"), "completed", exchange, "state of the other task")
    state = json_object(exchange).get("state")
    expect.equal("jobs.manager.shared", state, "running", exchange, "state of the manager when another task has ended")
