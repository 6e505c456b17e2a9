"""Additions of tasks that lose, mix up or overwrite."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.tasks import ADD, LIST, ONE, meant
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest


def _upserts(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = meant(asked) if fits(ADD, asked) else None
        if place and service.store.get(*place) is not None:
            service.store.remove(*place)
        return await ask(asked)

    return lie


def _overwrites(service: Service) -> Lie:
    """The refusal comes after the row has been written."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        place = meant(asked) if fits(ADD, asked) and answer.status == 409 else None
        there = service.store.get(*place) if place else None
        if there is not None:
            there |= {name: value for name, value in sent(asked).items() if name == "displayName"}
        return answer

    return lie


def _case_matters(service: Service) -> Lie:
    """A task is not found under its id in other letters, and one in other letters is another one."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(ONE, asked):
            place = place_of(asked.path)
            there = service.store.get(*place) if place else None
            if there is not None and place is not None and there["id"] != place[1]:
                return await ask(replace(asked, path=f"{asked.path}-"))
        if fits(ADD, asked):
            place = meant(asked)
            there = service.store.get(*place) if place else None
            if there is not None and there["id"] != sent(asked).get("id"):
                other = {**sent(asked), "id": f"{sent(asked)['id'][:55]}-other"}
                return await ask(replace(asked, body=json.dumps(other).encode()))
        return await ask(asked)

    return lie


def _one_table(service: Service) -> Lie:
    """A task is looked up by its id alone, whatever the job."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        place = place_of(asked.path) if fits(ONE, asked) and answer.status == 404 else None
        for job in service.store.all("job") if place else ():
            if place and service.store.get(f"task of {job['id'].lower()}", place[1]) is not None:
                return await ask(replace(asked, path=f"/jobs/{job['id']}/tasks/{place[1]}"))
        return answer

    return lie


def _taken_elsewhere(service: Service) -> Lie:
    """One id is given once in the account."""
    refusal = refuses(ADD, lambda asked: True, "TaskExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        name = str(sent(asked).get("id"))
        if fits(ADD, asked) and any(service.store.get(f"task of {job['id'].lower()}", name) for job in service.store.all("job")):
            return await refusal(asked, ask)
        return await ask(asked)

    return lie


def _late(service: Service) -> Lie:
    """The first read after an addition comes from a replica that does not have it yet."""
    new: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        path = asked.path.lower()
        if fits(ONE, asked) and path in new:
            new.discard(path)
            return await ask(replace(asked, path=f"{asked.path}-"))
        answer = await ask(asked)
        if fits(ADD, asked) and answer.status == 201:
            new.add(f"{path}/{str(sent(asked)['id']).lower()}")
        return answer

    return lie


def _unlisted(service: Service) -> Lie:
    """Lists come from an index that is one addition behind."""
    newest: dict[str, str] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        path = asked.path.lower()
        answer = await ask(asked)
        if fits(ADD, asked) and answer.status == 201:
            newest[path] = str(sent(asked)["id"])
        if not fits(LIST, asked) or answer.status != 200 or path not in newest:
            return answer
        document = json.loads(answer.body)
        document["value"] = [task for task in document["value"] if task.get("id") != newest[path]]
        return replace(answer, body=json.dumps(document).encode())

    return lie


DEFECTS = (
    Defect(
        "task-add-upserts",
        "Adding a task with an id that is taken replaces the task that has it.",
        "task-collections",
        ("tasks.add.duplicate-refused",),
        "InsertOrReplace, where a table store offers both.",
        _upserts,
        consequences=(
            "tasks.add.duplicate-ignores-case",
            "tasks.trace.exists",
        ),
    ),
    Defect(
        "task-duplicate-renames",
        "A refused duplicate gives its displayName to the task that was there.",
        "task-collections",
        ("tasks.add.duplicate-changes-nothing",),
        "The check comes after the write.",
        _overwrites,
        consequences=("tasks.trace.reads-agree",),
    ),
    Defect(
        "task-ids-by-case",
        "Ids of tasks that differ in letter case are different ids.",
        "task-collections",
        ("tasks.add.duplicate-ignores-case", "tasks.get.ignores-case"),
        "Dictionaries compare so.",
        _case_matters,
        consequences=(
            "tasks.add.duplicate-refused",
            "tasks.trace.exists",
        ),
    ),
    Defect(
        "task-of-any-job",
        "A task is found under every job.",
        "task-collections",
        ("tasks.get.task-of-other-job-refused",),
        "Looked up by the id alone.",
        _one_table,
        consequences=("tasks.responses.url",),
    ),
    Defect(
        "task-id-of-account",
        "An id that a task of another job has is taken.",
        "task-collections",
        ("tasks.add.same-id-in-other-job",),
        "The id alone is the key of the table.",
        _taken_elsewhere,
    ),
    Defect(
        "task-readable-late",
        "The first read of a new task does not find it.",
        "task-collections",
        ("tasks.add.readable", "tasks.trace.found"),
        "Read from a replica that lags behind.",
        _late,
        consequences=(
            "tasks.add.id-64-accepted",
            "tasks.add.id-charset-accepted",
        ),
    ),
    Defect(
        "task-listed-late",
        "The newest task of a job is not in its list.",
        "paging",
        (
            "tasks.add.listed",
            "tasks.trace.list-complete",
        ),
        "Read from an index that lags behind.",
        _unlisted,
        consequences=(
            "tasks.list.element-equals-get",
            "tasks.list.filter-result",
            "tasks.list.filter-start-time",
        ),
    ),
)
