"""Reads recorded traffic of any known kind: vcrpy cassettes (YAML, JSON), HAR, JSON lines; files, folders, `-` (standard input).

The source of each exchange is its place: `file#position`, or `file:line` for JSON lines. A broken file or entry comes as a
BrokenEntry with its place, and the rest is read. Of a folder, files that are no recordings (a README, an index, another tool's
configuration) are left out; whoever passes a list `skipped` is told which and why.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from conformance.exchange import cassette, har, jsonlines
from conformance.exchange.errors import BrokenEntry, explain
from conformance.exchange.model import Exchange

STDIN = "-"
ENDINGS = frozenset({".yaml", ".yml", ".json", ".har", ".jsonl", ".ndjson"})
_LINES = frozenset({".jsonl", ".ndjson"})
Entry = Exchange | BrokenEntry


def read_recordings(paths: Iterable[str | Path], skipped: list[BrokenEntry] | None = None) -> Iterator[Entry]:
    """Every exchange of `paths`, in the order given; the files of a folder by name, folder by folder."""
    told: list[BrokenEntry] = [] if skipped is None else skipped
    for path in paths:
        for entry in _recordings(path, told):
            yield _checked(entry)


def _recordings(path: str | Path, skipped: list[BrokenEntry]) -> Iterator[Entry]:
    if str(path) == STDIN:
        return _stream(sys.stdin, "stdin")
    return _folder(Path(path), skipped) if Path(path).is_dir() else _file(Path(path))


def _checked(entry: Entry) -> Entry:
    """Nobody downstream expects a request without a URL that can be taken apart."""
    if isinstance(entry, BrokenEntry):
        return entry
    try:
        path = entry.request.parts.path
    except ValueError as error:
        return BrokenEntry(entry.source, f"not a URL: {entry.request.url}: {error}")
    return entry if path or entry.request.parts.netloc else BrokenEntry(entry.source, f"not a URL: {entry.request.url!r}")


def _folder(folder: Path, skipped: list[BrokenEntry]) -> Iterator[Entry]:
    closed: list[OSError] = []
    for path in _walk(folder, closed):
        if path.suffix.lower() not in ENDINGS:
            skipped.append(BrokenEntry(str(path), "not a kind of file that holds recordings"))
            continue
        entries = _file(path)
        first = next(entries, None)
        if first is None:
            continue
        if isinstance(first, BrokenEntry) and first.problem == _NO_RECORDING:
            skipped.append(first)
            continue
        yield first
        yield from entries
    yield from (BrokenEntry(str(error.filename), f"cannot be read: {error.strerror}") for error in closed)


def _walk(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))


def _file(path: Path) -> Iterator[Entry]:
    if path.suffix.lower() in _LINES:
        return jsonlines.read_entries(path, by_place=True)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return iter([BrokenEntry(str(path), f"cannot be read: {error.strerror or error}")])
    except UnicodeDecodeError as error:
        return iter([BrokenEntry(str(path), f"not text in UTF-8: {error.reason} at byte {error.start}")])
    return _text(text, str(path))


def _stream(stream: TextIO, name: str) -> Iterator[Entry]:
    """JSON lines are read as they come; any other kind must be there as a whole."""
    try:
        first = stream.readline()
        if _first_line_is_an_exchange(first):
            yield from jsonlines.lines(itertools.chain([first], stream), name, by_place=True)
        else:
            yield from _text(first + stream.read(), name)
    except (OSError, UnicodeDecodeError) as error:
        yield BrokenEntry(name, f"cannot be read: {explain(error)}")


_NO_RECORDING = "no recording: neither a vcrpy cassette nor HAR nor JSON lines of exchanges"


def _text(text: str, name: str) -> Iterator[Entry]:
    """The kind is told by the content: endings differ by tool, and standard input has none."""
    if not text.strip():
        yield BrokenEntry(name, "the file is empty")
    elif text.lstrip().startswith("{"):
        yield from _json(text, name)
    elif cassette.looks_like(text):
        yield from cassette.read_yaml(text, name)
    else:
        yield BrokenEntry(name, _NO_RECORDING)


def _json(text: str, name: str) -> Iterator[Entry]:
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        if _first_line_is_an_exchange(text):
            yield from jsonlines.read_entries(io.StringIO(text), name, by_place=True)
        else:
            yield BrokenEntry(name, f"not JSON: {explain(error)}")
        return
    yield from _document(document, text, name)


def _first_line_is_an_exchange(text: str) -> bool:
    try:
        return _is_exchange(json.loads(text.lstrip().split("\n", 1)[0]))
    except (json.JSONDecodeError, RecursionError):
        return False


def _document(document: Any, text: str, name: str) -> Iterator[Entry]:
    if cassette.is_cassette(document):
        yield from cassette.interactions(document, name)
    elif har.is_har(document):
        yield from har.entries(document, name)
    elif _is_exchange(document):
        yield jsonlines.entry(document, 0, f"{name}:1", by_place=True)
    else:
        yield BrokenEntry(name, _NO_RECORDING)


def _is_exchange(document: Any) -> bool:
    return isinstance(document, dict) and "request" in document and "response" in document
