"""Collections of which some tasks are fine and some are not."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect, answered
from scenarios.protocol.lists import all_ids
from scenarios.support import Json, json_object
from scenarios.tasks.samples import COMMAND
from scenarios.tasks.test_collection import add_all, added, results


def refusal(exchange: Exchange, task: str) -> Json:
    """The error with which a task was refused, alone or with the whole request."""
    body: Json = answered(exchange)
    if exchange.response.status != 200:
        return body
    found: Json = results(exchange).get(task, {}).get("error", {})
    return found


@pytest.mark.requirement(
    "tasks.add-collection.existing-refused",
    "tasks.add-collection.existing-status",
    "tasks.add-collection.existing-unchanged",
    "tasks.add-collection.error-message",
    "tasks.add-collection.refused-no-location",
    "tasks.add-collection.partial-success",
)
def test_existing(batch: Batch, expect: Expect, job: str) -> None:
    taken = batch.create_task(job, displayName="the first")
    before = batch.get_task(job, taken)
    free = [batch.new_id("free"), batch.new_id("free")]
    bodies = [batch.task_body(free[0]), batch.task_body(taken, displayName="the second"), batch.task_body(free[1])]
    exchange = add_all(batch, job, *bodies)
    expect.status("tasks.add-collection.partial-success", exchange, 200)
    expect.equal("tasks.add-collection.partial-success", added(batch, job, free), free, exchange, "the others")
    result = results(exchange).get(taken, {})
    error = result.get("error", {})
    expect.equal("tasks.add-collection.existing-refused", error.get("code"), "TaskExists", exchange, "code of the error")
    expect.equal("tasks.add-collection.existing-status", result.get("status"), "clienterror", exchange, "status")
    told = bool(error.get("code")) and bool(error.get("message", {}).get("value"))
    expect("tasks.add-collection.error-message", told, expected="a code and a message", actual=error, exchange=exchange)
    more = {name for name in ("eTag", "location") if name in result}
    expect.equal("tasks.add-collection.refused-no-location", more, set(), exchange, "what only an added task has")
    after = batch.call("Task_Get", jobId=job, taskId=taken)
    expect.equal("tasks.add-collection.existing-unchanged", json_object(after), before, after, "the task that was there")


@pytest.mark.requirement("tasks.add-collection.existing-ignores-case")
def test_existing_case(batch: Batch, expect: Expect, job: str) -> None:
    taken = batch.create_task(job, id=batch.new_id("Taken"))
    exchange = add_all(batch, job, batch.task_body(taken.swapcase()))
    code = refusal(exchange, taken.swapcase()).get("code")
    expect.equal("tasks.add-collection.existing-ignores-case", code, "TaskExists", exchange, "code of the error")


@pytest.mark.requirement("tasks.add-collection.resend")
def test_resend(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    bodies = [batch.task_body() for _ in range(3)]
    results(add_all(batch, job, *bodies))
    exchange = add_all(batch, job, *bodies)
    statuses = [str(result.get("status")) for result in results(exchange).values()]
    expect.equal("tasks.add-collection.resend", statuses, ["clienterror"] * 3, exchange, "status of the results")
    listed = batch.call("Task_List", jobId=job)
    expect.equal("tasks.add-collection.resend", len(all_ids(batch, listed)), 3, listed, "tasks of the job")


@pytest.mark.parametrize(
    ("requirement", "swapped"),
    [
        pytest.param(f"tasks.add-collection.{slug}", swapped, marks=pytest.mark.requirement(f"tasks.add-collection.{slug}"))
        for slug, swapped in (("duplicates-inside", False), ("duplicates-inside-ignore-case", True))
    ],
)
def test_duplicates_inside(batch: Batch, expect: Expect, job: str, requirement: str, swapped: bool) -> None:
    task = batch.new_id("Twice")
    again = task.swapcase() if swapped else task
    bodies = [batch.task_body(task, displayName="the first"), batch.task_body(again, displayName="the second")]
    exchange = add_all(batch, job, *bodies)
    status = exchange.response.status
    if status == 200:
        statuses = [result.get("status") for result in json_object(exchange).get("value", [])]
        expect.equal(requirement, statuses.count("success"), 1, exchange, "results with status success")
    else:
        expect(requirement, 400 <= status < 500, expected="one success or a refusal", actual=status, exchange=exchange)
        expect.equal(requirement, added(batch, job, [task]), [], exchange, "tasks that were added")


@pytest.mark.requirement("tasks.add-collection.invalid-not-added")
@pytest.mark.parametrize("wrong", [{"id": "x" * 65}, {"constraints": {"maxTaskRetryCount": -2}}, {"displayName": "x" * 1025}])
def test_invalid(batch: Batch, expect: Expect, job: str, wrong: Json) -> None:
    requirement = "tasks.add-collection.invalid-not-added"
    body = {**batch.task_body(), **wrong}
    exchange = add_all(batch, job, batch.task_body(), body)
    if exchange.response.status == 200:
        status = results(exchange).get(body["id"], {}).get("status")
        expect.equal(requirement, status, "clienterror", exchange, "status of the result")
    else:
        expect.status(requirement, exchange, 400)
    expect.equal(requirement, added(batch, job, [body["id"]]), [], exchange, "tasks that were added")


@pytest.mark.requirement("tasks.add-collection.dependencies-not-used")
def test_dependencies_not_used(batch: Batch, expect: Expect, job: str) -> None:
    body = batch.task_body(dependsOn={"taskIds": ["one"]})
    _refused(batch, expect, job, body, "dependencies-not-used", "TaskDependenciesNotSpecifiedOnJob")


@pytest.mark.requirement("tasks.add-collection.preparation-id", "tasks.add-collection.release-id")
def test_special_ids(batch: Batch, expect: Expect) -> None:
    special = {"jobPreparationTask": {"id": "before", "commandLine": COMMAND}}
    job = batch.create_job(**special, jobReleaseTask={"id": "after", "commandLine": COMMAND})
    _refused(batch, expect, job, batch.task_body("before"), "preparation-id", "TaskIdSameAsJobPreparationTask")
    _refused(batch, expect, job, batch.task_body("after"), "release-id", "TaskIdSameAsJobReleaseTask")


def _refused(batch: Batch, expect: Expect, job: str, body: Json, slug: str, code: str) -> None:
    requirement = f"tasks.add-collection.{slug}"
    exchange = add_all(batch, job, batch.task_body(), body)
    error: Any = refusal(exchange, body["id"]).get("code")
    if exchange.response.status >= 400 and error is None:
        raise Blocked("an error without a code to read")
    expect.equal(requirement, error, code, exchange, "code of the error")
    expect.equal(requirement, added(batch, job, [body["id"]]), [], exchange, "tasks that were added")
