"""Adding many tasks at once: how many, what the answer says of each, and how they are then."""

from __future__ import annotations

import json

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.pools.samples import covers
from scenarios.protocol.lists import all_ids
from scenarios.running import job_in
from scenarios.support import Json, elements, json_object, without
from scenarios.tasks.samples import CONSTRAINTS, ENVIRONMENT

# what differs between two tasks that were sent alike
OWN = ("id", "url", "eTag", "lastModified", "creationTime", "stateTransitionTime")


def add_all(batch: Batch, job: str, *bodies: Json) -> Exchange:
    return batch.call("Task_AddCollection", jobId=job, body={"value": list(bodies)})


def results(exchange: Exchange) -> dict[str, Json]:
    """By task id. Raises Blocked when the collection was refused as a whole."""
    return {str(result.get("taskId")): result for result in elements(exchange)}


def added(batch: Batch, job: str, tasks: list[str]) -> list[str]:
    """Those of the tasks that can be read."""
    return [task for task in tasks if batch.call("Task_Get", jobId=job, taskId=task).response.status == 200]


@pytest.mark.requirement(
    "tasks.add-collection.one",
    "tasks.add-collection.success-status",
    "tasks.add-collection.success-etag",
    "tasks.add-collection.success-last-modified",
    "tasks.add-collection.success-location",
    "tasks.add-collection.success-no-error",
    "tasks.add-collection.as-single",
)
def test_one(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    task = batch.new_id("one")
    exchange = add_all(batch, job, batch.task_body(task))
    expect.status("tasks.add-collection.one", exchange, 200)
    shown = batch.call("Task_Get", jobId=job, taskId=task)
    expect.status("tasks.add-collection.one", shown, 200)
    result = results(exchange).get(task, {})
    expect.equal("tasks.add-collection.success-status", result.get("status"), "success", exchange, "status")
    expect.equal("tasks.add-collection.success-no-error", result.get("error"), None, exchange, "error")
    read = json_object(shown)
    for slug, name, there in (
        ("etag", "eTag", "eTag"),
        ("last-modified", "lastModified", "lastModified"),
        ("location", "location", "url"),
    ):
        expect.equal(f"tasks.add-collection.success-{slug}", result.get(name), read.get(there), exchange, name)
    alone = batch.get_task(job, plain)
    expect.equal("tasks.add-collection.as-single", without(read, *OWN), without(alone, *OWN), shown, "a task of a collection")


@pytest.mark.requirement("tasks.add-collection.hundred", "tasks.add-collection.result-per-task")
def test_hundred(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    tasks = [f"t{number:03}" for number in range(100)]
    exchange = add_all(batch, job, *(batch.task_body(task) for task in tasks))
    expect.status("tasks.add-collection.hundred", exchange, 200)
    answered = sorted(str(result.get("taskId")) for result in elements(exchange))
    expect.equal("tasks.add-collection.result-per-task", answered, tasks, exchange, "taskId of the results")
    listed = batch.call("Task_List", jobId=job, query={"$select": "id"})
    expect.equal("tasks.add-collection.hundred", sorted(all_ids(batch, listed)), tasks, listed, "tasks")


@pytest.mark.requirement("tasks.add-collection.hundred-and-one-refused", "tasks.add-collection.refused-adds-nothing")
def test_hundred_and_one(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    exchange = add_all(batch, job, *(batch.task_body(f"t{number:03}") for number in range(101)))
    expect.status("tasks.add-collection.hundred-and-one-refused", exchange, {400, 413})
    listed = batch.call("Task_List", jobId=job)
    expect.equal("tasks.add-collection.refused-adds-nothing", elements(listed), [], listed, "tasks")


@pytest.mark.requirement("tasks.add-collection.value-required")
def test_value_required(batch: Batch, expect: Expect, job: str) -> None:
    expect.status("tasks.add-collection.value-required", batch.call("Task_AddCollection", jobId=job, body={}), 400)


@pytest.mark.requirement("tasks.add-collection.kept")
def test_kept(batch: Batch, expect: Expect, job: str) -> None:
    bodies = [
        batch.task_body(displayName="first", constraints=CONSTRAINTS),
        batch.task_body(displayName="second", environmentSettings=ENVIRONMENT),
    ]
    if set(results(add_all(batch, job, *bodies))) != {body["id"] for body in bodies}:
        raise Blocked("not each task of the collection has a result")
    for body in bodies:
        exchange = batch.call("Task_Get", jobId=job, taskId=body["id"])
        shown = json_object(exchange)
        expect("tasks.add-collection.kept", covers(shown, body), expected=body, actual=shown, exchange=exchange)


@pytest.mark.requirement("tasks.add-collection.dependency-inside")
def test_dependency_inside(batch: Batch, expect: Expect, open_job: str) -> None:
    first, second = batch.new_id("first"), batch.new_id("second")
    bodies = [batch.task_body(second, dependsOn={"taskIds": [first]}), batch.task_body(first)]
    exchange = add_all(batch, open_job, *bodies)
    statuses = {task: result.get("status") for task, result in results(exchange).items()}
    expected = {first: "success", second: "success"}
    expect.equal("tasks.add-collection.dependency-inside", statuses, expected, exchange, "status of the results")


@pytest.mark.requirement("tasks.add-collection.too-large-refused")
def test_too_large(batch: Batch, expect: Expect, job: str) -> None:
    ballast = [{"name": f"BALLAST{number}", "value": "x" * 1000} for number in range(11)]
    bodies = [batch.task_body(environmentSettings=ballast) for _ in range(100)]
    if len(json.dumps(bodies)) < 1024 * 1024:
        raise Blocked("the collection is not larger than 1 MB")
    exchange = add_all(batch, job, *bodies)
    expect.error("tasks.add-collection.too-large-refused", exchange, 413, "RequestBodyTooLarge")


@pytest.mark.requirement("tasks.add-collection.missing-job-refused")
def test_missing_job(batch: Batch, expect: Expect) -> None:
    exchange = add_all(batch, batch.new_id("absent"), batch.task_body())
    expect.error("tasks.add-collection.missing-job-refused", exchange, 404, "JobNotFound")


@pytest.mark.requirement("tasks.add-collection.completed-job-refused")
def test_completed_job(batch: Batch, expect: Expect) -> None:
    requirement = "tasks.add-collection.completed-job-refused"
    job = batch.create_job()
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    body = batch.task_body()
    exchange = add_all(batch, job, body)
    if exchange.response.status == 200:
        error = results(exchange).get(body["id"], {}).get("error", {})
        expect.equal(requirement, error.get("code"), "JobCompleted", exchange, "code of the error of the result")
    else:
        expect.error(requirement, exchange, 409, "JobCompleted")
    expect.equal(requirement, added(batch, job, [body["id"]]), [], exchange, "tasks that were added")
