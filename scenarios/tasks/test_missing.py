"""Every operation on a task that does not exist, or whose job does not."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import Json

# operation → its name in requirements, body
OPERATIONS: tuple[tuple[str, str, Json | None], ...] = (
    ("Task_Get", "get", None),
    ("Task_Update", "update", {"constraints": {}}),
    ("Task_Delete", "delete", None),
    ("Task_Terminate", "terminate", None),
    ("Task_Reactivate", "reactivate", None),
    ("Task_ListSubtasks", "subtasks", None),
)


def _table(which: str) -> list[Any]:
    return [
        pytest.param(operation, body, f"tasks.{slug}.{which}", id=slug, marks=pytest.mark.requirement(f"tasks.{slug}.{which}"))
        for operation, slug, body in OPERATIONS
    ]


@pytest.mark.parametrize(("operation", "body", "requirement"), _table("missing-refused"))
def test_task(batch: Batch, expect: Expect, job: str, operation: str, body: Json | None, requirement: str) -> None:
    exchange = batch.call(operation, jobId=job, taskId=batch.new_id("absent"), body=body)
    expect.error(requirement, exchange, 404, "TaskNotFound")


@pytest.mark.parametrize(("operation", "body", "requirement"), _table("missing-job-refused"))
def test_job(batch: Batch, expect: Expect, operation: str, body: Json | None, requirement: str) -> None:
    exchange = batch.call(operation, jobId=batch.new_id("absent"), taskId="any", body=body)
    expect.error(requirement, exchange, 404, "JobNotFound")


@pytest.mark.requirement("tasks.get.task-of-other-job-refused")
def test_other_job(batch: Batch, expect: Expect, open_job: str, plain: str) -> None:
    exchange = batch.call("Task_Get", jobId=open_job, taskId=plain)
    expect.error("tasks.get.task-of-other-job-refused", exchange, 404, "TaskNotFound")


@pytest.mark.requirement("tasks.list.missing-job-refused")
def test_list(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Task_List", jobId=batch.new_id("absent"))
    expect.error("tasks.list.missing-job-refused", exchange, 404, "JobNotFound")
