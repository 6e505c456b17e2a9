"""Job schedules: reads and lists that lose, repeat, show too much or too little, or do not listen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import body, no_member, with_body
from conformance.defects.combined import together
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect
from conformance.defects.requests import deaf_to_parameter, heard, parameter
from conformance.defects.schedules import GET, JOBS
from conformance.defects.where import fits, has
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /jobschedules"
_READS = f"{GET}, {_LIST}, {JOBS}"
_LISTS = f"{_LIST}, {JOBS}"
_FILTERS = (
    "id",
    "state",
    "state-transition-time",
    "creation-time",
    "last-modified",
    "end-time",
    "do-not-run-until",
    "do-not-run-after",
)
_JOB_FILTERS = ("state", "state-transition-time", "creation-time", "last-modified", "start-time", "end-time", "pool-id")
_TOKEN = "$skiptoken"
_SEVERAL = 2


def _with_stats(asked: WireRequest) -> WireRequest:
    return asked if has("$expand")(asked) else replace(asked, query=f"{asked.query}&$expand=stats")


def _twice(document: Json) -> None:
    document["value"] = document["value"] + document["value"][:1]


def _without_first(document: Json) -> None:
    del document["value"][:1]


async def _nothing_missing(asked: WireRequest, ask: Ask) -> WireAnswer:
    """A list without elements is answered as what is not there."""
    answer = await ask(asked)
    whole = fits(JOBS, asked) and answer.status == 200 and "$filter" not in asked.parameters()
    empty = whole and not json.loads(answer.body).get("value")
    return await ask(replace(asked, path="/jobschedules/none/jobs")) if empty else answer


def _plain(asked: WireRequest) -> bool:
    return asked.parameters().keys() <= {"api-version", "timeout"}


async def _others(asked: WireRequest, ask: Ask) -> WireAnswer:
    """Where there are several jobs, there is one more that a client has added."""
    answer = await ask(asked)
    if not (fits(JOBS, asked) and answer.status == 200 and _plain(asked)) or len(json.loads(answer.body)["value"]) < _SEVERAL:
        return answer
    known = json.loads((await ask(replace(asked, path="/jobs"))).body).get("value", [])
    added = [job for job in known if ":job-" not in job["id"]][-1:]
    return with_body(answer, lambda document: document["value"].extend(added))


def _open_ends(value: str) -> str:
    """The operators that take in the end do not."""
    return value.replace(" ge ", " gt ").replace(" le ", " lt ")


def _reads(id: str, lie: str, requirements: tuple[str, ...], idea: str, make: Any, *consequences: str) -> Defect:
    names = tuple(f"job-schedules.{name}" for name in requirements)
    return Defect(id, lie, "queries" if "$" in lie else "paging", names, idea, make, consequences)


DEFECTS = (
    _reads(
        "schedule-always-expands",
        "Reads and lists of job schedules and of their jobs show stats, asked for or not, as if by $expand.",
        ("get.stats-only-when-asked", "list.stats-only-when-asked", "jobs.stats-only-when-asked"),
        "All that is known is shown.",
        heard(_READS, _with_stats),
        "job-schedules.*.element-equals-get",
        "job-schedules.patch.empty-body-changes-nothing",
    ),
    _reads(
        "schedule-expand-refused",
        "$expand is refused where job schedules or their jobs are read.",
        ("get.expands-stats", "list.expands-stats", "jobs.expands-stats"),
        "Nothing to expand in an emulator.",
        refuses(_READS, has("$expand"), "InvalidQueryParameterValue", {"QueryParameterName": "$expand"}),
    ),
    _reads(
        "schedule-select-ignored",
        "$select is not looked at where job schedules or their jobs are read.",
        ("get.selects", "list.selects", "jobs.selects"),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(_READS, "$select"),
        "protocol.select.only-selected",
    ),
    _reads(
        "schedule-elements-short",
        "Elements of the lists of job schedules and of their jobs have no executionInfo.",
        ("list.element-equals-get", "jobs.element-equals-get"),
        "A list has a class of its own.",
        no_member(_LISTS, "value/*/executionInfo"),
        "job-schedules.responses.always-shown",
        "jobs.responses.always-shown",
        "job-schedules.responses.state",
        "jobs.responses.state",
        "jobs.trace.identity",
        "job-schedules.trace.list-agrees",
    ),
    _reads(
        "schedule-later-pages",
        "Later pages of job schedules end with their first element once more, later pages of their jobs lack theirs.",
        ("list.pages", "jobs.pages", "trace.list-once"),
        "Off by one in the offset of a page.",
        together(body(_LIST, _twice, has(_TOKEN)), body(JOBS, _without_first, has(_TOKEN))),
        "job-schedules.list.lists-all",
        "job-schedules.responses.paging",
        "protocol.paging.unique-on-page",
        "protocol.paging.page-size",
    ),
    _reads(
        "schedule-jobs-of-others",
        "The list of the jobs of a schedule that has made several has one more that a client has added.",
        ("jobs.only-its-own",),
        "Jobs found by a prefix of their ids.",
        lambda service: _others,
    ),
    _reads(
        "schedule-jobs-none-missing",
        "The list of the jobs of a schedule that has made none is answered 404.",
        ("jobs.empty",),
        "No rows are taken for no resource.",
        lambda service: _nothing_missing,
    ),
    _reads(
        "schedule-filter-ignored",
        "$filter is not looked at where job schedules or their jobs are listed.",
        (*(f"list.filter-{name}" for name in _FILTERS), *(f"jobs.filter-{name}" for name in _JOB_FILTERS), "trace.list-filter"),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LISTS, "$filter"),
        "job-schedules.add.id-case-kept",
        "job-schedules.add.listed",
        "job-schedules.delete.unlisted",
        "job-schedules.list.element-equals-get",
        "job-schedules.list.expands-stats",
        "job-schedules.list.pages",
        "jobs.trace.list-filter",
    ),
    _reads(
        "schedule-filter-ends-open",
        "The operators ge and le of $filter on job schedules and their jobs are taken for gt and lt.",
        (
            "list.filter-id",
            "jobs.filter-pool-id",
            "list.filter-creation-time",
            "list.filter-do-not-run-until",
            "list.filter-last-modified",
            "list.filter-state-transition-time",
        ),
        "A table of operators with two of them twice.",
        parameter(_LISTS, "$filter", _open_ends),
    ),
)
