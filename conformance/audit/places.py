"""Places in recordings that are to be told: the first hundred, and how many there are."""

from __future__ import annotations

from conformance.exchange import BrokenEntry

_KEPT = 100


class Places:
    def __init__(self) -> None:
        self.kept: list[BrokenEntry] = []
        self.count = 0

    def append(self, entry: BrokenEntry, /) -> None:
        self.count += 1
        if len(self.kept) < _KEPT:
            self.kept.append(entry)
