"""`recording.json`: what was recorded, when, by which version of the suite, and which cassette belongs to which scenario."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, field_validator

from conformance.target.errors import UserError

INDEX = "recording.json"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80


class Index(BaseModel):
    """What stands in the file.

    `target` is the target's description without its secrets, with the aliases that the cassettes have; `requirements` are the
    globs that the run was narrowed to; `cassettes` maps what sent the requests (a scenario, or a fixture that scenarios share) to
    its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    recorded: AwareDatetime
    suite: str
    commit: str | None = None
    label: str
    seed: int | None = None
    target: dict[str, Any]
    requirements: list[str] = []
    cassettes: dict[str, str]

    @field_validator("cassettes")
    @classmethod
    def _stay_inside(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value.values():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"{name!r} is outside of the recording")
        return value


def read_index(folder: Path) -> Index:
    """Raises UserError when there is none, or none that can be read."""
    path = folder / INDEX
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"--replay {folder}: {INDEX} cannot be read: {said}; record with `run --record {folder}`") from None
    try:
        return Index.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise UserError(f"{path}: {where}: {first['msg']}; record again with `run --record {folder}`") from None


def file_names(sources: Iterable[str]) -> Mapping[str, str]:
    """A path below the recording's folder for each source: readable, safe everywhere, and different from all others."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for source in sorted(sources):
        name = _file_name(source)
        if name.lower() in taken:
            name = f"{name.removesuffix('.yaml')}-{hashlib.sha256(source.encode()).hexdigest()[:8]}.yaml"
        taken.add(name.lower())
        found[source] = name
    return found


def _file_name(source: str) -> str:
    path, _, test = source.partition("::")
    folders = [_UNSAFE.sub("-", part) for part in path.removesuffix(".py").split("/") if part != "scenarios"]
    name = _UNSAFE.sub("-", test).strip("-.") or "all"
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"
    return "/".join([*folders, f"{name}.yaml"])
