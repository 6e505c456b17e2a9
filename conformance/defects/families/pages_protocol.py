"""Pages, and the way from one to the next."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import body, with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_parameter, with_parameter
from conformance.defects.where import fits, has
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /pools"


_TOKEN = "$skiptoken"


def _relative(document: Json) -> None:
    if "odata.nextLink" in document:
        document["odata.nextLink"] = "/" + document["odata.nextLink"].split("/", 3)[3]


def _twice(document: Json) -> None:
    document["value"] = document["value"] + document["value"][:1]


def _overlapping(service: Service) -> Lie:
    """Each page but the first begins with the last element of the one before, beside its own."""
    last: dict[str, Any] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_LIST, asked) or answer.status != 200:
            return answer
        token = asked.parameters().get(_TOKEN)

        def repeat(document: Json) -> None:
            if token in last and int(asked.parameters().get("maxresults", 1000)) > len(document["value"]):
                document["value"] = [last[token], *document["value"]]
            link = document.get("odata.nextLink", "")
            if link and document["value"]:
                last[link.rsplit("=", 1)[1]] = document["value"][-1]

        return with_body(answer, repeat)

    return lie


def _always_linked(service: Service) -> Lie:
    """The last of several pages has a link, too: to an empty one, and that to itself."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_LIST, asked) or answer.status != 200 or "maxresults" not in asked.parameters():
            return answer

        def link(document: Json) -> None:
            if "odata.nextLink" not in document:
                document["odata.nextLink"] = f"{asked.url}?{asked.query}" + ("" if _TOKEN in asked.query else f"&{_TOKEN}=end")

        return with_body(answer, link)

    return lie


def _with(query: str, changed: dict[str, str | None]) -> str:
    for name, value in changed.items():
        query = with_parameter(query, name, lambda _, value=value: value)  # type: ignore[misc]
    return query


def _forgets_filter(service: Service) -> Lie:
    """Each page but the first begins with an element that the filter leaves out, when there is one."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        given = asked.parameters()
        if not fits(_LIST, asked) or answer.status != 200 or _TOKEN not in given or "$filter" not in given:
            return answer
        unpaged = {"maxresults": None, _TOKEN: None}
        found = [
            json.loads((await ask(replace(asked, query=_with(asked.query, {**unpaged, **more})))).body)["value"]
            for more in ({}, {"$filter": None})
        ]
        fitting = {one.get("id") for one in found[0]}
        others = [one for one in found[1] if one.get("id") not in fitting] or [{**one, "id": "default"} for one in found[1]]

        def mix(document: Json) -> None:
            document["value"] = [*others[:1], *document["value"]][: len(document["value"])]

        return with_body(answer, mix)

    return lie


def _forgets_select(service: Service) -> Lie:
    """Each page but the first shows whole elements."""
    whole = deaf_to_parameter(_LIST, "$select", has(_TOKEN))(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await whole(asked, ask)

    return lie


DEFECTS = (
    Defect(
        "next-link-relative",
        "odata.nextLink of a list of tasks is a path.",
        "paging",
        ("protocol.paging.next-link-form",),
        "Frameworks write relative links.",
        body("GET /jobs/{}/tasks", _relative, has("maxresults")),
        consequences=("tasks.responses.paging",),
    ),
    Defect(
        "page-twice",
        "A page of pools has its first element twice.",
        "paging",
        ("protocol.paging.unique-on-page",),
        "A join that finds two rows.",
        body(_LIST, _twice),
        consequences=("pools.*", "protocol.paging.*", "protocol.filter.*"),
    ),
    Defect(
        "page-overlaps",
        "A page of pools that is not full has the last element of the one before it, too.",
        "paging",
        ("protocol.paging.no-duplicates",),
        "Off by one in the offset of the last page.",
        _overlapping,
        consequences=("pools.*", "protocol.paging.*"),
    ),
    Defect(
        "page-never-last",
        "The last page of pools has an odata.nextLink, too.",
        "paging",
        ("protocol.paging.last-page-has-no-link",),
        "Whoever asks for pages gets a link.",
        _always_linked,
        consequences=("pools.*", "protocol.paging.*"),
    ),
    Defect(
        "page-filter-first-only",
        "Only the first page of pools obeys $filter.",
        "paging",
        ("protocol.paging.keeps-filter",),
        "The token says where to go on, not what was asked.",
        _forgets_filter,
        consequences=("pools.*", "protocol.paging.*"),
    ),
    Defect(
        "page-select-first-only",
        "Only the first page of pools obeys $select.",
        "paging",
        ("protocol.paging.keeps-select",),
        "The token says where to go on, not what was asked.",
        _forgets_select,
        consequences=("protocol.select.*",),
    ),
)
