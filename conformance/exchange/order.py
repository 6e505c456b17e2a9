"""Puts the exchanges of one recording in order of time, with bounded memory.

Several workers write one file one after the other, and a proxy writes what was answered, not what was asked, first. What is
further out of its place than the window reaches comes late, and whoever judges can see it by `started`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, heappushpop

from conformance.exchange.errors import BrokenEntry
from conformance.exchange.model import Exchange

WINDOW = 10_000
_Held = tuple[float, int, Exchange]


def by_started(entries: Iterable[Exchange | BrokenEntry], window: int = WINDOW) -> Iterator[Exchange | BrokenEntry]:
    """An exchange that does not say when it started stays where it is: it, and what stands before it, is not moved across."""
    held: list[_Held] = []
    for count, entry in enumerate(entries):
        if isinstance(entry, BrokenEntry):
            yield entry
        elif entry.started is None:
            yield from _drained(held)
            yield entry
        else:
            one = (entry.started.timestamp(), count, entry)
            if len(held) < window:
                heappush(held, one)
            else:
                yield heappushpop(held, one)[2]
    yield from _drained(held)


def _drained(held: list[_Held]) -> Iterator[Exchange]:
    while held:
        yield heappop(held)[2]
