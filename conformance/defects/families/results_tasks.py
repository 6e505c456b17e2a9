"""What the results of a collection of tasks say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.defects.answers import body
from conformance.defects.model import Defect, Maker
from conformance.defects.tasks import COLLECTION, inside, set_to
from conformance.reference.wire import Json


def _results(change: Callable[[Json], None]) -> Maker:
    return body(COLLECTION, inside("value", change))


def _refused(change: Callable[[Json], None]) -> Maker:
    return _results(lambda result: change(result) if "error" in result else None)


def _other_code(result: Json) -> None:
    result["error"]["code"] = "Conflict"


def _without_message(result: Json) -> None:
    result["error"].pop("message", None)


def _located(result: Json) -> None:
    result["eTag"] = ""


def _no_error(result: Json) -> None:
    if "error" not in result:
        result["error"] = {"code": "None", "message": {"lang": "en-us", "value": ""}}


def _cut(text: Any) -> Any:
    return f"{str(text)[:19]}Z"


DEFECTS = (
    Defect(
        "collection-etag-quoted",
        "The eTag of a result has quotation marks.",
        "task-collections",
        ("tasks.add-collection.success-etag",),
        "As HTTP writes it.",
        _results(set_to("eTag", lambda tag: f'"{tag}"')),
        consequences=("protocol.headers.etag-format",),
    ),
    Defect(
        "collection-modified-cut",
        "The lastModified of a result is cut to the second.",
        "task-collections",
        ("tasks.add-collection.success-last-modified",),
        "Made from the header, which has no fractions.",
        _results(set_to("lastModified", _cut)),
        consequences=("protocol.consistency.etag-ticks",),
    ),
    Defect(
        "collection-error-none",
        "The result of a task that was added has an error that says that there is none.",
        "task-collections",
        ("tasks.add-collection.success-no-error",),
        "The object is always made.",
        _results(_no_error),
    ),
    Defect(
        "collection-exists-conflict",
        "The error of a task whose id is taken has the code Conflict.",
        "task-collections",
        ("tasks.add-collection.existing-refused",),
        "The reason phrase of 409.",
        _refused(_other_code),
        consequences=(
            "tasks.add-collection.dependencies-not-used",
            "tasks.add-collection.existing-ignores-case",
            "tasks.add-collection.preparation-id",
        ),
    ),
    Defect(
        "collection-server-error",
        "The status of a task that was refused is servererror.",
        "task-collections",
        ("tasks.add-collection.existing-status",),
        "There are two kinds of error, and the other one was taken.",
        _refused(set_to("status", "servererror")),
        consequences=("tasks.add-collection.resend",),
    ),
    Defect(
        "collection-error-without-message",
        "The error of a result has no message.",
        "task-collections",
        ("tasks.add-collection.error-message",),
        "The code is enough for a program.",
        _refused(_without_message),
    ),
    Defect(
        "collection-refused-etag",
        "The result of a task that was refused has an empty eTag.",
        "task-collections",
        ("tasks.add-collection.refused-no-location",),
        "Every result is made of the same members.",
        _refused(_located),
        consequences=("protocol.headers.etag-format",),
    ),
)
