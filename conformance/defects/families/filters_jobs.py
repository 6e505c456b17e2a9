"""Filters of jobs that are overlooked, or understood otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from conformance.defects.answers import body
from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import has
from conformance.reference.wire import Json

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_STATUS = "GET /jobs/{}/jobpreparationandreleasetaskstatus"


def _ignores(*names: str) -> Any:
    """The conditions on these properties are overlooked."""
    wanted = re.compile(rf" and (?:startswith\()?(?:{'|'.join(names)})\b.*$")
    return parameter(_LIST, "$filter", lambda text: wanted.sub("", text))


def _instants(text: str) -> str:
    """At least is taken for after, at most for before."""
    return re.sub(r"\b(g|l)e (?=DateTime)", r"\1t ", text)


def _strict(name: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"\b{name} (g|l)e (?=')", rf"{name} \1t ", text)


def _stray(document: Json) -> None:
    value = document["value"]
    if value and "odata.nextLink" not in document:
        value.append({**value[0], "id": "elsewhere"})


DEFECTS = (
    Defect(
        "job-select-ignored",
        "$select on jobs is ignored.",
        "queries",
        ("jobs.get.selects", "jobs.list.selects", "jobs.preparation-status.select"),
        "Fewer members are only a matter of speed.",
        deaf_to_parameter(f"{_JOB}, {_LIST}, {_STATUS}", "$select"),
        consequences=("protocol.select.only-selected",),
    ),
    Defect(
        "job-filter-second-page",
        "The last of several pages of a filtered list of jobs has a job that does not fit the filter.",
        "paging",
        ("jobs.trace.list-pages-filter",),
        "The filter is not in the link to the next page.",
        body(_LIST, _stray, lambda asked: has("$skiptoken")(asked) and has("$filter")(asked)),
        consequences=(
            "jobs.responses.url",
            "jobs.list.pages",
            "protocol.paging.keeps-filter",
        ),
    ),
    Defect(
        "job-filter-instants-strict",
        "In filters of jobs at least an instant means after it, and at most before it.",
        "queries",
        (
            "jobs.list.filter-state-transition-time",
            "jobs.list.filter-creation-time",
            "jobs.list.filter-last-modified",
            "jobs.list.filter-start-time",
        ),
        "Two operators for four.",
        parameter(_LIST, "$filter", _instants),
    ),
    Defect(
        "job-filter-id-strict",
        "In filters of jobs at least an id means after it, and at most before it.",
        "queries",
        ("jobs.list.filter-id",),
        "Two operators for four.",
        parameter(_LIST, "$filter", _strict("id")),
    ),
    Defect(
        "job-filter-pool-strict",
        "In filters of jobs at least the id of a pool means after it, and at most before it.",
        "queries",
        ("jobs.list.filter-pool-id",),
        "Two operators for four.",
        parameter(_LIST, "$filter", _strict("executionInfo/poolId")),
    ),
    Defect(
        "job-filter-state-not",
        "Filtering jobs by the states that they do not have is overlooked.",
        "queries",
        ("jobs.list.filter-state", "jobs.trace.list-filter"),
        "Only what the emulator's author needed: eq.",
        parameter(_LIST, "$filter", lambda text: re.sub(r" and state ne '[a-z]*'", "", text)),
        consequences=("jobs.list.filter-id",),
    ),
    Defect(
        "job-filter-end-time-ignored",
        "Filtering jobs by their end is overlooked.",
        "queries",
        ("jobs.list.filter-end-time",),
        "What is nested is not looked into.",
        _ignores("executionInfo/endTime"),
    ),
    Defect(
        "job-status-filter-ignored",
        "The filter on the status of preparation and release tasks is ignored.",
        "queries",
        tuple(
            f"jobs.preparation-status.filter-{name}"
            for name in (
                "pool-id",
                "node-id",
                "preparation-state",
                "preparation-start-time",
                "preparation-end-time",
                "preparation-exit-code",
                "preparation-result",
                "release-state",
                "release-start-time",
                "release-end-time",
                "release-exit-code",
                "release-result",
            )
        ),
        "A list of so few is not worth a filter.",
        deaf_to_parameter(_STATUS, "$filter"),
    ),
)
