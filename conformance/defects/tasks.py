"""Where the operations on tasks are, and lies that tasks need in particular."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.defects.answers import OK, answered, body
from conformance.defects.leniency import etag_of
from conformance.defects.model import Maker
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.where import When, always
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

ADD = "POST /jobs/{}/tasks"
COLLECTION = "POST /jobs/{}/addtaskcollection"
ONE = "GET /jobs/{}/tasks/{}"
LIST = "GET /jobs/{}/tasks"
READS = f"{ONE}, {LIST}"
UPDATE = "PUT /jobs/{}/tasks/{}"
DELETE = "DELETE /jobs/{}/tasks/{}"
TERMINATE = "POST /jobs/{}/tasks/{}/terminate"
REACTIVATE = "POST /jobs/{}/tasks/{}/reactivate"
ACTIONS = f"{TERMINATE}, {REACTIVATE}"
SUBTASKS = "GET /jobs/{}/tasks/{}/subtasksinfo"
WRITES = f"{UPDATE}, {DELETE}, {ACTIONS}"
_ENDED = ("endTime", "exitCode", "result", "failureInfo")
_DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
EVERY = f"{ADD}, {COLLECTION}, {READS}, {WRITES}, {SUBTASKS}"


def shown(change: Callable[[Json], None], when: When = always, where: str = READS) -> Maker:
    """Each task is shown otherwise, alone and in lists: it is changed in place."""

    def edit(document: Json) -> None:
        listed = document.get("value")
        for task in listed if isinstance(listed, list) else [document]:
            change(task)

    return body(where, edit, when, OK)


def execution(change: Callable[[Json], None], when: When = always) -> Maker:
    """What a task shows of its run, where it shows any."""

    def edit(task: Json) -> None:
        if "executionInfo" in task:
            change(task["executionInfo"])

    return shown(edit, when)


def without(*names: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        for name in names:
            document.pop(name, None)

    return change


def set_to(name: str, value: Any) -> Callable[[Json], None]:
    """Where it is there; a function makes it from the one that was."""

    def change(document: Json) -> None:
        if name in document:
            document[name] = value(document[name]) if callable(value) else value

    return change


def inside(name: str, change: Callable[[Json], None]) -> Callable[[Json], None]:
    """The same of an object, or of each object of a list, that is a member."""

    def outer(document: Json) -> None:
        held = document.get(name)
        for each in held if isinstance(held, list) else [held]:
            if isinstance(each, dict):
                change(each)

    return outer


def told_error(document: Json, code: str, other: str) -> None:
    """One code of an error is told as another one."""
    if document.get("code") == code:
        document["code"] = other


def sent_tasks(asked: WireRequest) -> list[Json]:
    """Of a collection."""
    try:
        document = json.loads(asked.body)
    except ValueError:
        return []
    value = document.get("value") if isinstance(document, dict) else None
    return [task for task in value if isinstance(task, dict)] if isinstance(value, list) else []


def task_of(service: Service, asked: WireRequest) -> Json | None:
    """The task that a path names, as it is stored."""
    place = place_of(asked.path)
    return service.store.get(*place) if place else None


def collection_takes(*codes: str) -> Maker:
    """Where a collection, or one of its tasks, is refused with one of these codes, its result is success, and nothing is done."""

    def taken(task_id: str, asked: WireRequest) -> Json:
        location = f"{asked.url.rpartition('/')[0]}/tasks/{task_id}"
        when = {"eTag": etag_of(_DATE), "lastModified": "2026-01-01T00:00:00Z"}
        return {"status": "success", "taskId": task_id, **when, "location": location}

    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        document = json.loads(answer.body)
        if answer.status >= 400:
            if document.get("code") not in codes:
                return answer
            results = [taken(str(task.get("id")), asked) for task in sent_tasks(asked)]
            return replace(answer, status=200, body=json.dumps({"value": results}).encode())
        for place, result in enumerate(document.get("value", ())):
            if result.get("error", {}).get("code") in codes:
                document["value"][place] = taken(result["taskId"], asked)
        return replace(answer, body=json.dumps(document).encode())

    return answered(COLLECTION, edit)


def runs_on(task: Json) -> None:
    """It is shown as one that has not ended yet."""
    task["state"] = "running"
    task["executionInfo"] = {name: value for name, value in task["executionInfo"].items() if name not in _ENDED}


def meant(asked: WireRequest) -> tuple[str, str] | None:
    """Where the store keeps the task that an addition is about."""
    name = sent(asked).get("id")
    return place_of(f"{asked.path}/{name}") if name else None


def there_already(service: Service, asked: WireRequest) -> list[tuple[str, str]]:
    """Where the tasks of the collection are that exist already."""
    base = asked.path.rpartition("/")[0]
    places = [place_of(f"{base}/tasks/{task.get('id')}") for task in sent_tasks(asked)]
    return [place for place in places if place and service.store.get(*place) is not None]
