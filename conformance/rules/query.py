"""A query that the contract forbids is not accepted: parameters and their values, as `queries` say, and the api-version.

As for bodies, a refusal speaks for the service only where its status is 400 and nothing else is wrong with the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from conformance.rules.model import HOLDS, Case, Context, Problem, Rule
from conformance.rules.queries import EXPAND, PAGE_ABOVE, PAGE_BELOW, PAGE_WORD, SELECT, TIMEOUT, UNKNOWN, VALUE

_REFUSED = 400
_VERSION = re.compile(r"(\d{4})-(\d\d)-(\d\d)(\.\d+\.\d+)?(-[a-z]+)?", re.IGNORECASE | re.ASCII).fullmatch
# Batch was announced in 2014; nobody publishes an api-version years ahead
_FIRST, _LAST = 2014, 2050

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


def _forbidden(slug: str) -> Callable[[Context], Sequence[Problem] | None]:
    def check(context: Context) -> Sequence[Problem] | None:
        found = context.misasked
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
    def when(case: Case) -> bool:
        names = {p.name.lower() for p in case.operation.parameters_in("query")} if case.operation else ()
        return _takes_query(case) and name in names

    return when


def _has_typed(case: Case) -> bool:
    parameters = case.operation.parameters_in("query") if case.operation else ()
    return _takes_query(case) and any(p.type == "boolean" or p.format == "date-time" for p in parameters)


def _absent(context: Context) -> Sequence[Problem] | None:
    return _answer(context, "a request without api-version was accepted") if context.exchange.api_version is None else None


def _malformed(context: Context) -> Sequence[Problem] | None:
    stated = context.exchange.api_version
    if stated is None or _is_version(stated):
        return None
    return _answer(context, "what is no api-version was accepted")


def _unknown(context: Context) -> Sequence[Problem] | None:
    """Only what can never have been published: the contract does not know all api-versions that ever were."""
    stated = context.exchange.api_version
    if stated is None or not _is_version(stated) or _FIRST <= int(stated[:4]) <= _LAST:
        return None
    return _answer(context, "an api-version that was never published was accepted")


def _answer(context: Context, message: str) -> Sequence[Problem]:
    return (Problem(message, "status 400", str(context.case.status), "api-version"),) if context.case.success else HOLDS


@lru_cache(maxsize=1024)
def _is_version(text: str) -> bool:
    found = _VERSION(text)
    try:
        return found is not None and bool(date(*(int(part) for part in found.groups()[:3])))
    except ValueError:
        return False


_WHEN: dict[str, Callable[[Case], bool]] = {
    VALUE: _has_typed,
    PAGE_WORD: _has("maxresults"),
    PAGE_BELOW: _has("maxresults"),
    PAGE_ABOVE: _has("maxresults"),
    TIMEOUT: _has("timeout"),
    SELECT: _has("$select"),
    EXPAND: _has("$expand"),
}


def _operates(case: Case) -> bool:
    return _told(case) and case.operation is not None


def _strange(case: Case) -> bool:
    """The contract lacks the stated api-version."""
    return _operates(case) and not case.exact


RULES = (
    *(Rule(slug, title, _WHEN.get(slug, _takes_query), _forbidden(slug)) for slug, title in _TITLES.items()),
    Rule("query.version-absent", "a request without api-version is refused", _operates, _absent),
    Rule("query.version-malformed", "what is no api-version is refused", _strange, _malformed),
    Rule("query.version-unknown", "an api-version that was never published is refused", _strange, _unknown),
)
