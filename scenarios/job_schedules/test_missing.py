"""Every operation on a job schedule that does not exist."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.samples import specification
from scenarios.support import Json

OPERATIONS = {
    "JobSchedule_Get": "get",
    "JobSchedule_Patch": "patch",
    "JobSchedule_Update": "update",
    "JobSchedule_Delete": "delete",
    "JobSchedule_Disable": "disable",
    "JobSchedule_Enable": "enable",
    "JobSchedule_Terminate": "terminate",
    "Job_ListFromJobSchedule": "jobs",
}
BODIES: dict[str, Json] = {
    "JobSchedule_Patch": {"metadata": []},
    "JobSchedule_Update": {"schedule": {}, "jobSpecification": specification()},
}


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            name,
            f"job-schedules.{slug}.missing-refused",
            id=name,
            marks=pytest.mark.requirement(f"job-schedules.{slug}.missing-refused"),
        )
        for name, slug in OPERATIONS.items()
    ],
)
def test_missing(batch: Batch, expect: Expect, operation: str, requirement: str) -> None:
    exchange = batch.call(operation, jobScheduleId=batch.new_id("absent"), body=BODIES.get(operation))
    expect.error(requirement, exchange, 404, "JobScheduleNotFound")


@pytest.mark.requirement("job-schedules.exists.missing-404")
def test_exists(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("JobSchedule_Exists", jobScheduleId=batch.new_id("absent"))
    expect.status("job-schedules.exists.missing-404", exchange, 404)
