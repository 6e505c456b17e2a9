"""A page of a list: `$filter`, `$select`, `$expand`, `maxresults`, `$skiptoken`, and the link to the next page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

from conformance.contract import Model
from conformance.reference.odata import (
    Pager,
    QueryOptionError,
    parse_expand,
    parse_filter,
    parse_select,
    without_unexpanded,
)
from conformance.reference.problem import invalid_query
from conformance.reference.queries import SKIP_TOKEN
from conformance.reference.wire import Call, Json, Listing, WireRequest

_DEFAULT_PAGE = 1000


def page(call: Call, listing: Listing, request: WireRequest, pager: Pager) -> Json:
    """The envelope without `odata.metadata`. Raises BatchProblem (InvalidQueryParameterValue)."""
    try:
        return _page(call, listing, request, pager)
    except QueryOptionError as error:
        raise invalid_query(error.option, call.query.get(error.option, ""), error.reason) from error


def _page(call: Call, listing: Listing, request: WireRequest, pager: Pager) -> Json:
    items = list(listing.items)
    condition = call.query.get("$filter")
    if condition is not None:
        wanted = parse_filter(condition, call.operation.filter)
        items = [item for item in items if wanted.matches(item)]
    shown, token = pager.page(
        items,
        key=lambda item: str(item.get(listing.key, "")).lower(),
        limit=int(call.query.get("maxresults", call.operation.page_limit or _DEFAULT_PAGE)),
        token=call.query.get(SKIP_TOKEN),
        scope=f"{request.path}?{condition or ''}",
    )
    trim = trimmer(call, call.contract.item_model(call.operation), listing.expandable)
    envelope: Json = {"value": [trim(_public(item)) for item in shown]}
    if token is not None:
        envelope["odata.nextLink"] = _next_link(request, token)
    return envelope


def trimmer(call: Call, model: Model | None, expandable: frozenset[str]) -> Callable[[Json], Json]:
    """What leaves of a resource only what `$expand` and `$select` ask for. Raises QueryOptionError."""
    expanded = parse_expand(call.query["$expand"], expandable) if call.query.get("$expand") else frozenset()
    selected = parse_select(call.query["$select"], model, call.contract.models) if call.query.get("$select") and model else None

    def trim(resource: Json) -> Json:
        resource = without_unexpanded(resource, expanded, expandable)
        return selected.apply(resource) if selected else resource

    return trim


def _public(item: Json) -> Json:
    return {name: value for name, value in item.items() if not name.startswith("_")}


def _next_link(request: WireRequest, token: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(request.query) if name.lower() != SKIP_TOKEN]
    return f"{request.url}?{urlencode([*kept, (SKIP_TOKEN, token)], quote_via=quote, safe='$')}"
