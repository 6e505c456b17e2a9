"""Collections of tasks that lose, duplicate or misreport."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import body, member, simply, with_body
from conformance.defects.model import Ask, Defect
from conformance.defects.where import fits
from conformance.reference.wire import Json, WireAnswer, WireRequest

_SUCCESS = "Success"
_COLLECTION = "POST /jobs/{}/addtaskcollection"


async def _loses_last(asked: WireRequest, ask: Ask) -> WireAnswer:
    """The last of several tasks is not added, and its result is that of the others."""
    tasks = _tasks(asked)
    if not fits(_COLLECTION, asked) or len(tasks) < 2:
        return await ask(asked)
    answer = await ask(replace(asked, body=json.dumps({"value": tasks[:-1]}).encode()))
    lost = str(tasks[-1].get("id")) if isinstance(tasks[-1], dict) else ""

    def report(document: Json) -> None:
        done = [result for result in document.get("value", ()) if result.get("status") == _SUCCESS]
        if done:
            renamed = {name: value.replace(done[0]["taskId"], lost) for name, value in done[0].items() if isinstance(value, str)}
            document["value"].append({**done[0], **renamed})

    return with_body(answer, report) if answer.status == 200 else answer


def _tasks(asked: WireRequest) -> list[Json]:
    try:
        document = json.loads(asked.body)
    except ValueError:
        return []
    value = document.get("value") if isinstance(document, dict) else None
    return value if isinstance(value, list) else []


def _all_success(document: Json) -> None:
    for result in document.get("value", ()):
        result["status"] = _SUCCESS
        result.pop("error", None)


def _half(document: Json) -> None:
    document["value"] = document["value"][: max(1, len(document["value"]) // 2)]


DEFECTS = (
    Defect(
        "collection-loses-last",
        "The last of several tasks that are added together is reported as added, and is not.",
        "task-collections",
        ("tasks.trace.collection-each", "tasks.trace.found", "tasks.trace.list-complete"),
        "Off by one in a batch.",
        simply(_loses_last),
        consequences=("tasks.add-collection.*", "tasks.add.listed", "protocol.errors.outside-limits"),
        panel=True,
    ),
    Defect(
        "collection-all-success",
        "A task of a collection that exists already is reported as added.",
        "task-collections",
        ("tasks.add-collection.existing-refused", "tasks.add-collection.existing-status", "tasks.trace.exists"),
        "Nobody looks at the single results.",
        body(_COLLECTION, _all_success),
        consequences=("tasks.add-collection.*",),
        panel=True,
    ),
    Defect(
        "collection-half-reported",
        "Only the first half of a collection of tasks has results.",
        "task-collections",
        (
            "tasks.add-collection.result-per-task",
            "tasks.trace.collection-each",
        ),
        "Results are read from a page.",
        body(_COLLECTION, _half),
        consequences=("tasks.add-collection.*",),
    ),
    Defect(
        "collection-status-ok",
        "The status of a result is spelled as ok.",
        "task-collections",
        (
            "tasks.add-collection.success-status",
            "tasks.responses.enum-values",
        ),
        "Other services write it so.",
        member(_COLLECTION, "value/*/status", lambda value: "ok" if value == _SUCCESS else value),
        consequences=("tasks.add-collection.*",),
    ),
)
