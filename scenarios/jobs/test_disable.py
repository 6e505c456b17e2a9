"""Disabling and enabling a job."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.changing import disabled
from scenarios.jobs.samples import LONG, at_path, cases
from scenarios.richness import rich_job
from scenarios.running import job_at_last, job_in, on, task_at_last, task_in
from scenarios.support import ACCEPTED, json_object

OPTIONS = ("requeue", "terminate", "wait")


@pytest.mark.requirement("jobs.disable.option-required", "jobs.disable.option-unknown-refused")
def test_option(batch: Batch, expect: Expect, plain: str) -> None:
    expect.status("jobs.disable.option-required", batch.call("Job_Disable", jobId=plain, body={}), 400)
    exchange = batch.call("Job_Disable", jobId=plain, body={"disableTasks": "ignore"})
    expect.status("jobs.disable.option-unknown-refused", exchange, 400)


@pytest.mark.parametrize(("slug", "option"), cases("jobs.disable.", [(f"{one}-ends-disabled", one) for one in OPTIONS]))
def test_ends_disabled(batch: Batch, expect: Expect, slug: str, option: str) -> None:
    job = batch.create_job()
    expect.status(f"jobs.disable.{slug}", batch.call("Job_Disable", jobId=job, body={"disableTasks": option}), 202)
    shown = job_at_last(batch, job, "disabled")
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal(f"jobs.disable.{slug}", shown.get("state"), "disabled", exchange, "state")


@pytest.mark.requirement("jobs.disable.at-once", "jobs.disable.previous-state", "jobs.disable.again-accepted")
@pytest.mark.requirement("jobs.enable.ends-active", "jobs.enable.previous-state")
def test_there_and_back(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**rich_job(batch))
    batch.get_job(job)
    batch.make("Job_Disable", {"disableTasks": "requeue"}, jobId=job.swapcase())  # ids are found in any letter case
    exchange = batch.call("Job_Get", jobId=job)
    holds = json_object(exchange).get("state") in {"disabling", "disabled"}
    expect("jobs.disable.at-once", holds, expected="disabling or disabled", actual=json_object(exchange), exchange=exchange)
    job_in(batch, job, "disabled")
    exchange = batch.call("Job_Get", jobId=job)
    _judge_previous(expect, "jobs.disable.previous-state", exchange, {"active", "disabling"})
    batch.make("Job_Enable", jobId=job.swapcase())
    exchange = batch.call("Job_Get", jobId=job)
    holds = json_object(exchange).get("state") in {"enabling", "active"}
    expect("jobs.enable.ends-active", holds, expected="enabling or active", actual=json_object(exchange), exchange=exchange)
    shown = job_at_last(batch, job, "active")
    expect.equal("jobs.enable.ends-active", shown.get("state"), "active", exchange, "state in the end")
    exchange = batch.call("Job_Get", jobId=job)
    _judge_previous(expect, "jobs.enable.previous-state", exchange, {"disabled", "enabling"})
    again = batch.call("Job_Disable", jobId=disabled(batch), body={"disableTasks": "requeue"})
    expect.status("jobs.disable.again-accepted", again, ACCEPTED)


def _judge_previous(expect: Expect, requirement: str, exchange: Any, states: set[str]) -> None:
    shown = json_object(exchange)
    before = shown.get("previousState")
    expect(requirement, before in states, expected=" or ".join(sorted(states)), actual=before, exchange=exchange)
    earlier, later = str(shown.get("previousStateTransitionTime")), str(shown.get("stateTransitionTime"))
    expect(requirement, earlier[:19] <= later[:19], expected=f"not after {later}", actual=earlier, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.disable.starts-no-tasks", "jobs.enable.resumes-tasks")
def test_starts_no_tasks(batch: Batch, expect: Expect, runner: str) -> None:
    """The task of another job, added later to the same pool, is done before: so it was not the node that made the first wait."""
    job = disabled(batch, **on(runner))
    task = batch.create_task(job)
    other = batch.create_job(**on(runner))
    task_in(batch, other, batch.create_task(other), "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("jobs.disable.starts-no-tasks", json_object(exchange).get("state"), "active", exchange, "state of the task")
    batch.make("Job_Enable", jobId=job)
    shown = task_at_last(batch, job, task, "completed")
    expect.equal("jobs.enable.resumes-tasks", shown.get("state"), "completed", exchange, "state after enabling")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.disable.requeue-returns-tasks")
def test_requeue(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner))
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    batch.make("Job_Disable", {"disableTasks": "requeue"}, jobId=job)
    job_in(batch, job, "disabled")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("jobs.disable.requeue-returns-tasks", json_object(exchange).get("state"), "active", exchange, "state")
    batch.make("Job_Enable", jobId=job)
    shown = task_at_last(batch, job, task, "running")
    expect.equal("jobs.disable.requeue-returns-tasks", shown.get("state"), "running", exchange, "state after enabling")
    batch.call("Job_Terminate", jobId=job)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.disable.terminate-ends-tasks")
def test_terminate(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner))
    task = batch.create_task(job, commandLine=LONG)
    task_in(batch, job, task, "running")
    batch.make("Job_Disable", {"disableTasks": "terminate"}, jobId=job)
    job_in(batch, job, "disabled")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    expect.equal("jobs.disable.terminate-ends-tasks", shown.get("state"), "completed", exchange, "state")
    code = at_path(shown, "executionInfo.exitCode")
    expect.equal("jobs.disable.terminate-ends-tasks", code == 0, False, exchange, "the task has ended well")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.disable.wait-lets-tasks-end")
def test_wait(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner))
    task = batch.create_task(job, commandLine="/bin/sh -c 'sleep 90'")
    task_in(batch, job, task, "running")
    batch.make("Job_Disable", {"disableTasks": "wait"}, jobId=job)
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.disable.wait-lets-tasks-end", json_object(exchange).get("state"), "disabling", exchange, "state")
    job_in(batch, job, "disabled")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    ended = (shown.get("state"), at_path(shown, "executionInfo.exitCode"))
    expect.equal("jobs.disable.wait-lets-tasks-end", ended, ("completed", 0), exchange, "state and exit code of the task")
