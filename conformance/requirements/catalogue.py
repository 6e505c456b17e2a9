"""The catalogue: every normative statement that the suite knows, read from `data/<profile>.yaml`.

Two files beside them: `untestable.yaml`, and `seen.yaml`, which a command writes: when the live service was last seen to do what
a requirement says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

DATA = Path(__file__).parent / "data"
UNTESTABLE, SEEN = "untestable.yaml", "seen.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Level = Literal["MUST", "SHOULD", "MAY"]
Profile = Literal[
    "protocol", "pools", "jobs", "tasks", "job-schedules", "certificates", "nodes", "files", "applications", "accounts"
]


class CatalogueError(Exception):
    """A file of the catalogue is wrong. The message names the file, the entry and what is wrong."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Record):
    """Where the statement stands: a document of `shared/seeds` or `shared/facts` by title, and its section."""

    document: str
    section: str


class Seen(_Record):
    """The live service was last seen to do it: cassette, date (YYYY-MM-DD), api-version."""

    recording: str
    date: str
    api_version: str


class Accepted(_Record):
    behaviour: str
    documents: list[str]


class Trace(_Record):
    """Which findings of the oracle bear on a requirement: its checks, the operations that they are about (globs over operation
    ids), and the properties (globs; a property of an object is `startTask/commandLine`)."""

    checks: list[str] = Field(min_length=1)
    operations: list[str] = Field(min_length=1)
    properties: list[str] = ["*"]

    def covers(self, operation: str, name: str) -> bool:
        return any(fnmatchcase(operation, glob) for glob in self.operations) and any(
            fnmatchcase(name, glob) for glob in self.properties
        )


class Requirement(_Record):
    """One normative statement.

    `rule` names the rules (`conformance.rules`) that verify it on exchanges of `operations` (globs over operation ids); `trace`
    the checks of the oracle (`conformance.oracle`) that verify it on traces. With `properties` (globs over the place in the body,
    `startTask/commandLine`) only what a rule has against one of these bears on it. Scenarios that are marked with its id verify
    it too, or alone. `since` and `until` are api-versions, both inclusive.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")
    level: Level
    profile: Profile
    title: str
    source: Source
    plane: Literal["data-plane", "management"] = "data-plane"
    since: str | None = None
    until: str | None = None
    rule: list[str] = []
    operations: list[str] = []
    properties: list[str] = []
    trace: list[Trace] = []
    seen: Seen | None = None
    ambiguity: list[Accepted] = []
    retired: bool = False

    def holds_at(self, api_version: str) -> bool:
        """Api-version names sort by date, so text order is time order."""
        return (self.since is None or api_version >= self.since) and (self.until is None or api_version <= self.until)

    @property
    def checks(self) -> list[str]:
        """Every check of the oracle that bears on it, once."""
        return list(dict.fromkeys(check for trace in self.trace for check in trace.checks))

    def concerns(self, where: str) -> bool:
        """Whether what a rule has against this place bears on it."""
        return any(fnmatchcase(where.lstrip("/"), glob) for glob in self.properties)

    def covers(self, operation: str) -> bool:
        return operation in self.operations or any("*" in glob and fnmatchcase(operation, glob) for glob in self.operations)


class Untestable(_Record):
    """A normative sentence that nobody can test from outside, and why."""

    statement: str
    source: Source
    reason: str


class _File(_Record):
    profile: Profile
    requirements: list[dict[str, object]]


@dataclass(frozen=True)
class Catalogue:
    requirements: Mapping[str, Requirement]
    untestable: tuple[Untestable, ...]

    def at(self, api_version: str, plane: str = "data-plane") -> Iterator[Requirement]:
        """The requirements that hold at one api-version, in catalogue order, without retired ones."""
        for requirement in self.requirements.values():
            if requirement.plane == plane and not requirement.retired and requirement.holds_at(api_version):
                yield requirement


@cache
def load() -> Catalogue:
    """The whole catalogue.

    Raises:
        CatalogueError: a file is not of its shape, or an id stands twice.
    """
    found: dict[str, Requirement] = {}
    seen = _read_seen(DATA / SEEN)
    for path in sorted(DATA.glob("*.yaml")):
        if path.name in {UNTESTABLE, SEEN}:
            continue
        for requirement in _read_profile(path, seen):
            if requirement.id in found:
                raise CatalogueError(f"{path}: the id {requirement.id} stands twice in the catalogue")
            found[requirement.id] = requirement
    return Catalogue(found, tuple(_read_untestable(DATA / UNTESTABLE)))


def _read_seen(path: Path) -> Mapping[str, Seen]:
    """By requirement id. An id that the catalogue lacks does no harm: the command that writes the file drops it next time."""
    if not path.exists():
        return {}
    raw = read_yaml(path) or {}
    try:
        return {name: Seen.model_validate(entry) for name, entry in raw.items()}
    except ValidationError as error:
        raise CatalogueError(f"{path}: {_first(error)}") from error


def _read_profile(path: Path, seen: Mapping[str, Seen]) -> Iterator[Requirement]:
    raw = read_yaml(path)
    try:
        table = _File.model_validate(raw)
    except ValidationError as error:
        raise CatalogueError(f"{path}: {_first(error)}") from error
    for position, entry in enumerate(table.requirements):
        name = entry.get("id", f"entry {position}")
        try:
            yield Requirement.model_validate({"profile": table.profile, "seen": seen.get(str(name)), **entry})
        except ValidationError as error:
            raise CatalogueError(f"{path}: {name}: {_first(error)}") from error


def _read_untestable(path: Path) -> Iterator[Untestable]:
    if not path.exists():
        return
    for position, entry in enumerate(read_yaml(path) or []):
        try:
            yield Untestable.model_validate(entry)
        except ValidationError as error:
            raise CatalogueError(f"{path}: entry {position}: {_first(error)}") from error


def read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # the C variant of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(f"{path}:{line}: not YAML: {error.problem}") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
