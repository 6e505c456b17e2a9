"""Adding one task: what it looks like then, the rules of its id, and jobs that take none."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import ids
from scenarios.running import job_in
from scenarios.support import ACCEPTED, json_object, without
from scenarios.tasks.samples import COMMAND

LOOKS = 4


@pytest.mark.requirement("tasks.add.readable", "tasks.add.listed", "tasks.add.location-names-task", "tasks.add.times-agree")
def test_new(batch: Batch, expect: Expect, job: str) -> None:
    """Asked for before, so that who remembers that it was not there is noticed."""
    body = batch.task_body()
    mine = {"$filter": f"id eq '{body['id']}'"}
    batch.call("Task_Get", jobId=job, taskId=body["id"])
    batch.call("Task_List", jobId=job, query=mine)
    added = batch.make("Task_Add", body, jobId=job)
    exchange = batch.call("Task_Get", jobId=job, taskId=body["id"])
    expect.status("tasks.add.readable", exchange, 200)
    listed = batch.call("Task_List", jobId=job, query=mine)
    expect.equal("tasks.add.listed", ids(listed), [body["id"]], listed, "tasks of that id")
    shown = json_object(exchange)
    location = added.response.headers.get("Location")
    expect.equal("tasks.add.location-names-task", location, shown.get("url"), added, "Location")
    times = {str(shown.get(name)) for name in ("creationTime", "lastModified", "stateTransitionTime")}
    expect.equal("tasks.add.times-agree", len(times), 1, exchange, f"different times: {sorted(times)}")


@pytest.mark.requirement(
    "tasks.add.state-active",
    "tasks.add.no-previous-state",
    "tasks.add.no-node",
    "tasks.add.no-execution",
    "tasks.add.counters-zero",
    "tasks.add.no-retry-times",
    "tasks.add.display-name-absent",
)
def test_waiting(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_Get", jobId=job, taskId=plain)
    shown = json_object(exchange)
    expect.equal("tasks.add.state-active", shown.get("state"), "active", exchange, "state")
    before = {name for name in ("previousState", "previousStateTransitionTime") if name in shown}
    expect.equal("tasks.add.no-previous-state", before, set(), exchange, "what tells of a state before")
    expect.equal("tasks.add.no-node", shown.get("nodeInfo"), None, exchange, "nodeInfo")
    expect.equal("tasks.add.display-name-absent", shown.get("displayName"), None, exchange, "displayName")
    execution = shown.get("executionInfo", {})
    counters = (execution.get("retryCount"), execution.get("requeueCount"))
    expect.equal("tasks.add.counters-zero", counters, (0, 0), exchange, "retryCount and requeueCount")
    again = {name for name in ("lastRetryTime", "lastRequeueTime") if name in execution}
    expect.equal("tasks.add.no-retry-times", again, set(), exchange, "times of retries")
    told = set(execution) & {"startTime", "endTime", "exitCode", "result", "failureInfo", "schedulingError", "containerInfo"}
    expect.equal("tasks.add.no-execution", told, set(), exchange, "what tells of a run")


@pytest.mark.requirement("tasks.add.waits-for-pool")
def test_waits_for_pool(batch: Batch, expect: Expect, job: str) -> None:
    """Looked at several times: who starts it all the same may do so a little later."""
    task = batch.create_task(job)
    for _ in range(LOOKS):
        exchange = batch.call("Task_Get", jobId=job, taskId=task)
        expect.equal("tasks.add.waits-for-pool", json_object(exchange).get("state"), "active", exchange, "state")


@pytest.mark.requirement("tasks.add.duplicate-refused", "tasks.add.duplicate-changes-nothing")
def test_duplicate(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job, displayName="the first")
    before = batch.get_task(job, task)
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(task, displayName="the second"))
    expect.error("tasks.add.duplicate-refused", exchange, 409, "TaskExists")
    after = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.add.duplicate-changes-nothing", json_object(after), before, after, "the first task")


@pytest.mark.requirement("tasks.add.duplicate-ignores-case", "tasks.add.id-case-kept")
def test_letter_case(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job, id=batch.new_id("MixedCase"))
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(task.swapcase()))
    expect.error("tasks.add.duplicate-ignores-case", exchange, 409, "TaskExists")
    shown = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.add.id-case-kept", json_object(shown).get("id"), task, shown, "id")


@pytest.mark.requirement("tasks.add.same-id-in-other-job")
def test_two_jobs(batch: Batch, expect: Expect, job: str, open_job: str) -> None:
    """Neither has anything to do with the other."""
    requirement = "tasks.add.same-id-in-other-job"
    task = batch.create_task(job, displayName="the one")
    before = batch.get_task(job, task)
    exchange = batch.call("Task_Add", jobId=open_job, body=batch.task_body(task, displayName="the other"))
    expect.status(requirement, exchange, ACCEPTED)
    other = batch.call("Task_Get", jobId=open_job, taskId=task)
    expect.equal(requirement, json_object(other).get("displayName"), "the other", other, "displayName of the other task")
    batch.make("Task_Delete", jobId=open_job, taskId=task)
    after = batch.call("Task_Get", jobId=job, taskId=task)
    expect.status(requirement, after, 200)
    expect.equal(requirement, json_object(after), before, after, "the one when the other is deleted")


@pytest.mark.requirement("tasks.add.id-64-accepted")
def test_id_64(batch: Batch, expect: Expect, job: str) -> None:
    _taken(batch, expect, job, "tasks.add.id-64-accepted", f"{batch.new_id('long')}-".ljust(64, "x"))


def _taken(batch: Batch, expect: Expect, job: str, requirement: str, task: str) -> None:
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(task))
    expect.status(requirement, exchange, ACCEPTED)
    shown = batch.call("Task_Get", jobId=job, taskId=task)
    expect.status(requirement, shown, 200)
    expect.equal(requirement, json_object(shown).get("id"), task, shown, "id")


@pytest.mark.requirement("tasks.add.id-charset-accepted")
@pytest.mark.parametrize("tail", ["-aZ09_-", "0", "_", "-"])
def test_id_charset(batch: Batch, expect: Expect, job: str, tail: str) -> None:
    _taken(batch, expect, job, "tasks.add.id-charset-accepted", f"{batch.new_id('set')}{tail}")


@pytest.mark.requirement("tasks.add.id-65-refused")
def test_id_65(batch: Batch, expect: Expect, job: str) -> None:
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(f"{batch.new_id('long')}-".ljust(65, "x")))
    expect.status("tasks.add.id-65-refused", exchange, 400)


@pytest.mark.requirement("tasks.add.id-charset-refused")
@pytest.mark.parametrize("tail", [" x", ".x", "éx", "$x", ":x", " "])
def test_id_other_letter(batch: Batch, expect: Expect, job: str, tail: str) -> None:
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(f"{batch.new_id('odd')}{tail}"))
    expect.status("tasks.add.id-charset-refused", exchange, 400)


@pytest.mark.requirement("tasks.add.id-empty-refused", "tasks.add.id-required", "tasks.add.command-line-required")
def test_what_is_required(batch: Batch, expect: Expect, job: str) -> None:
    body = batch.task_body()
    expect.status("tasks.add.id-empty-refused", batch.call("Task_Add", jobId=job, body={**body, "id": ""}), 400)
    expect.status("tasks.add.id-required", batch.call("Task_Add", jobId=job, body=without(body, "id")), 400)
    no_command = batch.call("Task_Add", jobId=job, body=without(body, "commandLine"))
    expect.status("tasks.add.command-line-required", no_command, 400)


@pytest.mark.requirement("tasks.add.missing-job-refused")
def test_missing_job(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Task_Add", jobId=batch.new_id("absent"), body=batch.task_body())
    expect.error("tasks.add.missing-job-refused", exchange, 404, "JobNotFound")


@pytest.mark.requirement("tasks.add.terminated-job-refused", "tasks.add.completed-job-refused")
def test_ended_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    batch.make("Job_Terminate", jobId=job)
    at_once = batch.call("Task_Add", jobId=job, body=batch.task_body())
    expect.error("tasks.add.terminated-job-refused", at_once, 409, {"JobBeingTerminated", "JobCompleted"})
    job_in(batch, job, "completed")
    later = batch.call("Task_Add", jobId=job, body=batch.task_body())
    expect.error("tasks.add.completed-job-refused", later, 409, "JobCompleted")


@pytest.mark.requirement("tasks.add.deleted-job-refused")
def test_deleted_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    batch.make("Job_Delete", jobId=job)
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body())
    expect.error("tasks.add.deleted-job-refused", exchange, {404, 409}, {"JobNotFound", "JobBeingDeleted"})


@pytest.mark.requirement("tasks.add.same-id-as-preparation-refused", "tasks.add.same-id-as-release-refused")
def test_special_ids(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(
        jobPreparationTask={"id": "before", "commandLine": COMMAND}, jobReleaseTask={"id": "after", "commandLine": COMMAND}
    )
    first = batch.call("Task_Add", jobId=job, body=batch.task_body("before"))
    expect.error("tasks.add.same-id-as-preparation-refused", first, 409, "TaskIdSameAsJobPreparationTask")
    second = batch.call("Task_Add", jobId=job, body=batch.task_body("after"))
    expect.error("tasks.add.same-id-as-release-refused", second, 409, "TaskIdSameAsJobReleaseTask")


@pytest.mark.requirement("tasks.add.same-id-as-default-preparation-refused", "tasks.add.same-id-as-default-release-refused")
def test_special_default_ids(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(jobPreparationTask={"commandLine": COMMAND}, jobReleaseTask={"commandLine": COMMAND})
    first = batch.call("Task_Add", jobId=job, body=batch.task_body("jobpreparation"))
    expect.error("tasks.add.same-id-as-default-preparation-refused", first, 409, "TaskIdSameAsJobPreparationTask")
    second = batch.call("Task_Add", jobId=job, body=batch.task_body("jobrelease"))
    expect.error("tasks.add.same-id-as-default-release-refused", second, 409, "TaskIdSameAsJobReleaseTask")


@pytest.mark.requirement("tasks.add.display-name-shared")
def test_shared_name(batch: Batch, expect: Expect, job: str) -> None:
    batch.create_task(job, displayName="shared")
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(displayName="shared"))
    expect.status("tasks.add.display-name-shared", exchange, ACCEPTED)
