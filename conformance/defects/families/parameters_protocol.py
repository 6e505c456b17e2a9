"""Timeouts, statistics, and parameters that are not known."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import (
    body,
)
from conformance.defects.leniency import refuses
from conformance.defects.model import Defect
from conformance.defects.protocoled import second_try, without_parameter
from conformance.defects.requests import deaf_to_parameter
from conformance.defects.where import When, has, lacks
from conformance.reference.wire import Json, WireRequest


def _timeout(wrong: Any) -> When:
    def so(asked: WireRequest) -> bool:
        value = asked.parameters().get("timeout", "")
        return value.isdecimal() and bool(wrong(int(value)))

    return so


def _not_decimal(asked: WireRequest) -> bool:
    return not asked.parameters().get("timeout", "0").isdecimal()


def _strange(asked: WireRequest) -> bool:
    given = asked.parameters()
    return not given.keys() <= _KNOWN or given.get("$expand", "stats") != "stats"


_KNOWN = {"api-version", "timeout", "maxresults", "$filter", "$select", "$expand", "$skiptoken"}


_STATS = {"startTime": "2020-01-01T00:00:00Z", "lastUpdateTime": "2020-01-01T00:00:00Z"}


def _with_stats(document: Json) -> None:
    for pool in document.get("value", [document]):
        pool["stats"] = {**_STATS, "url": f"{pool.get('url', '')}/lifetimepoolstats"}


DEFECTS = (
    Defect(
        "timeout-unsupported",
        "A timeout of 30 seconds or more is refused, as the server's own is 30.",
        "limits",
        ("protocol.timeout.accepted", "protocol.timeout.large-accepted"),
        "Off by one in a limit that is no refusal.",
        refuses("* /pools/{}", _timeout(lambda seconds: seconds >= 30), "OutOfRangeQueryParameterValue"),
    ),
    Defect(
        "timeout-unread",
        "A timeout that is no number is ignored.",
        "queries",
        ("protocol.timeout.not-a-number-refused",),
        "Nobody looks at the parameter.",
        deaf_to_parameter("* /pools/{}", "timeout", _not_decimal),
    ),
    Defect(
        "stats-always",
        "Pools show statistics whether $expand asks for them or not.",
        "queries",
        ("protocol.expand.stats-only-when-asked",),
        "One query joins them all.",
        body("GET /pools, GET /pools/{}", _with_stats, lacks("$select")),
        consequences=("pools.*",),
    ),
    Defect(
        "expand-refused",
        "$expand is refused on pools.",
        "queries",
        ("protocol.expand.stats-accepted",),
        "There are no statistics to expand.",
        refuses("GET /pools, GET /pools/{}", has("$expand"), "UnsupportedQueryParameter"),
        consequences=("protocol.expand.unknown-refused",),
    ),
    Defect(
        "parameters-unchecked",
        "Query parameters of pools that are not known, or an $expand of what is not there, are ignored.",
        "queries",
        ("protocol.errors.unknown-query-parameter", "protocol.expand.unknown-refused"),
        "Frameworks ignore what a handler does not name.",
        second_try(
            "GET /pools, GET /pools/{}", ("UnsupportedQueryParameter", "InvalidQueryParameterValue"), without_parameter, _strange
        ),
    ),
)
