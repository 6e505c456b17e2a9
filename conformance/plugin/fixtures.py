"""What scenarios ask for by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.plugin.driver import Batch
from conformance.plugin.expect import Expect
from conformance.plugin.process import PROCESS, Process


@pytest.fixture(scope="session")
def batch(pytestconfig: pytest.Config) -> Batch:
    """The target at the api-version under test."""
    return _process(pytestconfig).batch


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Iterator[Expect]:
    """Says whether a requirement holds. What it recorded becomes evidence when the scenario has ended."""
    node = request.node
    assert isinstance(node, pytest.Item)
    yield _process(request.config).expect(node)


def _process(config: pytest.Config) -> Process:
    return config.stash[PROCESS]
