"""Exchanges as JSON lines: one exchange a line, written and read as a stream.

    {"request":  {"method", "url", "headers": [[name, value], …], "body" | "body_base64", "body_known", "headers_known"},
     "response": {"status", "reason", "headers": [[name, value], …], "body" | "body_base64", "body_known"},
     "index", "source", "started", "elapsed"}

`headers` keep order, letter case and repetition. A body that is UTF-8 stands as text in `body`, any other as base64 in
`body_base64`; neither means an empty one. `body_known` and `headers_known` say whether the recorder kept them (default true).
`started` is an ISO 8601 date-time or null, `elapsed` seconds or null. Lines are ASCII, so any encoding of the stream will do;
empty lines are skipped.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from conformance.exchange.coding import HALF, from_base64, has_halves
from conformance.exchange.errors import BrokenEntry, BrokenRecording, explain
from conformance.exchange.model import Exchange, Headers, Request, Response


def write_exchange(stream: TextIO, exchange: Exchange) -> None:
    """Write one line. Nothing is scrubbed here: the caller hands over an exchange without secrets."""
    stream.write(json.dumps(_as_json(exchange), separators=(",", ":")) + "\n")


def read_exchanges(source: Path | TextIO, name: str = "") -> Iterator[Exchange]:
    """Every exchange of a file or stream, in order.

    Raises:
        BrokenRecording: the file cannot be read, or a line is not an exchange; the message names the line.
    """
    for entry in read_entries(source, name):
        if isinstance(entry, BrokenEntry):
            raise BrokenRecording(str(entry))
        yield entry


def read_entries(source: Path | TextIO, name: str = "", by_place: bool = False) -> Iterator[Exchange | BrokenEntry]:
    """As `read_exchanges`, but a broken line is a value, and what follows is read. With `by_place` the source of each exchange is
    its line here, whatever it was when it was written."""
    name = name or str(source if isinstance(source, Path) else getattr(source, "name", "stream"))
    if not isinstance(source, Path):
        yield from lines(source, name, by_place)
        return
    try:
        with source.open(encoding="utf-8") as stream:
            yield from lines(stream, name, by_place)
    except (OSError, UnicodeDecodeError) as error:
        yield BrokenEntry(name, f"cannot be read: {explain(error)}")


def lines(stream: Iterable[str | bytes], name: str, by_place: bool) -> Iterator[Exchange | BrokenEntry]:
    return numbered(enumerate(stream, start=1), name, by_place)


def numbered(stream: Iterable[tuple[int, str | bytes]], name: str, by_place: bool) -> Iterator[Exchange | BrokenEntry]:
    """The same for lines that are not in their order."""
    position = 0
    for number, line in stream:
        if not line.strip():
            continue
        yield _line(line, position, f"{name}:{number}", by_place)
        position += 1


def _line(line: str | bytes, position: int, place: str, by_place: bool) -> Exchange | BrokenEntry:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BrokenEntry(place, f"not JSON: {explain(error)}")
    found = entry(raw, position, place, by_place)
    escaped = "\\u" in line if isinstance(line, str) else b"\\u" in line
    return BrokenEntry(place, HALF) if escaped and isinstance(found, Exchange) and has_halves(found) else found


def entry(raw: Any, position: int, place: str, by_place: bool = False) -> Exchange | BrokenEntry:
    """One line's value as an exchange. `position` and `place` stand in for an absent `index` and `source`."""
    try:
        return _exchange(raw, position, place, by_place)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return BrokenEntry(place, f"not an exchange: {explain(error)}")


def _as_json(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(field) for field in request.headers.fields],
            **_body(request.body),
            "body_known": request.body_known,
            "headers_known": request.headers_known,
        },
        "response": {
            "status": response.status,
            "reason": response.reason,
            "headers": [list(field) for field in response.headers.fields],
            **_body(response.body),
            "body_known": response.body_known,
        },
        "index": exchange.index,
        "source": exchange.source,
        "started": exchange.started.isoformat() if exchange.started else None,
        "elapsed": exchange.elapsed,
    }


def _body(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def _exchange(raw: Mapping[str, Any], position: int, place: str, by_place: bool) -> Exchange:
    request, response = raw["request"], raw["response"]
    started, elapsed = raw.get("started"), raw.get("elapsed")
    return Exchange(
        request=Request(
            method=str(request["method"]).upper(),
            url=str(request["url"]),
            headers=_headers(request),
            body=_bytes(request),
            body_known=request.get("body_known", True) is True,
            headers_known=request.get("headers_known", True) is True,
        ),
        response=Response(
            status=int(response["status"]),
            headers=_headers(response),
            body=_bytes(response),
            reason=str(response.get("reason") or ""),
            body_known=response.get("body_known", True) is True,
        ),
        index=int(raw.get("index", position)),
        source=place if by_place else str(raw.get("source") or place),
        started=datetime.fromisoformat(started) if started else None,
        elapsed=None if elapsed is None else float(elapsed),
    )


def _headers(raw: Mapping[str, Any]) -> Headers:
    return Headers(tuple([(str(name), str(value)) for name, value in raw.get("headers") or ()]))


def _bytes(raw: Mapping[str, Any]) -> bytes:
    if raw.get("body_base64"):
        return from_base64(raw["body_base64"])
    text = raw.get("body")
    if text is None:
        return b""
    if not isinstance(text, str):
        raise TypeError(f"a body is text, not {type(text).__name__}")
    return text.encode("utf-8")
