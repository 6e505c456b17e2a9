"""Deleting, terminating and reactivating tasks that wait for a node."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.protocol.lists import ids
from scenarios.richness import job_for_tasks, rich_task
from scenarios.running import job_in
from scenarios.support import ACCEPTED, Json, etag, json_object


def ended(batch: Batch, job: str, **properties: Any) -> str:
    """A task that was terminated before it ran."""
    task = batch.create_task(job, **properties)
    batch.make("Task_Terminate", jobId=job, taskId=task)
    return task


def counts(batch: Batch, job: str) -> Json:
    shown = batch.shown("Job_GetTaskCounts", jobId=job)
    found: Json = shown.get("taskCounts", shown)
    return found


def _new_etag(expect: Expect, requirement: str, before: Json, answer: Exchange, shown: Exchange) -> None:
    after = json_object(shown).get("eTag")
    expect.equal(requirement, after, etag(answer), shown, "eTag")
    expect(requirement, after != before.get("eTag"), expected="another ETag than before", actual=after, exchange=shown)


@pytest.mark.requirement("tasks.delete.gone", "tasks.delete.unlisted", "tasks.delete.others-stay", "tasks.delete.id-free")
def test_delete(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    stays, goes = batch.create_task(job), batch.create_task(job, displayName="goes")
    before = batch.get_task(job, stays)
    batch.make("Task_Delete", jobId=job, taskId=goes)
    expect.error("tasks.delete.gone", batch.call("Task_Get", jobId=job, taskId=goes), 404, "TaskNotFound")
    listed = batch.call("Task_List", jobId=job)
    expect.equal("tasks.delete.unlisted", ids(listed), [stays], listed, "tasks of the job")
    for operation, body in (("Task_Delete", None), ("Task_Update", {"constraints": {}}), ("Task_Terminate", None)):
        exchange = batch.call(operation, jobId=job, taskId=goes, body=body)
        expect.error("tasks.delete.gone", exchange, 404, "TaskNotFound")
    after = batch.call("Task_Get", jobId=job, taskId=stays)
    expect.equal("tasks.delete.others-stay", json_object(after), before, after, "the other task")
    expect.status("tasks.delete.id-free", batch.call("Task_Add", jobId=job, body=batch.task_body(goes)), ACCEPTED)
    anew = batch.call("Task_Get", jobId=job, taskId=goes)
    expect.equal("tasks.delete.id-free", json_object(anew).get("displayName"), None, anew, "displayName of the new task")


@pytest.mark.requirement("tasks.delete.completed-accepted")
def test_delete_completed(batch: Batch, expect: Expect, job: str) -> None:
    task = ended(batch, job)
    expect.status("tasks.delete.completed-accepted", batch.call("Task_Delete", jobId=job, taskId=task), 200)


@pytest.mark.requirement("tasks.delete.uncounted")
def test_delete_uncounted(batch: Batch, expect: Expect) -> None:
    """The counts may follow a little later."""
    job = batch.create_job()
    batch.create_task(job)
    task = batch.create_task(job)
    batch.wait(lambda: counts(batch, job), lambda found: found.get("active") == 2, "two tasks are counted")
    batch.make("Task_Delete", jobId=job, taskId=task)
    found = batch.outcome(lambda: counts(batch, job), lambda found: found.get("active") != 2, "the deleted task is not counted")
    expect.equal("tasks.delete.uncounted", found.get("active"), 1, what="active tasks")


@pytest.mark.requirement(
    "tasks.terminate.completes",
    "tasks.terminate.previous-state",
    "tasks.terminate.end-time",
    "tasks.terminate.failure-info",
    "tasks.terminate.scheduling-error",
    "tasks.terminate.error-category",
    "tasks.terminate.result-failure",
    "tasks.terminate.node-info-empty",
    "tasks.terminate.new-etag",
)
def test_terminate(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job)
    before = batch.get_task(job, task)
    answer = batch.make("Task_Terminate", jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    after = json_object(exchange)
    expect.equal("tasks.terminate.completes", after.get("state"), "completed", exchange, "state")
    previous = (after.get("previousState"), after.get("previousStateTransitionTime"))
    expected = ("active", before.get("stateTransitionTime"))
    expect.equal("tasks.terminate.previous-state", previous, expected, exchange, "the state before and its time")
    execution = after.get("executionInfo", {})
    end = isinstance(execution.get("endTime"), str)
    expect("tasks.terminate.end-time", end, expected="an endTime", actual=execution, exchange=exchange)
    old, new = execution.get("schedulingError", {}), execution.get("failureInfo", {})
    expect.equal("tasks.terminate.failure-info", new.get("code"), "TaskEnded", exchange, "code of failureInfo")
    expect.equal("tasks.terminate.scheduling-error", old.get("code"), "TaskEnded", exchange, "code of schedulingError")
    category = str((new or old).get("category")).lower()
    expect.equal("tasks.terminate.error-category", category, "usererror", exchange, "category of the error")
    expect.equal("tasks.terminate.result-failure", execution.get("result"), "failure", exchange, "result")
    node = after.get("nodeInfo", {})
    expect.equal("tasks.terminate.node-info-empty", node, {}, exchange, "nodeInfo")
    _new_etag(expect, "tasks.terminate.new-etag", before, answer, exchange)


@pytest.mark.requirement("tasks.terminate.completed-refused")
def test_terminate_twice(batch: Batch, expect: Expect, job: str) -> None:
    exchange = batch.call("Task_Terminate", jobId=job, taskId=ended(batch, job))
    expect.error("tasks.terminate.completed-refused", exchange, 409, "TaskCompleted")


@pytest.mark.requirement("tasks.terminate.job-stays")
def test_terminate_job_stays(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    ended(batch, job)
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("tasks.terminate.job-stays", json_object(exchange).get("state"), "active", exchange, "state of the job")


@pytest.mark.requirement(
    "tasks.reactivate.active", "tasks.reactivate.previous-state", "tasks.reactivate.forgets", "tasks.reactivate.new-etag"
)
def test_reactivate(batch: Batch, expect: Expect) -> None:
    job = job_for_tasks(batch)
    task = ended(batch, job, **rich_task(batch))
    before = batch.get_task(job, task)
    answer = batch.make("Task_Reactivate", jobId=job, taskId=task.swapcase())
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    after = json_object(exchange)
    expect.equal("tasks.reactivate.active", after.get("state"), "active", exchange, "state")
    expect.equal("tasks.reactivate.previous-state", after.get("previousState"), "completed", exchange, "previousState")
    told = set(after.get("executionInfo", {})) & {"endTime", "exitCode", "failureInfo", "schedulingError", "result"}
    expect.equal("tasks.reactivate.forgets", told, set(), exchange, "what tells of the former run")
    _new_etag(expect, "tasks.reactivate.new-etag", before, answer, exchange)


@pytest.mark.requirement("tasks.reactivate.active-refused")
def test_reactivate_active(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_Reactivate", jobId=job, taskId=plain)
    expect.error("tasks.reactivate.active-refused", exchange, 409, "TaskNotCompleted")


@pytest.mark.requirement("tasks.reactivate.completed-job-refused")
def test_reactivate_in_ended_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    task = ended(batch, job)
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    exchange = batch.call("Task_Reactivate", jobId=job, taskId=task)
    expect.status("tasks.reactivate.completed-job-refused", exchange, 409)


@pytest.mark.requirement("tasks.subtasks.none")
def test_no_subtasks(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_ListSubtasks", jobId=job, taskId=plain)
    expect.equal("tasks.subtasks.none", json_object(exchange).get("value"), [], exchange, "subtasks")
