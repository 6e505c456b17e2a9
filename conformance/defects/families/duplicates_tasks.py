"""Collections of tasks of which some are there already, or twice."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.tasks import COLLECTION, sent_tasks, there_already
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _upserts(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        for place in there_already(service, asked) if fits(COLLECTION, asked) else ():
            service.store.remove(*place)
        return await ask(asked)

    return lie


def _renames(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        there = there_already(service, asked) if fits(COLLECTION, asked) else []
        answer = await ask(asked)
        names = {str(task.get("id")).lower(): task.get("displayName") for task in sent_tasks(asked)}
        for kind, key in there:
            task = service.store.get(kind, key)
            if task is not None and names.get(key.lower()):
                task["displayName"] = names[key.lower()]
        return answer

    return lie


async def _all_or_nothing(asked: WireRequest, ask: Ask) -> WireAnswer:
    answer = await ask(asked)
    if not fits(COLLECTION, asked) or answer.status != 200:
        return answer
    errors = [result["error"] for result in json.loads(answer.body)["value"] if "error" in result]
    taken = [error for error in errors if error.get("code") == "TaskExists"]
    return replace(answer, status=409, body=json.dumps(taken[0]).encode()) if taken else answer


def _both_added(asked: WireRequest, answer: Json) -> None:
    """Of two tasks of one id the second takes the place of the first."""
    done: dict[str, Json] = {}
    for place, result in enumerate(answer["value"]):
        name = str(result.get("taskId")).lower()
        if "error" not in result:
            done[name] = result
        elif name in done:
            answer["value"][place] = {**done[name], "taskId": result["taskId"]}


async def _twice(asked: WireRequest, ask: Ask) -> WireAnswer:
    answer = await ask(asked)
    if not fits(COLLECTION, asked) or answer.status != 200:
        return answer
    document = json.loads(answer.body)
    _both_added(asked, document)
    return replace(answer, body=json.dumps(document).encode())


async def _in_order(asked: WireRequest, ask: Ask) -> WireAnswer:
    """A task that depends on a later one of the collection is refused."""
    answer = await ask(asked)
    if not fits(COLLECTION, asked) or answer.status != 200:
        return answer
    tasks, document = sent_tasks(asked), json.loads(answer.body)
    later = {str(task["id"]) for place, task in enumerate(tasks) if set(_needs(task)) & {one["id"] for one in tasks[place + 1 :]}}
    error = {"code": "InvalidPropertyValue", "message": {"lang": "en-us", "value": "There is no such task."}}
    for place, result in enumerate(document["value"]):
        if result["taskId"] in later:
            document["value"][place] = {"taskId": result["taskId"], "status": "clienterror", "error": error}
    return replace(answer, body=json.dumps(document).encode())


def _needs(task: Json) -> list[str]:
    names: list[str] = (task.get("dependsOn") or {}).get("taskIds") or []
    return names


DEFECTS = (
    Defect(
        "collection-all-or-nothing",
        "When one task of a collection exists, the answer is 409.",
        "task-collections",
        ("tasks.add-collection.partial-success",),
        "A batch in a transaction.",
        simply(_all_or_nothing),
        consequences=(
            "protocol.errors.metadata",
            "protocol.errors.request-id-line",
            "tasks.add-collection.duplicates-inside",
            "tasks.add-collection.duplicates-inside-ignore-case",
        ),
    ),
    Defect(
        "collection-renames",
        "A task of a collection that exists already takes over the displayName that was sent.",
        "task-collections",
        ("tasks.add-collection.existing-unchanged",),
        "The check comes after the write.",
        _renames,
        consequences=("tasks.trace.reads-agree",),
    ),
    Defect(
        "collection-upserts",
        "A task of a collection takes the place of one that has its id.",
        "task-collections",
        ("tasks.add-collection.resend", "tasks.add-collection.existing-ignores-case"),
        "InsertOrReplace, where a table store offers both.",
        _upserts,
        consequences=(
            "tasks.add-collection.existing-refused",
            "tasks.add-collection.existing-status",
            "tasks.trace.exists",
        ),
    ),
    Defect(
        "collection-duplicates-inside",
        "Of two tasks of one id in a collection both are reported as added.",
        "task-collections",
        ("tasks.add-collection.duplicates-inside", "tasks.add-collection.duplicates-inside-ignore-case"),
        "What exists is looked up before the first is added.",
        simply(_twice),
    ),
    Defect(
        "collection-in-order",
        "A task of a collection that depends on a later one is refused.",
        "task-collections",
        ("tasks.add-collection.dependency-inside",),
        "Dependencies are resolved while the tasks are added.",
        simply(_in_order),
    ),
)
