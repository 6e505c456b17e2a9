"""Numbers of elements at their limits, filters, and what is selected."""

from __future__ import annotations

import json
import re

from conformance.defects.answers import with_body
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.refusals import refusal
from conformance.defects.requests import parameter
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /pools"


_ONE = "GET /pools/{}"


def _edge(asked: WireRequest) -> bool:
    return asked.parameters().get("maxresults") in ("1", "1000")


def _number(value: str) -> str | None:
    return value if re.fullmatch(r"[+-]?\d+", value) else None


def _at_least_one(value: str) -> str:
    return "1" if re.fullmatch(r"-\d+|0+", value) else value


def _first(value: str) -> str:
    return value.split(",")[0]


def _or_as_and(value: str) -> str:
    return value.replace(" or ", " and ")


def _ungrouped(value: str) -> str:
    """Parentheses around conditions are left out; those of a function stay."""
    return re.sub(r"(?<!\w)\(([^()]*)\)", r"\1", value)


def _nothing_found(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_LIST, asked) or answer.status != 200 or "$filter" not in asked.parameters():
            return answer
        return refusal(service, asked, "ResourceNotFound") if not json.loads(answer.body)["value"] else answer

    return lie


def _with_id(asked: WireRequest, document: Json) -> None:
    document.setdefault("id", asked.path.rsplit("/", 1)[1])


def _shows_id(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        told = fits(_ONE, asked) and answer.status == 200 and "$select" in asked.parameters()
        return with_body(answer, lambda document: _with_id(asked, document)) if told else answer

    return lie


DEFECTS = (
    Defect(
        "maxresults-exclusive",
        "maxresults of 1 and of 1000 are refused.",
        "limits",
        ("protocol.paging.maxresults-one", "protocol.paging.maxresults-thousand"),
        "Off by one, on both sides.",
        refuses(_LIST, _edge, "OutOfRangeQueryParameterValue"),
        consequences=("pools.*", "protocol.*"),
    ),
    Defect(
        "maxresults-below",
        "maxresults below 1 is taken as 1.",
        "limits",
        ("protocol.paging.maxresults-zero-refused",),
        "The larger of it and 1.",
        parameter("* /...", "maxresults", _at_least_one),
        consequences=("*.responses.paging", "protocol.paging.page-size", "*.maxresults-*", "protocol.errors.bad-query-value"),
    ),
    Defect(
        "maxresults-words",
        "maxresults that is no number is ignored.",
        "queries",
        ("protocol.paging.maxresults-not-a-number-refused",),
        "What cannot be parsed has a default.",
        parameter("* /...", "maxresults", _number),
        consequences=("*.maxresults-*", "protocol.errors.bad-query-value", "protocol.errors.query-value-details"),
    ),
    Defect(
        "filter-or-as-and",
        "Conditions joined by or must all hold.",
        "queries",
        ("protocol.filter.or",),
        "A query that joins its conditions with one word.",
        parameter(_LIST, "$filter", _or_as_and),
        consequences=("protocol.filter.grouping", "pools.list.*", "pools.trace.list-filter"),
    ),
    Defect(
        "filter-ungrouped",
        "Parentheses in a filter are not looked at.",
        "queries",
        ("protocol.filter.grouping",),
        "A filter that is split at its words.",
        parameter(_LIST, "$filter", _ungrouped),
        consequences=("pools.list.*", "pools.trace.list-filter", "protocol.filter.syntax-refused"),
    ),
    Defect(
        "filter-empty-404",
        "A filter that nothing meets is answered 404.",
        "queries",
        ("protocol.filter.no-match-empty",),
        "Nothing found is not found.",
        _nothing_found,
        consequences=("pools.*", "protocol.filter.*"),
    ),
    Defect(
        "select-first-only",
        "$select on pools shows the first of the named properties only.",
        "queries",
        ("protocol.select.list-shows-selected", "protocol.select.get-shows-selected"),
        "One column was asked for when it was written.",
        parameter(f"{_LIST}, {_ONE}", "$select", _first),
        consequences=("pools.*", "protocol.*"),
    ),
    Defect(
        "select-with-id",
        "A pool shows its id, whatever $select names.",
        "queries",
        ("protocol.select.only-selected", "protocol.select.get-hides-others"),
        "The key is part of every row.",
        _shows_id,
        consequences=("pools.*",),
    ),
)
