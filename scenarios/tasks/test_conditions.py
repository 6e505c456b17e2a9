"""Reading one task, and conditional headers on every operation on a task that takes them."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.conditions import HEADERS, READ_UNMET, validators
from scenarios.support import ACCEPTED, Json, etag, json_object

WRITES: tuple[tuple[str, str, Json | None], ...] = (
    ("Task_Update", "update", {"constraints": {"maxTaskRetryCount": 1}}),
    ("Task_Delete", "delete", None),
    ("Task_Terminate", "terminate", None),
    ("Task_Reactivate", "reactivate", None),
)


@pytest.mark.parametrize(
    ("operation", "requirement", "body"),
    [
        pytest.param(
            name,
            f"tasks.{slug}.honours-conditions",
            body,
            id=slug,
            marks=pytest.mark.requirement(f"tasks.{slug}.honours-conditions"),
        )
        for name, slug, body in WRITES
    ],
)
def test_write(batch: Batch, expect: Expect, job: str, operation: str, requirement: str, body: Json | None) -> None:
    task = batch.create_task(job)
    former = etag(batch.call("Task_Get", jobId=job, taskId=task))
    if operation == "Task_Reactivate":
        batch.make("Task_Terminate", jobId=job, taskId=task)
    else:
        batch.make("Task_Update", {"constraints": {}}, jobId=job, taskId=task)
    known = validators(batch.call("Task_Get", jobId=job, taskId=task))
    for header in [{"If-Match": former}, *({name: known.value(name, met=False)} for name in HEADERS)]:
        refused = batch.call(operation, jobId=job, taskId=task, body=body, headers=header)
        expect.error(requirement, refused, 412, "ConditionNotMet")
    met = batch.call(operation, jobId=job, taskId=task, body=body, headers={"If-Match": known.etag})
    expect.status(requirement, met, ACCEPTED)


@pytest.mark.requirement("tasks.get.honours-conditions")
def test_read(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    requirement = "tasks.get.honours-conditions"
    known = validators(batch.call("Task_Get", jobId=job, taskId=plain))
    for header in HEADERS:
        for met, status in ((True, 200), (False, READ_UNMET[header])):
            stated = {header: known.value(header, met=met)}
            expect.status(requirement, batch.call("Task_Get", jobId=job, taskId=plain, headers=stated), status)


@pytest.mark.requirement("tasks.get.select")
def test_select(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_Get", jobId=job, taskId=plain, query={"$select": "id,state,constraints"})
    shown = {name for name in json_object(exchange) if not name.startswith("odata.")}
    expect.equal("tasks.get.select", shown, {"id", "state", "constraints"}, exchange, "properties")


@pytest.mark.requirement("tasks.get.expand-stats-accepted")
def test_expand(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_Get", jobId=job, taskId=plain, query={"$expand": "stats"})
    expect.status("tasks.get.expand-stats-accepted", exchange, 200)


@pytest.mark.requirement("tasks.get.ignores-case")
def test_letter_case(batch: Batch, expect: Expect, job: str, plain: str) -> None:
    exchange = batch.call("Task_Get", jobId=job, taskId=plain.upper())
    expect.status("tasks.get.ignores-case", exchange, 200)
    expect.equal("tasks.get.ignores-case", json_object(exchange).get("id"), plain, exchange, "id")
