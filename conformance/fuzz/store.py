"""Keeps the plans that failed, in Hypothesis's example database in the user's cache: the next run tries them first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, InMemoryExampleDatabase

from conformance.fuzz.plan import Plan

VARIABLE = "BATCH_CONFORMANCE_CACHE"
_MOST = 50


def folder() -> Path:
    """The cache of the suite: what the variable says, else the user's."""
    stated = os.environ.get(VARIABLE)
    if stated:
        return Path(stated)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "batch-conformance"


def database(at: Path) -> ExampleDatabase:
    """One in memory when nothing can be kept there."""
    examples = at / "examples"
    try:
        examples.mkdir(parents=True, exist_ok=True)
    except OSError:
        return InMemoryExampleDatabase()
    return DirectoryBasedExampleDatabase(examples)


class Store:
    """The kept plans of one family at one target and api-version."""

    def __init__(self, kept_in: ExampleDatabase, target: str, version: str, family: str) -> None:
        self._database = kept_in
        self._key = f"batch-conformance/1/{target}/{version}/{family}".encode()

    def plans(self) -> list[Plan]:
        """At most 50, always in the same order. What another version of the suite wrote and this one cannot read is left out."""
        found: list[Plan] = []
        for data in sorted(self._database.fetch(self._key), key=lambda data: (len(data), data)):
            with suppress(ValueError):
                found.append(Plan.load(data))
        return found[:_MOST]

    def keep(self, plan: Plan) -> None:
        self._database.save(self._key, plan.dump())

    def drop(self, plan: Plan) -> None:
        """It does not fail any more."""
        self._database.delete(self._key, plan.dump())
