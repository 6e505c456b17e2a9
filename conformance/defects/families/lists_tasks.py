"""Lists of tasks: what is in them, filters, pages."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import body, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.tasks import LIST, ONE, READS, SUBTASKS
from conformance.defects.where import fits, has
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_TOKEN = "$skiptoken"


def _all_jobs(service: Service) -> Lie:
    """The list of a job has the tasks of the job that was made before it, too."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(LIST, asked) or answer.status != 200 or asked.parameters().keys() & {"$filter", "$select", _TOKEN}:
            return answer
        own = asked.path.split("/")[2].lower()
        before = next((job["id"] for job in service.store.all("job") if job["id"].lower() != own), None)
        if before is None:
            return answer
        others = await ask(replace(asked, path=f"/jobs/{before}/tasks"))
        more = json.loads(others.body).get("value", [])[:1]
        return with_body(answer, lambda document: document["value"].extend(more))

    return lie


def _null_when_empty(document: Json) -> None:
    if not document["value"]:
        document["value"] = None


def _always_expanded(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(READS, asked) and not asked.parameters().keys() & {"$expand", "$select", "maxresults"}:
            return await ask(replace(asked, query=f"{asked.query}&$expand=stats"))
        return await ask(asked)

    return lie


def _bigger_pages(size: str) -> str:
    return str(int(size) + 1) if size.isdecimal() and 0 < int(size) < 1000 else size


def _last_again(document: Json) -> None:
    if document["value"]:
        document["value"].append(document["value"][-1])


DEFECTS = (
    Defect(
        "task-list-of-all-jobs",
        "The list of the tasks of a job has a task of another job.",
        "paging",
        ("tasks.list.own-job-only",),
        "Rows are found by the beginning of their key, and one key begins with another.",
        _all_jobs,
        consequences=(
            "jobs.delete.tasks-gone",
            "jobs.manager.only-task-at-first",
            "protocol.paging.page-size",
            "tasks.add-collection.refused-adds-nothing",
            "tasks.add-collection.resend",
            "tasks.delete.unlisted",
            "tasks.list.empty",
            "tasks.list.pages",
            "tasks.responses.paging",
            "tasks.responses.url",
        ),
    ),
    Defect(
        "task-list-empty-null",
        "A list without tasks has null as its value.",
        "paging",
        ("tasks.list.empty",),
        "A list that nobody made is null in many languages.",
        body(LIST, _null_when_empty),
        consequences=(
            "protocol.body.no-null",
            "protocol.paging.value-array",
            "tasks.responses.paging",
        ),
    ),
    Defect(
        "task-list-always-expanded",
        "Tasks show statistics unasked.",
        "queries",
        ("tasks.list.expand-without-stats",),
        "The numbers are there anyway.",
        _always_expanded,
    ),
    Defect(
        "task-select-ignored",
        "$select is not looked at where tasks or subtasks are read.",
        "queries",
        ("tasks.get.select", "tasks.list.select", "tasks.multi-instance.select"),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(f"{ONE}, {LIST}, {SUBTASKS}", "$select"),
        consequences=("protocol.select.only-selected",),
    ),
    Defect(
        "task-page-one-more",
        "A page of tasks has one element more than maxresults says.",
        "paging",
        ("tasks.list.pages", "tasks.responses.paging"),
        "One more is read to see whether there is a next page, and is not taken away.",
        parameter(LIST, "maxresults", _bigger_pages),
        consequences=("protocol.paging.page-size",),
    ),
    Defect(
        "task-page-last-again",
        "Every page but the first has its last task twice.",
        "paging",
        ("tasks.trace.list-once",),
        "The loop ends one too late.",
        body(LIST, _last_again, has(_TOKEN)),
        consequences=(
            "protocol.paging.page-size",
            "protocol.paging.unique-on-page",
            "tasks.list.filter-and-pages",
            "tasks.list.pages",
            "tasks.responses.paging",
        ),
    ),
)
