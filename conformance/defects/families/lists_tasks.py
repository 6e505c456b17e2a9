"""Lists of tasks: what is in them, filters, pages."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

from conformance.defects.answers import body, simply, with_body
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


async def _first_page_filtered(asked: WireRequest, ask: Ask) -> WireAnswer:
    """Later pages have one that does not fit."""
    answer = await ask(asked)
    parameters = asked.parameters()
    if not fits(LIST, asked) or answer.status != 200 or not {_TOKEN, "$filter"} <= parameters.keys():
        return answer
    version = f"api-version={parameters['api-version']}"
    everything = json.loads((await ask(replace(asked, query=version))).body)["value"]
    fitting = json.loads((await ask(replace(asked, query=f"{version}&$filter={quote(parameters['$filter'])}"))).body)["value"]
    others = [task for task in everything if task not in fitting][:1]
    return with_body(answer, lambda document: document["value"].extend(others))


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


def _lenient_filter(*conditions: str) -> Lie:
    """A filter with one of these that it does not understand is no filter."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        condition = asked.parameters().get("$filter", "")
        if not fits(LIST, asked) or answer.status != 400 or not condition.startswith(conditions):
            return answer
        query = "&".join(part for part in asked.query.split("&") if "filter=" not in part.lower())
        return await ask(replace(asked, query=query))

    return lie


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
            "tasks.add-collection.refused-adds-nothing",
            "tasks.add-collection.resend",
            "tasks.delete.unlisted",
            "tasks.list.empty",
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
    Defect(
        "task-filter-first-page",
        "$filter of a list of tasks is forgotten on the second page.",
        "paging",
        ("tasks.list.filter-and-pages", "tasks.trace.list-pages-filter"),
        "The link to the next page is made without it.",
        simply(_first_page_filtered),
        consequences=(
            "protocol.paging.keeps-filter",
            "protocol.paging.page-size",
            "tasks.list.pages",
            "tasks.responses.paging",
            "tasks.trace.list-once",
        ),
    ),
    Defect(
        "task-filter-link-refused",
        "The link to the second page of a filtered list of tasks is refused.",
        "paging",
        ("tasks.list.filter-and-pages",),
        "The link has the filter twice, or not at all.",
        deaf_to_parameter(LIST, "$filter", has(_TOKEN)),
    ),
    Defect(
        "task-filter-ne-is-eq",
        "ne in a filter of tasks is read as eq.",
        "queries",
        (
            "tasks.list.filter-id",
            "tasks.list.filter-state",
            "tasks.list.filter-state-transition-time",
            "tasks.list.filter-creation-time",
            "tasks.list.filter-last-modified-time",
            "tasks.list.filter-start-time",
            "tasks.list.filter-end-time",
            "tasks.list.filter-result",
            "tasks.trace.list-filter",
        ),
        "A parser with one operator for equality.",
        parameter(LIST, "$filter", lambda condition: condition.replace(" ne ", " eq ")),
    ),
    Defect(
        "task-filter-numbers-at-least",
        "le in a filter by exit code is read as lt.",
        "queries",
        ("tasks.list.filter-exit-code",),
        "Off by one.",
        parameter(LIST, "$filter", lambda condition: condition.replace("exitCode le ", "exitCode lt ")),
    ),
    Defect(
        "task-filter-or-is-and",
        "or in a filter of tasks is read as and.",
        "queries",
        ("tasks.list.filter-combined",),
        "Conditions are kept in a list that all have to fit.",
        parameter(LIST, "$filter", lambda condition: condition.replace(" or ", " and ")),
    ),
    Defect(
        "task-filter-unknown-ignored",
        "A filter of tasks by an unknown property lists all of them.",
        "queries",
        ("tasks.list.filter-unknown-refused",),
        "What is not understood is skipped.",
        lambda service: _lenient_filter("commandLine", "displayName", "nonsense"),
    ),
    Defect(
        "task-filter-operator-ignored",
        "A filter of tasks with an operator that the property has not lists all of them.",
        "queries",
        ("tasks.list.filter-operator-refused",),
        "What is not understood is skipped.",
        lambda service: _lenient_filter("state ", "startswith("),
    ),
)
