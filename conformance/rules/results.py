"""What belongs together within one answer: the parts of a result, and numbers that add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.rules.formats import decoded_path
from conformance.rules.model import HOLDS, Case, Check, Context, Problem, Rule

_ADDED, _REFUSED = "success", frozenset({"clienterror", "servererror"})
_COLLECTION = "/addtaskcollection"
_UNSURE = "unvalidated"
Look = Callable[[Context, Mapping[str, Any]], "Problem | None"]
"""What is wrong with one result; None when nothing is."""


def _each(added: bool, look: Look) -> Check:
    """Every result of a collection that was added, or that was refused."""

    def check(context: Context) -> Sequence[Problem] | None:
        found = [result for result in context.items if _is(result, added)]
        if not found:
            return None
        return [problem for result in found if (problem := look(context, result)) is not None] or HOLDS

    return check


def _is(result: Mapping[str, Any], added: bool) -> bool:
    status = str(result.get("status", "")).lower()
    return status == _ADDED if added else status in _REFUSED


def _no_error(context: Context, result: Mapping[str, Any]) -> Problem | None:
    if "error" not in result:
        return None
    return Problem(f"the result of {result.get('taskId')}, which was added, has an error", "no error", "error", "/value")


def _error(context: Context, result: Mapping[str, Any]) -> Problem | None:
    error = result.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), str) and isinstance(error.get("message"), dict):
        return None
    return Problem(
        f"the result of {result.get('taskId')}, which was refused, does not say why", "code and message", repr(error), "/value"
    )


def _nowhere(context: Context, result: Mapping[str, Any]) -> Problem | None:
    told = [name for name in ("eTag", "location") if name in result]
    if not told:
        return None
    return Problem(f"the result of {result.get('taskId')}, which was refused, has {told[0]}", "absent", told[0], "/value")


def _location(context: Context, result: Mapping[str, Any]) -> Problem | None:
    stated, name = result.get("location"), result.get("taskId")
    expected = f"{decoded_path(context.exchange.request.url).removesuffix(_COLLECTION)}/tasks/{name}"
    if isinstance(stated, str) and decoded_path(stated).lower() == expected.lower():
        return None
    return Problem("the location of a result is not that of its task", expected, str(stated or "absent"), "/value")


def _tasks(context: Context) -> Sequence[Problem] | None:
    body = context.body if isinstance(context.body, dict) else {}
    counts = [c for c in (body, body.get("taskCounts"), body.get("taskSlotCounts")) if isinstance(c, dict)]
    sums = [(c["completed"], c["succeeded"] + c["failed"]) for c in counts if _numbers(c, "completed", "succeeded", "failed")]
    if not sums or str(body.get("validationStatus", "")).lower() == _UNSURE:
        return None
    return [
        Problem("completed is not the sum of succeeded and failed", str(expected), str(stated), "/completed")
        for stated, expected in sums
        if stated != expected
    ]


def _numbers(counts: Mapping[str, Any], *names: str) -> bool:
    return all(type(counts.get(name)) is int for name in names)


def _collection(case: Case) -> bool:
    return case.data and case.success and case.kind == "create-many"


def _task_counts(case: Case) -> bool:
    return case.data and case.success and case.operation is not None and case.operation.id == "Job_GetTaskCounts"


RULES = (
    Rule("collection.no-error", "the result of a task that was added has no error", _collection, _each(True, _no_error)),
    Rule("collection.location", "the location of a result is the URL of its task", _collection, _each(True, _location)),
    Rule("collection.error", "the result of a task that was refused says why", _collection, _each(False, _error)),
    Rule("collection.nowhere", "the result of a task that was refused has no location", _collection, _each(False, _nowhere)),
    Rule("counts.tasks", "the completed tasks are those that succeeded and those that failed", _task_counts, _tasks),
)
