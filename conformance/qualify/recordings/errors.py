"""Damages of the error envelope, of either plane."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from conformance.qualify.recordings.edit import done, with_body, with_header, with_json
from conformance.qualify.recordings.model import Damage, Make, Operator, Place

_LINE = re.compile(r"\r?\n?RequestId:[^\r\n]*")
_TIME = re.compile(r"\r?\n?Time:[^\r\n]*")
_ID = re.compile(r"(RequestId:)[^\r\n]*")
Edit = Callable[[Place, dict[str, Any]], Any]
"""From the envelope of an error to another one; None where it has nothing to change."""


def _error(place: Place) -> dict[str, Any] | None:
    """The object with `code` and `message`."""
    if place.status < 400 or place.context.foreign:
        return None
    body = place.object if place.data else place.object.get("error")
    return body if isinstance(body, dict) and "code" in body else None


def _with(place: Place, envelope: Any) -> Any:
    return envelope if place.data else {**place.object, "error": envelope}


def _edits(*edits: tuple[str, Edit]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        error = _error(place)
        if error is None:
            return []
        changed = [(what, edit(place, error)) for what, edit in edits]
        return [done(place, with_json(place.exchange, _with(place, new)), what) for what, new in changed if new is not None]

    return make


def _whole(place: Place, rng: Random) -> list[Damage]:
    error = _error(place)
    if error is None:
        return []
    other = {"error": error} if place.data else error
    return [done(place, with_json(place.exchange, other), "wrapped in error" if place.data else "not wrapped in error")]


def _text(place: Place, rng: Random) -> list[Damage]:
    error = _error(place)
    if error is None:
        return []
    page = b"<html><head><title>Error</title></head><body><h1>Error</h1></body></html>"
    return [
        done(place, with_header(with_body(place.exchange, b"Not allowed"), "Content-Type", "text/plain"), "plain text"),
        done(place, with_header(with_body(place.exchange, page), "Content-Type", "text/html"), "an HTML page"),
        done(place, with_json(place.exchange, str(error["code"])), "a JSON text"),
        done(place, with_body(place.exchange, b""), "no body"),
    ]


def _less(*names: str) -> Edit:
    return lambda place, error: {n: v for n, v in error.items() if n not in names} if names[0] in error else None


def _code(new: Callable[[str], str]) -> Edit:
    return lambda place, error: {**error, "code": new(str(error["code"]))} if new(str(error["code"])) != error["code"] else None


def _other_status(place: Place, error: dict[str, Any]) -> Any:
    """A documented code that never comes with this status."""
    known = place.context.contract.errors if place.data and place.status != 401 else {}
    other = next((c.code for c in known.values() if place.status not in c.statuses and error["code"] in known), None)
    return None if other is None else {**error, "code": other}


def _other_missing(place: Place, error: dict[str, Any]) -> Any:
    """The code of a kind of resource that the request does not name."""
    if not (place.data and place.status == 404 and place.kind in ("get", "patch", "replace", "delete", "action")):
        return None
    return {**error, "code": "CertificateNotFound" if "certificates" not in place.exchange.request.path else "PoolNotFound"}


def _text_of(error: dict[str, Any]) -> str | None:
    message = error.get("message")
    text = message.get("value") if isinstance(message, dict) else message
    return text if isinstance(text, str) else None


def _retold(change: Callable[[str], str]) -> Edit:
    def edit(place: Place, error: dict[str, Any]) -> Any:
        text = _text_of(error)
        new = change(text) if text is not None else None
        if new is None or new == text:
            return None
        message = error["message"]
        return {**error, "message": {**message, "value": new} if isinstance(message, dict) else new}

    return edit


def _told_id(edit: Edit) -> Edit:
    """Some recorders took the header away."""
    names = ("request-id", "x-ms-request-id")
    return lambda place, error: edit(place, error) if any(n in place.exchange.response.headers for n in names) else None


def _plain(place: Place, error: dict[str, Any]) -> Any:
    text = _text_of(error)
    if text is None:
        return None
    return {**error, "message": text if place.data else {"lang": "en-US", "value": text}}


def _values(place: Place, error: dict[str, Any]) -> Any:
    values = error.get("values")
    if not place.data or not isinstance(values, list) or not values:
        return None
    return {**error, "values": {v.get("key", ""): v.get("value") for v in values if isinstance(v, dict)}}


def _trace(place: Place, error: dict[str, Any]) -> Any:
    return {**error, "stackTrace": "at Batch.Pools.Get()"} if place.data else None


def _of_data(edit: Edit) -> Edit:
    return lambda place, error: edit(place, error) if place.data else None


def _operators() -> Iterator[Operator]:
    lower, snake = (lambda c: c.lower()), (lambda c: c[:1].lower() + c[1:])
    yield Operator("errors.envelope", "The error stands in another envelope.", _whole)
    yield Operator("errors.text", "An error is no JSON object.", _text)
    yield Operator("errors.no-code", "An error has no code.", _edits(("no code", _less("code"))))
    yield Operator("errors.no-message", "An error has no message.", _edits(("no message", _less("message"))))
    yield Operator(
        "errors.code-case",
        "The code is written in another letter case.",
        _edits(("code in lower case", _of_data(_code(lower))), ("code in camel case", _of_data(_code(snake)))),
    )
    yield Operator("errors.code-unknown", "A code of our own.", _edits(("code Error", _of_data(_code(lambda c: "Error")))))
    yield Operator(
        "errors.code-of-other-status", "A code that comes with another status.", _edits(("another code", _other_status))
    )
    yield Operator("errors.code-of-other-kind", "The code names another kind of thing.", _edits(("another code", _other_missing)))
    yield Operator("errors.message-shape", "The message has the form of the other plane.", _edits(("message reshaped", _plain)))
    yield Operator(
        "errors.no-request-id-line",
        "The message does not tell the request-id.",
        _edits(("no RequestId line", _of_data(_retold(lambda t: _LINE.sub("", t))))),
    )
    yield Operator(
        "errors.other-request-id",
        "The message tells the id of another request.",
        _edits(("another RequestId", _told_id(_retold(lambda t: _ID.sub(r"\g<1>11111111-2222-4333-8444-555555555555", t))))),
    )
    yield Operator(
        "errors.no-time-line",
        "The message does not say when.",
        _edits(("no Time line", _of_data(_retold(lambda t: _TIME.sub("", t))))),
    )
    yield Operator("errors.values-map", "The values are an object.", _edits(("values as an object", _values)))
    yield Operator("errors.stack-trace", "An error tells where the server broke.", _edits(("a member stackTrace", _trace)))


OPERATORS = tuple(_operators())
