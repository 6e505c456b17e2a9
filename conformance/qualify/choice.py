"""Which of the scenarios that could notice a defect are run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase

import pytest

from conformance.defects import Defect
from conformance.plugin.process import marked
from conformance.qualify.touch import spread


class Choice:
    """Of all scenarios of a session. `most`: so many at most, 0 for no bound."""

    def __init__(self, items: Sequence[pytest.Item], most: int) -> None:
        self._items = items
        self._most = most
        self._shared = {item: _fixtures(item) for item in items}

    def concerned(self, sources: Collection[str]) -> list[pytest.Item]:
        """Those that sent any of it themselves, or that share what sent it."""
        shared = {source.partition("[")[0] for source in sources}
        return [item for item in self._items if item.nodeid in sources or not shared.isdisjoint(self._shared[item])]

    def of(self, defect: Defect, concerned: Sequence[pytest.Item], kinds: Mapping[str, str]) -> list[pytest.Item]:
        """Those first that verify what the defect has to fail, then one for each kind of request that it touches, then others,
        evenly spread. `kinds`: the first such request of a source, as an outline."""
        first = [item for item in concerned if _declared(item, defect)]
        if not self._most or len(concerned) <= self._most:
            return [*first, *(item for item in concerned if item not in first)]
        kept = spread(first, self._most)
        rest = [item for item in concerned if item not in kept]
        count = max(self._most - len(kept), self._most // 4)
        each = spread(list({kinds.get(item.nodeid): item for item in rest}.values()), count)
        return [*kept, *each, *spread([item for item in rest if item not in each], count - len(each))]


def _declared(item: pytest.Item, defect: Defect) -> bool:
    return any(fnmatchcase(name, glob) for name in marked(item) for glob in defect.requirements)


def _fixtures(item: pytest.Item) -> frozenset[str]:
    """The shared fixtures that it asks for, as the sources of requests are named."""
    info = getattr(item, "_fixtureinfo", None)
    known = info.name2fixturedefs if info is not None else {}
    return frozenset(f"{each.baseid}::{name}" for name, each_of in known.items() for each in each_of if each.scope != "function")
