"""The contract of one api-version: what `at()` resolves the source data to. Plain frozen records, no behaviour but look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from conformance.contract.routes import Routes


class Plane(StrEnum):
    DATA = "data-plane"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True)
class Version:
    """One api-version. `position` orders versions of a plane, oldest first."""

    name: str
    plane: Plane
    position: int
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a model.

    `type` is string, integer, number, boolean, object, array, map or any. `ref` names the model of an object; `items` and
    `values` name a model or a primitive type. `enum` holds the values of the property itself, or of its items when it is an
    array. `encode` is "string" for an integer that travels as a JSON string. `default` is what the service assumes, and shows in
    a GET, when a request leaves the property out; an object as default takes the defaults of its own members too. A `secret` is
    never returned, but by the operation that exists to tell it (then it is `read_only` too). `left_out`: required by the
    documents, but an answer may lack it: the live service leaves it out (source: recordings), or a newer api-version does without
    it, and what that made an older one shows too. `live` maps an enum value to its spelling in
    answers of the live service. `minimum_duration` and `maximum_duration` bound an ISO 8601 duration. `folded`: answers
    may show another letter case than was sent (source: recordings). `inherited`: its default may come from what it is in.
    `passing`: it is about the request alone; no document says that the resource shows it afterwards. `always`: every read shows
    it, required or not (source: recordings).
    """

    name: str
    type: str
    format: str | None = None
    ref: str | None = None
    items: str | None = None
    values: str | None = None
    enum: tuple[str, ...] | None = None
    encode: str | None = None
    required: bool = False
    read_only: bool = False
    write_only: bool = False
    secret: bool = False
    default: object = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    constant: str | None = None
    left_out: bool = False
    minimum_duration: str | None = None
    maximum_duration: str | None = None
    folded: bool = False
    inherited: bool = False
    passing: bool = False
    always: bool = False
    live: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class When:
    """What holds when `property` has the value `equals` (None: it is absent; absent also means its default)."""

    property: str
    equals: bool | str | None
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the properties of a model depend on each other. Each entry is a group of properties that exist at this api-version;
    `requires` maps a property to those that must be there if it is."""

    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    properties: Mapping[str, Property]
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True, eq=False)
class Lifecycle:
    """Which value of a property may follow which: those that a new resource has, those that the service changes on its own, and
    those that follow an operation. (Sources: the documents' descriptions of each state, recordings.)"""

    starts: tuple[str, ...]
    own: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of resource: the model of its GET (None: it has no GET), the path of one, the path of all of them. `fixed` never
    change while it lives; `volatile` are set by a client at first, but also by actions and by the service itself. `driven` are
    those that only the service sets while another property is true: by name, with that other one."""

    name: str
    resource: str
    model: str | None
    path: str
    collection: str
    fixed: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()
    driven: Mapping[str, str] = field(default_factory=dict)
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `where` is path, query or header."""

    name: str
    where: str
    type: str
    format: str | None = None
    required: bool = False
    default: object = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A property that `$filter` accepts on a list, with the operators and the literal type (string, datetime, int, boolean)."""

    type: str
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation at one api-version.

    `kind` is create, create-many, get, list, exists, patch, replace, delete or action. `success` maps a status to the model of
    its body (None: empty or a file). `headers` maps a status to the response headers that the documents list; `never_sent` are
    those of them that the live service leaves out (source: recordings). `entity` names the kind of resource that the operation
    creates, reads, changes, deletes or acts on. `metadata` is the `$metadata` fragment of `odata.metadata` in its answer.
    """

    id: str
    resource: str
    method: str
    path: str
    kind: str
    parameters: Mapping[str, Parameter]
    success: Mapping[int, str | None]
    headers: Mapping[int, tuple[str, ...]]
    request: str | None = None
    request_required: bool = False
    paged: bool = False
    long_running: bool = False
    filter: Mapping[str, Filter] = field(default_factory=dict)
    never_sent: tuple[str, ...] = ()
    entity: str | None = None
    metadata: str | None = None

    @property
    def update(self) -> str | None:
        """How an update treats properties that the request leaves out: "merge" keeps them, "replace" clears them."""
        return {"patch": "merge", "replace": "replace"}.get(self.kind)

    @property
    def page_limit(self) -> int | None:
        """The largest page of a list: the greatest `maxresults`, also the page size when it is absent."""
        parameter = self.parameters.get("maxresults")
        return int(parameter.maximum) if parameter and parameter.maximum is not None else None

    @property
    def conditional(self) -> bool:
        """Whether the operation takes the conditional request headers."""
        return "If-Match" in self.parameters

    def parameters_in(self, where: str) -> Iterator[Parameter]:
        return (p for p in self.parameters.values() if p.where == where)


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A documented error code: every HTTP status it may come with, and when (in our words, may be empty)."""

    code: str
    statuses: tuple[int, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    path_parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contract:
    """`contract.at(version)`: everything the API promises at one api-version."""

    version: Version
    operations: Mapping[str, Operation]
    models: Mapping[str, Model]
    errors: Mapping[str, ErrorCode]
    routes: Routes
    entities: Mapping[str, Entity] = field(default_factory=dict)

    def match(self, method: str, path: str) -> Match | None:
        """The operation that answers `method` on `path` (still percent-encoded, without query), or None."""
        return self.routes.match(method, path)

    def methods(self, path: str) -> frozenset[str]:
        """Every method that some operation accepts on `path`; empty when the path names no kind of resource."""
        return self.routes.methods(path)

    def model(self, name: str) -> Model:
        return self.models[name]

    def item_model(self, operation: Operation) -> Model | None:
        """The model of one element of a list operation's envelope."""
        envelope = next((self.models[m] for m in operation.success.values() if m and m in self.models), None)
        value = envelope.properties.get("value") if envelope else None
        return self.models.get(value.items) if value and value.items else None

    def operation_on(self, entity: str, kind: str) -> Operation | None:
        """The operation of that kind (create, get, list, delete…) on a kind of resource."""
        found = [o for o in self.operations.values() if o.entity == entity and o.kind == kind]
        known = self.entities.get(entity)
        own = [o for o in found if known and o.path in (known.path, known.collection)]
        return next(iter(own or found), None)

    def updatable(self, operation_id: str) -> tuple[str, ...]:
        """The properties that an update may change; those of an ARM `properties` envelope as `properties.name`."""
        operation = self.operations[operation_id]
        if operation.update is None or operation.request is None:
            return ()
        names: list[str] = []
        for prop in self.models[operation.request].properties.values():
            if prop.name == "properties" and prop.ref:
                names += [f"properties.{inner}" for inner in self.models[prop.ref].properties]
            elif not prop.read_only:
                names.append(prop.name)
        return tuple(names)
