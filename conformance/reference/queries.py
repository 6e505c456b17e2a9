"""Query parameters and request headers against the operation's parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from conformance.contract import Operation, Parameter
from conformance.reference.httpdate import parse_http_date
from conformance.reference.odata.instant import ticks
from conformance.reference.problem import BatchProblem, invalid_header, invalid_query
from conformance.reference.wire import WireRequest

_INTEGER = re.compile(r"^[+-]?\d{1,10}$")
# A next link carries it; no document lists it as a parameter of an operation.
SKIP_TOKEN = "$skiptoken"


def check_query(operation: Operation, given: Mapping[str, str]) -> None:
    """Raises BatchProblem: a parameter that the operation does not know, or a value that it cannot take."""
    known = {p.name.lower(): p for p in operation.parameters_in("query")}
    for name, value in given.items():
        if name == SKIP_TOKEN and operation.paged:
            continue
        if name not in known:
            raise BatchProblem("UnsupportedQueryParameter", {"QueryParameterName": name})
        _check_value(known[name], value)


def _check_value(parameter: Parameter, value: str) -> None:
    if parameter.type == "boolean" and value.lower() not in ("true", "false"):
        raise invalid_query(parameter.name, value, "It is neither true nor false.")
    if parameter.format == "date-time" and ticks(value) is None:
        raise invalid_query(parameter.name, value, "It is not an ISO 8601 date-time.")
    if parameter.type != "integer":
        return
    if not _INTEGER.match(value):
        raise invalid_query(parameter.name, value, "It is not a 32-bit integer.")
    least = parameter.minimum if parameter.minimum is not None else 1
    if int(value) < least or (parameter.maximum is not None and int(value) > parameter.maximum):
        raise BatchProblem(
            "OutOfRangeQueryParameterValue",
            {
                "QueryParameterName": parameter.name,
                "QueryParameterValue": value,
                "MinimumAllowed": f"{least:g}",
                **({"MaximumAllowed": f"{parameter.maximum:g}"} if parameter.maximum is not None else {}),
            },
        )


def check_headers(operation: Operation, request: WireRequest) -> None:
    """Raises BatchProblem: a header of the operation with a malformed value."""
    for parameter in operation.parameters_in("header"):
        value = request.header(parameter.name)
        if value is None or not value.strip() or parameter.name.startswith("If-"):
            continue
        if not _well_formed(parameter, value.strip()):
            raise invalid_header(parameter.name, value)


def _well_formed(parameter: Parameter, value: str) -> bool:
    if parameter.type == "boolean":
        return value.lower() in ("true", "false")
    if parameter.format == "date-time-rfc1123":
        return parse_http_date(value) is not None
    if parameter.format == "uuid":
        return _is_guid(value)
    return True


def _is_guid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
