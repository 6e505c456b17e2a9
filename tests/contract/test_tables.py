"""Error codes and filterable properties against the tables of the facts."""

from __future__ import annotations

import csv
from collections import defaultdict

import facts_reader

from conformance import contract

LISTS = {
    "supported images": ("Account_ListSupportedImages",),
    "certificates": ("Certificate_List",),
    "pools": ("Pool_List",),
    "pool node counts": ("Account_ListPoolNodeCounts",),
    "pool usage metrics": ("Pool_ListUsageMetrics",),
    "jobs": ("Job_List",),
    "jobs of a job schedule": ("Job_ListFromJobSchedule",),
    "job schedules": ("JobSchedule_List",),
    "job preparation and release status": ("Job_ListPreparationAndReleaseTaskStatus",),
    "tasks": ("Task_List",),
    "nodes": ("ComputeNode_List",),
    "node files": ("File_ListFromComputeNode",),
    "task files": ("File_ListFromTask",),
}


def rows(name: str) -> list[dict[str, str]]:
    with (facts_reader.folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_error_codes() -> None:
    stated: dict[str, set[int]] = defaultdict(set)
    for row in rows("error-codes.csv"):
        stated[row["code"]].add(int(row["http_status"]))
    assert {code: set(known.statuses) for code, known in contract.errors().items()} == stated


def test_error_codes_say_when_in_own_words() -> None:
    copied = {row["when"] for row in rows("error-codes.csv") if row["when"]}
    assert all(known.when for known in contract.errors().values())
    assert not copied & {part for known in contract.errors().values() for part in known.when.split("; ")}


def test_filterable_properties() -> None:
    stated: dict[str, dict[str, tuple[str, set[str]]]] = defaultdict(dict)
    for row in rows("odata-filters.csv"):
        for operation in LISTS[row["list"]]:
            stated[operation][row["property"]] = (row["type"], set(row["operators"].split()))
    known = contract.at("2022-01-01.15.0").operations
    ours = {o.id: {p: (f.type, set(f.operators)) for p, f in o.filter.items()} for o in known.values() if o.filter}
    assert ours == stated
