"""Damages of the status of an answer, with the body that a careless server would send with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from conformance.exchange import Exchange
from conformance.qualify.recordings.edit import done, with_body, with_header, with_json, with_status, without_headers
from conformance.qualify.recordings.model import Damage, Make, Operator, Place
from conformance.rules.formats import http_date_ticks

_LEAVING = b'"deleting"'
_WRITES = frozenset({"patch", "replace", "delete", "action"})
_SUCCESS = ((200, 201), (200, 202), (200, 204), (201, 200), (201, 202), (202, 200), (202, 204), (204, 200))
_REFUSED = ((400, 404), (400, 409), (404, 400), (404, 403), (409, 400), (409, 412), (412, 409), (403, 400))


def _judged(place: Place) -> bool:
    return place.context.operation is not None and not place.context.foreign


def _success(old: int, new: int) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        operation = place.context.operation
        if place.status != old or not _judged(place) or operation is None or new in operation.success:
            return []
        changed = with_status(place.exchange, new)
        return [done(place, with_body(changed, b"") if new == 204 else changed, f"{old} became {new}")]

    return make


def _refused(old: int, new: int) -> Make:
    """The status only: the code still says what it said."""

    def make(place: Place, rng: Random) -> list[Damage]:
        return [done(place, with_status(place.exchange, new), f"{old} became {new}")] if _coded(place, old) else []

    return make


def _coded(place: Place, status: int) -> bool:
    return place.status == status and _judged(place) and place.exchange.request.method != "HEAD" and bool(place.object)


def _broken(place: Place, rng: Random) -> list[Damage]:
    """The framework's own answer to an exception."""
    if not _judged(place) or place.status >= 500:
        return []
    broken = without_headers(with_status(place.exchange, 500), "ETag", "Last-Modified", "DataServiceId", "Location")
    page = with_header(with_body(broken, b"Internal Server Error"), "Content-Type", "text/plain; charset=utf-8")
    told = with_json(broken, {"code": "Error", "message": {"lang": "en-US", "value": "Object reference not set"}})
    return [done(place, page, f"{place.status} became 500, in plain text"), done(place, told, f"{place.status} became 500 Error")]


def _kept_500(place: Place, rng: Random) -> list[Damage]:
    if not 400 <= place.status < 500 or not _judged(place) or not place.object:
        return []
    return [done(place, with_status(place.exchange, 500), f"{place.status} became 500, the code kept")]


def _found(place: Place, rng: Random) -> list[Damage]:
    """What was deleted, or never was, is shown as a read before its deletion showed it."""
    if place.status != 404 or place.kind != "get" or not place.data:
        return []
    older = _read_before(place)
    if older is None:
        return []
    return [done(place, _answered_as(place.exchange, older), "404 became the 200 of an earlier read")]


def _read_before(place: Place) -> Exchange | None:
    request = place.exchange.request
    same = (e for e in reversed(place.before) if e.request.method == request.method and e.request.url == request.url)
    return next((e for e in same if e.response.status == 200 and _LEAVING not in e.response.body), None)


def _answered_as(exchange: Exchange, other: Exchange) -> Exchange:
    changed = with_body(with_status(exchange, other.response.status), other.response.body)
    for name in ("Content-Type", "ETag", "Last-Modified"):
        value = other.response.headers.get(name)
        changed = with_header(changed, name, value) if value is not None else changed
    return changed


def _carried_out(status: int, kinds: frozenset[str]) -> Make:
    """The answer of a request that was served."""

    def make(place: Place, rng: Random) -> list[Damage]:
        operation = place.context.operation
        if place.status != status or place.kind not in kinds or operation is None or not place.data:
            return []
        served = next(iter(operation.success), 200)
        changed = _served(place, served, operation.headers.get(served, ()), frozenset(operation.never_sent))
        return [done(place, changed, f"{status} became {served}")]

    return make


def _served(place: Place, status: int, names: tuple[str, ...], never: frozenset[str]) -> Exchange:
    url = place.exchange.request.url.partition("?")[0]
    now = place.exchange.response.headers.get("Date", "Thu, 01 Jan 2026 03:33:25 GMT")
    values: Mapping[str, str] = {
        "ETag": f"0x{http_date_ticks(now) or 0:015X}",
        "Last-Modified": now,
        "DataServiceId": url,
        "Location": url,
    }
    changed = without_headers(with_body(with_status(place.exchange, status), b""), "Content-Type")
    for name in names:
        if name in values and name not in never:
            changed = with_header(changed, name, values[name])
    return changed


def _operators() -> Iterator[Operator]:
    for old, new in _SUCCESS:
        yield Operator(f"status.{old}-{new}", f"{new} where the documents say {old}.", _success(old, new))
    for old, new in _REFUSED:
        yield Operator(f"status.{old}-{new}", f"{new} with a code that comes with {old}.", _refused(old, new))
    yield Operator("status.server-error", "An exception that nobody caught.", _broken)
    yield Operator("status.refused-500", "A refusal is reported as an error of the server.", _kept_500)
    made = "Others may have created or deleted it in between."
    yield Operator("status.404-found", "What is gone is still shown.", _found, unless=made)
    yield Operator("status.404-served", "A change of what is not there succeeds.", _carried_out(404, _WRITES), unless=made)
    yield Operator("status.409-created", "Creating what exists succeeds.", _carried_out(409, frozenset({"create"})), unless=made)
    yield Operator("status.409-served", "A change that the state forbids succeeds.", _carried_out(409, _WRITES), unless=made)
    yield Operator(
        "status.412-served",
        "A condition that is not met is not looked at.",
        _carried_out(412, _WRITES),
        unless="Others may have changed it in between.",
    )
    yield Operator("status.400-served", "What is wrong in a request is not looked at.", _carried_out(400, _WRITES | {"create"}))


OPERATORS = tuple(_operators())
