"""Header against body: ETag, Last-Modified, and the instant that both stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conformance.rules.formats import etag_ticks, http_date_ticks, is_http_date, ticks
from conformance.rules.model import HOLDS, Context, Problem, Rule, one

_SECOND = 10_000_000


def _text(context: Context, *names: str) -> str | None:
    if not isinstance(context.body, dict):
        return None
    return next((v for name in names if isinstance(v := context.body.get(name), str)), None)


def _etag(context: Context) -> Sequence[Problem] | None:
    header, body = context.exchange.response.headers.get("ETag"), _text(context, "eTag", "etag")
    if header is None or body is None:
        return None
    return HOLDS if header == body else one("the ETag header differs from the body", body, header, "ETag")


def _last_modified(context: Context) -> Sequence[Problem] | None:
    header, body = context.exchange.response.headers.get("Last-Modified"), _text(context, "lastModified")
    if header is None or body is None or not is_http_date(header):
        return None
    instant = ticks(body)
    if instant is None:
        return None
    same = http_date_ticks(header) == instant - instant % _SECOND
    return HOLDS if same else one("Last-Modified is not the body's lastModified cut to the second", body, header, "Last-Modified")


def _etag_ticks(context: Context) -> Sequence[Problem] | None:
    pairs = [(etag, instant) for etag, instant in _pairs(context) if etag is not None and instant is not None]
    if not pairs:
        return None
    wrong = [(etag, instant) for etag, instant in pairs if etag != instant]
    if not wrong:
        return HOLDS
    return one("eTag is not the tick count of lastModified", f"0x{wrong[0][1]:X}", f"0x{wrong[0][0]:X}", "eTag")


def _pairs(context: Context) -> Iterator[tuple[int | None, int | None]]:
    """ETag and instant, in ticks, of the resource or of each element of a list."""
    resources: Sequence[Any] = context.items if context.case.kind == "list" else [context.body]
    for resource in resources:
        if isinstance(resource, dict) and isinstance(resource.get("eTag"), str) and isinstance(resource.get("lastModified"), str):
            yield etag_ticks(resource["eTag"]), ticks(resource["lastModified"])


RULES = (
    Rule("consistency.etag", "the ETag header is the body's", lambda c: c.success and c.model is not None, _etag),
    Rule(
        "consistency.last-modified",
        "Last-Modified is the body's lastModified cut to the second",
        lambda c: c.data and c.success and c.model is not None,
        _last_modified,
    ),
    Rule(
        "consistency.etag-ticks",
        "eTag is the tick count of lastModified",
        lambda c: c.data and c.success and c.model is not None,
        _etag_ticks,
    ),
)
