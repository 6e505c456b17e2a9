"""The live service as recorded: no rule of MUST level is broken by it, and nearly all of it names an operation of the contract.

`BREAKS` are the slugs that the live service, or a recorder, breaks: a requirement with one of them is SHOULD at most.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance.contract import Plane
from conformance.exchange import Exchange, read_cassette
from conformance.rules import RULES, Finding, context_for, findings

BREAKS: Mapping[str, str] = {
    "headers.nosniff": "absent from the data plane in 2015 and 2016, and from ARM at 2015-12-01",
}

_SHARED = os.environ.get("BATCH_SHARED")
pytestmark = pytest.mark.skipif(not _SHARED, reason="BATCH_SHARED does not name the folder with real-traffic/")


@pytest.fixture(scope="module")
def traffic() -> list[tuple[Exchange, list[Finding]]]:
    files = sorted((Path(_SHARED or "") / "real-traffic").rglob("*.yaml"))
    exchanges = [exchange for file in files for exchange in read_cassette(file)]
    return [(exchange, findings(context_for(exchange))) for exchange in exchanges]


def test_all_of_it_is_read(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    assert len(traffic) == 464


def test_no_rule_that_may_be_a_must_is_broken(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    broken = [f"{exchange.source} {f}" for exchange, found in traffic for f in found if not f.holds and f.rule not in BREAKS]
    assert broken == []


def test_what_is_said_to_be_broken_is_broken(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    assert {f.rule for _, found in traffic for f in found if not f.holds} == set(BREAKS)


def test_no_rule_breaks_itself(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    assert [f for _, found in traffic for f in found if f.suite_error] == []


def test_the_rules_are_exercised(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    """Those left out need what no recording has: a second page, a `$select`, known request headers, an odd or a wrong request."""
    held = Counter(f.rule for _, found in traffic for f in found if f.holds)
    about_requests = {slug for slug in RULES if slug.startswith(("request.", "query."))}
    assert about_requests & set(held) == set(), "no recording shows a refusal for what was asked"
    assert set(RULES) - set(held) - about_requests == {
        "status.not-modified",
        "status.unknown-operation",
        "status.other-version-operation",
        "collection.error",
        "collection.nowhere",
        "counts.tasks",
        "headers.client-request-id-echoed",
        "paging.next-link",
        "select.only-selected",
    }


def test_the_data_plane_matches_the_contract(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    contexts = [context_for(exchange) for exchange, _ in traffic]
    data = [c for c in contexts if c.contract.version.plane is Plane.DATA]
    unmatched = [c for c in data if c.operation is None or c.foreign]
    assert len(data) == 220
    # the one request that the kernel's web server refused, for a tab in its path
    assert [c.exchange.response.status for c in unmatched] == [400]


def test_accounts_of_the_management_plane_match(traffic: list[tuple[Exchange, list[Finding]]]) -> None:
    contexts = [context_for(exchange) for exchange, _ in traffic]
    matched = [c for c in contexts if c.contract.version.plane is Plane.MANAGEMENT and c.operation is not None]
    assert len(matched) == 57
    assert {c.operation.id.partition("_")[0] for c in matched if c.operation} == {"BatchAccount"}
