"""What the contract forbids in the query of a request, but for the api-version. Built once per operation and api-version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from urllib.parse import parse_qsl

from conformance.contract import Contract, Operation, Parameter, Plane, at
from conformance.rules.model import Problem, clip

Issue = tuple[str, Problem]
UNKNOWN, VALUE = "query.unknown-parameter", "query.value"
PAGE_WORD, PAGE_BELOW, PAGE_ABOVE = "query.maxresults-not-a-number", "query.maxresults-below", "query.maxresults-above"
TIMEOUT, SELECT, EXPAND = "query.timeout-not-a-number", "query.select-unknown", "query.expand-unknown"

_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*").fullmatch
_DATE = re.compile(r"\s*\d{4}-\d\d").match
_VERSION, _SKIP, _TIMEOUT, _STATS = "api-version", "$skiptoken", "timeout", "stats"


@cache
def faults_of(version: str, plane: Plane, operation_id: str) -> Callable[[str], tuple[Issue, ...]]:
    """Takes the text of a query."""
    contract = at(version, plane)
    operation = contract.operations[operation_id]
    known = {p.name.lower(): p for p in operation.parameters_in("query")}
    selectable = _selectable(contract, operation)

    @lru_cache(maxsize=512)  # most requests of a trace have one of a few queries
    def faults(text: str) -> tuple[Issue, ...]:
        query = {name.lower(): value for name, value in parse_qsl(text, keep_blank_values=True)}
        return tuple(_found(operation, known, selectable, query))

    return faults


def _issue(slug: str, name: str, message: str, value: str) -> Issue:
    return slug, Problem(message, "status 400", clip(value), name)


def _found(
    operation: Operation, known: Mapping[str, Parameter], selectable: frozenset[str], query: Mapping[str, str]
) -> Iterator[Issue]:
    for name, value in query.items():
        if name == _VERSION or (name == _SKIP and operation.paged):
            continue
        parameter = known.get(name)
        if parameter is None:
            if name != _TIMEOUT:
                yield _issue(UNKNOWN, name, f"{operation.id} has no parameter {clip(name)}", value)
        elif name == "$select":
            yield from _select(selectable, value)
        elif value.strip():
            yield from _of_value(name, parameter, value)


def _of_value(name: str, parameter: Parameter, value: str) -> Iterator[Issue]:
    if name == "maxresults":
        yield from _page(parameter, value)
    elif name == _TIMEOUT:
        if not _INTEGER(value):
            yield _issue(TIMEOUT, name, "the timeout is no whole number", value)
    elif name == "$expand":
        if any(part.strip().lower() not in ("", _STATS) for part in value.split(",")):
            yield _issue(EXPAND, name, "only stats can be expanded", value)
    elif parameter.type == "boolean" and value.strip().lower() not in ("true", "false", "0", "1"):
        yield _issue(VALUE, name, "the value is neither true nor false", value)
    elif parameter.format == "date-time" and not _DATE(value):
        yield _issue(VALUE, name, "the value is no ISO 8601 date-time", value)


def _page(parameter: Parameter, value: str) -> Iterator[Issue]:
    if not _INTEGER(value):
        yield _issue(PAGE_WORD, "maxresults", "maxresults is no whole number", value)
    elif int(value) < 1:
        yield _issue(PAGE_BELOW, "maxresults", "maxresults is below 1", value)
    elif parameter.maximum is not None and int(value) > parameter.maximum:
        yield _issue(PAGE_ABOVE, "maxresults", f"maxresults is above {parameter.maximum:g}", value)


def _select(known: frozenset[str], value: str) -> Iterator[Issue]:
    for part in value.split(","):
        name = part.strip().partition("/")[0]
        if known and name and name != "*" and not name.startswith("odata.") and name.lower() not in known:
            yield _issue(SELECT, "$select", f"there is no property {clip(name)}", value)


def _selectable(contract: Contract, operation: Operation) -> frozenset[str]:
    """In lower case; empty when it is not known what the resource has."""
    name = next((m for m in operation.success.values() if m in contract.models), None)
    model = contract.item_model(operation) if operation.kind == "list" else contract.models.get(name or "")
    return frozenset(p.lower() for p in model.properties) if model else frozenset()
