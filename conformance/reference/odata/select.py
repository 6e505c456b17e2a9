"""`$select` and `$expand`: which members of a resource a client gets. `odata.*` members always stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.contract import Model
from conformance.reference.odata.errors import ExpandError, SelectError

Names = dict[str, "Names"]


@dataclass(frozen=True, slots=True)
class Selection:
    """A tree of selected names; a leaf selects all below it."""

    names: Mapping[str, Any]

    def apply(self, resource: Mapping[str, Any]) -> dict[str, Any]:
        """The selected members of the resource, in the resource's order."""
        return _pick(resource, self.names)


def parse_select(text: str, model: Model, models: Mapping[str, Model]) -> Selection:
    """Names separated by commas, `a/b` going into objects. A name that the model has not raises `SelectError`."""
    names: Names = {}
    for path in _parts(text):
        if path == "":
            raise SelectError("a name is missing")
        steps = path.split("/")
        _check(steps, model, models, path)
        _add(names, steps)
    return Selection(names)


def parse_expand(text: str, expandable: Collection[str]) -> frozenset[str]:
    """The names to expand, each of which must be in `expandable`."""
    names = _parts(text)
    for name in names:
        if name not in expandable:
            raise ExpandError(f"{name!r} cannot be expanded; these can: {', '.join(sorted(expandable)) or 'none'}")
    return frozenset(names)


def without_unexpanded(resource: Mapping[str, Any], expanded: Collection[str], expandable: Collection[str]) -> dict[str, Any]:
    """The resource without those expandable members that nobody asked for."""
    return {name: value for name, value in resource.items() if name in expanded or name not in expandable}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _check(steps: list[str], model: Model, models: Mapping[str, Model], path: str) -> None:
    current: Model | None = model
    for step in steps:
        if current is None or step not in current.properties:
            raise SelectError(f"there is no property {path!r}")
        known = current.properties[step]
        current = models.get(known.ref or known.items or "")


def _add(names: Names, steps: list[str]) -> None:
    """Puts a path into the tree. `a` next to `a/b` selects all of `a`, in either order."""
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        if step in names and not names[step]:
            return
        if last:
            names[step] = {}
            return
        names = names.setdefault(step, {})


def _pick(value: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _below(member, names[name]) if name in names else member
        for name, member in value.items()
        if name in names or name.startswith("odata.")
    }


def _below(member: Any, names: Mapping[str, Any]) -> Any:
    if not names:
        return member
    if isinstance(member, Mapping):
        return _pick(member, names)
    if isinstance(member, list):
        return [_below(item, names) for item in member]
    return member
