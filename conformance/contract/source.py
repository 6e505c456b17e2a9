"""The shape of the contract's YAML files (pydantic models). Every record may carry `since` and `until` (both inclusive)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Record):
    since: str | None = None
    until: str | None = None


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
    default: bool | int | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    constant: str | None = None


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
    value: str


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


class ResourceFile(Record):
    """One `<plane>/<resource>.yaml`."""

    operations: dict[str, SourceOperation] = {}
    models: dict[str, dict[str, Annotated[list[SourceProperty], BeforeValidator(_listed)]]] = {}
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
