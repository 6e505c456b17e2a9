"""The error envelope, and the codes of errors."""

from __future__ import annotations

from conformance.defects.answers import REFUSED, body, member, no_member, null_when_absent
from conformance.defects.model import Defect
from conformance.reference.wire import Json

_DATA_PLANE = "* /pools..., * /jobs..., * /jobschedules..., * /certificates..., * /applications..."


def _wrapped(document: Json) -> Json:
    return {"error": document}


def _plain_message(document: Json) -> None:
    if isinstance(document.get("message"), dict):
        document["message"] = document["message"]["value"]


DEFECTS = (
    Defect(
        "error-wrapped",
        "Errors are wrapped in a member error, as OData and the management plane do it.",
        "envelope",
        ("protocol.errors.code", "protocol.errors.message", "protocol.errors.members"),
        "One error handler for every Azure API.",
        body(_DATA_PLANE, _wrapped, statuses=REFUSED),
        consequences=(
            "protocol.errors.query-value-details",
            "protocol.errors.metadata",
        ),
        panel=True,
    ),
    Defect(
        "error-message-plain",
        "The message of an error is a string, not an object of lang and value.",
        "envelope",
        ("protocol.errors.message",),
        "Newer Azure APIs write it so.",
        body(_DATA_PLANE, _plain_message, statuses=REFUSED),
    ),
    Defect(
        "list-without-metadata",
        "Lists have no odata.metadata.",
        "envelope",
        ("protocol.body.metadata-present",),
        "It looks like decoration.",
        no_member("GET /pools, GET /jobs, GET /jobschedules, GET /jobs/{}/tasks", "odata.metadata"),
    ),
    Defect(
        "pool-missing-code",
        "A pool that does not exist is answered 404 with the code ResourceNotFound instead of PoolNotFound.",
        "error-codes",
        ("pools.*.missing-refused", "nodes.*.missing-pool-refused", "pools.delete.ends-not-found"),
        "One code for everything that is not there.",
        member("* /pools/...", "code", lambda code: "ResourceNotFound" if code == "PoolNotFound" else code, statuses=REFUSED),
        panel=True,
    ),
    Defect(
        "task-exists-code",
        "A task that exists already is refused with the code JobExists.",
        "error-codes",
        ("tasks.add.duplicate-refused",),
        "Copied from the handler of jobs.",
        member("POST /jobs/{}/tasks", "code", lambda code: "JobExists" if code == "TaskExists" else code, statuses=REFUSED),
        consequences=("tasks.add.duplicate-ignores-case",),
    ),
    Defect(
        "error-null-values",
        "An error without values says values: null.",
        "envelope",
        ("protocol.errors.values",),
        "JSON libraries write what is empty as null.",
        null_when_absent(_DATA_PLANE, "values", statuses=REFUSED),
    ),
)
