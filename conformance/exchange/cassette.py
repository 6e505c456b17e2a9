"""Reads vcrpy cassettes (YAML).

Some recorders drop bodies; a request header `X-Recording-Note` (never on the wire) then says so. A request without any header was
recorded by a tool that keeps none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from conformance.exchange.errors import BrokenRecording
from conformance.exchange.model import Exchange, Headers, Request, Response

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTE = "x-recording-note"


def read_cassette(path: Path) -> Iterator[Exchange]:
    """Every interaction of a cassette, in order.

    Raises:
        BrokenRecording: the file cannot be read, is not YAML, or is not a cassette.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # the C variant of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenRecording(f"{path}:{line}: not YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BrokenRecording(f"{path}: cannot be read: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("interactions"), list):
        raise BrokenRecording(f"{path}: not a vcrpy cassette: it has no list `interactions`")
    for position, interaction in enumerate(raw["interactions"]):
        yield _exchange(interaction, position, f"{path}#{position}")


def _exchange(interaction: Any, position: int, source: str) -> Exchange:
    try:
        request, response = interaction["request"], interaction["response"]
        status = int(response["status"]["code"])
        return Exchange(_request(request), _response(request, response, status), index=position, source=source)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenRecording(f"{source}: not an interaction: {type(error).__name__} {error}") from error


def _request(raw: dict[str, Any]) -> Request:
    headers = _headers(raw.get("headers"))
    note = headers.get(NOTE, "")
    kept = Headers(tuple((n, v) for n, v in headers.fields if n.lower() != NOTE))
    return Request(
        method=str(raw["method"]).upper(),
        url=str(raw["uri"]),
        headers=kept,
        body=_bytes(raw.get("body")),
        body_known="request body not recorded" not in note,
        headers_known=len(kept) > 0,
    )


def _response(request: dict[str, Any], raw: dict[str, Any], status: int) -> Response:
    note = _headers(request.get("headers")).get(NOTE, "")
    body = raw.get("body")
    return Response(
        status=status,
        headers=_headers(raw.get("headers")),
        body=_bytes(body.get("string") if isinstance(body, dict) else body),
        reason=str(raw["status"].get("message") or ""),
        body_known="response body not recorded" not in note,
    )


def _headers(raw: Any) -> Headers:
    fields: list[tuple[str, str]] = []
    for name, values in (raw or {}).items():
        for value in values if isinstance(values, list) else [values]:
            fields.append((str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value)))
    return Headers(tuple(fields))


def _bytes(raw: Any) -> bytes:
    if raw is None:
        return b""
    return raw if isinstance(raw, bytes) else str(raw).encode("utf-8")
