"""Reads HAR 1.2 (HTTP Archive, as browsers and debugging proxies export it).

Bodies stand there unpacked, though the headers still name a coding; binary ones as base64. An exporter may leave a body out: it
then gives its size only, and the body is unknown. Times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from conformance.exchange.coding import from_base64
from conformance.exchange.errors import BrokenEntry, explain
from conformance.exchange.model import Exchange, Headers, Request, Response

NO_ANSWER = "the request got no response"


def is_har(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("log"), dict)


def entries(document: Any, name: str) -> Iterator[Exchange | BrokenEntry]:
    """Every entry of a HAR's value."""
    listed = document["log"].get("entries") if is_har(document) else None
    if not isinstance(listed, list):
        yield BrokenEntry(name, "not a HAR file: it has no list `log.entries`")
        return
    for position, raw in enumerate(listed):
        yield _entry(raw, position, f"{name}#{position}")


def _entry(raw: Any, position: int, place: str) -> Exchange | BrokenEntry:
    try:
        if int(raw["response"]["status"]) <= 0:
            return BrokenEntry(place, NO_ANSWER)
        started, took = raw.get("startedDateTime"), raw.get("time")
        return Exchange(
            _request(raw["request"]),
            _response(raw["response"]),
            index=position,
            source=place,
            started=datetime.fromisoformat(started) if started else None,
            elapsed=float(took) / 1000 if isinstance(took, int | float) and took >= 0 else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return BrokenEntry(place, f"not a HAR entry: {explain(error)}")


def _request(raw: Mapping[str, Any]) -> Request:
    headers = _headers(raw)
    body = _posted(raw.get("postData") or {})
    return Request(
        method=str(raw["method"]).upper(),
        url=str(raw["url"]),
        headers=headers,
        body=body,
        body_known=bool(body) or _size(raw.get("bodySize")) <= 0,
        headers_known=len(headers) > 0,
    )


def _posted(raw: Mapping[str, Any]) -> bytes:
    if raw.get("text") is not None:
        text = str(raw["text"])
        # not in the standard, but written by several exporters
        return from_base64(text) if raw.get("encoding") == "base64" else text.encode("utf-8", "surrogateescape")
    return urlencode([(str(p["name"]), str(p.get("value", ""))) for p in raw.get("params") or ()]).encode("ascii")


def _response(raw: Mapping[str, Any]) -> Response:
    content = raw.get("content") or {}
    text = content.get("text")
    body = b""
    if text is not None:
        body = from_base64(text) if content.get("encoding") == "base64" else str(text).encode("utf-8", "surrogateescape")
    return Response(
        status=int(raw["status"]),
        headers=_headers(raw),
        body=body,
        reason=str(raw.get("statusText") or ""),
        body_known=text is not None or _size(content.get("size")) <= 0,
    )


def _headers(raw: Mapping[str, Any]) -> Headers:
    """Names that begin with a colon belong to HTTP/2's framing, not to the message."""
    fields = ((str(h["name"]), str(h["value"])) for h in raw.get("headers") or ())
    return Headers(tuple(field for field in fields if not field[0].startswith(":")))


def _size(raw: Any) -> int:
    return raw if isinstance(raw, int) else -1
