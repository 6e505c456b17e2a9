"""The files of an archive, read where they stand: nothing is unpacked to disk, so names in it lead nowhere.

A zip is read by name. A tar has no index: it is read from front to back, and what is small enough is kept, so that its recordings
can be put in order. Links and devices are no files; what is encrypted or damaged is told, and the rest is read.
"""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from conformance.exchange.errors import BrokenEntry, explain
from conformance.exchange.source import Source, written

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
BROKEN = (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)
_MOST_FILES = 100_000
_HELD = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_ENCRYPTED = 0x1
_WRONG_SUM = "CRC check failed"
Wanted = Callable[[str], bool]


def is_archive(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def members(path: Path, wanted: Wanted, open_ones: ExitStack) -> Iterator[Source | BrokenEntry]:
    """The files in an archive whose name is `wanted`, without hidden ones. They can be read until `open_ones` is closed."""
    try:
        if path.name.lower().endswith(".zip"):
            yield from _zipped(written(path), open_ones.enter_context(zipfile.ZipFile(path)), wanted)
        else:
            yield from _tarred(written(path), open_ones.enter_context(tarfile.open(path)), wanted)  # noqa: SIM115
    except BROKEN as error:
        yield BrokenEntry(written(path), f"cannot be read: {_plain(error)}")


def _zipped(place: str, archive: zipfile.ZipFile, wanted: Wanted) -> Iterator[Source | BrokenEntry]:
    for info in sorted(archive.infolist(), key=lambda i: i.filename)[:_MOST_FILES]:
        name = f"{place}/{_shown(info.filename)}"
        if info.is_dir() or _hidden(info.filename) or not wanted(name):
            continue
        if info.flag_bits & _ENCRYPTED:
            yield BrokenEntry(name, "it is encrypted: unpack the archive first")
            continue
        yield Source(name, partial(_member, archive, info))
    if len(archive.infolist()) > _MOST_FILES:
        yield BrokenEntry(place, f"it has more than {_MOST_FILES} files: the rest is left out")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, archive.open(info))))


def _tarred(place: str, archive: tarfile.TarFile, wanted: Wanted) -> Iterator[Source | BrokenEntry]:
    found: list[tarfile.TarInfo] = []
    broken: BrokenEntry | None = None
    try:
        for count, info in enumerate(archive):
            if count >= _MOST_FILES:
                broken = BrokenEntry(place, f"it has more than {_MOST_FILES} files: the rest is left out")
                break
            if info.isreg() and not _hidden(info.name) and wanted(f"{place}/{_shown(info.name)}"):
                found.append(info)
        _to_the_end(archive)
    except BROKEN as error:
        broken = BrokenEntry(place, f"cannot be read to its end: {_plain(error)}")
        if _WRONG_SUM in str(error):  # of all in it, nobody knows what was changed
            found = []
    held = sum(info.size for info in found) <= _HELD
    for info in found:
        yield _held(place, archive, info) if held else Source(_name(place, info), partial(_extracted, archive, info), once=True)
    if broken is not None:
        yield broken


def _to_the_end(archive: tarfile.TarFile) -> None:
    """The sum of what is packed stands behind it, where nobody who only looks for files comes by."""
    while archive.fileobj is not None and archive.fileobj.read(_PIECE):
        pass


def _held(place: str, archive: tarfile.TarFile, info: tarfile.TarInfo) -> Source | BrokenEntry:
    try:
        content = _extracted(archive, info).read()
    except BROKEN as error:
        return BrokenEntry(_name(place, info), f"cannot be read: {_plain(error)}")
    return Source(_name(place, info), partial(io.BytesIO, content))


def _extracted(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(info)
    if stream is None:
        raise tarfile.ReadError("it is no file")
    return stream


def _name(place: str, info: tarfile.TarInfo) -> str:
    return f"{place}/{_shown(info.name)}"


def _shown(name: str) -> str:
    """As it may be printed: a name in an archive may hold anything."""
    return "".join(c if c.isprintable() else "?" for c in name.replace("\\", "/")).lstrip("/")


def _hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in PurePosixPath(name).parts)


def _plain(error: BaseException) -> str:
    if isinstance(error, tarfile.ReadError) and str(error).startswith("file could not be opened"):
        return "not a tar archive, or damaged where it begins"
    return explain(error) if isinstance(error, Exception) else str(error)
