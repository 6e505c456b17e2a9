"""Reads vcrpy cassettes, as its YAML and its JSON serializer write them.

vcrpy writes a body as text where it is UTF-8, else as YAML `!!binary`; a request's body may also be a list of pieces or a pickled
file (both from streams), and older versions write a response as `status_code` and `content`. Header values are lists, in older
files strings. Bodies stay compressed, as they were on the wire: here they are unpacked, and the headers are left as they were.

Some recorders drop bodies; a request header `X-Recording-Note` (never on the wire) then says so. A request without any header was
recorded by a tool that keeps none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from conformance.exchange.cassetteyaml import NOT_YAML, load
from conformance.exchange.coding import from_base64, uncompressed
from conformance.exchange.errors import BrokenEntry, BrokenRecording, explain
from conformance.exchange.model import Exchange, Headers, Request, Response

NOTE = "x-recording-note"
_MARK = re.compile(r"""^["']?interactions["']?\s*:""", re.MULTILINE)
_ENTRY = re.compile(r"^- ", re.MULTILINE)


def read_cassette(path: Path) -> Iterator[Exchange]:
    """Every interaction of a YAML cassette, in order.

    Raises:
        BrokenRecording: the file cannot be read, is not YAML, or is not a cassette, or an interaction is broken.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRecording(f"{path}: cannot be read: {explain(error)}") from error
    for entry in read_yaml(text, str(path)):
        if isinstance(entry, BrokenEntry):
            raise BrokenRecording(str(entry))
        yield entry


def read_yaml(text: str, name: str) -> Iterator[Exchange | BrokenEntry]:
    """Every interaction of a cassette's text. Where the YAML is broken, the interactions beside the broken place are read."""
    try:
        document = load(text)
    except NOT_YAML as error:
        yield from _salvage(text, name, BrokenEntry(*_told(error, name, 0)))
        return
    if f"\n{text}".count("\ninteractions:") > 1:
        yield from _salvage(text, name, BrokenEntry(name, "several cassettes in one file"))
        return
    yield from interactions(document, name)


def looks_like(text: str) -> bool:
    """Whether YAML text may be a cassette; cheaper than reading it."""
    return _MARK.search(text) is not None


def is_cassette(document: Any) -> bool:
    return isinstance(document, dict) and "interactions" in document


def interactions(document: Any, name: str) -> Iterator[Exchange | BrokenEntry]:
    """The interactions of a cassette's value: what YAML or JSON gave."""
    if not is_cassette(document) or not isinstance(document["interactions"] or [], list):
        yield BrokenEntry(name, "not a vcrpy cassette: it has no list `interactions`")
        return
    for position, raw in enumerate(document["interactions"] or []):
        yield _interaction(raw, position, f"{name}#{position}")


def _salvage(text: str, name: str, problem: BrokenEntry) -> Iterator[Exchange | BrokenEntry]:
    """vcrpy starts every interaction with `- ` in the first column, so each can be read by itself. The problem of the whole
    is told when none of them has it."""
    starts = [match.start() for match in _ENTRY.finditer(text)]
    if not starts or "interactions:" not in text[: starts[0]]:
        yield problem
        return
    within = False
    for position, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True)):
        chunk = text[start:end]
        try:
            document = load(_items(chunk))
        except NOT_YAML as broken:
            yield BrokenEntry(*_told(broken, name, text.count("\n", 0, start)))
            within = True
            continue
        yield _interaction(document[0], position, f"{name}#{position}")
    if not within:
        yield problem


def _items(chunk: str) -> str:
    """The last interaction is followed by `version: 1`, which belongs to the cassette."""
    return re.split(r"^(?=[A-Za-z_]+:)", chunk, maxsplit=1, flags=re.MULTILINE)[0]


def _told(error: Exception, name: str, lines_before: int) -> tuple[str, str]:
    if isinstance(error, yaml.MarkedYAMLError):
        line = lines_before + (error.problem_mark.line + 1 if error.problem_mark else 1)
        return f"{name}:{line}", f"not YAML: {error.problem}"
    return name, f"not YAML: {explain(error)}"


def _interaction(raw: Any, position: int, place: str) -> Exchange | BrokenEntry:
    try:
        request, response = raw["request"], raw["response"]
        headers = _headers(request.get("headers"))
        note = headers.get(NOTE, "")
        if note:
            headers = Headers(tuple(field for field in headers.fields if field[0].lower() != NOTE))
        return Exchange(_request(request, headers, note), _response(response, note), index=position, source=place)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return BrokenEntry(place, f"not an interaction: {explain(error)}")


def _request(raw: dict[str, Any], headers: Headers, note: str) -> Request:
    return Request(
        method=str(raw["method"]).upper(),
        url=str(raw["uri"]),
        headers=headers,
        body=uncompressed(_bytes(raw.get("body")), headers.get("content-encoding", "")),
        body_known="request body not recorded" not in note,
        headers_known=len(headers) > 0,
    )


def _response(raw: dict[str, Any], note: str) -> Response:
    if "status_code" in raw:  # written by vcrpy before version 6 for httpx
        raw = {**raw, "status": {"code": raw["status_code"]}, "body": raw.get("content")}
    headers = _headers(raw.get("headers"))
    return Response(
        status=int(raw["status"]["code"]),
        headers=headers,
        body=uncompressed(_bytes(raw.get("body")), headers.get("content-encoding", "")),
        reason=str(raw["status"].get("message") or ""),
        body_known="response body not recorded" not in note,
    )


def _headers(raw: Any) -> Headers:
    fields: list[tuple[str, str]] = []
    for name, values in (raw or {}).items():
        for value in values if type(values) is list else (values,):
            fields.append((str(name), value if type(value) is str else _text(value)))
    return Headers(tuple(fields))


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(raw: Any) -> bytes:
    match raw:
        case None:
            return b""
        case bytes():
            return raw
        case str():
            return raw.encode("utf-8", "surrogateescape")
        case {"base64_string": str() as text}:
            return from_base64(text)
        case dict():
            return _bytes(raw.get("string"))
        case list():
            return b"".join(_bytes(piece) for piece in raw)
        case _:
            raise TypeError(f"a body is text or bytes, not {type(raw).__name__}")
