"""Damages of a page of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from conformance.oracle.filters import parse
from conformance.qualify.recordings.edit import done, put, with_json, without
from conformance.qualify.recordings.model import Damage, Make, Operator, Place

_LINKS = ("odata.nextLink", "nextLink")


def _items(place: Place) -> list[Any]:
    value = place.object.get("value") if place.kind == "list" and place.status == 200 else None
    return value if isinstance(value, list) and all(isinstance(v, dict) for v in value) else []


def _with(place: Place, items: list[Any], what: str) -> Damage:
    return done(place, with_json(place.exchange, put(place.object, ("value",), items)), what)


def _link(place: Place) -> str | None:
    return next((n for n in _LINKS if n in place.object), None) if place.kind == "list" else None


def _lost(place: Place, rng: Random) -> list[Damage]:
    """Where something else in the trace tells of it: nobody else could know that it is missing."""
    items = _items(place)
    known = {e.request.path.rpartition("/")[2] for e in place.before if e.request.method == "GET"}
    return [
        _with(place, [*items[:n], *items[n + 1 :]], f"{item['id']} lost")
        for n, item in enumerate(items)
        if item.get("id") in known
    ]


def _twice(place: Place, rng: Random) -> list[Damage]:
    items = _items(place)
    return [_with(place, [*items, items[0]], "the first element twice")] if items and place.context.operation else []


def _across_pages(place: Place, rng: Random) -> list[Damage]:
    """The last element of the page before is repeated."""
    link = place.exchange.request.url
    for earlier in reversed(place.before):
        body = _body(earlier)
        if body and any(body.get(n) == link for n in _LINKS) and body.get("value"):
            return [_with(place, [body["value"][-1], *_items(place)], "an element of the page before")]
    return []


def _body(exchange: Any) -> dict[str, Any]:
    try:
        body = exchange.response.json if exchange.response.body else None
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _next(value: Callable[[Place], Any]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        name = _link(place)
        if name is None:
            return []
        new = value(place)
        return [done(place, with_json(place.exchange, put(place.object, (name,), new)), f"{name}: {new}")]

    return make


def _self(place: Place) -> str:
    return place.exchange.request.url


def _relative(place: Place) -> str:
    link = str(place.object[str(_link(place))])
    return link.partition("://")[2].partition("/")[2] or link


def _unfit(place: Place, rng: Random) -> list[Damage]:
    """An element that does not match, of an answer before."""
    stated = place.exchange.request.query.get("$filter")
    wanted = parse(stated) if stated and "$skiptoken" not in place.exchange.request.query else None
    if wanted is None or not place.object or place.kind != "list" or place.status != 200:
        return []
    shown = {item.get("id") for item in _items(place)}
    for earlier in reversed(place.before):
        body = _body(earlier)
        for item in _listed(place, earlier, body):
            if item.get("id") not in shown and wanted.holds(item) is False:
                return [_with(place, [*_items(place), item], f"{item['id']} does not fit {stated}")]
    return []


def _listed(place: Place, earlier: Any, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What an earlier answer showed of the same collection, as a list or alone."""
    path = place.exchange.request.path
    if earlier.request.path == path and isinstance(body.get("value"), list):
        return [item for item in body["value"] if isinstance(item, dict) and "id" in item]
    alone = earlier.request.path.rpartition("/")[0] == path and "id" in body and earlier.response.status == 200
    return [{n: v for n, v in body.items() if n != "odata.metadata"}] if alone else []


def _too_many(place: Place, rng: Random) -> list[Damage]:
    items, stated = _items(place), place.exchange.request.query.get("maxresults", "")
    if not stated.isdecimal() or len(items) != int(stated) or not items or not place.data:
        return []
    one = dict(items[-1])
    for name in ("id", "url", "name"):
        if isinstance(one.get(name), str):
            one[name] = f"{one[name]}x"
    return [_with(place, [*items, one], f"{len(items) + 1} elements for maxresults={stated}")]


def _unselected(place: Place, rng: Random) -> list[Damage]:
    if not place.context.selected or place.status != 200 or not place.data:
        return []
    extra = {
        n: v for n, v in (("displayName", "one"), ("creationTime", "2020-01-01T00:00:00Z")) if n not in place.context.selected
    }
    if place.kind == "list":
        items = _items(place)
        return [_with(place, [{**item, **extra} for item in items], "more than $select names")] if items and extra else []
    return [done(place, with_json(place.exchange, {**place.object, **extra}), "more than $select names")] if extra else []


