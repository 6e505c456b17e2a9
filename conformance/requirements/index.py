"""Finds requirements by the operations that they are about: asking each of thousands would take longer than to judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from conformance.requirements.catalogue import Requirement

_ANY = "*"


class ByOperation:
    """Requirements by operation id, whether they name it or a glob of it. Each is found once."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._named: dict[str, list[Requirement]] = {}
        self._globs: list[Requirement] = []
        self._any: list[Requirement] = []
        for requirement in requirements:
            patterns = set(requirement.operations)
            if _ANY in patterns:
                self._any.append(requirement)
            elif any(_ANY in pattern for pattern in patterns):
                self._globs.append(requirement)
            else:
                for name in patterns:
                    self._named.setdefault(name, []).append(requirement)

    def covering(self, operation: str) -> Iterator[Requirement]:
        yield from self._any
        yield from self._named.get(operation, ())
        yield from (r for r in self._globs if any(fnmatchcase(operation, pattern) for pattern in r.operations))
