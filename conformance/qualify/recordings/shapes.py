"""Damages of the form of a body: what the contract says of names, types and formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from conformance.contract import Contract, Model, Property, at, versions
from conformance.qualify.recordings.edit import done, pointer, put, renamed, with_json, without
from conformance.qualify.recordings.members import Member, members, models
from conformance.qualify.recordings.model import Damage, Make, Operator, Place

_ANY = frozenset({"odata.metadata", "odata.nextLink", "nextLink", "eTag"})
_UPPER = re.compile(r"(?<=[a-z0-9])([A-Z])")
New = Callable[[Member], list[Any]]
"""The values that stand instead; none where the member has nothing to damage."""


def _changing(new: New) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        return [
            done(
                place,
                with_json(place.exchange, put(place.object, m.path, value)),
                f"{pointer(m.path)}: {m.value!r:.60} became {value!r:.60}",
            )
            for m in _some(place, rng, new)
            for value in new(m)
        ]

    return make


def _some(place: Place, rng: Random, fits: Callable[[Member], Any]) -> list[Member]:
    """One of the members that fit: making all damages of a body, to do only one of them, takes long."""
    found = [m for m in members(place, rng) if fits(m)]
    return [rng.choice(found)] if found else []


def _removing(fits: Callable[[Property], bool]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        if place.context.selected:
            return []
        return [
            done(place, with_json(place.exchange, without(place.object, m.path)), f"{pointer(m.path)} left out")
            for m in _some(place, rng, lambda m: fits(m.prop))
        ]

    return make


def _renaming(change: Callable[[str], str]) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        def other(m: Member) -> bool:
            return change(m.prop.name) != m.prop.name

        return [
            done(
                place,
                with_json(place.exchange, renamed(place.object, m.path, change(m.prop.name))),
                f"{pointer(m.path)} renamed {change(m.prop.name)}",
            )
            for m in _some(place, rng, other)
        ]

    return make


def _shown(p: Property) -> bool:
    return p.required and not (p.secret or p.write_only or p.left_out)


def _typed(m: Member) -> list[Any]:
    match m.value:
        case bool():
            return ["yes", 1]
        case int() | float():
            return [{}, [m.value], True]
        case str():
            return [{"value": m.value}, [m.value], True]
        case list():
            return [{}, "", {"value": m.value}]
        case dict():
            return ["", [m.value], 1]
    return []


def _number_as_text(m: Member) -> list[Any]:
    return [str(m.value)] if isinstance(m.value, int | float) and not isinstance(m.value, bool) else []


def _boolean_as_text(m: Member) -> list[Any]:
    return [str(m.value).lower(), int(m.value)] if isinstance(m.value, bool) else []


def _broken_number(m: Member) -> list[Any]:
    return [m.value + 0.5] if m.prop.type == "integer" and isinstance(m.value, int) and not isinstance(m.value, bool) else []


def _text_as_number(m: Member) -> list[Any]:
    return [int(m.value)] if m.prop.encode == "string" and isinstance(m.value, str) and m.value.isdecimal() else []


def _unknown_value(m: Member) -> list[Any]:
    return ["notAValue", ""] if m.prop.enum and isinstance(m.value, str) else []


def _numbered(m: Member) -> list[Any]:
    """A library that writes enumerations as numbers."""
    return [m.prop.enum.index(m.value)] if m.prop.enum and m.value in m.prop.enum else []


def _is_time(m: Member) -> bool:
    return m.prop.format == "date-time" and isinstance(m.value, str) and m.value.endswith("Z")


def _no_zone(m: Member) -> list[Any]:
    return [m.value[:-1]] if _is_time(m) else []


def _other_zone(m: Member) -> list[Any]:
    return [f"{m.value[:-1]}+00:00"] if _is_time(m) else []


def _other_date(m: Member) -> list[Any]:
    if not _is_time(m):
        return []
    return ["Sat, 21 Mar 2020 02:05:18 GMT", m.value.replace("T", " "), "/Date(1584756318000)/", f"{m.value[:10]}", ""]


def _epoch(m: Member) -> list[Any]:
    return [1584756318, 1584756318000, "1584756318"] if _is_time(m) else []


def _nanoseconds(m: Member) -> list[Any]:
    return [f"{m.value[:19]}.123456789Z"] if _is_time(m) else []


def _of_data(make: Make) -> Make:
    """The management plane may write them so."""
    return lambda place, rng: make(place, rng) if place.data else []


def _impossible(m: Member) -> list[Any]:
    return [f"{m.value[:4]}-02-30{m.value[10:]}", f"{m.value[:11]}25:00:00Z"] if _is_time(m) else []


def _no_duration(m: Member) -> list[Any]:
    return ["00:15:00", "900", 900, "15m", ""] if m.prop.format == "duration" and isinstance(m.value, str) else []


def _adding(name: Callable[[Place, Model], str | None], value: Any) -> Make:
    def make(place: Place, rng: Random) -> list[Damage]:
        found = [(path, model, held) for path, model, held in models(place, rng)]
        if not found:
            return []
        path, model, held = rng.choice(found)
        new = name(place, model)
        if new is None or new in held or new in model.properties:
            return []
        changed = put(place.object, path, {**held, new: value})
        return [done(place, with_json(place.exchange, changed), f"{pointer(path)}/{new} added")]

    return make


def _secret(place: Place, model: Model) -> str | None:
    """Of this object, or of any of this api-version."""
    own = [p.name for p in model.properties.values() if _hidden(p)]
    return own[0] if own else "password" if place.data else None


def _hidden(p: Property) -> bool:
    return (p.secret or p.write_only) and not p.read_only


def _told(place: Place, rng: Random) -> list[Damage]:
    """A secret, where the documents have it: in the request."""
    for path, model, held in models(place, rng):
        for p in model.properties.values():
            if _hidden(p) and p.type == "string" and p.name not in held:
                changed = put(place.object, (*path, p.name), "c2VjcmV0") if path else {**held, p.name: "c2VjcmV0"}
                return [done(place, with_json(place.exchange, changed), f"{pointer((*path, p.name))} told")]
    return []


def _of_another_version(place: Place, model: Model) -> str | None:
    plane = place.context.contract.version.plane
    for version in versions(plane):
        other = _model(at(version.name, plane), model.name)
        new = [n for n, p in other.properties.items() if n not in model.properties and p.type == "string"] if other else []
        if new:
            return new[0]
    return None


def _model(contract: Contract, name: str) -> Model | None:
    return contract.models.get(name)


def _operators() -> Iterator[Operator]:
    def changing(name: str, sentence: str, new: New) -> Operator:
        return Operator(f"shape.{name}", sentence, _changing(new))

    yield Operator("shape.required-absent", "A member that is required is left out.", _removing(_shown))
    yield Operator("shape.always-absent", "A member that every read shows is left out.", _removing(lambda p: p.always))
    yield Operator("shape.snake-case", "Members are written in snake case.", _renaming(lambda n: _UPPER.sub(r"_\1", n).lower()))
    yield Operator("shape.pascal-case", "Members begin with a capital.", _renaming(lambda n: n[:1].upper() + n[1:]))
    yield Operator("shape.lower-case", "Members are written in lower case.", _renaming(str.lower))
    yield changing("null", "What is not there is null.", lambda m: [None])
    yield changing("type", "A member has another JSON type.", _typed)
    yield changing("number-as-text", "Numbers are told as text.", _number_as_text)
    yield changing("boolean-as-text", "Booleans are told as text or number.", _boolean_as_text)
    yield changing("fraction", "An integer has a fraction.", _broken_number)
    yield changing("int64-as-number", "A 64-bit integer is a JSON number.", _text_as_number)
    yield changing("enum-unknown", "A value that the enumeration lacks.", _unknown_value)
    yield changing("enum-number", "A value of an enumeration is told as its number.", _numbered)
    yield changing("date-no-zone", "Date-times have no Z.", _no_zone)
    yield Operator("shape.date-other-zone", "Date-times have an offset instead of Z.", _of_data(_changing(_other_zone)))
    yield changing("date-other-form", "Date-times have another form.", _other_date)
    yield changing("date-epoch", "Date-times are seconds since 1970.", _epoch)
    yield changing("date-nanoseconds", "Date-times have nine digits.", _nanoseconds)
    yield changing("date-impossible", "Date-times of days that are not.", _impossible)
    yield Operator("shape.shown-absent", "A member that has a value is left out.", _removing(lambda p: p.name not in _ANY))
    yield changing("duration-form", "Durations are no ISO 8601.", _no_duration)
    yield Operator("shape.extra-member", "A member of our own.", _adding(lambda place, model: "internalId", "1"))
    yield Operator("shape.other-version", "A member of another api-version.", _adding(_of_another_version, "x"))
    yield Operator("shape.secret-beside", "A secret stands in an answer, anywhere.", _adding(_secret, "c2VjcmV0"))
    yield Operator("shape.secret-told", "What only a request may say is shown.", _told)


OPERATORS = tuple(_operators())
