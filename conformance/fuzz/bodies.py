"""Bodies of requests: what is known to be accepted as a start, a few leaves on top, and now and then a mistake."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.contract import Contract, Rules
from conformance.fuzz.document import Described
from conformance.fuzz.leaves import Body, Leaf
from conformance.fuzz.naming import Names, Values, named_by, own
from conformance.fuzz.plan import TOKEN, Step
from conformance.fuzz.stock import Stock

Bases = Mapping[str, Callable[[], dict[str, Any]]]
"""By kind of resource: a small body that a service is known to take for a new one. What names it may be anything. By the id of
an operation: what an action is known to need."""

_SHALLOW: Final = 2
# what is deep in a body is mostly refused for the sake of what stands around it
_CHANCE_OF_SHALLOW: Final = 0.65
_CHANCE_OF_A_WRONG_NAME: Final = 0.08
_STRANGE: Final = "bcsUnknown"
_MISTAKES: Final = ("value", "value", "value", "drop", "unknown", "inside", "name", "name", "text", "other")
_LONGEST_NAME: Final = 64
_GOOD_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NAMES: Final = ("{} a", "{}/é", "{}.", "")


@dataclass(frozen=True)
class _Asked:
    """What one body is for."""

    one: Described
    values: Values
    made: Mapping[str, int]
    by: random.Random
    plain: bool
    fresh: Callable[[], int]


class Bodies:
    """Shared by the plans of a family."""

    def __init__(self, contract: Contract, shapes: Mapping[str, Body], stock: Stock, bases: Bases, mistakes: float) -> None:
        self._contract = contract
        self._shapes = shapes
        self._stock = stock
        self._bases = bases
        self._names = Names(contract)
        self._mistakes = mistakes
        self._simple = {name: self._simple_leaves(name, shape) for name, shape in shapes.items()}
        self._groups = {name: _grouped(shape) for name, shape in shapes.items()}

    def give(
        self,
        step: Step,
        one: Described,
        values: Values,
        made: Mapping[str, int],
        by: random.Random,
        *,
        plain: bool,
        fresh: Callable[[], int],
        simple: int = 0,
    ) -> Step:
        """The step with a body. `made` is the number of the last resource of each kind; `fresh` gives one to a new element of a
        collection."""
        asked = _Asked(one, values, made, by, plain or bool(simple), fresh)
        body = self._valid(asked)
        if simple:
            return replace(step, body=self._names.refer(self._simply(asked, body, simple), made))
        if not plain and by.random() < _CHANCE_OF_A_WRONG_NAME and one.known is not None and one.known.kind == "create":
            return replace(step, body=self._names.refer(self._misnamed(asked, body), made))
        if not plain and by.random() < self._mistakes:
            return self._mistaken(step, asked, body)
        return replace(step, body=self._names.refer(body, made))

    def sensible(self, body: Any, one: Described, values: Values, made: Mapping[str, int]) -> Any:
        """A body that something else made, about resources that exist: what is known to be accepted fills it up."""
        known = one.known
        if not isinstance(body, dict) or known is None:
            return self._names.refer(body, made)
        if known.kind == "create":
            base = self._base(one, known.entity or "", values)
            names = {named_by(n): values.get(n, "") for n in own(self._contract.entities[known.entity or ""])}
            kept = {n: v for n, v in body.items() if n not in base or (n not in names and not isinstance(v, str))}
            ours = {n: _as_wrong(body[n], token) for n, token in names.items() if isinstance(body.get(n), str)}
            body = {**{n: v for n, v in base.items() if n in body}, **kept, **ours}
        return self._names.refer(body, made)

    def using(self, parameters: Mapping[str, str]) -> list[tuple[str, Leaf]]:
        """Creations, by the id of the operation, with a place in the body that names a resource of a kind; `parameters` are those
        that name it in paths."""
        return [
            (name, leaf)
            for name, shape in self._shapes.items()
            for leaf in shape.leaves
            if leaf.name in parameters and name in self._contract.operations and self._contract.operations[name].kind == "create"
        ]

    def put(self, operation: str, body: Any, leaf: Leaf, value: str, made: Mapping[str, int]) -> Any:
        """The body with a name at a place, and what must stand around it."""
        return self._names.refer(self._shapes[operation].put(body, leaf.at, value), made)

    def _valid(self, asked: _Asked) -> Any:
        one, by = asked.one, asked.by
        assert one.known is not None
        kind, entity = one.known.kind, one.known.entity or ""
        if kind == "create-many":
            return {"value": [self._element(asked, entity) for _ in range(by.randint(1, 3))]}
        body = self._base(one, entity, asked.values)
        if asked.plain:
            return body
        least = 1 if kind in {"patch", "replace"} else 0
        for _ in range(by.choice((least, 1, 1, 2, 3))):
            body = self._with_leaf(one.id, body, by)
        return self._own_name(body, asked)

    def _simply(self, asked: _Asked, body: Any, count: int) -> Any:
        """The body with a few properties that depend on nothing else, so that it is mostly accepted."""
        leaves = self._simple.get(asked.one.id, [])
        for leaf in asked.by.sample(leaves, min(count, len(leaves))):
            body = self._shapes[asked.one.id].put(body, leaf.at, self._stock.valid(leaf.schema, asked.by))
        return self._own_name(body, asked)

    def _simple_leaves(self, operation: str, shape: Body) -> list[Leaf]:
        """Those that no rule of the contract makes depend on others, and that a known body does not state already."""
        known = self._contract.operations.get(operation)
        model = self._contract.models.get((known.request if known is not None else None) or "")
        tangled = tied(model.rules) if model is not None else frozenset()
        base = self._bases.get((known.entity if known is not None else None) or "", dict)()
        return [one for one in shape.leaves if self._independent(one) and one.name not in tangled and one.name not in base]

    def _independent(self, leaf: Leaf) -> bool:
        """A top-level scalar, or a list of objects of texts, that names no other resource."""
        schema = json.loads(leaf.schema)
        inner = schema.get("items", schema).get("properties", {})
        texts = bool(inner) and all(one.get("type") == "string" and "enum" not in one for one in inner.values())
        scalar = (schema.get("type") in {"string", "boolean"} and "format" not in schema) or (
            schema.get("type") == "array" and texts
        )
        return len(leaf.at) == 1 and scalar and not {leaf.name, *inner} & self._names.owners.keys()

    def _element(self, asked: _Asked, entity: str) -> dict[str, Any]:
        number = asked.fresh()
        names = own(self._contract.entities[entity])
        base = _numbered(self._bases.get(entity, dict)(), number)
        body = {**base, **{named_by(name): self._names.value(name, number) for name in names}}
        creator = self._contract.operation_on(entity, "create")
        if creator is not None and creator.id in self._shapes and not asked.plain:
            body = self._with_leaf(creator.id, body, asked.by)
            body |= {named_by(name): self._names.value(name, number) for name in names}
        return body

    def _base(self, one: Described, entity: str, values: Values) -> Any:
        """A new resource's is known; a change begins with what it must have."""
        assert one.known is not None
        known = self._bases.get(entity, dict)()
        simplest = self._shapes[one.id].simplest()
        if one.known.kind == "create":
            names = own(self._contract.entities[entity]) if entity in self._contract.entities else ()
            base = _numbered(known, _number(values, names)) if known else simplest
            return {
                **base,
                **{named_by(n): values[n] for n in names if n in values and named_by(n) in self._shapes[one.id].names},
            }
        if not isinstance(simplest, dict):
            return simplest
        names = own(self._contract.entities[entity]) if entity in self._contract.entities else ()
        known = _numbered(known, _number(values, names))
        return {**{name: known.get(name, value) for name, value in simplest.items()}, **self._bases.get(one.id, dict)()}

    def _own_name(self, body: Any, asked: _Asked) -> Any:
        """Leaves may have overwritten what names the resource."""
        known = asked.one.known
        entity = self._contract.entities.get(known.entity or "") if known is not None and known.kind == "create" else None
        if entity is None or not isinstance(body, dict):
            return body
        names = own(entity)
        return body | {named_by(n): asked.values[n] for n in names if n in asked.values and named_by(n) in body}

    def _with_leaf(self, operation: str, body: Any, by: random.Random) -> Any:
        leaf = self._leaf(operation, by)
        if leaf is None:
            return body
        return self._shapes[operation].put(body, leaf.at, self._stock.valid(leaf.schema, by))

    def _leaf(self, operation: str, by: random.Random) -> Leaf | None:
        groups = self._groups.get(operation)
        if not groups:
            return None
        group = by.choice(groups)
        shallow = [leaf for leaf in group if len(leaf.at) <= _SHALLOW]
        return by.choice(shallow if shallow and by.random() < _CHANCE_OF_SHALLOW else group)

    def _mistaken(self, step: Step, asked: _Asked, body: Any) -> Step:
        """One mistake in an otherwise sensible body."""
        by, kind = asked.by, asked.by.choice(_MISTAKES)
        body = self._names.refer(body, asked.made)
        if kind == "text":
            text = json.dumps(body)
            return replace(step, content=by.choice((text[:-1], f"{text}}}", "", "[]", "null", "{'id': 1}")))
        return replace(step, body=self._damaged(kind, asked, body))

    def _damaged(self, kind: str, asked: _Asked, body: Any) -> Any:
        by, operation = asked.by, asked.one.id
        leaf = self._leaf(operation, by)
        if not isinstance(body, dict) or leaf is None:
            return [body]
        if kind == "drop" and body:
            return {name: value for name, value in body.items() if name != by.choice(list(body))}
        if kind == "unknown":
            return {**body, _STRANGE: by.choice((1, "x", None, {}))}
        if kind == "inside":
            within = self._shapes[operation].put(body, leaf.at, self._shapes[operation].simplest(leaf.at))
            return self._names.refer(_strange_inside(within, leaf), asked.made)
        if kind == "name":
            return self._misnamed(asked, body)
        if kind == "other":
            return body | {by.choice(("url", "eTag", "state", "creationTime")): "x"}
        try:
            wrong = self._stock.invalid(leaf.schema, by)
        except LookupError:
            return [body]
        harmless = self._names.refer(self._shapes[operation].put(body, leaf.at, wrong), asked.made)
        return self._own_name(harmless, asked) if len(leaf.at) > 1 else harmless

    def _misnamed(self, asked: _Asked, body: dict[str, Any]) -> dict[str, Any]:
        known = asked.one.known
        entity = self._contract.entities.get(known.entity or "") if known is not None else None
        for name in own(entity) if entity is not None else ():
            if named_by(name) in body and name in asked.values:
                token = asked.values[name]
                wrong = _too_long(token) if asked.by.random() < 0.5 else asked.by.choice(_NAMES).format(token)
                return {**body, named_by(name): wrong}
        return {**body, "id": ""}


