"""Turns the contract's models into functions that compare a JSON value with them.

Built once per api-version. A value that conforms costs one look-up a member; paths and messages are made only for what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from conformance.contract import Contract, Model, Plane, Property, at
from conformance.exchange import names_secret
from conformance.rules.formats import is_date_time, is_int64, is_length, is_utc_date_time
from conformance.rules.model import Problem, Shape, clip
from conformance.rules.numbers import Numbers

Issue = tuple[str, Problem]
UNKNOWN, MISSING_PROPERTY, TYPE, NULL = "body.unknown-property", "body.missing-property", "body.type", "body.null"
SHOWN = "body.always-shown"
ENUM, DATE_TIME, DURATION, INT64, SECRET = "body.enum", "body.date-time", "body.duration", "body.int64-string", "secrets.absent"
ALWAYS = frozenset({UNKNOWN, MISSING_PROPERTY, TYPE, NULL, SECRET})


class Shapes:
    """The shapes of one api-version's models."""

    def __init__(self, contract: Contract) -> None:
        self._models = contract.models
        self._utc_only = contract.version.plane is Plane.DATA
        self._built: dict[str, Shape] = {}
        self._secret_names = frozenset(
            p.name for model in contract.models.values() for p in model.properties.values() if p.secret or p.write_only
        )
        requests = {operation.request for operation in contract.operations.values() if operation.request}
        sent = {name for request in requests for name in self._reachable(request)}
        self._numbers = Numbers(contract, [self._models[name] for name in sent])

    def of(self, model: str) -> Shape:
        if model not in self._built:
            # a model may contain itself: until it is built, the name is looked up when called
            self._built[model] = lambda value: self._built[model](value)
            self._built[model] = self._object(self._models[model])
        return self._built[model]

    def kinds(self, model: str) -> frozenset[str]:
        """The slugs that a body of this model can exercise."""
        reachable = self._reachable(model)
        shown = {SHOWN} if any(p.always for name in reachable for p in self._models[name].properties.values()) else set()
        return ALWAYS | shown | {kind for name in reachable for kind in _kinds(self._models[name])}

    def _reachable(self, model: str) -> set[str]:
        seen: set[str] = set()
        todo = [model]
        while todo:
            name = todo.pop()
            if name in seen or name not in self._models:
                continue
            seen.add(name)
            todo += [n for p in self._models[name].properties.values() for n in (p.ref, p.items, p.values) if n]
        return seen

    def _object(self, model: Model) -> Shape:
        members = {p.name: self._property(p) for p in model.properties.values()}
        required = tuple(p.name for p in model.properties.values() if p.required and not (p.secret or p.write_only or p.left_out))
        always = tuple(p.name for p in model.properties.values() if p.always)
        find, unknown = members.get, self._unknown

        def check(value: Any) -> list[Issue] | None:
            if type(value) is not dict:
                return _mismatch(value, "an object")
            issues: list[Issue] | None = None
            for name, member in value.items():
                shape = find(name)
                found = shape(member) if shape is not None else unknown(model.name, name, member)
                if found:
                    issues = (issues or []) + _within(name, found)
            for name in required:
                if name not in value:
                    issues = [*(issues or []), _missing(model.name, name)]
            for name in always:
                if name not in value:
                    issues = [*(issues or []), _not_shown(model.name, name)]
            return issues

        return check

    def _unknown(self, model: str, name: str, member: Any) -> list[Issue] | None:
        # names that begin with @odata are those of version 4
        if name.startswith("odata.") or "@odata." in name[1:]:
            return None
        if name in self._secret_names:
            return _secret(None)
        found = [(UNKNOWN, Problem(f"{model} has no property {name}", "only documented properties", name))]
        return [*found, *_secret(None)] if self._holds_secret(member) else found

    def _holds_secret(self, value: Any) -> bool:
        if type(value) is dict:
            return not self._secret_names.isdisjoint(value) or any(map(self._holds_secret, value.values()))
        return type(value) is list and any(map(self._holds_secret, value))

    def _property(self, p: Property) -> Shape:
        if (p.secret or p.write_only) and not p.read_only:
            return _secret
        if p.type == "array":
            return _array(self._element(p))
        if p.type == "map":
            return _map(self._named(p.values))
        return self._value(p)

    def _element(self, p: Property) -> Shape:
        return _enum(p.enum) if p.enum else self._named(p.items)

    def _value(self, p: Property) -> Shape:
        if p.enum or p.constant:
            return _enum(p.enum or (str(p.constant),))
        if p.ref:
            return self.of(p.ref)
        if p.encode == "string":
            return _text(INT64, "an integer as a string", is_int64)
        if p.type == "integer":
            return _whole(*self._numbers.bounds(p))
        return self._formatted(p.format) or _PRIMITIVES.get(p.type, _anything)

    def _formatted(self, form: str | None) -> Shape | None:
        if form == "date-time":
            test = is_utc_date_time if self._utc_only else is_date_time
            return _text(DATE_TIME, "an ISO 8601 date-time in UTC, Z, at most 7 digits", test)
        return _text(DURATION, "an ISO 8601 duration", is_length) if form == "duration" else None

    def _named(self, name: str | None) -> Shape:
        if name is not None and name in self._models:
            return self.of(name)
        return _PRIMITIVES.get(name or "", _anything)


