"""The files that scenarios read, of a task and of its node; and others that they may delete."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch
from scenarios.files.owners import Owner, ran_task


@pytest.fixture(scope="session")
def written(batch: Batch, runner: str) -> tuple[Owner, Owner]:
    return ran_task(batch, runner)


@pytest.fixture(params=[0, 1], ids=["task", "node"])
def owner(request: pytest.FixtureRequest, written: tuple[Owner, Owner]) -> Owner:
    """Scenarios only read its files."""
    chosen: Owner = written[request.param]
    return chosen


@pytest.fixture(params=[0, 1], ids=["task", "node"])
def own(request: pytest.FixtureRequest, batch: Batch, runner: str) -> Owner:
    """The scenario's own files, to be deleted."""
    return ran_task(batch, runner)[request.param]
