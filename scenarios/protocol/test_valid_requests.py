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


@pytest.mark.parametrize(
    ("resource", "create"),
    [
        pytest.param("pools", _pool, id="pools", marks=pytest.mark.requirement("pools.requests.valid-served")),
        pytest.param("jobs", _job, id="jobs", marks=pytest.mark.requirement("jobs.requests.valid-served")),
        pytest.param(
            "job-schedules",
            _job_schedule,
            id="job-schedules",
            marks=pytest.mark.requirement("job-schedules.requests.valid-served"),
        ),
        pytest.param("tasks", _task, id="tasks", marks=pytest.mark.requirement("tasks.requests.valid-served")),
        pytest.param(
            "certificates", _certificate, id="certificates", marks=pytest.mark.requirement("certificates.requests.valid-served")
        ),
    ],
)
def test_smallest(batch: Batch, expect: Expect, resource: str, create: Callable[[Batch], Exchange]) -> None:
    expect.status(f"{resource}.requests.valid-served", create(batch), 201)
