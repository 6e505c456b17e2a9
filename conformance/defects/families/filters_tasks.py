"""Filters of lists of tasks."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

from conformance.defects.answers import simply, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.tasks import LIST
from conformance.defects.where import fits, has
from conformance.reference.wire import WireAnswer, WireRequest

_TOKEN = "$skiptoken"


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
        "The operator ne in a filter of tasks is read as eq.",
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
        "The operator le in a filter by exit code is read as lt.",
        "queries",
        ("tasks.list.filter-exit-code",),
        "Off by one.",
        parameter(LIST, "$filter", lambda condition: condition.replace("exitCode le ", "exitCode lt ")),
    ),
    Defect(
        "task-filter-or-is-and",
        "The operator or in a filter of tasks is read as and.",
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
