"""One cassette: what one scenario, or one shared fixture, sent and got. Written as vcrpy writes it.

Requests that got no answer stand beside the interactions, under `unanswered`: vcrpy has no form for them, and leaves the key
alone. `after` says how many interactions were before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from conformance.exchange import BrokenRecording, Exchange, Headers, Request, read_cassette

UNANSWERED = "unanswered"
_LOST = "X-Recording-Note"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Silence:
    """A request without an answer, why, and whether it reached a server: who then stays silent is to blame for it."""

    request: Request
    why: str
    after: int
    reached: bool = False


@dataclass
class Tape:
    exchanges: list[Exchange] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)

    def text(self) -> str:
        """The cassette's YAML."""
        # with vcrpy comes urllib3, which opens a socket when it is imported: a replay needs neither
        from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

        document: dict[str, Any] = {"version": 1, "interactions": [_interaction(e) for e in self.exchanges]}
        if self.silences:
            document[UNANSWERED] = [
                {"request": _request(s.request), "why": s.why, "after": s.after, "reached": s.reached} for s in self.silences
            ]
        return str(yamlserializer.serialize(document))


def read_tape(path: Path) -> Tape:
    """Raises BrokenRecording."""
    exchanges = [_checked(exchange, path) for exchange in read_cassette(path)]
    text = path.read_text(encoding="utf-8")
    if f"\n{UNANSWERED}:" not in text and not text.startswith(f"{UNANSWERED}:"):
        return Tape(exchanges)
    try:
        raw = yaml.load(text, Loader=_Loader)[UNANSWERED]
        silences = [_silence(one) for one in raw]
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenRecording(f"{path}: {UNANSWERED}: {' '.join(str(error).split())}") from error
    return Tape(exchanges, silences)


def _silence(raw: Mapping[str, Any]) -> Silence:
    """Older recordings do not say whether a server was reached."""
    return Silence(_read_request(raw["request"]), str(raw["why"]), int(raw["after"]), raw.get("reached") is True)


def _checked(exchange: Exchange, path: Path) -> Exchange:
    if not 100 <= exchange.response.status <= 599:
        raise BrokenRecording(f"{path}: {exchange.source}: no HTTP status: {exchange.response.status}")
    try:
        _ = exchange.request.parts
    except ValueError as error:
        raise BrokenRecording(f"{path}: not a URL: {exchange.request.url}: {error}") from error
    return exchange


def _interaction(exchange: Exchange) -> dict[str, Any]:
    response = exchange.response
    request = _request(exchange.request)
    lost = [name for name, known in (("request", exchange.request.body_known), ("response", response.body_known)) if not known]
    if lost:
        request["headers"][_LOST] = [", ".join(f"{name} body not recorded" for name in lost)]
    return {
        "request": request,
        "response": {
            "status": {"code": response.status, "message": response.reason},
            "headers": _headers(response.headers),
            "body": {"string": _body(response.body) or ""},
        },
    }


def _request(request: Request) -> dict[str, Any]:
    return {"method": request.method, "uri": request.url, "headers": _headers(request.headers), "body": _body(request.body)}


def _read_request(raw: Mapping[str, Any]) -> Request:
    fields = tuple((name, value) for name, values in (raw.get("headers") or {}).items() for value in values)
    body = raw.get("body") or ""
    return Request(str(raw["method"]), str(raw["uri"]), Headers(fields), body.encode() if isinstance(body, str) else body)


def _headers(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers.fields:
        found.setdefault(name, []).append(value)
    return found


def _body(body: bytes) -> str | bytes | None:
    if not body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body
