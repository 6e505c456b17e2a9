"""Damages that only the exchanges before can tell: answers that come too late, or from nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from conformance.exchange import Exchange
from conformance.qualify.recordings.edit import done, put, with_body, with_fields, with_header, with_json, with_status
from conformance.qualify.recordings.model import Damage, Operator, Place

_WRITES = frozenset({"patch", "replace", "action"})


def _copied(place: Place, earlier: Exchange) -> Exchange:
    """The earlier answer word for word, as a cache keeps it."""
    answer = with_body(with_status(place.exchange, earlier.response.status), earlier.response.body)
    return with_fields(answer, earlier.response.headers.fields)


def _cached(place: Place, rng: Random) -> list[Damage]:
    """The same read before the last write that changed something: its ETag was another one."""
    request = place.exchange.request
    if place.kind != "get" or place.status != 200 or not place.data:
        return []
    now = place.exchange.response.headers.get("etag")
    for earlier in reversed(place.before):
        same = earlier.request.url == request.url and earlier.request.method == "GET" and earlier.response.status == 200
        if same and earlier.response.headers.get("etag") not in (None, now):
            return [done(place, _copied(place, earlier), "the answer of a read before the last write")]
    return []


def _cached_deleted(place: Place, rng: Random) -> list[Damage]:
    """What was deleted, as a cache has it."""
    request = place.exchange.request
    if place.kind != "get" or place.status != 404 or not place.data:
        return []
    same = (e for e in reversed(place.before) if e.request.url == request.url and e.request.method == "GET")
    return [
        done(place, _copied(place, e), "the answer before the deletion")
        for e in same
        if e.response.status == 200 and b'"deleting"' not in e.response.body
    ][:1]


def _cached_missing(place: Place, rng: Random) -> list[Damage]:
    """What was created since is still not found."""
    request = place.exchange.request
    if place.kind != "get" or place.status != 200:
        return []
    same = [e for e in place.before if e.request.url == request.url and e.request.method == "GET"]
    found = [e for e in same if e.response.status == 404]
    return [done(place, _copied(place, found[-1]), "the 404 before the creation")] if found else []


def _etag_kept(place: Place, rng: Random) -> list[Damage]:
    """A write answers the ETag that was there before."""
    etag = place.exchange.response.headers.get("etag")
    if place.kind not in _WRITES or etag is None or not place.data or place.status >= 300:
        return []
    path = place.exchange.request.path
    for earlier in reversed(place.before):
        old = earlier.response.headers.get("etag")
        if old is not None and old != etag and path.startswith(earlier.request.path) and earlier.request.method == "GET":
            return [done(place, with_header(place.exchange, "ETag", old), "the ETag of the read before")]
    return []


def _edition_moved(place: Place, rng: Random) -> list[Damage]:
    """Every read makes a new edition."""
    body, etag = place.object, place.exchange.response.headers.get("etag")
    if place.kind != "get" or place.status != 200 or etag is None or body.get("eTag") != etag:
        return []
    if not _read_alike(place, etag):
        return []
    new = "0x8DFE48E685E8E5E"
    moved = put(put(body, ("eTag",), new), ("lastModified",), "2033-01-01T00:00:00Z")
    return [
        done(
            place, with_header(with_json(place.exchange, put(body, ("eTag",), new)), "ETag", new), "another ETag, nothing written"
        ),
        done(
            place,
            with_header(
                with_header(with_json(place.exchange, moved), "ETag", new), "Last-Modified", "Sat, 01 Jan 2033 00:00:00 GMT"
            ),
            "another edition, nothing written",
        ),
    ]


def _read_alike(place: Place, etag: str) -> bool:
    url = place.exchange.request.url
    same = (e for e in place.before if e.request.url == url and e.request.method == "GET" and e.response.status == 200)
    return any(e.response.headers.get("etag") == etag for e in same)


def _changed_unwritten(place: Place, rng: Random) -> list[Damage]:
    """A member that clients set changes between two reads of one edition."""
    etag = place.exchange.response.headers.get("etag")
    if place.kind != "get" or place.status != 200 or etag is None or not _read_alike(place, etag) or not place.data:
        return []
    found: list[Damage] = []
    for name in ("displayName", "metadata", "vmSize", "commandLine", "priority", "taskSlotsPerNode", "constraints"):
        if name in place.object:
            new = _other(place.object[name])
            found += [
                done(place, with_json(place.exchange, put(place.object, (name,), new)), f"/{name} changed, nothing written")
            ]
    return found


def _other(value: Any) -> Any:
    match value:
        case str():
            return f"{value}x"
        case int():
            return value + 1
        case list():
            return [*value, {"name": "x", "value": "y"}]
    return {"maxWallClockTime": "PT7M"}


def _state(place: Place, name: str, value: str) -> Damage:
    return done(
        place, with_json(place.exchange, put(place.object, (name,), value)), f"/{name}: {place.object[name]} became {value}"
    )


def _state_back(place: Place, rng: Random) -> list[Damage]:
    """A state that nothing leads back to, and the time of the one that is shown."""
    plan = {"deleting": "active", "completed": "active", "terminating": "active"}
    known = place.object.get("state")
    if place.kind != "get" or place.status != 200 or known not in plan or not _shown_before(place, str(known)):
        return []
    return [_state(place, "state", plan[str(known)])]


def _shown_before(place: Place, state: str) -> bool:
    url = place.exchange.request.url
    return any(e.request.url == url and f'"state":"{state}"'.encode() in e.response.body for e in place.before)


def _state_skipped(place: Place, rng: Random) -> list[Damage]:
    """A new resource is at its end already, or a state that no action leads to."""
    ends = {"active": "deleting", "enabled": "terminating", "disabled": "completed"}
    known = place.object.get("state")
    first = place.kind == "get" and place.status == 200 and known in ends and place.data
    created = any(e.request.method == "POST" and e.response.status == 201 for e in place.before[-1:])
    return [_state(place, "state", ends[str(known)])] if first and created else []


def _time_kept(place: Place, rng: Random) -> list[Damage]:
    """The state moves, the time of its transition does not."""
    time = place.object.get("stateTransitionTime")
    if place.kind != "get" or place.status != 200 or not isinstance(time, str):
        return []
    for earlier in reversed(place.before):
        if earlier.request.url == place.exchange.request.url and earlier.response.status == 200:
            old = Place(place.trace, place.trace.index(earlier)).object
            if old.get("stateTransitionTime") not in (None, time) and old.get("state") != place.object.get("state"):
                new = put(place.object, ("stateTransitionTime",), old["stateTransitionTime"])
                return [done(place, with_json(place.exchange, new), "/stateTransitionTime did not move")]
    return []


def _swapped(place: Place, rng: Random) -> list[Damage]:
    """Two answers to requests that follow each other change places."""
    if place.position + 1 >= len(place.trace):
        return []
    one, two = place.exchange, place.trace[place.position + 1]
    same = one.request.method == two.request.method and one.request.path == two.request.path
    if same or place.context.operation is None or one.response.status == two.response.status:
        return []
    return [
        Damage(
            "two answers exchanged",
            {
                place.position: _copied(place, two),
                place.position + 1: _copied(Place(place.trace, place.position + 1), one),
            },
        )
    ]


def _operators() -> Iterator[Operator]:
    yield Operator("trace.cached", "A cache answers a read with what was before the last write.", _cached)
    yield Operator("trace.cached-deleted", "A cache still shows what was deleted.", _cached_deleted)
    yield Operator("trace.cached-missing", "A cache does not find what was created since.", _cached_missing)
    yield Operator("trace.etag-kept", "A write answers the ETag that was there before.", _etag_kept)
    yield Operator("trace.edition-moved", "Each read makes a new edition.", _edition_moved)
    yield Operator("trace.changed-unwritten", "A property changes though nothing was written.", _changed_unwritten)
    asked = "Others may have asked for it in between."
    yield Operator("trace.state-back", "A resource that came to its end is active again.", _state_back, unless=asked)
    yield Operator("trace.state-skipped", "A new resource is at its end at once.", _state_skipped, unless=asked)
    yield Operator("trace.state-time-kept", "The state moves, the time of its transition does not.", _time_kept)
    yield Operator("trace.swapped", "Two answers change places.", _swapped)


OPERATORS = tuple(_operators())
