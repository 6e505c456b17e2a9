"""Job schedules: replicas and caches that are out of date."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import header_of, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.schedules import ADD, GET
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /jobschedules"
_NOT_FOUND = 404


def _read_after(service: Service) -> Lie:
    """The first read of a new one does not find it."""
    new: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(ADD, asked) and answer.status == 201:
            new.add(f"/jobschedules/{sent(asked).get('id')}")
        if fits(GET, asked) and asked.path in new:
            new.discard(asked.path)
            return await ask(replace(asked, path="/jobschedules/none"))
        return answer

    return lie


def _still_listed(service: Service) -> Lie:
    """What was deleted stays in lists that ask for its id."""
    gone: dict[str, Any] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits("DELETE /jobschedules/{}", asked):
            before = await ask(replace(asked, method="GET"))
            if before.status == 200:
                shown = json.loads(before.body)
                shown.pop("odata.metadata", None)
                gone[str(shown["id"])] = shown
        answer = await ask(asked)
        if not fits(_LIST, asked) or answer.status != 200:
            return answer
        asked_for = asked.parameters().get("$filter", "")

        def add(document: Json) -> None:
            known = {one.get("id") for one in document["value"]}
            document["value"] += [one for name, one in gone.items() if asked_for == f"id eq '{name}'" and name not in known]

        return with_body(answer, add)

    return lie


def _counting(service: Service) -> Lie:
    """A read that follows the same read at once is answered by the other replica."""
    last = ""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal last
        answer = await ask(asked)
        again, last = asked.path == last and fits(GET, asked), f"{asked.path}" if fits(GET, asked) else ""

        def change(document: Json) -> None:
            if "jobSpecification" in document:
                document["jobSpecification"]["priority"] = 1

        return with_body(answer, change) if again else answer

    return lie


def _ghosts(service: Service) -> Lie:
    """What was deleted is read from a cache."""
    cache: dict[str, WireAnswer] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits("DELETE /jobschedules/{}", asked):
            before = await ask(replace(asked, method="GET"))
            if before.status == 200:
                cache[asked.path] = before
        answer = await ask(asked)
        stale = cache.get(asked.path)
        if stale is None or not fits(GET, asked) or answer.status != _NOT_FOUND:
            return answer
        fresh = ((name, header_of(answer, name) or value) for name, value in stale.headers)
        return replace(stale, headers=[(name, value) for name, value in fresh if name.lower() != "content-length"])

    return lie


DEFECTS = (
    Defect(
        "schedule-read-late",
        "The first read of a new job schedule does not find it.",
        "paging",
        ("job-schedules.add.readable", "job-schedules.trace.found", "job-schedules.trace.gone"),
        "Read from a replica that lags behind.",
        _read_after,
        consequences=(
            "job-schedules.delete.missing-refused",
            "job-schedules.trace.gone",
        ),
    ),
    Defect(
        "schedule-listed-after-death",
        "A job schedule that is gone is still found by its id in the list.",
        "deletion",
        ("job-schedules.delete.unlisted", "job-schedules.trace.list-only"),
        "An index that is not cleaned up.",
        _still_listed,
    ),
    Defect(
        "schedule-read-changes",
        "Two reads of a job schedule in a row show two priorities.",
        "schema",
        ("job-schedules.get.repeatable", "job-schedules.trace.reads-agree"),
        "Two replicas, one of them out of date.",
        _counting,
        consequences=(
            "job-schedules.get.expands-stats",
            "job-schedules.get.honours-conditions",
            "job-schedules.list.element-equals-get",
            "job-schedules.trace.list-agrees",
        ),
    ),
    Defect(
        "schedule-ghost",
        "A job schedule that is gone can still be read.",
        "deletion",
        ("job-schedules.delete.gone",),
        "A caching proxy.",
        _ghosts,
        consequences=(
            "job-schedules.trace.state-times",
            "job-schedules.trace.states",
            "job-schedules.trace.gone",
        ),
    ),
)