def _stale_element(place: Place, rng: Random) -> list[Damage]:
    """An element as a read before its last change showed it."""
    items = _items(place)
    for n, item in enumerate(items):
        for earlier in place.before:
            old = next((o for o in _listed(place, earlier, _body(earlier)) if o["id"] == item.get("id")), None)
            if old is not None and "eTag" in item and old.get("eTag") not in (None, item["eTag"]) and old.keys() == item.keys():
                return [_with(place, [*items[:n], old, *items[n + 1 :]], f"{item['id']} as it was before")]
    return []


def _relinked(place: Place, change: Callable[[str], str]) -> str:
    return change(str(place.object[str(_link(place))]))


def _elsewhere(place: Place) -> str:
    path = place.exchange.request.path
    return _relinked(place, lambda link: link.replace(f"{path}?", f"{path}s?"))


def _unversioned(place: Place) -> str:
    return _relinked(place, lambda link: re.sub(r"(?<=[?&])api-version=[^&]*&?", "", link))


def _first_page(place: Place) -> str:
    return _relinked(place, lambda link: re.sub(r"(?<=[?&])(\$|%24)skiptoken=[^&]*&?", "", link, flags=re.IGNORECASE))


def _element_etag(place: Place, rng: Random) -> list[Damage]:
    items = _items(place) if place.data else []
    if not items or not isinstance(items[0].get("eTag"), str) or "lastModified" not in items[0]:
        return []
    known = items[0]["eTag"]
    wrong = [f'"{known}"', known[:-1] + ("0" if known[-1] != "0" else "1")]
    return [_with(place, [{**items[0], "eTag": etag}, *items[1:]], f"eTag {etag}") for etag in wrong]


def _element_url(place: Place, rng: Random) -> list[Damage]:
    items = _items(place) if place.data else []
    if not items or not isinstance(items[0].get("url"), str):
        return []
    return [_with(place, [{**items[0], "url": f"{items[0]['url']}x"}, *items[1:]], "another url")]


def _bare(place: Place, rng: Random) -> list[Damage]:
    if place.kind != "list" or place.status != 200 or not isinstance(place.object.get("value"), list):
        return []
    items = place.object["value"]
    return [
        done(place, with_json(place.exchange, items), "an array without its envelope"),
        done(place, with_json(place.exchange, {("items" if n == "value" else n): v for n, v in place.object.items()}), "items"),
        done(place, with_json(place.exchange, without(place.object, ("value",))), "no value"),
    ]


def _operators() -> Iterator[Operator]:
    yield Operator("list.lost", "An element that exists is not listed.", _lost, unless="Others may have deleted it in between.")
    yield Operator("list.twice", "An element stands twice on a page.", _twice)
    yield Operator("list.twice-across-pages", "A page begins with the last element of the one before.", _across_pages)
    yield Operator("list.link-to-itself", "A page names itself as the next one.", _next(_self))
    yield Operator("list.link-empty", "The link to the next page is empty.", _next(lambda place: ""))
    yield Operator("list.link-null", "The link to the next page is null.", _next(lambda place: None))
    yield Operator("list.link-relative", "The link to the next page is relative.", _next(_relative))
    yield Operator("list.link-elsewhere", "The link to the next page is of another list.", _next(_elsewhere))
    yield Operator("list.link-no-version", "The link to the next page has no api-version.", _next(_unversioned))
    yield Operator("list.link-no-token", "The link to the next page does not say where to go on.", _next(_first_page))
    yield Operator("list.element-etag", "The eTag of an element is quoted, or another one.", _element_etag)
    yield Operator("list.element-url", "The url of an element is that of another one.", _element_url)
    yield Operator("list.filter", "An element does not fit the filter.", _unfit)
    yield Operator("list.too-many", "A page is longer than maxresults.", _too_many)
    yield Operator("list.select", "$select is not looked at.", _unselected)
    yield Operator("list.stale-element", "A list shows an element as it was before.", _stale_element)
    yield Operator("list.envelope", "A list has another envelope.", _bare)


OPERATORS = tuple(_operators())
