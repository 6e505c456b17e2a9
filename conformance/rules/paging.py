"""Lists: their envelope, their pages, and what `$select` lets through."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from conformance.rules.formats import decoded_path, is_absolute_url, split_url
from conformance.rules.model import HOLDS, Case, Context, Problem, Rule, one

_DATA_LINK, _ARM_LINK = "odata.nextLink", "nextLink"


def _value(context: Context) -> Sequence[Problem] | None:
    if not isinstance(context.body, dict):
        return None
    actual = context.body.get("value")
    return HOLDS if isinstance(actual, list) else one("value is not an array", "an array", repr(actual), "/value")


def _next_link(context: Context) -> Sequence[Problem] | None:
    name = _DATA_LINK if context.case.data else _ARM_LINK
    link = context.body.get(name) if isinstance(context.body, dict) else None
    if link is None:
        return None
    if not isinstance(link, str) or not is_absolute_url(link):
        return one(f"{name} is not an absolute URL", "an absolute URL", link, f"/{name}")
    return _leads_on(context, name, link) if context.case.data else HOLDS


def _leads_on(context: Context, name: str, link: str) -> Sequence[Problem]:
    """The link asks for more of the same list: where it is, at an api-version, from another place on."""
    parts, request = split_url(link), context.exchange.request
    query = {n.lower(): v for n, v in parse_qsl(parts.query, keep_blank_values=True)} if parts else {}
    for needed in ("$skiptoken", "api-version"):
        if needed not in query:
            return one(f"{name} has no {needed}", f"{needed} in the query", link, f"/{name}")
    stated = context.exchange.api_version
    if stated is not None and query["api-version"] != stated:
        return one(f"{name} is of another api-version", stated, link, f"/{name}")
    if decoded_path(link).lower() != decoded_path(request.url).lower():
        return one(f"{name} is of another list", decoded_path(request.url), link, f"/{name}")
    if query["$skiptoken"] == request.query.get("$skiptoken"):
        return one(f"{name} leads to the same page", "another $skiptoken", link, f"/{name}")
    return HOLDS


def _page_size(context: Context) -> Sequence[Problem] | None:
    limit = _limit(context)
    if limit is None or not isinstance(context.body, dict):
        return None
    count = len(context.items)
    if not count:
        return None
    return HOLDS if count <= limit else one("a page is longer than maxresults", f"at most {limit}", str(count), "/value")


def _limit(context: Context) -> int | None:
    stated = context.exchange.request.query.get("maxresults")
    if stated is not None:
        return int(stated) if stated.isascii() and stated.isdigit() else None
    parameter = context.operation.parameters.get("maxresults") if context.operation else None
    default = parameter.default if parameter else None
    return default if isinstance(default, int) else None


def _unique(context: Context) -> Sequence[Problem] | None:
    # of what $select leaves of them, different elements may be the same
    ids = [_identity(item) for item in context.items if item and (not context.selected or "id" in item)]
    if not ids:
        return None
    twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
    return [Problem("an element stands twice on one page", "distinct elements", i, "/value") for i in twice]


def _identity(item: Mapping[str, Any]) -> str:
    """What has no id is the same when all of it is."""
    known = item.get("id")
    return known if isinstance(known, str) else json.dumps(item, sort_keys=True)


def _only_selected(context: Context) -> Sequence[Problem] | None:
    if not context.selected or not isinstance(context.body, dict):
        return None
    shown = context.items if context.case.kind == "list" else [context.body]
    if not shown:
        return None
    surplus = sorted({n for item in shown for n in item if n not in context.selected and not n.startswith("odata.")})
    expected = ", ".join(sorted(context.selected))
    return [Problem("a member that $select does not name", expected, name, f"/{name}") for name in surplus]


def _lists(case: Case) -> bool:
    return case.success and case.kind == "list" and case.model is not None


def _selects(case: Case) -> bool:
    return (
        case.data
        and case.success
        and case.model is not None
        and case.operation is not None
        and "$select" in case.operation.parameters
    )


RULES = (
    Rule("paging.value", "value is an array", _lists, _value),
    Rule("paging.next-link", "the link to the next page is absolute and carries $skiptoken", _lists, _next_link),
    Rule("paging.page-size", "a page has at most maxresults elements", lambda c: c.data and _lists(c), _page_size),
    Rule("paging.unique-ids", "elements are distinct on a page", _lists, _unique),
    Rule("select.only-selected", "only what $select names", _selects, _only_selected),
)
