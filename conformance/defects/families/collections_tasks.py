"""Collections of tasks: what their results say, and what is done beside."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.requests import sent_body
from conformance.defects.stored import place_of
from conformance.defects.tasks import COLLECTION, sent_tasks
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_MOST = 100


def _there(service: Service, asked: WireRequest) -> list[tuple[str, str]]:
    """Where the tasks of the collection are that exist already."""
    base = asked.path.rpartition("/")[0]
    places = [place_of(f"{base}/tasks/{task.get('id')}") for task in sent_tasks(asked)]
    return [place for place in places if place and service.store.get(*place) is not None]


def _upserts(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        for place in _there(service, asked) if fits(COLLECTION, asked) else ():
            service.store.remove(*place)
        return await ask(asked)

    return lie


def _renames(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        there = _there(service, asked) if fits(COLLECTION, asked) else []
        answer = await ask(asked)
        names = {str(task.get("id")).lower(): task.get("displayName") for task in sent_tasks(asked)}
        for kind, key in there:
            task = service.store.get(kind, key)
            if task is not None and names.get(key.lower()):
                task["displayName"] = names[key.lower()]
        return answer

    return lie


def _no_defaults(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        before = _there(service, asked) if fits(COLLECTION, asked) else []
        answer = await ask(asked)
        added = _there(service, asked) if fits(COLLECTION, asked) and answer.status == 200 else []
        for kind, key in (place for place in added if place not in before):
            task = service.store.get(kind, key)
            if task is not None:
                task.pop("requiredSlots", None)
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


async def _any_size(asked: WireRequest, ask: Ask) -> WireAnswer:
    """What is too large is heard in two halves."""
    answer = await ask(asked)
    if not fits(COLLECTION, asked) or answer.status != 413:
        return answer
    tasks = sent_tasks(asked)
    halves = [tasks[: len(tasks) // 2], tasks[len(tasks) // 2 :]]
    heard = [await ask(replace(asked, body=json.dumps({"value": half}).encode())) for half in halves]
    document = json.loads(heard[0].body)
    document["value"] += json.loads(heard[1].body).get("value", [])
    return replace(heard[0], body=json.dumps(document).encode())


async def _first_hundred(asked: WireRequest, ask: Ask) -> WireAnswer:
    """The tasks are added one after the other, until there are too many."""
    tasks = sent_tasks(asked) if fits(COLLECTION, asked) else []
    if len(tasks) > _MOST:
        await ask(replace(asked, body=json.dumps({"value": tasks[:_MOST]}).encode()))
    return await ask(asked)


def _nameless(document: Json) -> None:
    for task in document.get("value") or ():
        if isinstance(task, dict):
            task.pop("displayName", None)


async def _nothing_sent(asked: WireRequest, ask: Ask) -> WireAnswer:
    if fits(COLLECTION, asked) and asked.body and "value" not in sent(asked):
        return await ask(replace(asked, body=b'{"value": []}'))
    return await ask(asked)


DEFECTS = (
    Defect(
        "collection-without-defaults",
        "Tasks of a collection do not have the defaults of those that are added alone.",
        "task-collections",
        ("tasks.add-collection.as-single",),
        "A second way into the table, past the model.",
        _no_defaults,
        consequences=(
            "tasks.add-collection.existing-unchanged",
            "tasks.add.required-slots-default",
            "tasks.trace.defaults",
            "tasks.trace.reads-agree",
        ),
    ),
    Defect(
        "collection-names-lost",
        "Tasks of a collection lose their displayName.",
        "task-collections",
        ("tasks.add-collection.kept",),
        "A second way into the table, written earlier.",
        sent_body(COLLECTION, _nameless),
        consequences=(
            "tasks.add-collection.invalid-not-added",
            "tasks.add.display-name-kept",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "collection-all-or-nothing",
        "When one task of a collection exists, the answer is 409.",
        "task-collections",
        ("tasks.add-collection.partial-success",),
        "A batch in a transaction.",
        simply(_all_or_nothing),
        consequences=(
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
    Defect(
        "collection-any-size",
        "A collection may have any size.",
        "limits",
        ("tasks.add-collection.too-large-refused",),
        "Nobody counts bytes.",
        simply(_any_size),
    ),
    Defect(
        "collection-first-hundred",
        "Of a collection that is refused because it is too long the first 100 tasks are added.",
        "task-collections",
        ("tasks.add-collection.refused-adds-nothing",),
        "Counted while they are added.",
        simply(_first_hundred),
    ),
    Defect(
        "collection-without-value",
        "A collection without value is an empty one.",
        "task-collections",
        ("tasks.add-collection.value-required",),
        "A list that is missing is empty.",
        simply(_nothing_sent),
        consequences=("protocol.errors.missing-property",),
    ),
)
