"""Pages that lose or repeat; filters and selects that are not looked at; lists that are out of date."""

from __future__ import annotations

import json

from conformance.defects.answers import body, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.pages import repeating
from conformance.defects.requests import deaf_to_parameter
from conformance.defects.where import fits, has
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LISTS = "GET /pools, GET /jobs, GET /jobschedules, GET /jobs/{}/tasks"
_ONES = "GET /pools/{}, GET /jobs/{}, GET /jobschedules/{}, GET /jobs/{}/tasks/{}"
_TOKEN = "$skiptoken"


def _without_first(document: Json) -> None:
    del document["value"][:1]


def _without_empty(document: Json) -> None:
    if not document["value"]:
        del document["value"]


def _late(service: Service) -> Lie:
    newest = ""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal newest
        answer = await ask(asked)
        if fits("POST /jobschedules", asked) and answer.status == 201:
            newest = str(json.loads(asked.body)["id"])
        if not fits("GET /jobschedules", asked) or answer.status != 200:
            return answer

        def forget(document: Json) -> None:
            document["value"] = [element for element in document["value"] if element.get("id") != newest]

        return with_body(answer, forget)

    return lie


DEFECTS = (
    Defect(
        "page-loses-first",
        "Every page but the first lacks its first element.",
        "paging",
        ("protocol.paging.complete", "*.list.pages"),
        "Off by one in the offset of a page.",
        body(_LISTS, _without_first, has(_TOKEN)),
        consequences=("tasks.list.filter-and-pages", "*.add.listed", "*.trace.list-complete"),
        panel=True,
    ),
    Defect(
        "maxresults-ignored",
        "The parameter maxresults is not looked at: every list comes whole.",
        "paging",
        ("protocol.paging.limits-page", "protocol.paging.page-size"),
        "Emulators have few resources.",
        deaf_to_parameter(_LISTS, "maxresults"),
        consequences=(
            "*.list.pages",
            "*.responses.paging",
            "protocol.errors.bad-query-value",
            "protocol.paging.maxresults-*",
            "tasks.list.maxresults-above-refused",
        ),
        panel=True,
    ),
    Defect(
        "page-repeats",
        "Every page but the first begins with the last element of the one before.",
        "paging",
        (
            "pools.trace.list-once",
            "protocol.paging.complete",
        ),
        "Off by one in the offset of a page.",
        repeating(_LISTS),
        consequences=(
            "*.list.lists-all",
            "*.list.pages",
            "tasks.list.filter-and-pages",
            "*.trace.list-once",
            "protocol.paging.no-duplicates",
        ),
    ),
    Defect(
        "select-ignored",
        "$select is not looked at.",
        "queries",
        ("protocol.select.list-hides-others", "protocol.select.get-hides-others"),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(f"{_LISTS}, {_ONES}", "$select"),
        consequences=("*.get.select*", "*.list.select*", "protocol.paging.keeps-select", "protocol.select.*"),
        panel=True,
    ),
    Defect(
        "filter-ignored",
        "$filter is not looked at.",
        "queries",
        (
            "protocol.filter.and",
            "protocol.filter.no-match-empty",
            "pools.trace.list-filter",
        ),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LISTS, "$filter"),
        consequences=(
            "*.add.listed",
            "*.list.*",
            "*.trace.list-filter",
            "protocol.errors.bad-query-value",
            "protocol.filter.*",
            "protocol.paging.*",
            "tasks.trace.list-pages-filter",
        ),
    ),
    Defect(
        "schedule-list-late",
        "The list of job schedules has a new one only when the next one has been added.",
        "paging",
        ("job-schedules.trace.list-complete", "job-schedules.add.listed"),
        "Read from a replica that lags behind.",
        _late,
        consequences=(
            "job-schedules.list.element-equals-get",
            "job-schedules.list.lists-all",
            "job-schedules.add.id-case-kept",
        ),
    ),
    Defect(
        "empty-list-absent",
        "A list without elements has no value.",
        "paging",
        (
            "protocol.paging.value-array",
            "*.responses.paging",
        ),
        "JSON libraries leave out what is empty.",
        body(_LISTS, _without_empty),
        consequences=(
            "*.unlisted",
            "tasks.list.empty",
        ),
    ),
)