def _grouped(shape: Body) -> list[list[Leaf]]:
    """By top member, so that a large one is chosen no more often than a small one."""
    groups: dict[str | int, list[Leaf]] = {}
    for leaf in shape.leaves:
        groups.setdefault(leaf.at[0], []).append(leaf)
    return list(groups.values())


def tied(rules: Rules) -> frozenset[str]:
    """Every property that a rule between properties names."""
    groups = [*rules.exactly_one, *rules.at_most_one, *rules.at_least_one, *rules.requires.values(), tuple(rules.requires)]
    for when in rules.when:
        groups += [(when.property,), when.required, when.forbidden, *when.at_least_one]
    return frozenset(name for group in groups for name in group)


def _too_long(token: str) -> str:
    """The name that the token stands for, by one character too long."""
    return token.replace("<<", "<<long-", 1)


def _as_wrong(name: str, token: str) -> str:
    """Our name for a resource, with what is wrong with another: too long, empty, or with characters that are not for names."""
    if not name:
        return ""
    if len(name) > _LONGEST_NAME:
        return _too_long(token)
    return token if _GOOD_NAME.fullmatch(name) or not token else token + name


def _number(values: Values, names: tuple[str, ...]) -> int:
    """The number of the token that names a resource."""
    found = [number for name in names for _, number in TOKEN.findall(values.get(name, "")) if number]
    return int(found[0]) if found else 1


def _numbered(base: dict[str, Any], number: int) -> dict[str, Any]:
    """A base's own tokens have the number 0."""
    made: dict[str, Any] = json.loads(json.dumps(base).replace(":0>>", f":{number}>>"))
    return made


def _strange_inside(body: Any, leaf: Leaf) -> Any:
    """An unknown member in the innermost object that a leaf stands in."""
    copy = json.loads(json.dumps(body))
    here = copy
    for part in leaf.at[:-1]:
        here = here[part]
    if isinstance(here, dict):
        here[_STRANGE] = 1
    return copy
