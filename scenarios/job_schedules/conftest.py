"""What the scenarios of job schedules share."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.plugin import Batch
from scenarios.job_schedules.samples import written
from scenarios.support import Json


@pytest.fixture(scope="session")
def dormant(batch: Batch) -> Json:
    """Times of a schedule that makes no job while the suite runs."""
    return {"doNotRunUntil": written(batch.now() + timedelta(days=30))}


@pytest.fixture(scope="session")
def asleep(batch: Batch, dormant: Json) -> str:
    """The id of a schedule that has no job. Scenarios only read it, or ask for what has to be refused."""
    return batch.create_job_schedule(id=batch.new_id("asleep"), schedule=dormant)


@pytest.fixture(scope="session")
def changing(batch: Batch, dormant: Json) -> str:
    """The id of a schedule that has no job, and that each scenario may change."""
    return batch.create_job_schedule(id=batch.new_id("changing"), schedule=dormant)
