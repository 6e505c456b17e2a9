"""The contract of one api-version: what `at()` resolves the source data to. Plain frozen records, no behaviour but look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote


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
    array. `encode` is "string" for an integer that travels as a JSON string.
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


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    properties: Mapping[str, Property]


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
    those of them that the live service leaves out (source: recordings).
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
        envelope = next((m for m in operation.success.values() if m), None)
        if envelope is None or "value" not in self.models[envelope].properties:
            return None
        items = self.models[envelope].properties["value"].items
        return self.models.get(items) if items else None


def split_path(path: str) -> list[str]:
    """Segments of a path. The certificate key `certificates(thumbprintAlgorithm=a,thumbprint=b)` is one segment."""
    return [s for s in path.strip("/").split("/") if s != ""]


class Routes:
    """Finds the operation of a request by path template."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._by_length: dict[int, list[tuple[list[str], Operation]]] = {}
        for operation in operations.values():
            template = split_path(operation.path)
            self._by_length.setdefault(len(template), []).append((template, operation))
        for candidates in self._by_length.values():
            candidates.sort(key=lambda c: [s.startswith("{") for s in c[0]])

    def match(self, method: str, path: str) -> Match | None:
        for operation, values in self._candidates(path):
            if operation.method == method.upper():
                return Match(operation, values)
        return None

    def methods(self, path: str) -> frozenset[str]:
        return frozenset(operation.method for operation, _ in self._candidates(path))

    def _candidates(self, path: str) -> Iterator[tuple[Operation, dict[str, str]]]:
        segments = split_path(path)
        for template, operation in self._by_length.get(len(segments), ()):
            values = _bind(template, segments)
            if values is not None:
                yield operation, values
        # a file path may hold encoded or plain slashes; the last parameter then takes the rest
        for length in range(1, len(segments)):
            for template, operation in self._by_length.get(length, ()):
                if template[-1] != "{filePath}":
                    continue
                values = _bind(template, [*segments[: length - 1], "/".join(segments[length - 1 :])])
                if values is not None:
                    yield operation, values


def _bind(template: list[str], segments: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, actual in zip(template, segments, strict=True):
        if expected.startswith("{"):
            values[expected[1:-1]] = unquote(actual)
        elif "(" in expected:
            key = _bind_key(expected, unquote(actual))
            if key is None:
                return None
            values.update(key)
        elif expected.lower() != actual.lower():
            return None
    return values


def _bind_key(template: str, segment: str) -> dict[str, str] | None:
    """Bind `name(a={a},b={b})` to `name(a=1,b=2)`; names compare without case, as the live service writes them both ways."""
    name, _, keys = template.partition("(")
    actual_name, parenthesis, actual_keys = segment.partition("(")
    if not parenthesis or not actual_keys.endswith(")") or actual_name.lower() != name.lower():
        return None
    expected = [k.partition("=") for k in keys.rstrip(")").split(",")]
    given = {k.strip().lower(): v for k, _, v in (part.partition("=") for part in actual_keys[:-1].split(","))}
    if set(given) != {k.lower() for k, _, _ in expected}:
        return None
    return {v[1:-1]: given[k.lower()] for k, _, v in expected}
