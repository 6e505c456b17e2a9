"""Reads the contract's YAML files and resolves them to the contract of one api-version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from conformance.contract import source
from conformance.contract.model import (
    Contract,
    ErrorCode,
    Filter,
    Model,
    Operation,
    Parameter,
    Plane,
    Property,
    Routes,
    Version,
)

DATA = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_File = TypeVar("_File", bound=BaseModel)
_IMPLIED: Mapping[str, str] = {"ref": "object", "items": "array", "values": "map", "enum": "string"}


class ContractDataError(Exception):
    """A file of the contract's data is wrong. The message names the file, the line and what is wrong."""


def at(version: str, plane: Plane = Plane.DATA) -> Contract:
    """The contract of one api-version.

    Raises:
        KeyError: `version` is not an api-version of the plane; `versions(plane)` lists them.
        ContractDataError: a data file is broken.
    """
    return _at(version, plane)


@cache
def versions(plane: Plane = Plane.DATA) -> tuple[Version, ...]:
    """Every api-version of a plane, oldest first."""
    table = read(DATA / "versions.yaml", source.VersionsFile)
    listed = table.data_plane if plane is Plane.DATA else table.management
    return tuple(Version(v.version, plane, i, v.preview) for i, v in enumerate(listed))


def nearest(version: str, plane: Plane = Plane.DATA) -> Version:
    """The api-version itself or, when the contract lacks it, the oldest one after it by name, else the newest."""
    known = versions(plane)
    return next((v for v in known if v.name >= version), known[-1])


@cache
def errors() -> Mapping[str, ErrorCode]:
    """The documented error codes of the data plane by code (source: "Batch Status and Error Codes")."""
    table: dict[str, ErrorCode] = {}
    for row in read(DATA / "errors.yaml", source.ErrorsFile).errors:
        known = table.get(row.code)
        statuses = (*known.statuses, row.status) if known else (row.status,)
        whens = [w for w in (known.when if known else "", row.when or "") if w]
        table[row.code] = ErrorCode(row.code, statuses, "; ".join(whens))
    return table


@cache
def _at(version: str, plane: Plane) -> Contract:
    order = {v.name: v for v in versions(plane)}
    files = resource_files(plane)
    resolver = _Resolver(order, order[version], files, _parameters(plane))
    operations = resolver.operations()
    return Contract(order[version], operations, resolver.models(), errors(), Routes(operations))


@cache
def resource_files(plane: Plane) -> Mapping[str, source.ResourceFile]:
    """The source records by resource (the file's name without ending)."""
    paths = sorted(p for p in (DATA / plane).glob("*.yaml") if p.name != "parameters.yaml")
    return {p.stem: read(p, source.ResourceFile) for p in paths}


@cache
def _parameters(plane: Plane) -> source.ParametersFile:
    return read(DATA / plane / "parameters.yaml", source.ParametersFile)


def read(path: Path, shape: type[_File]) -> _File:
    """Load one YAML file into `shape`.

    Raises:
        ContractDataError: not YAML, or not of that shape.
    """
    text = path.read_text(encoding="utf-8")
    try:
        raw = yaml.load(text, Loader=_Loader)  # the C variant of the safe loader
        return shape.model_validate(raw)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContractDataError(f"{path}:{line}: not YAML: {error.problem}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ContractDataError(f"{path}:{_line(text, first['loc'])}: {where}: {first['msg']}") from error


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way to `location`; pydantic adds steps (union members) that YAML lacks."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for step in location:
        child = _child(node, step)
        if child is not None:
            node, line = child
    return line


def _child(node: Any, step: int | str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


class _Resolver:
    """Picks, out of dated records, those that hold at one api-version."""

    def __init__(
        self,
        order: Mapping[str, Version],
        version: Version,
        files: Mapping[str, source.ResourceFile],
        parameters: source.ParametersFile,
    ) -> None:
        self._order = order
        self._position = version.position
        self._files = files
        self._parameters = parameters
        self._enums = {
            name: tuple(v if isinstance(v, str) else v.value for v in values if isinstance(v, str) or self.holds(v))
            for file in files.values()
            for name, values in file.enums.items()
        }

    def holds(self, dated: source.Dated) -> bool:
        try:
            first = self._order[dated.since].position if dated.since else 0
            last = self._order[dated.until].position if dated.until else self._position
        except KeyError as unknown:
            raise ContractDataError(f"{DATA}: since/until names an api-version that versions.yaml lacks: {unknown}") from unknown
        return first <= self._position <= last

    def _flag(self, flag: bool | source.Dated) -> bool:
        return flag if isinstance(flag, bool) else self.holds(flag)

    def models(self) -> dict[str, Model]:
        return {
            name: Model(name, held)
            for file in self._files.values()
            for name, properties in file.models.items()
            if (held := self._properties(properties)) or not properties
        }

    def _properties(self, properties: Mapping[str, list[source.SourceProperty]]) -> dict[str, Property]:
        return {p: found for p, editions in properties.items() if (found := self._property(p, editions))}

    def _property(self, name: str, editions: Iterable[source.SourceProperty]) -> Property | None:
        edition = next((e for e in editions if self.holds(e)), None)
        if edition is None:
            return None
        kind: str = edition.type or next((t for k, t in _IMPLIED.items() if getattr(edition, k)), "any")
        return Property(
            name=name,
            type=kind,
            format=edition.format,
            ref=edition.ref,
            items=edition.items,
            values=edition.values,
            enum=self._enums[edition.enum] if edition.enum else None,
            encode=edition.encode,
            required=self._flag(edition.required),
            read_only=edition.read_only,
            write_only=edition.write_only,
            secret=edition.secret,
            default=edition.default,
            minimum=edition.minimum,
            maximum=edition.maximum,
            min_length=edition.min_length,
            max_length=edition.max_length,
            max_items=edition.max_items,
            pattern=edition.pattern,
            constant=edition.constant,
        )

    def operations(self) -> dict[str, Operation]:
        return {
            name: self._operation(name, resource, operation)
            for resource, file in self._files.items()
            for name, operation in file.operations.items()
            if self.holds(operation)
        }

    def _operation(self, name: str, resource: str, operation: source.SourceOperation) -> Operation:
        uses = [u for entry in operation.parameters for u in self._expand(entry)]
        return Operation(
            id=name,
            resource=resource,
            method=operation.method,
            path=operation.path,
            kind=operation.kind,
            parameters={p.name: p for use in uses if (p := self._parameter(use))},
            success={status: body.model for status, bodies in operation.success.items() for body in bodies if self.holds(body)},
            headers={
                status: tuple(h if isinstance(h, str) else h.name for h in names if isinstance(h, str) or self.holds(h))
                for status, names in operation.headers.items()
            },
            request=operation.request,
            request_required=operation.request is not None and not operation.request_optional,
            paged=self._flag(operation.paged),
            long_running=operation.long_running,
            filter={p: Filter(f.type, tuple(f.operators)) for p, f in operation.filter.items()},
            never_sent=tuple(operation.never_sent),
        )

    def _expand(self, entry: str | source.ParameterUse) -> list[source.ParameterUse]:
        if not isinstance(entry, str):
            return [entry]
        return [source.ParameterUse(name=n) for n in self._parameters.groups.get(entry, [entry])]

    def _parameter(self, use: source.ParameterUse) -> Parameter | None:
        definition = self._parameters.parameters[use.name]
        if not (self.holds(use) and self.holds(definition)):
            return None
        stated = use.model_dump(exclude={"name", "since", "until"}, exclude_none=True)
        base = definition.model_dump(exclude={"since", "until"})
        return Parameter(name=use.name, **{**base, **stated})
