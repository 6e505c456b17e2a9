"""A recording as a stream of bytes, wherever it stands: a file, or one in an archive."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

_HEAD = 64 * 1024
# a header `Date` of any kind of recording, or the time of a HAR's entry
_DATE = re.compile(
    rb"\bdate\b(?:\W{1,8}value)?\W{1,20}(\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)"
    rb"|\"started(?:DateTime)?\"\s*:\s*\"(\d{4}-\d\d-\d\dT[^\"]{5,30})\"",
    re.IGNORECASE,
)


def written(path: str | os.PathLike[str]) -> str:
    """A path as text that can be written: names of files need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


class Stream(Protocol):
    """What is asked of a stream of bytes."""

    def readline(self, limit: int = -1, /) -> bytes: ...
    def read(self, limit: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Source:
    """`named`: the user gave this very file, so that it must be a recording. `once`: to read it twice, or out of its turn, costs
    much."""

    name: str
    open: Callable[[], AbstractContextManager[Stream]]
    named: bool = False
    once: bool = False


def in_time(sources: Iterable[Source]) -> list[Source]:
    """The sources in the order in which they were recorded; one that does not tell stays behind the one before it."""
    dated: list[tuple[datetime, Source]] = []
    last = datetime.min.replace(tzinfo=UTC)
    for source in sources:
        last = _begun(source) or last
        dated.append((last, source))
    return [source for _, source in sorted(dated, key=lambda d: d[0])]


def _begun(source: Source) -> datetime | None:
    if source.once:
        return None
    try:
        with source.open() as stream:
            found = _DATE.search(stream.read(_HEAD))
        return _instant(found) if found else None
    except Exception:  # whoever reads it says what is wrong with it
        return None


def _instant(found: re.Match[bytes]) -> datetime | None:
    text = (found[1] or found[2]).decode("ascii")
    instant = parsedate_to_datetime(text) if found[1] else datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
