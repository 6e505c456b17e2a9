"""Reads recorded traffic of any known kind: vcrpy cassettes (YAML, JSON), HAR, JSON lines; files, folders, archives,
standard input (`-`).

The source of each exchange is its place: `file#position`, or `file:line` for JSON lines; a file in an archive is named as if the
archive were a folder. A broken file or entry comes as a BrokenEntry with its place, and the rest is read. Of a folder or an
archive, files that are no recordings (a README, an index, another tool's configuration) are left out; whoever passes a list
`skipped` is told which and why.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Protocol, TextIO

from conformance.exchange import archives, content
from conformance.exchange.content import NO_RECORDING, Entry
from conformance.exchange.errors import BrokenEntry, explain
from conformance.exchange.source import Source, Stream, written
from conformance.exchange.source import in_time as sorted_by_begin

STDIN = "-"
ENDINGS = frozenset({".yaml", ".yml", ".json", ".har", ".jsonl", ".ndjson"})
_LINES = frozenset({".jsonl", ".ndjson"})
_NO_KIND = "not a kind of file that holds recordings"
_NO_FILE = "no file, but a pipe, a socket or a device"


class Skipped(Protocol):
    """Is told what was left out: a list, or something that keeps less."""

    def append(self, entry: BrokenEntry, /) -> None: ...


def read_recordings(paths: Iterable[str | Path], skipped: Skipped | None = None, in_time: bool = False) -> Iterator[Entry]:
    """Every exchange of `paths`, in the order given; the files of a folder by name, folder by folder. With `in_time`, the
    recordings come in the order in which they began, and the exchanges of one in that of their `started`, if they have one."""
    told: Skipped = [] if skipped is None else skipped
    with ExitStack() as open_ones:
        found = _sources(paths, told, open_ones)
        if not in_time:
            for one in found:
                yield from _entries(one, told)
            return
        sources: list[Source] = []
        for one in found:
            if isinstance(one, BrokenEntry):
                yield one
            else:
                sources.append(one)
        for source in sorted_by_begin(sources):
            yield from _entries(source, told, in_time)


def _sources(paths: Iterable[str | Path], skipped: Skipped, open_ones: ExitStack) -> Iterator[Source | BrokenEntry]:
    for path in map(str, paths):
        if path == STDIN:
            yield Source("stdin", _stdin, named=True, once=True)
        elif Path(path).is_dir():
            yield from _folder(Path(path), skipped, open_ones)
        elif archives.is_archive(path):
            yield from _archive(Path(path), skipped, open_ones)
        else:
            pipe = Path(path).exists() and not Path(path).is_file()
            yield Source(written(path), partial(_opened, Path(path)), named=True, once=pipe)


def _folder(folder: Path, skipped: Skipped, open_ones: ExitStack) -> Iterator[Source | BrokenEntry]:
    closed: list[OSError] = []
    for path in _walk(folder, closed):
        if path.exists() and not path.is_file():  # whoever opens a pipe waits for its other end
            skipped.append(BrokenEntry(written(path), _NO_FILE))
        elif archives.is_archive(path.name):
            yield from _archive(path, skipped, open_ones)
        elif _wanted(written(path), skipped):
            yield Source(written(path), partial(_opened, path))
    yield from (BrokenEntry(written(error.filename), f"cannot be read: {error.strerror}") for error in closed)


def _archive(path: Path, skipped: Skipped, open_ones: ExitStack) -> Iterator[Source | BrokenEntry]:
    return archives.members(path, partial(_wanted, skipped=skipped), open_ones)


def _wanted(name: str, skipped: Skipped) -> bool:
    wanted = _ending(name) in ENDINGS
    if not wanted:
        inner = archives.is_archive(name)
        skipped.append(BrokenEntry(name, "an archive within an archive: unpack the outer one" if inner else _NO_KIND))
    return wanted


def _ending(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _walk(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))


def _entries(source: Source | BrokenEntry, skipped: Skipped, in_time: bool = False) -> Iterator[Entry]:
    if isinstance(source, BrokenEntry):
        yield source
        return
    empty = True
    for entry in _read(source, in_time):
        if isinstance(entry, BrokenEntry) and entry.problem == NO_RECORDING and not source.named:
            skipped.append(entry)
        else:
            yield _checked(entry)
        empty = False
    if empty:
        skipped.append(BrokenEntry(source.name, content.NO_EXCHANGE))


def _checked(entry: Entry) -> Entry:
    """Nobody downstream expects a request without a URL that can be taken apart, or an answer without a status."""
    if isinstance(entry, BrokenEntry):
        return entry
    if not 100 <= entry.response.status <= 999:
        return BrokenEntry(entry.source, f"no HTTP status: {str(entry.response.status)[:20]}")
    try:
        path = entry.request.parts.path
    except ValueError as error:
        return BrokenEntry(entry.source, f"not a URL: {entry.request.url}: {error}")
    return entry if path or entry.request.parts.netloc else BrokenEntry(entry.source, f"not a URL: {entry.request.url!r}")


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _read(source: Source, in_time: bool) -> Iterator[Entry]:
    try:
        opened = source.open()
    except archives.BROKEN as error:
        yield BrokenEntry(source.name, f"cannot be read: {explain(error)}")
        return
    with opened as stream:
        yield from content.entries(stream, source.name, _ending(source.name) in _LINES, in_time)


def _stdin() -> AbstractContextManager[Stream]:
    """Is not closed: it is not ours. Raises OSError when somebody else closed it."""
    if sys.stdin is None:
        raise OSError("it is closed")
    return nullcontext(getattr(sys.stdin, "buffer", None) or _Encoded(sys.stdin))


class _Encoded:
    """Standard input that somebody replaced by text."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def readline(self, limit: int = -1, /) -> bytes:
        return self._stream.readline(limit).encode("utf-8", "surrogateescape")

    def read(self, limit: int = -1, /) -> bytes:
        return self._stream.read(limit).encode("utf-8", "surrogateescape")
