"""What a job says for all of its tasks: environment settings and how often to try again. Exit codes tell what arrived."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import FAILING, at_path
from scenarios.jobs.test_preparation import PREPARATION, RELEASE, STATUS
from scenarios.running import job_in, on, task_in
from scenarios.support import Json, elements

ENDS_AS_TOLD = "/bin/sh -c 'exit $BCS_CODE'"


def _setting(code: int) -> list[Json]:
    return [{"name": "BCS_CODE", "value": str(code)}]


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.common-environment.reaches-tasks", "jobs.common-environment.overridden")
def test_environment(batch: Batch, expect: Expect, runner: str) -> None:
    manager = {"id": "manager", "commandLine": ENDS_AS_TOLD, "killJobOnCompletion": False, "runExclusive": False}
    preparation = {"commandLine": ENDS_AS_TOLD, "waitForSuccess": False}
    own: Json = {"jobManagerTask": manager, "jobPreparationTask": preparation, "jobReleaseTask": {"commandLine": ENDS_AS_TOLD}}
    job = batch.create_job(**on(runner), **own, commonEnvironmentSettings=_setting(3))
    plain = batch.create_task(job, commandLine=ENDS_AS_TOLD)
    other = batch.create_task(job, commandLine=ENDS_AS_TOLD, environmentSettings=_setting(4))
    for task in ("manager", plain, other):
        code = at_path(task_in(batch, job, task, "completed"), "executionInfo.exitCode")
        exchange = batch.call("Task_Get", jobId=job, taskId=task)
        requirement, wanted = ("overridden", 4) if task == other else ("reaches-tasks", 3)
        expect.equal(f"jobs.common-environment.{requirement}", code, wanted, exchange, f"exit code of {task}")
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    exchange = batch.call(STATUS, jobId=job)
    codes = [[at_path(found, f"{member}.exitCode") for member in (PREPARATION, RELEASE)] for found in elements(exchange)]
    expect.equal("jobs.common-environment.reaches-tasks", codes, [[3, 3]], exchange, "exit codes of preparation and release")


@pytest.mark.starts_nodes
@pytest.mark.parametrize(
    ("limit", "requirement"),
    [
        pytest.param(2, "jobs.max-task-retry-count.retries", marks=pytest.mark.requirement("jobs.max-task-retry-count.retries")),
        pytest.param(0, "jobs.max-task-retry-count.zero", marks=pytest.mark.requirement("jobs.max-task-retry-count.zero")),
    ],
)
def test_retries(batch: Batch, expect: Expect, runner: str, limit: int, requirement: str) -> None:
    job = batch.create_job(**on(runner), constraints={"maxTaskRetryCount": limit})
    task = batch.create_task(job, commandLine=FAILING)
    count = at_path(task_in(batch, job, task, "completed"), "executionInfo.retryCount")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal(requirement, count, limit, exchange, "retryCount")
