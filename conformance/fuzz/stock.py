"""Values in stock: Hypothesis draws a batch for a schema when the first of them is wanted, and each is used a few times.

Drawing is what generation spends its time on. What a value stands in, and beside what, is new every time, so that a value that
comes again still makes a new request.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.strategies import SearchStrategy

from conformance.fuzz.steady import steady
from conformance.fuzz.values import Values

# most schemas are asked for a few times only
_FIRST, _LARGEST = 4, 16
_USES = 4
_TRIES = 3
_QUIETLY = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


@dataclass
class _Shelf:
    values: list[Any] = field(default_factory=list)
    uses: int = 0
    batches: int = 0


class Stock:
    """The same seed and the same order of questions give the same values."""

    def __init__(self, values: Values, seed: int) -> None:
        self._values = values
        self._seed = seed
        self._shelves: dict[tuple[str, bool], _Shelf] = {}

    def valid(self, schema: str, by: random.Random) -> Any:
        """A JSON value that the schema allows."""
        return self._take(schema, True, by)

    def invalid(self, schema: str, by: random.Random) -> Any:
        """A JSON value that the schema forbids; raises LookupError when there is none."""
        return self._take(schema, False, by)

    def _take(self, schema: str, valid: bool, by: random.Random) -> Any:
        shelf = self._shelves.setdefault((schema, valid), _Shelf())
        if shelf.uses >= _USES * len(shelf.values):
            self._restock(shelf, schema, valid)
        shelf.uses += 1
        if not shelf.values:
            raise LookupError(schema)
        return by.choice(shelf.values)

    def _restock(self, shelf: _Shelf, schema: str, valid: bool) -> None:
        """Again, if nothing of a batch can stand in JSON."""
        strategy = self._values.valid(schema) if valid else self._values.invalid(schema)
        for _ in range(_TRIES):
            # the same for each family, so that none depends on which others were fuzzed before it in this process
            start = crc32(f"{self._seed} {shelf.batches} {valid} {schema}".encode())
            size = min(_LARGEST, _FIRST << shelf.batches)
            drawn = self._values.batch((schema, valid, start), partial(drawn_from, strategy, start, size))
            shelf.values, shelf.uses, shelf.batches = drawn or shelf.values, 0, shelf.batches + 1
            if shelf.values:
                break


def drawn_from(strategy: SearchStrategy[Any], start: int, size: int) -> list[Any]:
    """A batch of at most `size` values; the same ones for the same start."""
    found: list[Any] = []

    @seed(start)
    @settings(_QUIETLY, max_examples=size)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    steady()
    # a schema that admits nothing, or that the library cannot generate for: there is nothing in stock
    with suppress(Exception):
        collect()
    return [value for value in found if is_json(value)]


def is_json(value: Any) -> bool:
    """Whether a value can stand in JSON: negative data may be bytes."""
    return all(isinstance(part, str | int | float | bool | type(None)) for part in _parts(value))


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _parts(member)
    elif isinstance(value, list):
        for element in value:
            yield from _parts(element)
    else:
        yield value
