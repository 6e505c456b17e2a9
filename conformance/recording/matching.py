"""When two requests are the same: method, path, parameters in any order, body, and the headers that mean something."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, unquote, urlsplit

from conformance.exchange import Request

# who asks, when, and how it is carried: nothing of what is asked
_BESIDE = frozenset(
    {
        "authorization",
        "date",
        "ocp-date",
        "host",
        "connection",
        "content-length",
        "accept-encoding",
        "user-agent",
        "x-recording-note",
    }
)

Key = tuple[str, str, str, str, str]


def key_of(request: Request) -> Key:
    """Method, path, parameters, headers, body: each as text, so that what differs can be told."""
    parts = urlsplit(request.url)
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True)))
    fields = sorted(f"{name.lower()}: {value}" for name, value in request.headers.fields if name.lower() not in _BESIDE)
    return request.method, unquote(parts.path), query, "; ".join(fields), _body(request.body)


def _body(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


_PARTS = ("method", "path", "parameters", "headers", "body")


def nearest(wanted: Key, known: Iterable[Key]) -> str:
    """Which recorded request is most like the wanted one, and what differs, in one line."""
    best = max(known, key=lambda key: _likeness(wanted, key), default=None)
    if best is None:
        return "the recording has no request left"
    differing = "; ".join(_differences(wanted, best))
    return f"the nearest is {best[0]} {best[1]}{f'?{best[2]}' if best[2] else ''}" + (
        f", where {differing}" if differing else ", which was asked for and answered before"
    )


def _likeness(one: Key, other: Key) -> float:
    weights = (2.0, 4.0, 2.0, 1.0, 1.0)
    return sum(w * SequenceMatcher(None, a[:500], b[:500]).ratio() for w, a, b in zip(weights, one, other, strict=True))


def _differences(wanted: Key, recorded: Key) -> Iterator[str]:
    for part, new, old in zip(_PARTS, wanted, recorded, strict=True):
        if new != old:
            place = _first_difference(old, new)
            yield f"{part}: recorded {_around(old, place)}, asked {_around(new, place)}"


def _first_difference(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _around(text: str, place: int, before: int = 60, longest: int = 160) -> str:
    """What stands where two texts begin to differ."""
    start = max(0, place - before) if len(text) > longest else 0
    shown = text[start : start + longest]
    return f"{'…' if start else ''}{shown}{'…' if start + longest < len(text) else ''}" or "nothing"
