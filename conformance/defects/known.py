"""Every defect that comes with the suite, by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from conformance.defects import families
from conformance.defects.model import Defect


def _all() -> Iterable[Defect]:
    for module in iter_modules(families.__path__):
        yield from import_module(f"{families.__name__}.{module.name}").DEFECTS


def by_id(defects: Iterable[Defect]) -> Mapping[str, Defect]:
    """Raises ValueError when two have the same id."""
    found: dict[str, Defect] = {}
    for defect in defects:
        if defect.id in found:
            raise ValueError(f"two defects are called {defect.id}")
        found[defect.id] = defect
    return found


DEFECTS = by_id(_all())
