"""Damages of the body as a whole, and of its label."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from conformance.qualify.recordings.edit import done, with_body, with_header, without_headers
from conformance.qualify.recordings.model import Damage, Operator, Place

_JSON = "application/json;odata=minimalmetadata"


def _judged(place: Place) -> bool:
    return place.context.operation is not None and not place.context.foreign


def _documented(place: Place) -> bool:
    """An answer with the documented JSON body."""
    return _judged(place) and place.context.case.model is not None and bool(place.object)


def _truncated(place: Place, rng: Random) -> list[Damage]:
    body = place.exchange.response.body
    if not _documented(place):
        return []
    return [
        done(place, with_body(place.exchange, body[: len(body) // 2]), "half of the body"),
        done(place, with_body(place.exchange, body[:-1]), "the last byte lost"),
    ]


def _empty(place: Place, rng: Random) -> list[Damage]:
    return [done(place, with_body(place.exchange, b""), "no body")] if _documented(place) else []


def _twice(place: Place, rng: Random) -> list[Damage]:
    body = place.exchange.response.body
    return [done(place, with_body(place.exchange, body + body), "the body twice")] if _documented(place) else []


def _of_another(place: Place, rng: Random) -> list[Damage]:
    """Of the answer before, which was to another kind of request."""
    if not _documented(place):
        return []
    own = place.context.case.model
    for position in range(place.position - 1, -1, -1):
        other = Place(place.trace, position)
        if other.object and other.status < 300 and other.context.case.model not in (None, own):
            return [done(place, with_body(place.exchange, other.exchange.response.body), f"the body of {other.exchange}")]
    return []


def _of_another_resource(place: Place, rng: Random) -> list[Damage]:
    """Of the same operation on another resource."""
    if not _documented(place) or place.kind != "get":
        return []
    for position in range(place.position - 1, -1, -1):
        other = Place(place.trace, position)
        same = other.context.operation is not None and other.context.operation.id == getattr(place.context.operation, "id", "")
        if same and other.status == 200 and other.exchange.request.path != place.exchange.request.path and other.object:
            return [done(place, with_body(place.exchange, other.exchange.response.body), f"the body of {other.exchange}")]
    return []


def _unwanted(place: Place, rng: Random) -> list[Damage]:
    """An answer that has no body gets one."""
    case = place.context.case
    none = case.success and case.documented and case.model is None and not case.binary and not case.head
    if not _judged(place) or not none or place.exchange.response.body.strip():
        return []
    body, text = with_body(place.exchange, b"{}"), with_body(place.exchange, b"OK")
    echo = with_body(place.exchange, place.exchange.request.body or b'{"id":"x"}')
    return [
        done(place, with_header(body, "Content-Type", _JSON), "a body {}"),
        done(place, with_header(text, "Content-Type", "text/plain"), "a body OK"),
        done(place, with_header(echo, "Content-Type", _JSON), "the request's body"),
    ]


def _head(place: Place, rng: Random) -> list[Damage]:
    if not _judged(place) or place.exchange.request.method != "HEAD":
        return []
    return [done(place, with_body(place.exchange, b"content"), "HEAD with a body")]


def _label(place: Place, rng: Random) -> list[Damage]:
    known = place.exchange.response.headers.get("Content-Type", "")
    if not _documented(place) or "odata=minimalmetadata" not in known.lower():
        return []
    wrong = ("application/json", "application/json;odata=fullmetadata", "application/json; charset=utf-8")
    return [done(place, with_header(place.exchange, "Content-Type", v), f"Content-Type: {v}") for v in wrong]


def _file_as_json(place: Place, rng: Random) -> list[Damage]:
    if not _judged(place) or not place.context.case.binary or place.context.case.head or place.status != 200:
        return []
    return [done(place, without_headers(place.exchange, "Content-Type"), "a file without its label")]


def _operators() -> Iterator[Operator]:
    yield Operator("body.truncated", "The body ends too early.", _truncated)
    yield Operator("body.empty", "The documented body is not there.", _empty)
    yield Operator("body.twice", "The body is written twice.", _twice)
    yield Operator("body.of-another", "The answer to another request.", _of_another)
    yield Operator("body.of-another-resource", "The answer is about another resource.", _of_another_resource)
    yield Operator("body.unwanted", "A body where none is documented.", _unwanted)
    yield Operator("body.head", "The answer to HEAD has a body.", _head)
    yield Operator("body.label", "The label lacks odata=minimalmetadata.", _label)


OPERATORS = tuple(_operators())
