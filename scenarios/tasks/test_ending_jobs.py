"""Jobs that are on their way to an end, held there by a release task that takes its time, take no tasks any more."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.running import job_in
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import COMMAND, FAILING
from scenarios.tasks.test_run import run

pytestmark = pytest.mark.starts_nodes
SLOW = "/bin/sh -c 'sleep 120'"


def slow_to_end(batch: Batch, work: Work) -> tuple[str, str]:
    """A job whose end takes two minutes, and its one task, which has failed."""
    job = work(jobPreparationTask={"commandLine": COMMAND}, jobReleaseTask={"commandLine": SLOW})
    return job, run(batch, job, FAILING)


@pytest.mark.requirement("tasks.add.terminating-job-refused", "tasks.reactivate.terminating-job-refused")
def test_terminating(batch: Batch, expect: Expect, work: Work) -> None:
    job, task = slow_to_end(batch, work)
    batch.make("Job_Terminate", jobId=job)
    if job_in(batch, job, "terminating", "completed").get("state") != "terminating":
        raise Blocked("the job has ended before anything could be added")
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body())
    expect.error("tasks.add.terminating-job-refused", exchange, 409, "JobBeingTerminated")
    if "Task_Reactivate" in batch.contract.operations:
        again = batch.call("Task_Reactivate", jobId=job, taskId=task)
        expect.status("tasks.reactivate.terminating-job-refused", again, 409)


@pytest.mark.requirement("tasks.add.deleting-job-refused")
def test_deleting(batch: Batch, expect: Expect, work: Work) -> None:
    job, _ = slow_to_end(batch, work)
    batch.make("Job_Delete", jobId=job)
    if batch.call("Job_Get", jobId=job).response.status != 200:
        raise Blocked("the job was gone before anything could be added")
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body())
    if exchange.response.status == 404:
        raise Blocked("the job was gone before the task could be added")
    expect.error("tasks.add.deleting-job-refused", exchange, 409, "JobBeingDeleted")
