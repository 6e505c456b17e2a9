"""A rule holds only where there was something to look at: an empty list shows nothing about the resources in it."""

from __future__ import annotations

from typing import Any

import pytest
from rule_samples import COMMON, GOOD, JSON, exchange, metadata

from conformance.exchange import Exchange
from conformance.rules import context_for, findings

MODEL = {"body.unknown-property", "body.missing-property", "body.type", "body.null", "secrets.absent"}
VALUES = {"body.enum", "body.date-time", "body.duration"}
ELEMENTS = {"paging.unique-ids", "paging.page-size", "select.only-selected"}


def _holding(one: Exchange) -> set[str]:
    return {f.rule for f in findings(context_for(one)) if f.holds}


def _pools(*pools: dict[str, Any]) -> Exchange:
    return exchange(
        "GET", "/pools?$select=id,state,allocationState", 200, COMMON | JSON, metadata("pools", {"value": list(pools)})
    )


def _pool(**members: Any) -> Exchange:
    return exchange("GET", "/pools/p", 200, COMMON | JSON, metadata("pools/@Element", members))


def test_an_empty_list_shows_its_envelope_only() -> None:
    holding = _holding(_pools())
    assert not holding & (MODEL | VALUES | ELEMENTS)
    assert {"body.json", "paging.value"} <= holding


def test_an_element_shows_what_it_has() -> None:
    holding = _holding(_pools({"id": "p", "state": "active"}))
    assert MODEL - {"body.missing-property"} | ELEMENTS | {"body.enum"} <= holding
    assert not holding & {"body.date-time", "body.duration"}


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"id": "p"}, set()),
        ({"state": "active"}, {"body.enum"}),
        ({"creationTime": "2020-03-21T02:05:18Z"}, {"body.date-time"}),
        ({"resizeTimeout": "PT15M"}, {"body.duration"}),
        ({"resizeErrors": []}, set()),
        ({"networkConfiguration": {"dynamicVNetAssignmentScope": "none"}}, {"body.enum"}),
        ({"userAccounts": [{"name": "u", "elevationLevel": "admin"}]}, {"body.enum"}),
        ({"userAccounts": [{"name": "u"}]}, set()),
    ],
    ids=str,
)
def test_a_value_is_shown_by_a_member_that_has_it(members: dict[str, Any], shown: set[str]) -> None:
    assert _holding(_pool(**members)) & VALUES == shown


def test_a_whole_pool_shows_all() -> None:
    assert _holding(GOOD["pool-get"]) >= MODEL | VALUES
