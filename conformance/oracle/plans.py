"""What an operation does to which kind of resource, as the contract says it. Made once for each operation of an api-version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from conformance.contract import Contract, Entity, Model, Operation, Plane, Property, at
from conformance.oracle.model import Key


@dataclass(frozen=True, eq=False)
class Plan:
    """`own` names the path parameters of the resource itself, `outer` those of what it is in; `parent` is the kind of that, or
    empty. `model` is what a read shows.
    `writable` are the properties of a read that clients can set, by creation or update; those of an ARM envelope `properties` are
    told as `properties.name`.
    `stateful` are the properties with a time of their last transition. `changes`: an action that answers no ETag, on a kind of
    resource that has one, changes nothing."""

    contract: Contract
    operation: Operation
    entity: Entity
    outer: tuple[str, ...]
    parent: str
    own: tuple[str, ...]
    model: Model | None
    request: Model | None
    writable: Mapping[str, Property]
    conditional: bool
    stateful: tuple[str, ...]
    changes: bool

    @property
    def kind(self) -> str:
        return self.operation.kind

    @property
    def managed(self) -> bool:
        return self.contract.version.plane is Plane.MANAGEMENT

    @property
    def own_list(self) -> bool:
        """Whether the operation lists this kind of resource, in the collection that it is in."""
        return self.operation.kind == "list" and self.operation.path == self.entity.collection

    @property
    def whole_representation(self) -> bool:
        """Whether a successful answer shows one resource of this kind."""
        return self.entity.model is not None and self.entity.model in self.operation.success.values()

    def collection(self, path: Mapping[str, str]) -> Key:
        return (self.entity.name, *(path.get(name, "").lower() for name in self.outer))

    def key(self, path: Mapping[str, str]) -> Key | None:
        """The resource that a path names; None when it names none."""
        if not all(name in path for name in self.own):
            return None
        return (*self.collection(path), *(path[name].lower() for name in self.own))

    def key_in_body(self, path: Mapping[str, str], body: Any) -> Key | None:
        """The resource that a body of a creation or an element of a list names."""
        if not isinstance(body, dict) or not all(name in path for name in self.outer):
            return None
        if len(self.own) == 1:
            # ids of the management plane are whole paths
            names = (self.own[0], "name") if self.managed else (self.own[0], "id", "name")
            values = [next((body[name] for name in names if body.get(name)), None)]
        else:
            values = [body.get(name) for name in self.own]
        if not all(isinstance(value, str) for value in values):
            return None
        return (*self.collection(path), *(str(value).lower() for value in values))


@cache
def plan(version: str, plane: Plane, operation_id: str) -> Plan | None:
    """The plan of an operation; None when it concerns no kind of resource that the contract knows."""
    contract = at(version, plane)
    operation = contract.operations[operation_id]
    entity = contract.entities.get(operation.entity or "")
    if entity is None:
        return None
    outer = _parameters(entity.collection)
    own = tuple(name for name in _parameters(entity.path) if name not in outer)
    model = contract.models.get(entity.model or "")
    return Plan(
        contract=contract,
        operation=operation,
        entity=entity,
        outer=outer,
        parent=_parent(contract, entity),
        own=own,
        model=model,
        request=_request(contract, operation),
        writable=_writable(contract, entity, model),
        conditional=operation.conditional,
        stateful=_stateful(model),
        changes=_changes(operation, model),
    )


def _request(contract: Contract, operation: Operation) -> Model | None:
    """What a request says of one resource: of those that create many, each says it for itself."""
    model = contract.models.get(operation.request or "")
    if operation.kind != "create-many" or model is None:
        return model
    many = model.properties.get("value")
    return contract.models.get(many.items or "") if many is not None else None


def _parameters(path: str) -> tuple[str, ...]:
    return tuple(part.partition("}")[0] for part in path.split("{")[1:])


def _parent(contract: Contract, entity: Entity) -> str:
    path = entity.collection.rpartition("/")[0]
    return next((other.name for other in contract.entities.values() if other.path == path), "")


def _changes(operation: Operation, model: Model | None) -> bool:
    if operation.kind != "action" or model is None or "eTag" not in model.properties:
        return True
    return "ETag" in {name for names in operation.headers.values() for name in names} - set(operation.never_sent)


def _stateful(model: Model | None) -> tuple[str, ...]:
    names = model.properties if model is not None else {}
    return tuple(name for name in names if f"{name}TransitionTime" in names and not name.startswith("previous"))


def _writable(contract: Contract, entity: Entity, model: Model | None) -> dict[str, Property]:
    if model is None:
        return {}
    named: set[str] = set()
    for operation in contract.operations.values():
        if operation.entity == entity.name and operation.kind in ("create", "patch", "replace") and operation.request:
            named |= flat(contract, contract.models[operation.request]).keys()
    shown = flat(contract, model)
    return {name: p for name, p in shown.items() if name in named and not hidden(p)}


def flat(contract: Contract, model: Model) -> dict[str, Property]:
    """Properties by name, without the envelope `properties` that the management plane has around most of them."""
    found: dict[str, Property] = {}
    for prop in model.properties.values():
        if prop.name == "properties" and prop.ref:
            found |= {f"properties.{inner.name}": inner for inner in contract.models[prop.ref].properties.values()}
        else:
            found[prop.name] = prop
    return found


def unwrapped(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body's members as `flat` names them. A member that is null counts as left out."""
    inner = body.get("properties")
    told = body if isinstance(body, dict) and None not in body.values() else _without_nulls(body)
    if not isinstance(inner, dict):
        return told
    return {name: value for name, value in told.items() if name != "properties"} | {
        f"properties.{name}": value for name, value in inner.items() if value is not None
    }


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def hidden(prop: Property) -> bool:
    """Whether it is never shown."""
    return (prop.secret or prop.write_only) and not prop.read_only
