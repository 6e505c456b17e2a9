"""What scenarios ask for by name."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from conformance.plugin.cleanup import remove
from conformance.plugin.driver import Batch
from conformance.plugin.expect import Blocked, Expect
from conformance.plugin.fuzzfixture import Fuzzing
from conformance.plugin.management import Accounts
from conformance.plugin.process import PROCESS, Process

if TYPE_CHECKING:
    from conformance.plugin.resending import Resend


@pytest.fixture(scope="session")
def batch(pytestconfig: pytest.Config) -> Batch:
    """The target at the api-version under test."""
    return _process(pytestconfig).batch


@pytest.fixture(scope="session")
def accounts(pytestconfig: pytest.Config) -> Accounts:
    """The management plane at the api-version under test. Scenarios that ask for it are blocked where there is none."""
    process = _process(pytestconfig)
    if not process.settings.target.management_endpoint:
        raise Blocked("the target names no endpoint of the management plane (--management-endpoint)")
    return process.accounts


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Iterator[Expect]:
    """Says whether a requirement holds. What it recorded becomes evidence when the scenario has ended."""
    node = request.node
    assert isinstance(node, pytest.Item)
    yield _process(request.config).expect(node)


@pytest.fixture
def fuzzing(request: pytest.FixtureRequest) -> Fuzzing:
    """Sends generated requests about a family of resources."""
    return Fuzzing(_process(request.config), request.node.nodeid)


@pytest.fixture
def resend(request: pytest.FixtureRequest) -> Resend:
    """Sends a plan that the fuzzer kept, and says whether the requirement is violated still."""
    from conformance.plugin.resending import Resend

    node, process = request.node, _process(request.config)
    assert isinstance(node, pytest.Item)
    target = process.settings.target
    again = shlex.join(["pytest", node.nodeid, "--endpoint", target.endpoint, "--api-version", process.settings.version])
    return Resend(process, process.expect(node, again))


@pytest.fixture(autouse=True)
def tidy(pytestconfig: pytest.Config) -> Iterator[None]:
    """Deletes what a scenario created as soon as it is over: a real account takes only so many pools at a time. What fixtures of
    the session hold was created before, and stays until the end of the run; so does what cannot be deleted now."""
    process = pytestconfig.stash.get(PROCESS, None)
    if process is None:
        yield
        return
    kept = {entry.delete for entry in process.ledger.leftovers()}
    yield
    remove(process.client, process.settings.version, process.ledger, kept, patient=False)


def _process(config: pytest.Config) -> Process:
    return config.stash[PROCESS]
