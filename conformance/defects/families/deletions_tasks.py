"""Tasks that were deleted and leave traces."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import with_body
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.tasks import ADD, DELETE, LIST
from conformance.defects.where import fits
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_COUNTS = "GET /jobs/{}/taskcounts"


def _still_listed(service: Service) -> Lie:
    """The list comes from an index that knows no deletions."""
    gone: dict[str, list[Json]] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        job = "/".join(asked.path.lower().split("/")[:3])
        if fits(DELETE, asked):
            before = await ask(replace(asked, method="GET", headers=_bare(asked)))
            answer = await ask(asked)
            if answer.status == 200 and before.status == 200:
                task = json.loads(before.body)
                gone.setdefault(job, []).append({name: task[name] for name in task if not name.startswith("odata.")})
            return answer
        answer = await ask(asked)
        if not fits(LIST, asked) or answer.status != 200 or job not in gone or asked.parameters().keys() & {"$filter", "$select"}:
            return answer
        return with_body(answer, lambda document: document["value"].extend(gone[job]))

    return lie


def _bare(asked: WireRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, value in asked.headers if not name.lower().startswith("if-")]


def _others_touched(service: Service) -> Lie:
    """The rows behind the deleted one are written again."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        place = place_of(asked.path) if fits(DELETE, asked) and answer.status == 200 else None
        for task in service.store.all(place[0]) if place else ():
            touch(task, service.settings.clock.now())
        return answer

    return lie


def _tombstones(service: Service) -> Lie:
    """The id of a deleted task is kept, so that nobody gets it again."""
    gone: set[str] = set()
    refusal = refuses(ADD, lambda asked: True, "TaskExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(ADD, asked) and f"{asked.path}/{sent(asked).get('id')}".lower() in gone:
            return await refusal(asked, ask)
        answer = await ask(asked)
        if fits(DELETE, asked) and answer.status == 200:
            gone.add(asked.path.lower())
        return answer

    return lie


def _completed_stays(service: Service) -> Lie:
    refusal = refuses(DELETE, lambda asked: True, "TaskCompleted")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(DELETE, asked) else None
        task = service.store.get(*place) if place else None
        return await (refusal(asked, ask) if task is not None and task["state"] == "completed" else ask(asked))

    return lie


def _uncounted_twice(service: Service) -> Lie:
    """A trigger subtracts what was subtracted already."""
    lost: dict[str, int] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        job = "/".join(asked.path.lower().split("/")[:3])
        if fits(DELETE, asked) and answer.status == 200:
            lost[job] = lost.get(job, 0) + 1
        if not fits(_COUNTS, asked) or job not in lost:
            return answer

        def less(document: Json) -> None:
            counts: dict[str, Any] = document.get("taskCounts", document)
            counts["active"] = counts.get("active", 0) - lost[job]

        return with_body(answer, less)

    return lie


DEFECTS = (
    Defect(
        "task-deleted-listed",
        "The list of a job still has a task that was deleted.",
        "deletion",
        ("tasks.delete.unlisted", "tasks.trace.list-only"),
        "An index that is not told of deletions.",
        _still_listed,
    ),
    Defect(
        "task-delete-touches-others",
        "When a task is deleted the others of its job have new ETags.",
        "deletion",
        ("tasks.delete.others-stay",),
        "The rows of a job are written again as a whole.",
        _others_touched,
        consequences=(
            "protocol.etag.stable-on-read",
            "tasks.trace.etag-stays",
        ),
    ),
    Defect(
        "task-delete-keeps-id",
        "The id of a deleted task cannot be given again.",
        "deletion",
        ("tasks.delete.id-free", "tasks.trace.free-again"),
        "Rows are marked as deleted and kept.",
        _tombstones,
    ),
    Defect(
        "task-delete-not-completed",
        "A completed task cannot be deleted.",
        "deletion",
        ("tasks.delete.completed-accepted",),
        "What refuses to terminate it refuses this, too.",
        _completed_stays,
    ),
    Defect(
        "task-delete-counts-twice",
        "A deleted task is taken from the task counts of its job twice.",
        "deletion",
        ("tasks.delete.uncounted",),
        "A trigger, and the code that it was to replace.",
        _uncounted_twice,
        consequences=("jobs.responses.types",),
    ),
)
