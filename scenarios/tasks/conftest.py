"""Jobs that many scenarios add tasks to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.plugin import Batch
from scenarios.running import on
from scenarios.tasks.samples import FAILURE_COUNTS, full_job

# makes a job on the session's node, and returns its id
Work = Callable[..., str]


@pytest.fixture(scope="session")
def job(batch: Batch) -> str:
    """The id of a job of which only what is required was stated, whose tasks wait."""
    return batch.create_job(id=batch.new_id("waiting"))


@pytest.fixture(scope="session")
def open_job(batch: Batch) -> str:
    """The id of a job whose tasks wait, and that takes dependencies and actions on failure."""
    return batch.create_job(id=batch.new_id("open"), **full_job(batch))


@pytest.fixture(scope="session")
def plain(batch: Batch, job: str) -> str:
    """The id of a waiting task of `job`, of which only what is required was stated. Scenarios only read it."""
    return batch.create_task(job, id=batch.new_id("plain"))


@pytest.fixture
def work(batch: Batch, runner: str) -> Iterator[Work]:
    """Jobs on the session's node, which are gone when the scenario ends, so that the node is free."""
    made: list[str] = []

    def create(**properties: Any) -> str:
        made.append(batch.create_job(**on(runner), **properties))
        return made[-1]

    yield create
    for each in made:
        batch.call("Job_Delete", jobId=each)


@pytest.fixture
def work_open(batch: Batch, work: Work) -> Work:
    """The same for jobs that take dependencies and actions on failure."""

    def create(**properties: Any) -> str:
        return work(**{"usesTaskDependencies": True, **FAILURE_COUNTS, **properties})

    return create
