"""Turns the contract's request models into functions that say what the contract forbids in a request body.

Built once per api-version, as `shapes` are for answers, but they forgive what a service may take: null counts as unknown, whole
numbers may be text (the live service takes them so), names may differ in letter case. What is left is wrong by the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from conformance.contract import Contract, Model, Operation, Plane, Property, at
from conformance.rules.groups import group_check
from conformance.rules.model import Problem, Shape, clip
from conformance.rules.scalars import scalar_check, wrong_type

Issue = tuple[str, Problem]
UNKNOWN, UNKNOWN_NESTED = "request.unknown-property", "request.unknown-nested-property"
MISSING, MISSING_NESTED = "request.missing-property", "request.missing-nested-property"
FIXED, TOO_MANY = "request.fixed-property", "request.too-many"
_Unknown = Callable[[str, str], list[Issue]]
# by the documents required, but a full replace without it may also mean the default
_LENIENT = frozenset({("JobSchedule_Update", "schedule")})


class Demands:
    """What the request models of one api-version forbid."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._built: dict[str, Shape] = {}
        self._bodies: dict[str, Shape | None] = {}
        self._anywhere = frozenset(name.lower() for model in contract.models.values() for name in model.properties)

    def of(self, operation: Operation) -> Shape | None:
        """None when the operation takes no JSON body."""
        if operation.id not in self._bodies:
            self._bodies[operation.id] = self._body(operation)
        return self._bodies[operation.id]

    def _body(self, operation: Operation) -> Shape | None:
        model = self._contract.models.get(operation.request or "")
        if model is None:
            return None
        shape = self._object(model, _required(model, operation), MISSING, _unknown_of(_relatives(self._contract, operation)))
        # a body that is no object is the concern of another rule
        return lambda body: shape(body) if type(body) is dict else None

    def _named(self, name: str | None) -> Shape | None:
        if name is None or name not in self._contract.models:
            return scalar_check(Property("", name or "any"))
        if name not in self._built:
            # a model may contain itself: until it is built, the name is looked up when called
            self._built[name] = lambda value: self._built[name](value)
            model = self._contract.models[name]
            self._built[name] = self._object(model, _required(model, None), MISSING_NESTED, self._unknown_inside)
        return self._built[name]

    def _object(self, model: Model, required: tuple[str, ...], missing: str, unknown: _Unknown) -> Shape:
        members = {p.name: self._property(p) for p in model.properties.values()}
        groups = group_check(model)

        def check(value: Any) -> list[Issue] | None:
            if type(value) is not dict:
                return wrong_type(value, "an object")
            issues: list[Issue] = []
            for name, member in value.items():
                if member is None:
                    continue
                if name not in members:
                    issues += unknown(model.name, name)
                elif (shape := members[name]) is not None and (found := shape(member)):
                    issues += within(name, found)
            issues += [_missing(missing, model.name, name) for name in required if name not in value and not _cased(name, value)]
            if groups is not None:
                issues += groups(value)
            return issues

        return check

    def _unknown_inside(self, model: str, name: str) -> list[Issue]:
        """A name that another model has is perhaps one that only answers show here."""
        return [] if _annotation(name) or name.lower() in self._anywhere else [_unknown(UNKNOWN_NESTED, model, name)]

    def _property(self, p: Property) -> Shape | None:
        if p.secret or p.write_only or p.read_only:
            return None
        if p.type == "array":
            return _array(p, scalar_check(Property("", "string", enum=p.enum)) if p.enum else self._named(p.items))
        if p.type == "map":
            return _map(self._named(p.values))
        return self._named(p.ref) if p.ref else scalar_check(p)


def _relatives(contract: Contract, operation: Operation) -> Mapping[str, bool]:
    """The properties that the resource has elsewhere, in lower case, and whether this operation may not change them."""
    entity = contract.entities.get(operation.entity or "")
    creation = contract.operation_on(operation.entity, "create") if operation.entity else None
    own = contract.models[operation.request or ""]
    found = {name.lower(): False for name in own.properties}
    for model in filter(None, (creation.request if creation else None, entity.model if entity else None)):
        for p in contract.models[model].properties.values():
            found.setdefault(p.name.lower(), operation.update is not None and not p.read_only)
    return found


def _unknown_of(relatives: Mapping[str, bool]) -> _Unknown:
    def check(model: str, name: str) -> list[Issue]:
        if _annotation(name):
            return []
        fixed = relatives.get(name.lower())
        if fixed is None:
            return [_unknown(UNKNOWN, model, name)]
        return [(FIXED, Problem(f"{name} cannot be changed", "status 400", "accepted", f"/{name}"))] if fixed else []

    return check


def _annotation(name: str) -> bool:
    return name.startswith("odata.") or "@" in name


def _required(model: Model, operation: Operation | None) -> tuple[str, ...]:
    """What must be there. Of a full replace, lists may be left out: the documents also say what then happens. The same holds for
    what has a default."""
    replaces = operation is not None and operation.update == "replace"
    return tuple(
        p.name
        for p in model.properties.values()
        if p.required
        and not p.read_only
        and p.default is None
        and not (replaces and p.type == "array")
        and (operation.id if operation else "", p.name) not in _LENIENT
    )


def _unknown(slug: str, model: str, name: str) -> Issue:
    return slug, Problem(f"{model} has no property {clip(name)}", "status 400", "accepted", f"/{name}")


def _missing(slug: str, model: str, name: str) -> Issue:
    return slug, Problem(f"{model} requires {name}", "status 400", "accepted", f"/{name}")


def _cased(name: str, value: dict[str, Any]) -> bool:
    return name.lower() in {member.lower() for member in value}


def within(step: str | int, issues: list[Issue]) -> list[Issue]:
    return [(slug, Problem(p.message, p.expected, p.actual, f"/{step}{p.where}")) for slug, p in issues]


def _array(p: Property, element: Shape | None) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not list:
            return wrong_type(value, "an array")
        issues = list(_elements(element, enumerate(value))) if element is not None else []
        if p.max_items is not None and len(value) > p.max_items:
            issues.append(
                (TOO_MANY, Problem(f"{len(value)} elements, at most {p.max_items} are documented", "status 400", str(len(value))))
            )
        return issues

    return check


def _map(element: Shape | None) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not dict:
            return wrong_type(value, "an object")
        return list(_elements(element, value.items())) if element is not None else []

    return check


def _elements(element: Shape, pairs: Iterable[tuple[str | int, Any]]) -> Iterator[Issue]:
    for step, item in pairs:
        if item is not None and (found := element(item)):
            yield from within(step, found)


@cache
def demands(version: str, plane: Plane) -> Demands:
    return Demands(at(version, plane))
