"""Conditional headers on a job."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.changing import disabled
from scenarios.jobs.test_missing import BODIES
from scenarios.protocol.conditions import HEADERS, READ_UNMET, WRITE_UNMET, validators
from scenarios.support import json_object

OPERATIONS = {
    "Job_Get": "get",
    "Job_Patch": "patch",
    "Job_Update": "update",
    "Job_Disable": "disable",
    "Job_Enable": "enable",
    "Job_Terminate": "terminate",
    "Job_Delete": "delete",
}


@pytest.mark.parametrize(
    ("operation", "requirement"),
    [
        pytest.param(
            name,
            f"jobs.{slug}.honours-conditions",
            id=name,
            marks=pytest.mark.requirement(f"jobs.{slug}.honours-conditions"),
        )
        for name, slug in OPERATIONS.items()
    ],
)
@pytest.mark.parametrize("header", HEADERS)
def test_condition(batch: Batch, expect: Expect, operation: str, requirement: str, header: str) -> None:
    """Unmet, it stops the operation and leaves the job as it was; met, it does not."""
    pool = {"poolInfo": {"poolId": "bcs-no-such-pool"}}
    job = disabled(batch, **pool) if operation == "Job_Enable" else batch.create_job(**pool)
    read = batch.call("Job_Get", jobId=job)
    known, before = validators(read), json_object(read)
    body: Any = BODIES.get(operation)
    unmet = batch.call(operation, jobId=job, body=body, headers={header: known.value(header, met=False)})
    expect.status(requirement, unmet, (READ_UNMET if operation == "Job_Get" else WRITE_UNMET)[header])
    after = batch.call("Job_Get", jobId=job)
    expect.equal(requirement, json_object(after), before, after, "the job")
    met = batch.call(operation, jobId=job, body=body, headers={header: known.value(header, met=True)})
    expect.status(requirement, met, set(batch.contract.operations[operation].success))
