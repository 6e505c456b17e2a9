"""Tells what a body has in it for a rule to look at: a body without a date shows nothing about how dates are written.

One walk, wide before deep, that ends as soon as every kind that the model can have was found: mostly among the first members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from conformance.contract import Contract, Model, Plane, at
from conformance.rules.shapes import kind_of

Witness = Callable[[Any], frozenset[str]]
"""From a JSON body to the slugs of the rules of which it holds a member."""
_Tables = tuple[Mapping[str, str], Mapping[str, tuple[str, bool]]]


class Witnesses:
    """The witnesses of one api-version's models."""

    def __init__(self, contract: Contract) -> None:
        self._models = contract.models
        self._known: dict[str, _Tables] = {}

    def of(self, model: str, wanted: frozenset[str]) -> Witness:
        def look(body: Any) -> frozenset[str]:
            found: set[str] = set()
            todo: list[tuple[str, Any]] = [(model, body)]
            for name, value in todo:
                if type(value) is dict:
                    todo += self._members(name, value, found)
                    if len(found) == len(wanted):
                        break
            return frozenset(found)

        return look

    def _members(self, model: str, value: Mapping[str, Any], found: set[str]) -> list[tuple[str, Any]]:
        """Adds the kinds of the members to `found`; returns the objects below, with their models."""
        kinds, below = self._tables(model)
        deeper: list[tuple[str, Any]] = []
        for name, member in value.items():
            if name in kinds and member is not None and member != []:
                found.add(kinds[name])
            elif name in below:
                ref, in_map = below[name]
                deeper += [(ref, one) for one in _objects(member, in_map)]
        return deeper

    def _tables(self, name: str) -> _Tables:
        if name not in self._known:
            model = self._models.get(name)
            self._known[name] = (dict(_kinds(model)), dict(_refs(model))) if model else ({}, {})
        return self._known[name]


@cache
def witnesses(version: str, plane: Plane) -> Witnesses:
    return Witnesses(at(version, plane))


def _kinds(model: Model) -> Iterator[tuple[str, str]]:
    for p in model.properties.values():
        kind = kind_of(p)
        if kind is not None:
            yield p.name, kind


def _refs(model: Model) -> Iterator[tuple[str, tuple[str, bool]]]:
    """The models that stand below, and whether in a map."""
    for p in model.properties.values():
        ref = p.ref or p.items or p.values
        if ref:
            yield p.name, (ref, p.type == "map")


def _objects(member: Any, in_map: bool) -> Iterable[Any]:
    if type(member) is list:
        return member
    if type(member) is not dict:
        return ()
    return member.values() if in_map else (member,)
