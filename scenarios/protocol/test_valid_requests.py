"""The smallest valid creation of each resource is served. What other scenarios need first is judged by the same requirements."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.plugin import Batch, Exchange, Expect


def _pool(batch: Batch) -> Exchange:
    return batch.call("Pool_Add", body=batch.pool_body())


def _job(batch: Batch) -> Exchange:
    return batch.call("Job_Add", body=batch.job_body())


def _job_schedule(batch: Batch) -> Exchange:
    return batch.call("JobSchedule_Add", body=batch.job_schedule_body())


def _task(batch: Batch) -> Exchange:
    return batch.call("Task_Add", body=batch.task_body(), jobId=batch.create_job())


def _certificate(batch: Batch) -> Exchange:
    return batch.call("Certificate_Add", body=batch.new_certificate().body)


def _case(resource: str, create: Callable[[Batch], Exchange]) -> object:
    requirement = f"{resource}.requests.valid-served"
    return pytest.param(requirement, create, id=resource, marks=pytest.mark.requirement(requirement))


CASES = [
    _case("pools", _pool),
    _case("jobs", _job),
    _case("job-schedules", _job_schedule),
    _case("tasks", _task),
    _case("certificates", _certificate),
]


@pytest.mark.parametrize(("requirement", "create"), CASES)
def test_smallest(batch: Batch, expect: Expect, requirement: str, create: Callable[[Batch], Exchange]) -> None:
    expect.status(requirement, create(batch), 201)
