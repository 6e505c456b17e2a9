"""From the bytes of a recording to its entries. The kind is told by the content: endings differ by tool, and standard input has
none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from conformance.exchange import cassette, har, jsonlines
from conformance.exchange.archives import BROKEN
from conformance.exchange.coding import HALF, has_halves
from conformance.exchange.errors import BrokenEntry, explain
from conformance.exchange.model import Exchange
from conformance.exchange.order import by_started, sorted_lines
from conformance.exchange.source import Stream

Entry = Exchange | BrokenEntry
NO_RECORDING = "no recording: neither a vcrpy cassette nor HAR nor JSON lines of exchanges"
NO_EXCHANGE = "it holds no exchange"
_LARGEST = 512 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_TRIED = 10
_BOM = b"\xef\xbb\xbf"
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")


def entries(stream: Stream, name: str, lines: bool = False, in_time: bool = False) -> Iterator[Entry]:
    """Every entry. JSON lines (`lines`: surely) are read as they come; any other kind must be there as a whole. With `in_time`
    the entries come in the order of their `started`."""
    try:
        head = _head(stream, 1 if lines else _TRIED)
        if lines or _is_exchange_line(head[-1]):
            all_lines = _bounded(chain(head, _lines(stream)))
            in_order = sorted_lines(all_lines) if in_time else enumerate(all_lines, start=1)
            yield from jsonlines.numbered(in_order, name, by_place=True)
        else:
            found = _whole(b"".join(head) + _rest(stream), name)
            yield from by_started(found) if in_time else found
    except BROKEN as error:
        yield BrokenEntry(name, f"cannot be read: {explain(error)}")


def _head(stream: Stream, most: int) -> list[bytes]:
    """The first line, or all up to the first exchange where other text stands before it: a file that was cut, a program that
    greets."""
    head = [stream.readline(_LONGEST_LINE + 1).removeprefix(_BOM)]
    if head[0].lstrip().startswith((b"{", b"[")):
        return head
    while head[-1] and len(head) < most and not _is_exchange_line(head[-1]):
        head.append(stream.readline(_LONGEST_LINE + 1))
    return head


def _whole(content: bytes, name: str) -> Iterator[Entry]:
    if len(content) > _LARGEST:
        yield BrokenEntry(name, f"larger than {_LARGEST >> 20} MB: only JSON lines are read without end")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        packed = content.startswith(_PACKED)
        told = f"not text in UTF-8: {error.reason} at byte {error.start}"
        yield BrokenEntry(name, "packed: give it as a file whose name ends in .zip or .tar.gz" if packed else told)
        return
    del content
    yield from of_text(text, name)


def _rest(stream: Stream) -> bytes:
    """All of it, or a little more than may be. In pieces that grow: asking for the most would also reserve it."""
    pieces: list[bytes] = []
    size, wanted = 0, 64 * 1024
    while size <= _LARGEST:
        piece = stream.read(wanted)
        pieces.append(piece)
        size += len(piece)
        if len(piece) < wanted:
            break
        wanted *= 2
    return b"".join(pieces)


def _lines(stream: Stream) -> Iterator[bytes]:
    return iter(lambda: stream.readline(_LONGEST_LINE + 1), b"")


def _bounded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A line without end is cut, and told as broken, once."""
    cut = False
    for line in lines:
        whole = len(line) <= _LONGEST_LINE or line.endswith(b"\n")
        if not cut:
            yield line if whole else line[:1000]
        cut = not whole


def of_text(text: str, name: str) -> Iterator[Entry]:
    if not text.strip():
        yield BrokenEntry(name, "the file is empty")
    elif text.lstrip().startswith("{"):
        yield from _json(text, name)
    elif cassette.looks_like(text):
        yield from cassette.read_yaml(text, name)
    else:
        yield BrokenEntry(name, NO_RECORDING)


def _json(text: str, name: str) -> Iterator[Entry]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_exchange_line(text.lstrip().split("\n", 1)[0]):
            yield from jsonlines.lines(text.splitlines(), name, by_place=True)
        else:
            yield BrokenEntry(name, f"not JSON: {explain(error)}")
        return
    if cassette.is_cassette(document):
        yield from map(_without_halves, cassette.interactions(document, name))
    elif har.is_har(document):
        yield from map(_without_halves, har.entries(document, name))
    elif _is_exchange(document):
        yield jsonlines.entry(document, 0, f"{name}:1", by_place=True)
    else:
        yield BrokenEntry(name, NO_RECORDING)


def _without_halves(entry: Entry) -> Entry:
    return BrokenEntry(entry.source, HALF) if isinstance(entry, Exchange) and has_halves(entry) else entry


def _is_exchange_line(line: str | bytes) -> bool:
    try:
        return line.lstrip()[:1] in (b"{", "{") and _is_exchange(json.loads(line))
    except (ValueError, RecursionError):
        return False


def _is_exchange(document: Any) -> bool:
    return isinstance(document, dict) and "request" in document and "response" in document
