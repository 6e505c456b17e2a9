"""Makes sequences of requests along the contract's life cycles: create, read, change, read, list, delete, read again.

It knows which operations there are and what they are about, and nothing of what they must answer. All that it decides comes from
one source of chance, so the same seed gives the same plans.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from conformance.contract import Contract, Entity
from conformance.fuzz.bodies import Bodies
from conformance.fuzz.document import Described
from conformance.fuzz.extras import Extras
from conformance.fuzz.naming import NOBODY, Names, Values, fill, own, parameters
from conformance.fuzz.plan import RESIDENT_NODE, RESIDENT_POOL, Plan, Step

_WEIGHTS: Mapping[str, int] = {
    "create": 2,
    "create-many": 3,
    "get": 2,
    "exists": 1,
    "list": 3,
    "patch": 4,
    "replace": 4,
    "action": 2,
    "delete": 1,
}
_WRITES = frozenset({"create", "create-many", "patch", "replace", "action", "delete"})
_SHORTEST, _LONGEST = 2, 6
_PAGES = 2
_CHANCE_OF_OTHERS = 0.3
_CHANCE_OF_CHANGES, _RICH = 0.3, 4
_CHANCE_OF_BROWSING = 0.2
_CHANCE_OF_A_USER, _CHANCE_OF_DELETION = 0.35, 0.6


@dataclass
class World:
    """What a plan has asked for so far. `made` has the path values of everything that was to be created, by kind of resource;
    `touched` the steps that may know the ETag of a path."""

    steps: list[Step] = field(default_factory=list)
    made: dict[str, list[Values]] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    touched: dict[str, list[int]] = field(default_factory=dict)

    def last(self) -> dict[str, int]:
        """The number of the last name that was given for each kind."""
        return {kind: number for kind, number in self.given.items() if number}


class Machine:
    """Plans about one family: the resources of that name in the contract."""

    def __init__(
        self,
        family: str,
        operations: Iterable[Described],
        contract: Contract,
        bodies: Bodies,
        versions: Sequence[str] = (),
        residents: bool = False,
    ) -> None:
        """`versions`: others, at which reads may be asked. `residents`: there is a pool with a node that plans may ask about."""
        self.family = family
        self._contract = contract
        self._names = Names(contract)
        self._bodies = bodies
        self._all = {one.id: one for one in operations}
        self._own = [one for one in self._all.values() if one.known is not None and one.known.resource == family]
        kinds = [entity for entity in contract.entities.values() if entity.resource == family]
        self._users = bodies.using({name: entity.name for entity in kinds for name in own(entity)[-1:]})
        self._residents = residents and any("{nodeId}" in one.path for one in self._own)
        self._extras = Extras(contract, versions)
        self._weighted = [one for one in self._own for _ in range(_WEIGHTS.get(one.known.kind if one.known else "", 1))]

    @property
    def operations(self) -> list[Described]:
        """Those of the family."""
        return list(self._own)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to ask."""
        return not self._own

    def plan(self, by: random.Random) -> Plan:
        """One sequence."""
        world = self._world()
        for entity in self._roots(by):
            self._create(world, entity, by, plain=by.random() < 0.5)
        if self._users and by.random() < _CHANCE_OF_A_USER:
            self._use(world, by)
        if by.random() < _CHANCE_OF_CHANGES:
            self._change(world, by)
        if by.random() < _CHANCE_OF_BROWSING:
            self._browse(world, by)
        for _ in range(by.randint(_SHORTEST, _LONGEST)):
            self._ask(world, by.choice(self._weighted), by)
        if by.random() < 0.4:
            self._end(world, by)
        return Plan(self.family, tuple(world.steps))

    def prologue(self, by: random.Random) -> World:
        """What is there before an operation of the family can mean anything."""
        world = self._world()
        for entity in self._roots(by):
            self._create(world, entity, by, plain=True)
        return world

    def _world(self) -> World:
        world = World()
        if self._residents:
            world.made["pool"] = [{"poolId": RESIDENT_POOL}]
            world.made["node"] = [{"poolId": RESIDENT_POOL, "nodeId": RESIDENT_NODE}]
        return world

    def _roots(self, by: random.Random) -> list[Entity]:
        """Kinds of resources to begin with: those that the family's paths stand in, outermost first, and its own."""
        wanted: dict[str, Entity] = {}
        for one in self._own:
            for name in parameters(one.path):
                entity = self._names.owners.get(name)
                lives_there = self._residents and entity is not None and entity.name == "pool"
                if entity is not None and self._creator(entity) is not None and not lives_there:
                    wanted[entity.name] = entity
        outer = sorted(wanted.values(), key=lambda entity: entity.path.count("/"))
        more = [entity for entity in outer[-1:] if by.random() < 0.3]
        # a certificate is for pools, and so on: now and then something of another family is about too
        others = [e for e in self._contract.entities.values() if e.name not in wanted and self._top(e)]
        return [*([by.choice(others)] if others and by.random() < _CHANCE_OF_OTHERS else []), *outer, *more]

    def _use(self, world: World, by: random.Random) -> None:
        """Something else begins to use what was made; then that is deleted, now and then, and looked at."""
        operation, leaf = by.choice(self._users)
        entity = self._names.owners[leaf.name]
        made = world.made.get(entity.name)
        creator = self._all.get(operation)
        if not made or creator is None or parameters(creator.path):
            return
        values = by.choice(made)
        before = len(world.steps)
        self._ask(world, creator, by, plain=True)
        step = world.steps[before]
        body = self._bodies.put(operation, step.body, leaf, values[leaf.name], world.last())
        world.steps[before] = replace(step, body=body)
        if by.random() < _CHANCE_OF_DELETION:
            self._delete(world, entity, values, by)

    def _change(self, world: World, by: random.Random) -> None:
        """A resource with a few properties, and updates of one property each: what they leave alone is what counts."""
        kinds = [entity for entity in self._contract.entities.values() if entity.resource == self.family]
        for entity in kinds:
            creator = self._creator(entity)
            updates = [o for o in self._own if o.known is not None and o.known.update and o.known.entity == entity.name]
            if creator is None or not updates:
                continue
            values = self.values(world, creator, by)
            self._say(world, self._step(world, creator, values, by, plain=False, simple=_RICH))
            self._read(world, creator, values, by)
            for _ in range(by.randint(1, 3)):
                update = by.choice(updates)
                self._say(world, self._step(world, update, values, by, plain=False, simple=1))
                self._read(world, update, values, by)

    def _browse(self, world: World, by: random.Random) -> None:
        """A few elements of a collection that nobody else has, and all of its pages."""
        for entity in self._contract.entities.values():
            creator, found = self._creator(entity), self._contract.operation_on(entity.name, "list")
            lister = self._all.get(found.id) if found is not None else None
            if entity.resource != self.family or creator is None or lister is None or not parameters(lister.path):
                continue
            values = self.values(world, lister, by)
            for _ in range(by.randint(2, 4)):
                number = self._number(world, entity.name)
                own_values = values | {name: self._names.value(name, number) for name in own(entity)}
                world.made.setdefault(entity.name, []).append(own_values)
                self._say(world, self._step(world, creator, own_values, by, plain=True))
            self._say(world, Step(lister.id, lister.method, fill(lister.path, values), query={"maxresults": by.choice("12")}))
            self._pages(world, len(world.steps) - 1, 5)

    def _top(self, entity: Entity) -> bool:
        creator = self._creator(entity)
        return creator is not None and not parameters(creator.path)

    def _creator(self, entity: Entity) -> Described | None:
        found = self._contract.operation_on(entity.name, "create")
        return self._all.get(found.id) if found is not None else None

    def _create(self, world: World, entity: Entity, by: random.Random, *, plain: bool) -> None:
        creator = self._creator(entity)
        if creator is not None:
            self._ask(world, creator, by, plain=plain)

    def _ask(self, world: World, one: Described, by: random.Random, *, plain: bool = False) -> None:
        """One request, and what is worth asking after it."""
        assert one.known is not None
        kind = one.known.kind
        values = self.values(world, one, by)
        step = self._step(world, one, values, by, plain=plain)
        self._say(world, step)
        if kind == "list" and by.random() < 0.5:
            self._pages(world, len(world.steps) - 1)
        elif kind in _WRITES and by.random() < 0.85:
            self._read(world, one, values, by)

    def _say(self, world: World, step: Step) -> None:
        world.steps.append(step)
        world.touched.setdefault(step.path, []).append(len(world.steps) - 1)

    def values(self, world: World, one: Described, by: random.Random) -> Values:
        """Path values, of something that was made where there is such a thing; a new name for what is to be created."""
        values: Values = {}
        creates = one.known is not None and one.known.kind == "create"
        entity = self._contract.entities.get(one.known.entity or "") if one.known else None
        new = own(entity) if creates and entity is not None else ()
        for name in parameters(one.path):
            if name not in values and name not in new:
                values |= self._existing(world, name, by, {n: v for n, v in values.items()})
        again = by.random() < 0.08 and entity is not None and world.made.get(entity.name)
        if again and entity is not None:
            return values | {name: by.choice(world.made[entity.name])[name] for name in new}
        if new and entity is not None:
            number = self._number(world, entity.name)
            values |= {name: self._names.value(name, number) for name in new}
            world.made.setdefault(entity.name, []).append(dict(values))
        return values

    def _existing(self, world: World, name: str, by: random.Random, known: Values) -> Values:
        entity = self._names.owners.get(name)
        if entity is None:
            return {name: self._names.value(name, 1)}
        made = [one for one in world.made.get(entity.name, ()) if all(one.get(n, v) == v for n, v in known.items())]
        if made and by.random() < 0.94:
            return dict(by.choice(made))
        return {**known, **{n: self._names.value(n, NOBODY) for n in own(entity) if n not in known}}

    def _number(self, world: World, kind: str) -> int:
        # tokens of a certificate are of the kind that its path parameter has
        kind = "thumbprint" if kind == "certificate" else kind
        world.given[kind] += 1
        world.given["certificate"] = world.given["thumbprint"]
        return world.given[kind]

    def _step(self, world: World, one: Described, values: Values, by: random.Random, *, plain: bool, simple: int = 0) -> Step:
        assert one.known is not None
        path = fill(one.path, values)
        step = Step(one.id, one.method, path)
        if one.body is not None:
            fresh = partial(self._remember, world, one, values)
            step = self._bodies.give(step, one, values, world.last(), by, plain=plain, fresh=fresh, simple=simple)
        if plain or simple:
            return step
        return self._extras.add(step, one.known, world.touched.get(path, []), by)

    def _remember(self, world: World, one: Described, values: Values) -> int:
        """A new element of a collection: its number."""
        entity = self._contract.entities[one.known.entity or ""] if one.known else None
        assert entity is not None
        number = self._number(world, entity.name)
        made = {**values, **{name: self._names.value(name, number) for name in own(entity)}}
        world.made.setdefault(entity.name, []).append(made)
        return number

    def _pages(self, world: World, first: int, count: int = _PAGES) -> None:
        before = first
        for _ in range(count):
            operation = world.steps[first].operation
            world.steps.append(Step(operation, "GET", f"<<next:{before}>>", versioned=False))
            before = len(world.steps) - 1

    def _read(self, world: World, one: Described, values: Values, by: random.Random) -> None:
        """What a write left: the resource itself, or now and then the list that it is in."""
        assert one.known is not None
        entity = self._contract.entities.get(one.known.entity or "")
        if one.known.long_running:
            world.steps.append(Step("", "GET", f"<<location:{len(world.steps) - 1}>>", versioned=False))
        kind = "list" if one.known.kind == "create-many" or by.random() < 0.1 else "get"
        found = self._contract.operation_on(entity.name, kind) if entity is not None else None
        reader = self._all.get(found.id) if found is not None else None
        if reader is not None and set(parameters(reader.path)) <= set(values):
            self._say(world, Step(reader.id, reader.method, fill(reader.path, values)))

    def _end(self, world: World, by: random.Random) -> None:
        """Deletes what the family made, and looks at what is then there."""
        for name in [name for name in world.made if self._contract.entities[name].resource == self.family]:
            for values in world.made[name][:2]:
                self._delete(world, self._contract.entities[name], values, by)

    def _delete(self, world: World, entity: Entity, values: Values, by: random.Random) -> None:
        found = self._contract.operation_on(entity.name, "delete")
        deleter = self._all.get(found.id) if found is not None else None
        if deleter is not None:
            self._say(world, Step(deleter.id, deleter.method, fill(deleter.path, values)))
            for _ in range(2):
                self._read(world, deleter, values, by)


def families(operations: Iterable[Described]) -> list[str]:
    """The families that a document has operations of, in the contract's order."""
    return list(dict.fromkeys(one.known.resource for one in operations if one.known is not None))
