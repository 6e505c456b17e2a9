"""Collections of tasks: what their results say, and what is done beside."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.requests import sent_body
from conformance.defects.tasks import COLLECTION, sent_tasks, there_already
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_MOST = 100


def _no_defaults(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        before = there_already(service, asked) if fits(COLLECTION, asked) else []
        answer = await ask(asked)
        added = there_already(service, asked) if fits(COLLECTION, asked) and answer.status == 200 else []
        for kind, key in (place for place in added if place not in before):
            task = service.store.get(kind, key)
            if task is not None:
                task.pop("requiredSlots", None)
        return answer

    return lie


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
            "tasks.add-collection.kept",
            "tasks.add.required-slots-default",
            "tasks.add.required-slots-kept",
            "tasks.trace.defaults",
            "tasks.trace.reads-agree",
            "tasks.trace.sent-shown",
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
