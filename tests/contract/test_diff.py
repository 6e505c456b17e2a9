"""Comparing two api-versions: what is found, how it is shown, and that it agrees with the timeline of the facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import facts_reader
import pytest
import yaml

from conformance import contract
from conformance.contract import Plane
from conformance.contract.diff import Change, Kind, VersionDiff, compare, diff

PAIRS = [(plane, old.name, new.name) for plane in Plane for old, new in pairwise(contract.versions(plane))]
DATA_VERSIONS = [v.name for v in contract.versions()][1:]
SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
PARAMETER = re.compile(r'([+~-])(\w+) (\S+)(?: (\w+): "?([^"]*)"? -> "?([^"]*)"?)?')


@cache
def timeline() -> dict[str, dict[str, Any]]:
    entries = json.loads((facts_reader.folder() / "version-timeline.json").read_text(encoding="utf-8"))
    return {e["api_version"]: e for e in entries}


def stated(entry: dict[str, Any]) -> Iterator[str]:
    """The changes of one entry of the timeline, one line each."""
    yield from (f"+{name}" for name in entry["operations_added"])
    yield from (f"-{name}" for name in entry["operations_removed"])
    for sign, key in (("+", "wire_paths_added"), ("-", "wire_paths_removed")):
        for place, paths in entry[key].items():
            operation, _, where = place.partition(" ")
            yield from (f"{operation} {sign}{where} {path}" for path in paths)
    older, newer = contract.at(entry["compared_to"]), contract.at(entry["api_version"])
    common = sorted(older.operations.keys() & newer.operations.keys())
    for change, operations in entry.get("parameter_changes", {}).items():
        parsed = PARAMETER.fullmatch(change)
        assert parsed, change
        sign, where, name, what, before, after = parsed.groups()
        detail = f" {what} {before} -> {after}" if what else ""
        for operation in common if isinstance(operations, str) else operations:
            yield f"{operation} {sign}{where} {name}{detail}"


def found(result: VersionDiff) -> Iterator[str]:
    """The same lines for the kinds of change that the timeline has."""
    yield from (f"+{o.id}" for o in result.added)
    yield from (f"-{o.id}" for o in result.removed)
    for operation in result.changed:
        for c in operation.changes:
            parameter = c.where in ("path", "query", "header")
            body = (c.where == "request" or c.where.isdigit()) and c.kind is not Kind.CHANGED
            if parameter or body:
                detail = f" {c.what} {c.before} -> {c.after}" if c.what else ""
                yield f"{operation.id} {SIGNS[c.kind]}{c.where} {c.name}{detail}"


def disagreements(version: str) -> list[str]:
    entry = timeline()[version]
    theirs, ours = set(stated(entry)), set(found(diff(entry["compared_to"], version)))
    return [f"{version} timeline {c}" for c in sorted(theirs - ours)] + [f"{version} contract {c}" for c in sorted(ours - theirs)]


def explanations() -> list[str]:
    rows = yaml.safe_load(Path(__file__).with_name("timeline_explained.yaml").read_text(encoding="utf-8"))
    assert all(len(row["reason"]) > 20 for row in rows)
    return [row["match"] for row in rows]


@pytest.mark.parametrize("version", DATA_VERSIONS)
def test_agrees_with_the_timeline(version: str) -> None:
    globs = explanations()
    assert [d for d in disagreements(version) if not any(fnmatchcase(d, glob) for glob in globs)] == []


def test_every_timeline_explanation_is_needed() -> None:
    every = [d for version in DATA_VERSIONS for d in disagreements(version)]
    assert [glob for glob in explanations() if not any(fnmatchcase(d, glob) for d in every)] == []


@pytest.mark.parametrize(("plane", "old", "new"), PAIRS)
def test_json_is_plain_and_says_what_the_text_says(plane: Plane, old: str, new: str) -> None:
    result = diff(old, new, plane)
    shown = json.loads(json.dumps(result.as_json()))
    assert [o["id"] for o in shown["changed"]] == [o.id for o in result.changed]
    text = result.text()
    for operation in shown["changed"]:
        assert f"\n~ {operation['id']}  {operation['method']} {operation['path']}\n" in text
    assert text.count("\n    ") == sum(len(o["changes"]) for o in shown["changed"])


def test_a_version_does_not_differ_from_itself() -> None:
    result = diff("2022-01-01.15.0", "2022-01-01.15.0")
    assert (result.added, result.removed, result.changed) == ((), (), ())
    assert result.text() == "2022-01-01.15.0 → 2022-01-01.15.0 (data-plane)\nno difference"


def test_reverse_turns_added_into_removed() -> None:
    forth, back = diff("2024-07-01.20.0", "2025-06-01"), diff("2025-06-01", "2024-07-01.20.0")
    assert [o.id for o in forth.removed] == [o.id for o in back.added]
    assert [o.id for o in forth.added] == [o.id for o in back.removed]
    assert [o.id for o in forth.changed] == [o.id for o in back.changed]


def test_known_changes() -> None:
    result = diff("2020-03-01.11.0", "2020-09-01.12.0")
    changes = {o.id: o.changes for o in result.changed}
    assert Change(Kind.REMOVED, "request", "maxTasksPerNode") in changes["Pool_Add"]
    assert Change(Kind.ADDED, "request", "taskSlotsPerNode") in changes["Pool_Add"]
    assert Change(Kind.ADDED, "200", "taskSlotCounts") in changes["Job_GetTaskCounts"]
    defaults = {o.id: o.changes for o in diff("2019-06-01.9.0", "2019-08-01.10.0").changed}
    assert Change(Kind.CHANGED, "request", "startTask.waitForSuccess", "default", False, True) in defaults["Pool_Add"]
    assert "    ~ request startTask.waitForSuccess: default false → true\n" in diff("2019-06-01.9.0", "2019-08-01.10.0").text()
    assert not [c for c in defaults.get("Pool_Get", ()) if c.what == "default"]


def test_each_kind_of_change_is_found() -> None:
    good = contract.at("2022-01-01.15.0")

    def changed(**changes: object) -> list[Change]:
        other = replace(good.operations["Pool_Resize"], **changes)  # type: ignore[arg-type]
        result = compare(good, replace(good, operations={**good.operations, "Pool_Resize": other}))
        assert [o.id for o in result.changed] == ["Pool_Resize"]
        return list(result.changed[0].changes)

    parameters = good.operations["Pool_Resize"].parameters
    without = {n: p for n, p in parameters.items() if n != "timeout"}
    assert changed(success={200: None}) == [Change(Kind.ADDED, "status", "200"), Change(Kind.REMOVED, "status", "202")]
    assert changed(parameters=without) == [Change(Kind.REMOVED, "query", "timeout")]
    assert changed(parameters={**parameters, "timeout": replace(parameters["timeout"], default=60)}) == [
        Change(Kind.CHANGED, "query", "timeout", "default", 30, 60)
    ]
    assert changed(headers={202: ()})[0] == Change(Kind.REMOVED, "202 header", "DataServiceId")
    assert changed(request=None) == [Change(Kind.REMOVED, "request", "body")]
    assert changed(long_running=True) == [Change(Kind.CHANGED, "operation", "Pool_Resize", "long_running", False, True)]


def test_unknown_version() -> None:
    with pytest.raises(KeyError):
        diff("2022-01-01.15.0", "2030-01-01.1.0")
