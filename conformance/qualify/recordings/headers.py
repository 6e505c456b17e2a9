"""Damages of one header of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from conformance.qualify.recordings.edit import done, with_header, without_headers
from conformance.qualify.recordings.model import Damage, Make, Operator, Place
from conformance.rules.model import MISSING

_DATA = ("request-id", "DataServiceVersion", "DataServiceId", "client-request-id")
_BOTH = ("ETag", "Last-Modified", "Location", "Date", "Strict-Transport-Security", "X-Content-Type-Options", "Content-Type")
_MANAGEMENT = ("x-ms-request-id", "Cache-Control", "Pragma", "Expires", "Retry-After", "Azure-AsyncOperation")
_OF_DATA = frozenset(name.lower() for name in _DATA)
_OF_MANAGEMENT = frozenset(name.lower() for name in _MANAGEMENT)

_MALFORMED: dict[str, tuple[str, ...]] = {
    "request-id": ("1", "", "{guid}", "0HN7-req-00000001"),
    "DataServiceVersion": ("1.0", "4.0", "3"),
    "DataServiceId": ("", "/", "http://localhost/"),
    "ETag": ("", "1", "0x1", "0x8d3db6589333a98", "8D3DB6589333A98"),
    "Last-Modified": ("", "2020-03-21T02:05:18Z", "1584756318", "Sat Mar 21 02:05:18 2020", "Sat, 21 Mar 2020 02:05:18 +0000"),
    "Location": ("", "/", "pools/one"),
    "Date": ("", "2020-03-21T02:05:18Z", "1584756318", "Sat Mar 21 02:05:18 2020"),
    "X-Content-Type-Options": ("", "sniff"),
    "Content-Type": ("text/html", "text/plain; charset=utf-8", "application/xml", "application/octet-stream"),
    "x-ms-request-id": ("1", "", "{guid}"),
    "Cache-Control": ("public, max-age=3600",),
}
_CONSTANT: dict[str, str] = {
    "Date": "Thu, 01 Jan 2015 00:00:00 GMT",
    "request-id": "11111111-2222-4333-8444-555555555555",
    "ETag": "0x8D3DB6589333A98",
    "Last-Modified": "Sat, 21 Mar 2020 02:05:18 GMT",
    "DataServiceId": "https://account.region.batch.azure.com/pools/one",
    "client-request-id": "00000000-0000-0000-0000-000000000000",
}
_STALE = ("ETag", "Last-Modified", "DataServiceId", "Location", "request-id", "client-request-id")


def sent(place: Place, name: str) -> str | None:
    """The header of an answer of Batch, of the plane that documents it."""
    value = place.exchange.response.headers.get(name)
    if value is None or place.context.foreign or place.context.operation is None:
        return None
    other = _OF_MANAGEMENT if place.data else _OF_DATA
    return None if name.lower() in other or _untold(place, name) else value


def _untold(place: Place, name: str) -> bool:
    """Where nobody promises the header, or a recording cannot show that it is wrong."""
    headers, request = place.exchange.response.headers, place.exchange.request
    match name:
        case "Strict-Transport-Security":
            return request.parts.scheme != "https"
        case "Content-Type":
            return place.body is MISSING or place.context.case.binary
        case "ETag" | "Last-Modified":
            return not (place.data and "etag" in headers)  # ARM leaves them out of some answers; of a file nothing else tells
        case "client-request-id":
            return not request.headers_known or "client-request-id" not in request.headers
        case "x-ms-request-id":
            return "request-id" in headers or "x-ms-correlation-request-id" not in headers
    return False


def _absent(name: str) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        if sent(place, name) is None:
            return []
        return [done(place, without_headers(place.exchange, name), f"{name} left out")]

    return make


def _malformed(name: str) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        return [] if sent(place, name) is None else [_set(place, name, value) for value in _MALFORMED[name]]

    return make


def _constant(name: str) -> Make:
    """In two answers of one recording, so that it can be seen."""

    def make(place: Place, rng: Random) -> list[Damage]:
        known, value = sent(place, name), _CONSTANT[name]
        if known in (None, value) or not place.position or place.context.case.head:
            return []
        before = place.trace[place.position - 1]
        changed = {place.position: with_header(place.exchange, name, value)}
        if name in before.response.headers:
            changed[place.position - 1] = with_header(before, name, value)
        return [Damage(f"{name}: {value}", changed)]

    return make


def _stale(name: str) -> Make:
    """Of the last answer before that had another value."""

    def make(place: Place, rng: Random) -> list[Damage]:
        known = sent(place, name)
        if known is None:
            return []
        older = (e.response.headers.get(name) for e in reversed(place.before))
        value = next((v for v in older if v is not None and v != known), None)
        return [] if value is None else [_set(place, name, value)]

    return make


def _set(place: Place, name: str, value: str) -> Damage:
    return done(place, with_header(place.exchange, name, value), f"{name}: {value}")


def _leaking(place: Place, rng: Random) -> list[Damage]:
    if place.context.operation is None or place.context.foreign:
        return []
    secrets = (
        ("Authorization", "SharedKey account:c2lnbmF0dXJl"),
        ("X-Account-Key", "c2VjcmV0LWtleQ=="),
        ("Set-Cookie", "sid=1"),
    )
    return [_set(place, name, value) for name, value in secrets[:2]]


def _etag_spelled(place: Place, rng: Random) -> list[Damage]:
    known = sent(place, "ETag")
    if known is None or not known.startswith("0x") or not place.data:
        return []
    return [_set(place, "ETag", value) for value in (f'"{known}"', f'W/"{known}"', known.lower(), known[2:])]


def _modified_moved(place: Place, rng: Random) -> list[Damage]:
    """The time of the answer instead of that of the last change."""
    known, now = sent(place, "Last-Modified"), place.exchange.response.headers.get("Date")
    if known is None or now is None or known == now or place.kind not in ("get", "patch", "replace", "create", "action"):
        return []
    return [_set(place, "Last-Modified", now)]


def _foreign_id(place: Place, rng: Random) -> list[Damage]:
    known = sent(place, "DataServiceId")
    if known is None:
        return []
    wrong = (f"{known}?{place.exchange.request.parts.query}", known.rpartition("/")[0], f"{known}/x")
    return [_set(place, "DataServiceId", value) for value in wrong]


def _operators() -> Iterator[Operator]:
    for name in (*_DATA, *_BOTH, *_MANAGEMENT):
        yield Operator(f"headers.absent-{name.lower()}", f"Answers lack {name}.", _absent(name))
    for name in _MALFORMED:
        yield Operator(f"headers.malformed-{name.lower()}", f"{name} has another form than documented.", _malformed(name))
    for name in _CONSTANT:
        yield Operator(f"headers.constant-{name.lower()}", f"{name} is the same in every answer.", _constant(name))
    for name in _STALE:
        yield Operator(f"headers.stale-{name.lower()}", f"{name} is the one of an answer before.", _stale(name))
    yield Operator("headers.leaking", "An answer tells a credential in a header.", _leaking)
    yield Operator("headers.etag-spelled", "ETag is quoted, weak, in lower case or without 0x.", _etag_spelled)
    yield Operator("headers.last-modified-now", "Last-Modified is the time of the answer.", _modified_moved)
    yield Operator("headers.data-service-id-other", "DataServiceId names another URL.", _foreign_id)


OPERATORS = tuple(_operators())
