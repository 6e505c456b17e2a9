"""The documented members that an answer shows: where each stands, and what the contract says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from conformance.contract import Contract, Model, Property
from conformance.qualify.recordings.model import Place


@dataclass(frozen=True)
class Member:
    path: tuple[str | int, ...]
    prop: Property
    value: Any


def members(place: Place, rng: Random) -> list[Member]:
    """Of the success body of an operation; of each array, only one element is looked into."""
    case = place.context.case
    if case.model is None or not case.success or not case.exact or place.context.foreign or not place.object:
        return []
    return list(_within(case.contract, case.contract.models[case.model], place.object, (), rng))


def models(place: Place, rng: Random) -> list[tuple[tuple[str | int, ...], Model, dict[str, Any]]]:
    """The objects of the body, with the model that each follows."""
    case = place.context.case
    if case.model is None or not case.success or not case.exact or place.context.foreign or not place.object:
        return []
    found = [((), case.contract.models[case.model], place.object)]
    return [*found, *_inner(case.contract, members(place, rng))]


def _inner(contract: Contract, known: list[Member]) -> Iterator[tuple[tuple[str | int, ...], Model, dict[str, Any]]]:
    for member in known:
        model = contract.models.get(member.prop.ref or "")
        if model is not None and isinstance(member.value, dict):
            yield member.path, model, member.value


def _within(
    contract: Contract, model: Model, value: dict[str, Any], path: tuple[str | int, ...], rng: Random
) -> Iterator[Member]:
    for name, item in value.items():
        prop = model.properties.get(name)
        if prop is None:
            continue
        yield Member((*path, name), prop, item)
        yield from _below(contract, prop, item, (*path, name), rng)


def _below(contract: Contract, prop: Property, item: Any, path: tuple[str | int, ...], rng: Random) -> Iterator[Member]:
    if isinstance(item, dict) and prop.type == "object" and prop.ref in contract.models:
        yield from _within(contract, contract.models[str(prop.ref)], item, path, rng)
    elif isinstance(item, list) and item and prop.items in contract.models:
        position = rng.randrange(len(item))
        if isinstance(item[position], dict):
            yield from _within(contract, contract.models[str(prop.items)], item[position], (*path, position), rng)
