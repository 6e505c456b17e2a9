"""Puts what one recording tells in order of time, with bounded memory.

Several workers write one file one after the other, and a proxy writes what was answered, not what was asked, first. What is
further out of its place than the window reaches comes late, and whoever judges can see it by `started`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush, heappushpop
from typing import TypeVar

from conformance.exchange.errors import BrokenEntry
from conformance.exchange.model import Exchange

WINDOW = 10_000
_STARTED = re.compile(rb'"started"\s*:\s*"([^"]{10,40})"')
_T = TypeVar("_T")


def sorted_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers from 1. They wait as they are: as exchanges they would take five times the memory."""
    return ordered((_started(line), (number, line)) for number, line in enumerate(lines, start=1))


def by_started(entries: Iterable[Exchange | BrokenEntry]) -> Iterator[Exchange | BrokenEntry]:
    return ordered((_begun(entry), entry) for entry in entries)


def ordered(items: Iterable[tuple[float | None, _T]], window: int = WINDOW) -> Iterator[_T]:
    """What has no time stays where it is: it is not moved, and nothing is moved across it."""
    held: list[tuple[float, int, _T]] = []
    for count, (moment, item) in enumerate(items):
        if moment is None:
            while held:
                yield heappop(held)[2]
            yield item
        elif len(held) < window:
            heappush(held, (moment, count, item))
        else:
            yield heappushpop(held, (moment, count, item))[2]
    while held:
        yield heappop(held)[2]


def _begun(entry: Exchange | BrokenEntry) -> float | None:
    return _seconds(entry.started) if isinstance(entry, Exchange) and entry.started else None


def _seconds(instant: datetime) -> float | None:
    """None at the ends of the calendar, where a time without a zone has no place on the clock."""
    try:
        return instant.timestamp()
    except (ValueError, OverflowError):
        return None


def _started(line: bytes) -> float | None:
    """Bodies stand in the line as text, so that their own quotes are escaped. The last member of this name is the line's own."""
    place = line.rfind(b'"started"')
    found = _STARTED.match(line, place) if place >= 0 else None
    if found is None:
        return None
    try:
        return _seconds(datetime.fromisoformat(found[1].decode("ascii")))
    except ValueError:
        return None
