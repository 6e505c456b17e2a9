"""Changes that break no promise: nobody may notice them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from random import Random
from typing import Any

from conformance.exchange import Exchange
from conformance.qualify.recordings.edit import (
    done,
    pointer,
    put,
    with_body,
    with_fields,
    with_header,
    with_json,
    without_headers,
)
from conformance.qualify.recordings.members import members
from conformance.qualify.recordings.model import Damage, Make, Operator, Place

_METADATA = "odata.metadata"


def _always(what: str, change: Callable[[Exchange], Exchange]) -> Make:
    return lambda place, rng: [done(place, change(place.exchange), what)]


def _json(what: str, change: Callable[[dict[str, Any]], bytes]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        return [done(place, with_body(place.exchange, change(place.object)), what)] if place.object else []

    return make


def _folded(exchange: Exchange) -> Exchange:
    return with_fields(exchange, tuple((n.lower(), v) for n, v in exchange.response.headers.fields))


def _shouted(exchange: Exchange) -> Exchange:
    return with_fields(exchange, tuple((n.upper(), v) for n, v in exchange.response.headers.fields))


def _reversed(value: Any) -> Any:
    """Members from the last to the first; what OData wants to be first stays so."""
    if isinstance(value, list):
        return [_reversed(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = [n for n in value if n == _METADATA] + [n for n in reversed(value) if n != _METADATA]
    return {n: _reversed(value[n]) for n in names}


def _floats(place: Place, rng: Random) -> list[Damage]:
    """JSON knows numbers only."""
    whole = [m for m in members(place, rng) if m.prop.type == "integer" and type(m.value) is int]
    if not whole:
        return []
    m = rng.choice(whole)
    return [
        done(place, with_json(place.exchange, put(place.object, m.path, float(m.value))), f"{pointer(m.path)}: {float(m.value)}")
    ]


def _enum_case(place: Place, rng: Random) -> list[Damage]:
    """The live service writes values of enumerations in more than one letter case."""
    found = [m for m in members(place, rng) if m.prop.enum and isinstance(m.value, str)]
    if not found:
        return []
    m = rng.choice(found)
    return [
        done(
            place, with_json(place.exchange, put(place.object, m.path, m.value.upper())), f"{pointer(m.path)}: {m.value.upper()}"
        )
    ]


def _left_out(place: Place, rng: Random) -> list[Damage]:
    return [Damage("left out", {place.position: None})]


def _renamed_host(place: Place, rng: Random) -> list[Damage]:
    host = place.exchange.request.parts.netloc
    if place.position or not host:
        return []
    return [Damage(f"{host} renamed", {n: _on(e, host, "proxy.example") for n, e in enumerate(place.trace)})]


def _on(exchange: Exchange, old: str, new: str) -> Exchange:
    fields = tuple((n, v.replace(old, new)) for n, v in exchange.response.headers.fields)
    body = exchange.response.body.replace(old.encode(), new.encode())
    request = replace(exchange.request, url=exchange.request.url.replace(old, new))
    return replace(with_body(with_fields(exchange, fields), body), request=request)


def _two_recordings(place: Place, rng: Random) -> list[Damage]:
    """The trace goes on in another file."""
    if not place.position:
        return []
    return [
        Damage(
            "cut in two", {n: replace(e, source=f"second-{e.source}") for n, e in enumerate(place.trace) if n >= place.position}
        )
    ]


def _told_twice(place: Place, rng: Random) -> list[Damage]:
    """Only where nothing stands behind it that would be lost."""
    if place.position + 1 != len(place.trace) or not place.position or place.exchange.request.method != "GET":
        return []
    copy = replace(place.trace[place.position - 1], index=place.exchange.index)
    return [Damage("told twice", {place.position: copy})] if copy.request.method == "GET" else []


def _chatty(exchange: Exchange) -> Exchange:
    fields = (
        *exchange.response.headers.fields,
        ("Vary", "Accept-Encoding"),
        ("X-Powered-By", "magic"),
        ("X-Frame-Options", "DENY"),
    )
    return with_fields(exchange, fields)


def _later(place: Place, rng: Random) -> list[Damage]:
    known = place.exchange.response.headers.get("Date")
    if known is None:
        return []
    now = format_datetime(parsedate_to_datetime(known) + timedelta(seconds=2), usegmt=True)
    return [done(place, with_header(place.exchange, "Date", now), f"Date: {now}")]


def _spaced(exchange: Exchange) -> Exchange:
    known = exchange.response.headers.get("Content-Type")
    return with_header(exchange, "Content-Type", known.replace(";", " ; ")) if known else exchange


def _dumped(value: Any, **options: Any) -> bytes:
    return json.dumps(value, **options).encode()


def _operators() -> Iterator[Operator]:
    def harmless(name: str, sentence: str, make: Make) -> Operator:
        return Operator(f"harmless.{name}", sentence, make, harmless=True)

    def header(name: str, value: str) -> Make:
        return _always(f"{name}: {value}", lambda e: with_header(e, name, value))

    yield harmless("extra-header", "A proxy adds a header.", header("X-Via", "1.1 proxy"))
    yield harmless("server", "Another server software.", header("Server", "emulator/1.0"))
    yield harmless("keep-alive", "The connection is named.", header("Connection", "keep-alive"))
    yield harmless("lower-case-headers", "Header names come in lower case, as with HTTP/2.", _always("lower case", _folded))
    yield harmless("upper-case-headers", "Header names come in upper case.", _always("upper case", _shouted))
    yield harmless(
        "no-length", "The answer comes in chunks.", _always("no Content-Length", lambda e: without_headers(e, "Content-Length"))
    )
    yield harmless("type-spaced", "There are blanks around the parameters of the label.", _always("blanks", _spaced))
    yield harmless("encoding-left", "A recorder unpacked the body and left the header.", header("Content-Encoding", "gzip"))
    yield harmless("member-order", "Members come in another order.", _json("reversed", lambda b: _dumped(_reversed(b))))
    yield harmless("whitespace", "JSON is indented.", _json("indented", lambda b: _dumped(b, indent=4)))
    yield harmless("escapes", "Text is escaped.", _json("escaped", lambda b: _dumped(b).replace(b"/", b"\\/")))
    yield harmless(
        "byte-order-mark", "The body begins with a byte order mark.", _json("a mark", lambda b: b"\xef\xbb\xbf" + _dumped(b))
    )
    yield harmless("floats", "A whole number is written with a fraction of zero.", _floats)
    yield harmless("enum-case", "A value of an enumeration is written in another letter case.", _enum_case)
    yield harmless("told-twice", "A recorder told an exchange twice.", _told_twice)
    yield harmless("chatty", "The answer has headers of a web server.", _always("headers", _chatty))
    yield harmless("later", "The clock of the server is two seconds ahead.", _later)
    yield harmless("left-out", "The trace has a gap.", _left_out)
    yield harmless("other-host", "The same behind a proxy.", _renamed_host)
    yield harmless("two-recordings", "The trace is cut into two recordings.", _two_recordings)


OPERATORS = tuple(_operators())
