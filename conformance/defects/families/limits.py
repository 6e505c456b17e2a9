"""Limits that are off by one, or not there."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.requests import parameter, sent_body
from conformance.defects.tolerance import takes
from conformance.reference.wire import Json

_LONGEST = 64


def _too_long(value: object) -> bool:
    return isinstance(value, str) and len(value) == _LONGEST + 1


def _lengthened(document: Json) -> None:
    """What the service refuses in its own words."""
    if isinstance(document.get("id"), str) and len(document["id"]) == _LONGEST:
        document["id"] += "x"


DEFECTS = (
    Defect(
        "pool-id-65",
        "A pool id may have 65 characters.",
        "limits",
        (
            "pools.add.id-65-refused",
            "protocol.errors.outside-limits",
        ),
        "Off by one.",
        takes("POST /pools", "id", _too_long, lambda value: value[:_LONGEST]),
        consequences=("protocol.errors.outside-limits",),
        panel=True,
    ),
    Defect(
        "task-id-63",
        "A task id may have no more than 63 characters.",
        "limits",
        ("tasks.add.id-64-accepted",),
        "Off by one, on the other side; 63 is the limit of names in a DNS.",
        sent_body("POST /jobs/{}/tasks", _lengthened),
    ),
    Defect(
        "job-priority-1001",
        "The priority of a job may be above 1000.",
        "limits",
        ("jobs.add.priority-outside-refused",),
        "A limit that is only in the description, which generated code does not read.",
        takes("POST /jobs", "priority", lambda value: isinstance(value, int) and value > 1000, lambda value: 1000),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "maxresults-above",
        "A page size above 1000 is taken as 1000 instead of being refused.",
        "limits",
        ("*.maxresults-above-refused",),
        "Other services take it as the most that they give.",
        parameter("* /...", "maxresults", lambda value: "1000" if value.isdigit() and int(value) > 1000 else value),
    ),
)
