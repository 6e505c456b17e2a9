"""The requirement ids that scenarios are marked with, read from the imported modules, without a target."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def marked() -> dict[str, set[str]]:
    """Requirement id → the scenarios that are marked with it."""
    found: dict[str, set[str]] = {}
    for path in sorted(SCENARIOS.rglob("test_*.py")):
        place = path.relative_to(SCENARIOS.parent)
        module = importlib.import_module(".".join(place.with_suffix("").parts))
        for name, function in vars(module).items():
            if name.startswith("test_"):
                for requirement in _ids(getattr(function, "pytestmark", [])):
                    found.setdefault(requirement, set()).add(f"{place.as_posix()}::{name}")
    return found


def unmarked() -> list[str]:
    """Scenarios that could not say anything about any requirement."""
    tests = (
        (path, node)
        for path in sorted(SCENARIOS.rglob("test_*.py"))
        for node in vars(importlib.import_module(".".join(path.relative_to(SCENARIOS.parent).with_suffix("").parts))).items()
    )
    return [f"{path.name}::{name}" for path, (name, f) in tests if name.startswith("test_") and not any(_ids(_marks(f)))]


def _marks(function: Any) -> list[Any]:
    return list(getattr(function, "pytestmark", []))


def _ids(marks: Iterable[Any]) -> Iterator[str]:
    for mark in marks:
        if mark.name == "requirement":
            yield from mark.args
        elif mark.name == "parametrize":
            for case in mark.args[1]:
                yield from _ids(getattr(case, "marks", ()))
