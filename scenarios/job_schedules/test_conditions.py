"""Conditional headers on a job schedule."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.test_missing import BODIES
from scenarios.protocol.conditions import HEADERS, READ_UNMET, WRITE_UNMET, validators
from scenarios.support import ACCEPTED, Json, json_object

OPERATIONS = {
    "JobSchedule_Get": "get",
    "JobSchedule_Exists": "exists",
    "JobSchedule_Patch": "patch",
    "JobSchedule_Update": "update",
    "JobSchedule_Disable": "disable",
    "JobSchedule_Enable": "enable",
    "JobSchedule_Terminate": "terminate",
    "JobSchedule_Delete": "delete",
}
READS = ("JobSchedule_Get", "JobSchedule_Exists")


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            name,
            f"job-schedules.{slug}.honours-conditions",
            id=name,
            marks=pytest.mark.requirement(f"job-schedules.{slug}.honours-conditions"),
        )
        for name, slug in OPERATIONS.items()
    ],
)
@pytest.mark.parametrize("header", HEADERS)
def test_condition(batch: Batch, expect: Expect, dormant: Json, operation: str, requirement: str, header: str) -> None:
    """Unmet, it stops the operation and leaves the job schedule as it was; met, it does not."""
    schedule = batch.create_job_schedule(schedule=dormant)
    if operation == "JobSchedule_Enable":
        batch.make("JobSchedule_Disable", jobScheduleId=schedule)
    read = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    known, before = validators(read), json_object(read)
    body: Any = {**BODIES[operation], **({"schedule": dormant} if "Update" in operation else {})} if operation in BODIES else None
    unmet = batch.call(operation, jobScheduleId=schedule, body=body, headers={header: known.value(header, met=False)})
    expect.status(requirement, unmet, (READ_UNMET if operation in READS else WRITE_UNMET)[header])
    after = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    expect.equal(requirement, json_object(after), before, after, "the job schedule")
    met = batch.call(operation, jobScheduleId=schedule, body=body, headers={header: known.value(header, met=True)})
    expect.status(requirement, met, ACCEPTED)
