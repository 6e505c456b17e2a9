"""Small changes of one exchange: each gives a new exchange and leaves everything else as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.exchange import Exchange, Headers
from conformance.qualify.recordings.model import Damage, Place

Path = Sequence[str | int]


def done(place: Place, exchange: Exchange | None, what: str) -> Damage:
    return Damage(what, {place.position: exchange})


def with_status(exchange: Exchange, status: int) -> Exchange:
    return replace(exchange, response=replace(exchange.response, status=status, reason=""))


def with_header(exchange: Exchange, name: str, value: str) -> Exchange:
    """In the place of the header, or behind the others when there is none."""
    fields = exchange.response.headers.fields
    known = any(n.lower() == name.lower() for n, _ in fields)
    changed = tuple((n, value if n.lower() == name.lower() else v) for n, v in fields)
    return with_fields(exchange, changed if known else (*fields, (name, value)))


def without_headers(exchange: Exchange, *names: str) -> Exchange:
    folded = {name.lower() for name in names}
    return with_fields(exchange, tuple((n, v) for n, v in exchange.response.headers.fields if n.lower() not in folded))


def with_fields(exchange: Exchange, fields: tuple[tuple[str, str], ...]) -> Exchange:
    return replace(exchange, response=replace(exchange.response, headers=Headers(fields)))


def with_body(exchange: Exchange, body: bytes) -> Exchange:
    """The length that the headers state, if they do, is that of the new body: else nobody could read the answer."""
    changed = replace(exchange, response=replace(exchange.response, body=body))
    if "content-length" in exchange.response.headers:
        return with_header(changed, "content-length", str(len(body)))
    return changed


def with_json(exchange: Exchange, value: Any) -> Exchange:
    return with_body(exchange, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def at(value: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """A copy with `new` at the path; a member that was there keeps its place."""
    if not path:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    step, rest = path[0], path[1:]
    copy[step] = put(copy[step], rest, new) if rest else new  # type: ignore[index]
    return copy


def without(value: Any, path: Path) -> Any:
    holder = at(value, path[:-1])
    if isinstance(holder, list):
        return put(value, path[:-1], [item for n, item in enumerate(holder) if n != path[-1]])
    return put(value, path[:-1], {name: item for name, item in holder.items() if name != path[-1]})


def renamed(value: Any, path: Path, name: str) -> Any:
    holder = at(value, path[:-1])
    return put(value, path[:-1], {name if known == path[-1] else known: item for known, item in holder.items()})


def pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)
