"""What the contract forbids between the properties of one object of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conformance.contract import Model, Rules, When
from conformance.rules.model import Problem

Issue = tuple[str, Problem]
EXCLUDED, NEEDED = "request.excluded-property", "request.needed-property"
_Check = Callable[[Mapping[str, Any]], list[Issue]]


def group_check(model: Model) -> _Check | None:
    """None when the documents say nothing of how the properties depend on each other."""
    rules = model.rules
    if rules == Rules():
        return None
    lone = (*rules.exactly_one, *rules.at_most_one)
    some = (*rules.exactly_one, *rules.at_least_one)

    def check(value: Mapping[str, Any]) -> list[Issue]:
        names = {name.lower() for name in value}
        return [
            *(issue for group in lone for issue in _one_only(group, value)),
            *(issue for group in some for issue in _one_of(group, names)),
            *(issue for name, needed in rules.requires.items() if value.get(name) is not None for issue in _all(needed, names)),
            *(issue for when in rules.when if _applies(model, when, value) for issue in _when(when, value, names)),
        ]

    return check


def _one_only(group: tuple[str, ...], value: Mapping[str, Any]) -> Iterator[Issue]:
    given = [name for name in group if value.get(name) is not None]
    if len(given) > 1:
        yield EXCLUDED, Problem(f"{given[1]} excludes {given[0]}", "status 400", "both", f"/{given[1]}")


def _one_of(group: tuple[str, ...], names: set[str]) -> Iterator[Issue]:
    """A null counts as neither given nor absent: nothing is said then."""
    if not any(name.lower() in names for name in group):
        wanted = " or ".join(group)
        yield NEEDED, Problem(f"{wanted} is needed", "status 400", "absent", f"/{wanted}")


def _all(needed: tuple[str, ...], names: set[str]) -> Iterator[Issue]:
    for name in needed:
        yield from _one_of((name,), names)


def _applies(model: Model, when: When, value: Mapping[str, Any]) -> bool:
    """Whether the property has that value, or is absent and has it by default. Another type or letter case: nobody knows."""
    if when.equals is None:
        return False
    if when.property in value:
        return type(value[when.property]) is type(when.equals) and value[when.property] == when.equals
    prop = model.properties.get(when.property)
    absent = when.property.lower() not in {name.lower() for name in value}
    return absent and prop is not None and prop.default == when.equals


def _when(when: When, value: Mapping[str, Any], names: set[str]) -> Iterator[Issue]:
    """What at least one of must be there is left out: where it has a default, the service may assume that."""
    yield from _all(when.required, names)
    for name in when.forbidden:
        if value.get(name) is not None:
            yield EXCLUDED, Problem(f"{name} is not permitted with this {when.property}", "status 400", name, f"/{name}")
