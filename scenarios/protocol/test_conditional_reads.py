"""Conditional headers on reads, alone and in pairs."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.protocol.conditions import HEADERS, READ_UNMET, Validators, rfc850, validators

READS = ("Pool_Get", "Pool_Exists")
# of each allowed pair, the first header decides
PAIRS = {("If-None-Match", "If-Modified-Since"): "none-match-decides", ("If-Match", "If-Unmodified-Since"): "match-decides"}
FORBIDDEN = [pair for pair in combinations(HEADERS, 2) if pair not in PAIRS]


@pytest.fixture
def known(batch: Batch, settled: str) -> Validators:
    return validators(batch.call("Pool_Get", poolId=settled))


def _read(batch: Batch, operation: str, pool: str, headers: dict[str, str]) -> Exchange:
    return batch.call(operation, poolId=pool, headers=headers)


def _table() -> list[Any]:
    return [
        pytest.param(
            operation,
            header,
            met,
            id=f"{operation}-{header}-{'met' if met else 'unmet'}",
            marks=pytest.mark.requirement(f"protocol.conditional.read-{header.lower()}-{'met' if met else 'unmet'}"),
        )
        for operation in READS
        for header in HEADERS
        for met in (True, False)
    ]


@pytest.mark.parametrize(("operation", "header", "met"), _table())
def test_read(batch: Batch, expect: Expect, settled: str, known: Validators, operation: str, header: str, met: bool) -> None:
    exchange = _read(batch, operation, settled, {header: known.value(header, met)})
    requirement = f"protocol.conditional.read-{header.lower()}-{'met' if met else 'unmet'}"
    expect.status(requirement, exchange, 200 if met else READ_UNMET[header])


@pytest.mark.requirement("protocol.conditional.condition-not-met-code")
@pytest.mark.parametrize("header", ["If-Match", "If-Unmodified-Since"])
def test_code(batch: Batch, expect: Expect, settled: str, known: Validators, header: str) -> None:
    exchange = _read(batch, "Pool_Get", settled, {header: known.value(header, False)})
    expect.error("protocol.conditional.condition-not-met-code", exchange, 412, "ConditionNotMet")


@pytest.mark.requirement("protocol.conditional.not-modified-empty")
@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_not_modified_is_empty(batch: Batch, expect: Expect, settled: str, known: Validators, header: str) -> None:
    exchange = _read(batch, "Pool_Get", settled, {header: known.value(header, False)})
    expect.status("protocol.conditional.not-modified-empty", exchange, 304)
    expect.equal("protocol.conditional.not-modified-empty", len(exchange.response.body), 0, exchange, "length of the body")


@pytest.mark.parametrize("first_met", [True, False])
@pytest.mark.parametrize("second_met", [True, False])
@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, id="+".join(pair), marks=pytest.mark.requirement(f"protocol.conditional.{PAIRS[pair]}"))
        for pair in PAIRS
    ],
)
def test_pair(
    batch: Batch, expect: Expect, settled: str, known: Validators, pair: tuple[str, str], first_met: bool, second_met: bool
) -> None:
    first, second = pair
    headers = {first: known.value(first, first_met), second: known.value(second, second_met)}
    exchange = _read(batch, "Pool_Get", settled, headers)
    expect.status(f"protocol.conditional.{PAIRS[pair]}", exchange, 200 if first_met else READ_UNMET[first])


@pytest.mark.requirement("protocol.conditional.other-pairs-refused", "protocol.conditional.other-pairs-code")
@pytest.mark.parametrize("met", [True, False])
@pytest.mark.parametrize("pair", FORBIDDEN, ids="+".join)
def test_forbidden_pair(batch: Batch, expect: Expect, settled: str, known: Validators, pair: tuple[str, str], met: bool) -> None:
    exchange = _read(batch, "Pool_Get", settled, {header: known.value(header, met) for header in pair})
    expect.status("protocol.conditional.other-pairs-refused", exchange, 400)
    expect.error("protocol.conditional.other-pairs-code", exchange, 400, "MultipleConditionHeadersNotSupported")


@pytest.mark.requirement("protocol.conditional.rfc850-date")
@pytest.mark.parametrize("met", [True, False])
def test_rfc850(batch: Batch, expect: Expect, settled: str, known: Validators, met: bool) -> None:
    moment = known.modified - timedelta(hours=1) if met else known.modified + timedelta(seconds=1)
    exchange = _read(batch, "Pool_Get", settled, {"If-Modified-Since": rfc850(moment)})
    expect.status("protocol.conditional.rfc850-date", exchange, 200 if met else 304)


@pytest.mark.requirement("protocol.conditional.malformed-date")
def test_malformed_date(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = _read(batch, "Pool_Get", settled, {"If-Unmodified-Since": "32 Foo 2020"})
    expect.error("protocol.conditional.malformed-date", exchange, 400, {"InvalidHeaderValue", "InvalidInput"})