@cache
def shapes(version: str, plane: Plane) -> Shapes:
    return Shapes(at(version, plane))


def _kinds(model: Model) -> Iterator[str]:
    return (kind for p in model.properties.values() if (kind := kind_of(p)) is not None)


def kind_of(p: Property) -> str | None:
    """The slug of the rule that looks at the value of this property, beside those that look at every one. As `_value` decides."""
    if (p.secret or p.write_only) and not p.read_only:
        return None
    if p.enum or (p.constant and p.type != "array"):
        return ENUM
    if p.ref or p.type in ("array", "map"):
        return None
    if p.encode == "string":
        return INT64
    return f"body.{p.format}" if p.format in ("date-time", "duration") else None


def _mismatch(value: Any, expected: str) -> list[Issue]:
    if value is None:
        return [(NULL, Problem("a member is null; absent members are left out", expected, "null"))]
    return [(TYPE, Problem(f"a member is not {expected}", expected, clip(value)))]


def _missing(model: str, name: str) -> Issue:
    return MISSING_PROPERTY, Problem(f"{model} requires {name}", name, "absent", f"/{name}")


def _not_shown(model: str, name: str) -> Issue:
    return SHOWN, Problem(f"a {model} without {name}", name, "absent", f"/{name}")


def _secret(_: Any) -> list[Issue]:
    return [(SECRET, Problem("a secret is in the response", "absent", "present"))]


def _within(step: str | int, issues: list[Issue]) -> list[Issue]:
    """What is wrong below `step`. What stands below a secret's name is not shown: without the name nobody could tell later."""
    hidden = type(step) is str and names_secret(step)
    return [(slug, Problem(p.message, p.expected, _hidden(p) if hidden else p.actual, f"/{step}{p.where}")) for slug, p in issues]


def _hidden(problem: Problem) -> str:
    return problem.actual if problem.actual in ("absent", "present", "null") else "SCRUBBED"


def _anything(value: Any) -> list[Issue] | None:
    return _mismatch(value, "a value") if value is None else None


def _of_type(expected: str, *types: type) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        return None if type(value) in types else _mismatch(value, expected)

    return check


def _integer(value: Any) -> list[Issue] | None:
    """JSON knows numbers only: 3.0 is the integer 3."""
    whole = type(value) is int or (type(value) is float and value.is_integer())
    return None if whole else _mismatch(value, "an integer")


def _whole(least: float | None, most: float | None) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not int and (wrong := _integer(value)):
            return wrong
        if (least is not None and value < least) or (most is not None and value > most):
            return _mismatch(value, f"an integer from {least} to {most}")
        return None

    return check


_PRIMITIVES: dict[str, Shape] = {
    "string": _of_type("a string", str),
    "integer": _integer,
    "number": _of_type("a number", int, float),
    "boolean": _of_type("a boolean", bool),
    "object": _of_type("an object", dict),
}


def _text(slug: str, expected: str, test: Callable[[str], bool]) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not str:
            return (
                [(slug, Problem(f"a member is not {expected}", expected, clip(value)))]
                if value is not None
                else _mismatch(value, expected)
            )
        return None if test(value) else [(slug, Problem(f"a member is not {expected}", expected, clip(value)))]

    return check


def _enum(values: tuple[str, ...]) -> Shape:
    allowed = frozenset(v.lower() for v in values)
    expected = " or ".join(values)

    def check(value: Any) -> list[Issue] | None:
        if type(value) is not str:
            return _mismatch(value, "a string")
        return None if value.lower() in allowed else [(ENUM, Problem("a value is not in its enumeration", expected, clip(value)))]

    return check


def _array(element: Shape) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not list:
            return _mismatch(value, "an array")
        issues: list[Issue] = []
        for position, item in enumerate(value):
            if found := element(item):
                issues += _within(position, found)
        return issues

    return check


def _map(element: Shape) -> Shape:
    def check(value: Any) -> list[Issue] | None:
        if type(value) is not dict:
            return _mismatch(value, "an object")
        return [issue for name, item in value.items() for issue in _within(name, element(item) or [])]

    return check
