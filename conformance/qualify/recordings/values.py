"""Damages of what an answer says, in a form that is right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from conformance.exchange import Exchange, NotJson
from conformance.qualify.recordings.edit import done, put, with_json, without
from conformance.qualify.recordings.model import Damage, Make, Operator, Place

_KEYS = frozenset({"id", "url", "eTag", "lastModified"})
New = Callable[[Any], Any]


def sent_values(place: Place) -> dict[str, Any]:
    """The top-level members of a read that show what the last write sent for them."""
    if place.kind != "get" or place.status != 200 or not place.data or place.context.selected:
        return {}
    found: dict[str, Any] = {}
    for exchange in reversed(place.before):
        # what an earlier write left, others may have changed before the last one
        found = {n: v for n, v in _sent_to(place, exchange).items() if n in place.object}
        if found:
            break
    return {n: v for n, v in found.items() if n not in _KEYS and place.object[n] == v}


def _sent_to(place: Place, exchange: Exchange) -> dict[str, Any]:
    request = exchange.request
    if request.method not in ("POST", "PUT", "PATCH") or not 200 <= exchange.response.status < 300 or not request.body_known:
        return {}
    try:
        body = request.json if request.body else None
    except NotJson:
        return {}
    own, path = place.exchange.request.path, request.path
    about = path == own or (
        path == own.rpartition("/")[0] and isinstance(body, dict) and body.get("id") == place.object.get("id")
    )
    return body if about and isinstance(body, dict) else {}


def _of_sent(new: New) -> Make:
    """Of what was sent, one member is shown otherwise."""

    def make(place: Place, rng: Random) -> list[Damage]:
        return _damages(place, [(("/" + n), n, new(v)) for n, v in sent_values(place).items()])

    return make


def _damages(place: Place, changes: list[tuple[str, str, Any]]) -> list[Damage]:
    return [
        done(place, with_json(place.exchange, put(place.object, (name,), value)), f"{where}: {json.dumps(value)[:80]}")
        for where, name, value in changes
        if value is not None and value != place.object[name]
    ]


def _text(value: Any) -> Any:
    return f"{value}x" if isinstance(value, str) and not value.startswith("P") else None


def _number(value: Any) -> Any:
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else None


def _flag(value: Any) -> Any:
    return not value if isinstance(value, bool) else None


def _shorter(value: Any) -> Any:
    return value[:-1] if isinstance(value, list) and value else None


def _twice(value: Any) -> Any:
    return [*value, value[-1]] if isinstance(value, list) and value else None


def _deep(value: Any) -> Any:
    """The first text or number within an object or a list."""
    if isinstance(value, dict):
        return _first({n: _inner(v) for n, v in value.items()}, value)
    if isinstance(value, list) and value:
        inner = _deep(value[0])
        return None if inner is None else [inner, *value[1:]]
    return None


def _first(new: dict[str, Any], value: dict[str, Any]) -> Any:
    name = next((n for n, v in new.items() if v is not None), None)
    return None if name is None else {**value, name: new[name]}


def _inner(value: Any) -> Any:
    return next((v for v in (_deep(value), _text(value), _number(value)) if v is not None), None)


def _lost(place: Place, rng: Random) -> list[Damage]:
    names = [n for n in sent_values(place) if place.object[n] not in ("", [], {})]
    return [done(place, with_json(place.exchange, without(place.object, (n,))), f"/{n} is not shown") for n in names]


def _identity(place: Place, rng: Random) -> list[Damage]:
    if place.kind != "get" or place.status != 200:
        return []
    damages = [(n, f"{place.object[n]}x") for n in ("id", "url", "name") if isinstance(place.object.get(n), str)]
    return [done(place, with_json(place.exchange, put(place.object, (n,), v)), f"/{n}: {v}") for n, v in damages]


def _metadata(place: Place, rng: Random) -> list[Damage]:
    known = place.object.get("odata.metadata")
    if not isinstance(known, str) or place.context.operation is None or place.status >= 400:
        return []
    damages = (("other", known.partition("#")[0] + "#things"), ("relative", "$metadata#things"), ("", ""))
    changed = [
        done(place, with_json(place.exchange, put(place.object, ("odata.metadata",), v)), f"odata.metadata: {v}")
        for _, v in damages
    ]
    return [*changed, done(place, with_json(place.exchange, without(place.object, ("odata.metadata",))), "no odata.metadata")]


def _born(place: Place, rng: Random) -> list[Damage]:
    """A read that takes the time of the answer for that of the creation."""
    known = place.object.get("creationTime")
    if place.kind != "get" or not isinstance(known, str) or not _seen_before(place):
        return []
    return [
        done(
            place, with_json(place.exchange, put(place.object, ("creationTime",), "2031-01-01T00:00:00Z")), "/creationTime moved"
        )
    ]


def _seen_before(place: Place) -> bool:
    url = place.exchange.request.url
    return any(e.request.url == url and e.request.method == "GET" and e.response.status == 200 for e in place.before)


def _editions(place: Place, rng: Random) -> list[Damage]:
    """The body tells another ETag or time of change than the header."""
    etag, modified = place.object.get("eTag"), place.object.get("lastModified")
    if place.kind != "get" or not isinstance(etag, str) or not isinstance(modified, str):
        return []
    other = f"0x8DE48E685E8E5{'E0' if etag[-2:] != 'E0' else 'E1'}"
    return [
        done(place, with_json(place.exchange, put(place.object, ("eTag",), other)), f"/eTag: {other}"),
        done(
            place, with_json(place.exchange, put(place.object, ("lastModified",), "2021-01-01T00:00:00Z")), "/lastModified moved"
        ),
        done(place, with_json(place.exchange, put(place.object, ("eTag",), f'"{etag}"')), "/eTag quoted"),
    ]


def _operators() -> Iterator[Operator]:
    yield Operator("value.text", "A text that was sent is shown changed.", _of_sent(_text))
    yield Operator("value.number", "A number that was sent is shown off by one.", _of_sent(_number))
    yield Operator("value.flag", "A boolean that was sent is shown turned round.", _of_sent(_flag))
    yield Operator("value.list-shortened", "Of a list that was sent, the last element is lost.", _of_sent(_shorter))
    yield Operator("value.list-lengthened", "Of a list that was sent, the last element stands twice.", _of_sent(_twice))
    yield Operator("value.deep", "Something within what was sent is shown changed.", _of_sent(_deep))
    yield Operator("value.lost", "What was sent is not shown.", _lost)
    yield Operator("value.identity", "A read shows another id or url.", _identity)
    yield Operator("value.metadata", "odata.metadata is missing or names something else.", _metadata)
    yield Operator("value.creation-time", "The time of creation moves.", _born)
    yield Operator("value.edition", "eTag or lastModified of the body is not that of the header.", _editions)


OPERATORS = tuple(_operators())
