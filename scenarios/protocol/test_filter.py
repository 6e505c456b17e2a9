"""How conditions of $filter combine, and which filters are refused. What each property offers: scenarios/pools/test_list.py."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import Shelf, all_ids

BAD_SYNTAX = ("id eq", "eq 'a'", "id eq 'a", "(id eq 'a'", "id eq 'a' and", "id = 'a'", "startswith(id)", "id eq 'a' 'b'")


def _listed(batch: Batch, expect: Expect, shelf: Shelf, requirement: str, condition: str, letters: str) -> None:
    exchange = batch.call("Pool_List", query={"$filter": condition})
    expect.status(requirement, exchange, 200)
    expect.equal(requirement, "".join(pool[-1] for pool in sorted(all_ids(batch, exchange))), letters, exchange, condition)


@pytest.mark.requirement("protocol.filter.and")
def test_and(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    condition = f"{shelf.filter} and enableAutoScale eq false and enableInterNodeCommunication eq false"
    _listed(batch, expect, shelf, "protocol.filter.and", condition, "ade")


@pytest.mark.requirement("protocol.filter.or")
def test_or(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    first, _, third, *_ = shelf.ids
    _listed(batch, expect, shelf, "protocol.filter.or", f"id eq '{first}' or id eq '{third}'", "ac")


@pytest.mark.requirement("protocol.filter.grouping")
@pytest.mark.parametrize("grouped", [True, False])
def test_grouping(batch: Batch, expect: Expect, shelf: Shelf, grouped: bool) -> None:
    first, second, third, *_ = shelf.ids
    either = f"id eq '{second}' or id eq '{first}'"
    conditions = f"({either})" if grouped else either
    condition = f"{conditions} and enableInterNodeCommunication eq false or id eq '{third}'"
    _listed(batch, expect, shelf, "protocol.filter.grouping", condition, "ac" if grouped else "abc")


@pytest.mark.requirement("protocol.filter.no-match-empty")
def test_no_match(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    condition = f"{shelf.filter} and state ne 'active'"
    _listed(batch, expect, shelf, "protocol.filter.no-match-empty", condition, "")


@pytest.mark.requirement("protocol.filter.unknown-property-refused", "protocol.filter.error-code")
@pytest.mark.parametrize("name", ["nonsense", "displayName", "resizeTimeout", "startTask/commandLine"])
def test_unknown_property(batch: Batch, expect: Expect, name: str) -> None:
    exchange = batch.call("Pool_List", query={"$filter": f"{name} eq 'a'"})
    expect.status("protocol.filter.unknown-property-refused", exchange, 400)
    expect.error("protocol.filter.error-code", exchange, 400, "InvalidQueryParameterValue")


@pytest.mark.requirement("protocol.filter.unsupported-operator-refused", "protocol.filter.error-code")
@pytest.mark.parametrize(
    "condition",
    ["state gt 'active'", "allocationState ne 'steady'", "vmSize lt 'small'", "enableAutoScale ge true", "startswith(state,'a')"],
)
def test_unsupported_operator(batch: Batch, expect: Expect, condition: str) -> None:
    exchange = batch.call("Pool_List", query={"$filter": condition})
    expect.status("protocol.filter.unsupported-operator-refused", exchange, 400)
    expect.error("protocol.filter.error-code", exchange, 400, "InvalidQueryParameterValue")


@pytest.mark.requirement("protocol.filter.syntax-refused", "protocol.filter.error-code")
@pytest.mark.parametrize("condition", BAD_SYNTAX)
def test_bad_syntax(batch: Batch, expect: Expect, condition: str) -> None:
    exchange = batch.call("Pool_List", query={"$filter": condition})
    expect.status("protocol.filter.syntax-refused", exchange, 400)
    expect.error("protocol.filter.error-code", exchange, 400, "InvalidQueryParameterValue")
