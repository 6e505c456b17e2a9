"""Requirements about certain properties: a place that no request has, or that no rule looks at, would never be judged."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import pytest

from conformance.contract import Contract, Model, Plane, Property, at, versions
from conformance.requirements import Requirement, load

Place = tuple[str, str]
_DEPTH = 6


def _own(p: Property) -> Iterator[str]:
    """The rules that can have something against a value of this property."""
    yield "request.type"
    limits = {
        "request.enum": p.enum or p.constant,
        "request.too-long": p.max_length is not None,
        "request.too-short": p.min_length,
        "request.characters": p.pattern,
        "request.below": p.minimum is not None,
        "request.above": p.maximum is not None,
        "request.duration": p.format == "duration",
        "request.duration-below": p.minimum_duration,
        "request.duration-above": p.maximum_duration,
        "request.date-time": p.format == "date-time",
        "request.too-many": p.max_items is not None,
    }
    yield from (slug for slug, there in limits.items() if there)


def _grouped(model: Model) -> Iterator[Place]:
    rules = model.rules
    for group in (*rules.exactly_one, *rules.at_most_one):
        yield from (("request.excluded-property", name) for name in group[1:])
    for group in (*rules.exactly_one, *rules.at_least_one):
        yield "request.needed-property", " or ".join(group)
    for needed in (*rules.requires.values(), *(when.required for when in rules.when)):
        yield from (("request.needed-property", name) for name in needed)
    for when in rules.when:
        yield from (("request.excluded-property", name) for name in when.forbidden)


def _places(contract: Contract, model: Model, depth: int = 0) -> Iterator[Place]:
    yield from _grouped(model)
    for p in model.properties.values():
        if p.read_only:
            continue
        if p.required:
            yield "request.missing-nested-property" if depth else "request.missing-property", p.name
        if p.secret or p.write_only:
            continue
        yield from ((slug, p.name) for slug in _own(p))
        inner = contract.models.get(p.ref or p.items or "")
        if inner is not None and depth < _DEPTH:
            step = f"{p.name}/0" if p.type == "array" else p.name
            yield from ((slug, f"{step}/{where}") for slug, where in _places(contract, inner, depth + 1))


@cache
def _of(version: str, operation: str) -> frozenset[Place]:
    contract = at(version, Plane.DATA)
    known = contract.operations.get(operation)
    return frozenset(_places(contract, contract.models[known.request])) if known and known.request else frozenset()


def _known(requirement: Requirement) -> set[Place]:
    """At the ends of its time, and a few between."""
    held = [v.name for v in versions(Plane.DATA) if requirement.holds_at(v.name)]
    chosen = {*held[:1], *held[:: max(1, len(held) // 3)], *held[-1:]}
    return {place for version in chosen for operation in requirement.operations for place in _of(version, operation)}


NARROWED = [r for r in load().requirements.values() if r.properties and not r.retired]


@pytest.mark.parametrize("requirement", NARROWED, ids=lambda r: r.id)
def test_each_place_is_one_that_a_rule_of_the_requirement_looks_at(requirement: Requirement) -> None:
    known = _known(requirement)
    looked_at = {where for slug, where in known if slug in requirement.rule}
    assert [glob for glob in requirement.properties if not any(fnmatchcase(where, glob) for where in looked_at)] == []
    assert set(requirement.rule) <= {slug for slug, _ in known}


def test_some_requirements_are_about_certain_properties() -> None:
    assert len(NARROWED) > 200
