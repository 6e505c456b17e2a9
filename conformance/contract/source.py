"""The shape of the contract's YAML files (pydantic models). Every record may carry `since` and `until` (both inclusive)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Record):
    since: str | None = None
    until: str | None = None


Scalar = bool | int | str


class SourceProperty(Dated):
    type: Literal["string", "integer", "number", "boolean", "object", "array", "map", "any"] | None = None
    format: str | None = None
    ref: str | None = None
    items: str | None = None
    values: str | None = None
    enum: str | None = None
    encode: Literal["string"] | None = None
    required: bool | Dated = False
    read_only: bool = False
    write_only: bool = False
    secret: bool = False
    default: Scalar | list[Scalar] | dict[str, Any] | None = None
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


class SourceWhen(Record):
    property: str
    equals: bool | str | None = None
    required: list[str] = []
    forbidden: list[str] = []
    at_least_one: list[list[str]] = []
    defaults: dict[str, Any] = {}


class SourceRules(Record):
    """How properties depend on each other. Properties that an api-version lacks drop out of their groups."""

    exactly_one: list[list[str]] = []
    at_most_one: list[list[str]] = []
    at_least_one: list[list[str]] = []
    requires: dict[str, list[str]] = {}
    when: list[SourceWhen] = []


class SourceLifecycle(Record):
    starts: list[str]
    own: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}


class SourceEntity(Record):
    model: str | None
    path: str
    collection: str
    fixed: list[str] = []
    volatile: list[str] = []
    driven: dict[str, str] = {}
    lifecycles: dict[str, SourceLifecycle] = {}


class SourceParameter(Dated):
    where: Literal["path", "query", "header"] = Field(alias="in")
    type: Literal["string", "integer", "boolean"]
    format: str | None = None
    required: bool = False
    default: bool | int | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


class ParameterUse(Dated):
    """A parameter of an operation by name, with what this operation states differently."""

    name: str
    default: bool | int | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


class HeaderUse(Dated):
    name: str


class Value(Dated):
    """A value of an enum. `live` is how the live service spells it in answers, if not like `value` (source: recordings)."""

    value: str
    live: str | None = None


class Body(Dated):
    model: str | None


class SourceFilter(Record):
    type: Literal["string", "datetime", "int", "boolean"]
    operators: list[str]


def _listed(raw: Any) -> Any:
    return raw if isinstance(raw, list) else [raw]


def _bodies(raw: Any) -> Any:
    return raw if isinstance(raw, list) else [{"model": raw}]


class SourceOperation(Dated):
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    kind: Literal["create", "create-many", "get", "list", "exists", "patch", "replace", "delete", "action"]
    parameters: list[str | ParameterUse] = []
    request: str | None = None
    request_optional: bool = False
    success: dict[int, Annotated[list[Body], BeforeValidator(_bodies)]]
    headers: dict[int, list[str | HeaderUse]] = {}
    paged: bool | Dated = False
    long_running: bool = False
    filter: dict[str, SourceFilter] = {}
    never_sent: list[str] = []
    entity: str | None = None
    metadata: str | None = None


class ResourceFile(Record):
    """One `<plane>/<resource>.yaml`."""

    operations: dict[str, SourceOperation] = {}
    entities: dict[str, SourceEntity] = {}
    models: dict[str, dict[str, Annotated[list[SourceProperty], BeforeValidator(_listed)]]] = {}
    rules: dict[str, SourceRules] = {}
    enums: dict[str, list[str | Value]] = {}


class ParametersFile(Record):
    groups: dict[str, list[str]]
    parameters: dict[str, SourceParameter]


class SourceVersion(Record):
    version: str
    preview: bool = False


class VersionsFile(Record):
    data_plane: list[SourceVersion] = Field(alias="data-plane")
    management: list[SourceVersion]


class SourceError(Record):
    code: str
    status: int
    when: str | None = None


class ErrorsFile(Record):
    errors: list[SourceError]
