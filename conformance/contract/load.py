"""Reads the contract's YAML files and resolves them to the contract of one api-version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from conformance.contract import source
from conformance.contract.check import problems
from conformance.contract.model import Contract, ErrorCode, Plane, Version
from conformance.contract.resolve import Resolver
from conformance.contract.routes import Routes

DATA = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_File = TypeVar("_File", bound=BaseModel)


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
    resolver = Resolver(order, order[version], *_sources(plane))
    operations = resolver.operations()
    return Contract(
        order[version], operations, resolver.models(operations.values()), errors(), Routes(operations), resolver.entities()
    )


@cache
def _sources(plane: Plane) -> tuple[Mapping[str, source.ResourceFile], source.ParametersFile]:
    return read_plane(DATA / plane, [v.name for v in versions(plane)])


def read_plane(folder: Path, known: Collection[str]) -> tuple[Mapping[str, source.ResourceFile], source.ParametersFile]:
    """The source records of a plane by resource (the file's name without ending), and its parameters.

    Raises:
        ContractDataError: a file is broken or names something that does not exist.
    """
    paths = sorted(p for p in folder.glob("*.yaml") if p.name != "parameters.yaml")
    files = {p.stem: read(p, source.ResourceFile) for p in paths}
    parameters = read(folder / "parameters.yaml", source.ParametersFile)
    for problem in problems(files, parameters, known):
        path = folder / f"{problem.resource}.yaml"
        raise _error(path, path.read_text(encoding="utf-8"), problem.location, problem.text)
    return files, parameters


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
        where, message = _telling(error)
        raise _error(path, text, where, message) from error


def _telling(error: ValidationError) -> tuple[tuple[int | str, ...], str]:
    """Of the first mistake the alternative that was nearly right: where a name or a record may stand, what ails the record."""
    found = [(mistake["loc"], mistake["msg"]) for mistake in error.errors()]
    beside = found[0][0][:-1]
    return max((f for f in found if f[0][: len(beside)] == beside), key=lambda f: len(f[0]))


def _error(path: Path, text: str, location: tuple[int | str, ...], what: str) -> ContractDataError:
    where = ".".join(str(step) for step in location)
    return ContractDataError(f"{path}:{_line(text, location)}: {where}: {what}")


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
