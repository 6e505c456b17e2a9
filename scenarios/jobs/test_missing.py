"""Every operation on a job that does not exist."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import Json

OPERATIONS = {
    "Job_Get": "get",
    "Job_Patch": "patch",
    "Job_Update": "update",
    "Job_Delete": "delete",
    "Job_Disable": "disable",
    "Job_Enable": "enable",
    "Job_Terminate": "terminate",
    "Job_ListPreparationAndReleaseTaskStatus": "preparation-status",
    "Job_GetTaskCounts": "task-counts",
}
BODIES: dict[str, Json] = {
    "Job_Patch": {"priority": 7},
    "Job_Update": {"poolInfo": {"poolId": "bcs-no-such-pool"}},
    "Job_Disable": {"disableTasks": "wait"},
}


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            operation, f"jobs.{slug}.missing-refused", id=operation, marks=pytest.mark.requirement(f"jobs.{slug}.missing-refused")
        )
        for operation, slug in OPERATIONS.items()
    ],
)
def test_missing(batch: Batch, expect: Expect, operation: str, requirement: str) -> None:
    exchange = batch.call(operation, jobId=batch.new_id("absent"), body=BODIES.get(operation))
    expect.error(requirement, exchange, 404, "JobNotFound")
