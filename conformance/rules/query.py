"""A query that the contract forbids is not accepted: parameters, their values, and the api-version.

As for bodies, a refusal speaks for the service only where its status is 400 and nothing else is wrong with the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl

from conformance.contract import Parameter
from conformance.rules.model import HOLDS, Case, Context, Problem, Rule, clip

UNKNOWN, VALUE = "query.unknown-parameter", "query.value"
PAGE_WORD, PAGE_BELOW, PAGE_ABOVE = "query.maxresults-not-a-number", "query.maxresults-below", "query.maxresults-above"
TIMEOUT, SELECT, EXPAND = "query.timeout-not-a-number", "query.select-unknown", "query.expand-unknown"

_REFUSED = 400
_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*").fullmatch
_DATE = re.compile(r"\s*\d{4}-\d\d").match
_VERSION = re.compile(r"(\d{4})-(\d\d)-(\d\d)(\.\d+\.\d+)?(-[a-z]+)?", re.IGNORECASE | re.ASCII).fullmatch
# Batch was announced in 2014; nobody publishes an api-version years ahead
_FIRST, _LAST = 2014, 2050
_SKIP = "$skiptoken"
_TIMEOUTS = frozenset({"timeout"})
_STATS = "stats"

_TITLES = {
    UNKNOWN: "a query parameter that the operation lacks is refused",
    VALUE: "a query parameter whose value is none of its type is refused",
    PAGE_WORD: "a maxresults that is no whole number is refused",
    PAGE_BELOW: "a maxresults below 1 is refused",
    PAGE_ABOVE: "a maxresults above the documented limit is refused",
    TIMEOUT: "a timeout that is no whole number is refused",
    SELECT: "a $select of a property that does not exist is refused",
    EXPAND: "an $expand of anything but the statistics is refused",
}
_Issue = tuple[str, Problem]


def _issue(slug: str, name: str, message: str, value: str) -> _Issue:
    return slug, Problem(message, "status 400", clip(value), name)


@lru_cache(maxsize=8192)
def _issues(case: Case, text: str) -> tuple[_Issue, ...]:
    """Most requests of a trace have one of a few queries."""
    return tuple(_found(case, {name.lower(): value for name, value in parse_qsl(text, keep_blank_values=True)}))


def _found(case: Case, query: Mapping[str, str]) -> Iterator[_Issue]:
    operation = case.operation
    if operation is None:
        return
    known = _parameters(case)
    for name, value in query.items():
        if name == "api-version" or (name == _SKIP and operation.paged):
            continue
        if name not in known:
            if name not in _TIMEOUTS:
                yield _issue(UNKNOWN, name, f"{operation.id} has no parameter {clip(name)}", value)
        elif value.strip():
            yield from _of_value(case, known[name], value)


@lru_cache(maxsize=4096)
def _parameters(case: Case) -> dict[str, Parameter]:
    return {p.name.lower(): p for p in case.operation.parameters_in("query")} if case.operation else {}


def _of_value(case: Case, parameter: Parameter, value: str) -> Iterator[_Issue]:
    name = parameter.name.lower()
    if name == "maxresults":
        yield from _page(parameter, value)
    elif name in _TIMEOUTS:
        if not _INTEGER(value):
            yield _issue(TIMEOUT, name, "the timeout is no whole number", value)
    elif name == "$select":
        yield from _select(case, value)
    elif name == "$expand":
        if any(part.strip().lower() not in ("", _STATS) for part in value.split(",")):
            yield _issue(EXPAND, name, "only stats can be expanded", value)
    elif parameter.type == "boolean" and value.strip().lower() not in ("true", "false", "0", "1"):
        yield _issue(VALUE, name, "the value is neither true nor false", value)
    elif parameter.format == "date-time" and not _DATE(value):
        yield _issue(VALUE, name, "the value is no ISO 8601 date-time", value)


def _page(parameter: Parameter, value: str) -> Iterator[_Issue]:
    if not _INTEGER(value):
        yield _issue(PAGE_WORD, "maxresults", "maxresults is no whole number", value)
    elif int(value) < 1:
        yield _issue(PAGE_BELOW, "maxresults", "maxresults is below 1", value)
    elif parameter.maximum is not None and int(value) > parameter.maximum:
        yield _issue(PAGE_ABOVE, "maxresults", f"maxresults is above {parameter.maximum:g}", value)


def _select(case: Case, value: str) -> Iterator[_Issue]:
    known = _selectable(case)
    for part in value.split(","):
        name = part.strip().partition("/")[0]
        if known and name and name != "*" and not name.startswith("odata.") and name.lower() not in known:
            yield _issue(SELECT, "$select", f"there is no property {clip(name)}", value)


@lru_cache(maxsize=4096)
def _selectable(case: Case) -> frozenset[str]:
    """In lower case; empty when it is not known what the resource has."""
    contract, operation = case.contract, case.operation
    if operation is None:
        return frozenset()
    name = next((m for m in operation.success.values() if m in contract.models), None)
    model = contract.item_model(operation) if operation.kind == "list" else contract.models.get(name or "")
    return frozenset(p.lower() for p in model.properties) if model else frozenset()


def _forbidden(slug: str) -> Callable[[Context], Sequence[Problem] | None]:
    def check(context: Context) -> Sequence[Problem] | None:
        found = _issues(context.case, context.exchange.request.parts.query)
        if not found:
            return None
        mine = [problem for kind, problem in found if kind == slug]
        if not mine:
            return None
        if context.case.success:
            return mine
        return HOLDS if len(found) == 1 else None

    return check


def _told(case: Case) -> bool:
    return case.data and (case.success or case.status == _REFUSED)


def _takes_query(case: Case) -> bool:
    return _told(case) and case.exact and case.operation is not None


def _has(name: str) -> Callable[[Case], bool]:
    return lambda case: _takes_query(case) and name in _parameters(case)


def _version(wrong: Callable[[str | None], str]) -> Callable[[Context], Sequence[Problem] | None]:
    def check(context: Context) -> Sequence[Problem] | None:
        stated = context.exchange.api_version
        message = wrong(stated)
        if not message or not context.exchange.request.parts.netloc:
            return None
        if context.case.success:
            return (Problem(message, "status 400", str(context.case.status), "api-version"),)
        return HOLDS

    return check


def _absent(stated: str | None) -> str:
    return "a request without api-version was accepted" if stated is None else ""


def _malformed(stated: str | None) -> str:
    if stated is None:
        return ""
    found = _VERSION(stated)
    return "" if found and _is_date(*(int(part) for part in found.groups()[:3])) else "what is no api-version was accepted"


def _unknown(stated: str | None) -> str:
    """Only what can never have been published: the contract does not know all api-versions that ever were."""
    if stated is None or _malformed(stated):
        return ""
    return "" if _FIRST <= int(stated[:4]) <= _LAST else "an api-version that was never published was accepted"


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_WHEN: dict[str, Callable[[Case], bool]] = {
    PAGE_WORD: _has("maxresults"),
    PAGE_BELOW: _has("maxresults"),
    PAGE_ABOVE: _has("maxresults"),
    TIMEOUT: _has("timeout"),
    SELECT: _has("$select"),
    EXPAND: _has("$expand"),
}


def _operates(case: Case) -> bool:
    return _told(case) and case.operation is not None


RULES = (
    *(Rule(slug, title, _WHEN.get(slug, _takes_query), _forbidden(slug)) for slug, title in _TITLES.items()),
    Rule("query.version-absent", "a request without api-version is refused", _operates, _version(_absent)),
    Rule("query.version-malformed", "what is no api-version is refused", _operates, _version(_malformed)),
    Rule("query.version-unknown", "an api-version that was never published is refused", _operates, _version(_unknown)),
)
