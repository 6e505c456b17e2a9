"""The form of bodies, and times in them."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.defects.answers import (
    OK,
    REFUSED,
    answered,
    body,
)
from conformance.defects.model import Defect
from conformance.reference.wire import Json, WireAnswer, WireRequest

_POOLS = "* /pools, * /pools/{}, POST /pools/{}/..."


_POOL = "GET /pools/{}"


def _accepted_body(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    labelled = [*answer.headers, ("Content-Type", "application/json;odata=minimalmetadata")]
    return replace(answer, headers=labelled, body=b'{"status":"Accepted"}')


def _last(document: Json) -> Json:
    metadata = document.pop("odata.metadata", None)
    return {**document, **({"odata.metadata": metadata} if metadata else {})}


def _offset(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    """As Python writes a time in UTC."""
    return replace(answer, body=re.sub(rb'"(creationTime|stateTransitionTime)":"([^"]+)Z"', rb'"\1":"\2+00:00"', answer.body))


def _other_set(document: Json) -> None:
    document["odata.metadata"] = document["odata.metadata"].replace("#pools", "#jobs")


def _born_late(document: Json) -> None:
    if "creationTime" in document:
        document["creationTime"] = re.sub(r"^\d{4}", lambda year: str(int(year[0]) + 1), document["creationTime"])


def _untimed(document: Json) -> None:
    message = document.get("message")
    if isinstance(message, dict):
        message["value"] = re.sub(r"\n?Time:.*", "", message["value"])


DEFECTS = (
    Defect(
        "delete-with-body",
        "202 of the deletion of a pool has a body.",
        "schema",
        ("protocol.content.no-body",),
        "Frameworks answer an object.",
        answered("DELETE /pools/{}", _accepted_body, statuses=range(202, 203)),
    ),
    Defect(
        "get-in-array",
        "A job that is read alone is answered in an array.",
        "schema",
        ("protocol.body.json",),
        "A query answers rows.",
        body("GET /jobs/{}", lambda document: [document]),
        consequences=("job*", "tasks.*", "protocol.*"),
    ),
    Defect(
        "metadata-last",
        "odata.metadata is the last member of a pool.",
        "envelope",
        ("protocol.body.metadata-first",),
        "A library sorts the members, or adds its own last.",
        body(_POOL, _last),
    ),
    Defect(
        "metadata-of-jobs",
        "odata.metadata of pools names jobs.",
        "envelope",
        ("protocol.body.metadata-fragment",),
        "Copied from the handler of jobs.",
        body("GET /pools, GET /pools/{}", _other_set),
    ),
    Defect(
        "dates-with-offset",
        "Times of a pool end in +00:00 instead of Z.",
        "schema",
        ("protocol.body.dates-utc",),
        "Python writes a time in UTC so.",
        answered("GET /pools, GET /pools/{}", _offset, statuses=OK),
        consequences=("pools.add.times-agree",),
    ),
    Defect(
        "born-after-change",
        "The creationTime of a pool is a year later than it was created.",
        "schema",
        ("protocol.consistency.times",),
        "An off by one in a formatter of dates: the year of the week.",
        body(_POOL, _born_late),
        consequences=("pools.*",),
    ),
    Defect(
        "error-without-time",
        "The message of an error has no Time line.",
        "envelope",
        ("protocol.errors.time-line",),
        "A message is a sentence.",
        body(_POOLS, _untimed, statuses=REFUSED),
    ),
)
