"""Reads and lists of jobs that show too much, too little, or another thing each time."""

from __future__ import annotations

import json
import re

from conformance.defects.answers import body, member, with_body
from conformance.defects.combined import together
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.pages import repeating
from conformance.defects.where import fits, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_NO_STATS = {"userCPUTime": "PT0S", "kernelCPUTime": "PT0S", "wallClockTime": "PT0S"}


def _alternates(service: Service) -> Lie:
    """A read that follows the same read is answered by the other replica."""
    last = ""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal last
        answer = await ask(asked)
        before, last = last, f"{asked.method} {asked.path}?{asked.query}"
        again = before == last and fits(_JOB, asked) and answer.status == 200
        return with_body(answer, _stale) if again else answer

    return lie


def _stale(document: Json) -> None:
    if "priority" in document:
        document["priority"] = document["priority"] + 1


def _with_stats(job: Json) -> None:
    begun = job.get("creationTime", "2022-01-01T00:00:00Z")
    job.setdefault("stats", {"url": f"{job.get('url')}/stats", "startTime": begun, "lastUpdateTime": begun, **_NO_STATS})


def _list_with_stats(document: Json) -> None:
    for job in document["value"]:
        _with_stats(job)


def _drops_last(document: Json) -> None:
    if "odata.nextLink" not in document and len(document["value"]) > 1:
        document["value"].pop()


def _still_listed(service: Service) -> Lie:
    """A job that was read and is gone is listed as it was."""
    seen: dict[str, Json] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(_JOB, asked) and answer.status == 200:
            document = json.loads(answer.body)
            seen[str(document.get("id"))] = document
        found = re.fullmatch(r"id eq '([^']+)'", asked.parameters().get("$filter", ""))
        if not fits(_LIST, asked) or not found or found[1] not in seen or service.store.get("job", found[1]) is not None:
            return answer
        return with_body(answer, lambda document: document["value"].append(seen[found[1]]))

    return lie


DEFECTS = (
    Defect(
        "job-reads-flicker",
        "A read of a job that follows the same read shows a priority that is off by one.",
        "concurrency",
        ("jobs.get.repeatable", "jobs.trace.reads-agree"),
        "Two replicas, one of which has missed a write.",
        _alternates,
        consequences=(
            "jobs.enable.honours-conditions",
            "jobs.get.honours-conditions",
            "jobs.list.element-equals-get",
            "jobs.trace.kept",
            "jobs.trace.list-agrees",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-stats-always",
        "A job shows its statistics whether asked for or not.",
        "queries",
        ("jobs.get.stats-only-when-asked", "jobs.list.stats-only-when-asked"),
        "They are there, so they are shown.",
        together(
            body(_JOB, _with_stats, lacks("$expand")),
            body(_LIST, _list_with_stats, lambda asked: lacks("$expand")(asked) and lacks("$select")(asked)),
        ),
        consequences=("jobs.responses.required-present",),
    ),
    Defect(
        "job-list-priority-shifted",
        "The list of jobs shows priorities counted from the lowest one.",
        "paging",
        ("jobs.list.element-equals-get", "jobs.trace.list-agrees"),
        "The key of the index by which it is sorted.",
        member(_LIST, "value/*/priority", lambda priority: priority + 1000),
        consequences=(
            "jobs.add.priority-default",
            "jobs.trace.defaults",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-list-loses-last",
        "The last page of the list of jobs lacks its last job, unless that is its only one.",
        "paging",
        ("jobs.list.lists-all",),
        "Off by one, where one more is asked for to know whether there is a next page.",
        body(_LIST, _drops_last),
        consequences=(
            "jobs.list.expands-stats",
            "jobs.list.filter-creation-time",
            "jobs.list.filter-id",
            "jobs.list.filter-last-modified",
            "jobs.list.filter-start-time",
            "jobs.list.filter-state",
            "jobs.list.filter-state-transition-time",
        ),
    ),
    Defect(
        "job-list-pages-overlap",
        "Each further page of the list of jobs begins with the job that ended the one before.",
        "paging",
        ("jobs.list.pages", "jobs.trace.list-once"),
        "From a key on, where after it is meant.",
        repeating(_LIST),
        consequences=("jobs.list.lists-all",),
    ),
    Defect(
        "job-deleted-listed",
        "A job that is gone is still listed.",
        "deletion",
        ("jobs.list.deleted-vanishes", "jobs.trace.list-only"),
        "A list from a cache.",
        _still_listed,
    ),
)
