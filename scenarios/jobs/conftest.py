"""Jobs that many scenarios only read."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch
from scenarios.jobs.samples import COMMAND


@pytest.fixture(scope="session")
def plain(batch: Batch) -> str:
    """The id of an active job of which only what is required was stated. Scenarios only read it."""
    return batch.create_job(id=batch.new_id("plain"))


@pytest.fixture(scope="session")
def staffed(batch: Batch) -> str:
    """The id of an active job with a manager, a preparation and a release task, of which only what is required was stated."""
    return batch.create_job(
        id=batch.new_id("staffed"),
        jobManagerTask={"id": "manager", "commandLine": COMMAND},
        jobPreparationTask={"commandLine": COMMAND},
        jobReleaseTask={"commandLine": COMMAND},
    )
