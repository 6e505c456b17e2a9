"""The table of explained differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from facts_compare import Difference

TABLE = Path(__file__).with_name("facts_explained.yaml")


@dataclass(frozen=True)
class Explanation:
    kind: str
    at: tuple[str, ...]
    reason: str
    facts: str | None = None
    since: str = ""
    until: str = "9999"

    def covers(self, difference: Difference) -> bool:
        return (
            self.kind == difference.kind
            and self.since <= difference.version <= self.until
            and self.facts in (None, difference.facts)
            and any(fnmatchcase(difference.at, glob) for glob in self.at)
        )


def load() -> list[Explanation]:
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Explanation(**{**row, "at": tuple(row["at"])}) for row in rows]


def split(differences: Iterable[Difference], table: list[Explanation]) -> tuple[list[Difference], set[Explanation]]:
    """The differences that no row explains, and the rows that explained one."""
    unexplained: list[Difference] = []
    used: set[Explanation] = set()
    for difference in differences:
        rows = [row for row in table if row.covers(difference)]
        used.update(rows)
        if not rows:
            unexplained.append(difference)
    return unexplained, used
