"""Tasks that are reactivated and do not begin anew, and subtasks of those that have none."""

from __future__ import annotations

from conformance.defects.answers import body
from conformance.defects.leniency import stub
from conformance.defects.model import Defect
from conformance.defects.stored import Changed, after
from conformance.defects.tasks import REACTIVATE, SUBTASKS
from conformance.reference.wire import Json

_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime", "executionInfo", "_ran")


def _stays(changed: Changed) -> None:
    changed.restore(*_STATE)


def _remembers(changed: Changed) -> None:
    old = changed.was.get("executionInfo", {})
    changed.now["executionInfo"] = {**old, **changed.now["executionInfo"], "retryCount": old.get("retryCount", 0)}


def _ends_again(changed: Changed) -> None:
    changed.now["state"] = "completed"


def _itself(document: Json) -> None:
    if document.get("value") == []:
        document["value"].append({"id": 0, "state": "completed", "stateTransitionTime": "2026-01-01T00:00:00Z"})


DEFECTS = (
    Defect(
        "task-reactivate-ignored",
        "Reactivating a task is answered 204, and it stays completed.",
        "life-cycles",
        ("tasks.reactivate.active",),
        "A stub that says yes.",
        after(REACTIVATE, _stays),
        consequences=(
            "jobs.task-counts.active",
            "tasks.run.reactivate-resets-retries",
            "tasks.run.reactivate-runs-again",
        ),
    ),
    Defect(
        "task-reactivate-remembers",
        "A reactivated task shows how it ended before, and goes on counting its retries.",
        "life-cycles",
        ("tasks.reactivate.forgets", "tasks.run.reactivate-resets-retries"),
        "Only the state is set.",
        after(REACTIVATE, _remembers),
        consequences=("tasks.responses.state",),
    ),
    Defect(
        "task-reactivate-not-run",
        "A task that has been reactivated ends at once, without a run.",
        "life-cycles",
        ("tasks.run.reactivate-runs-again",),
        "The queue has it as done.",
        after(REACTIVATE, _ends_again),
        consequences=(
            "jobs.task-counts.active",
            "tasks.reactivate.active",
            "tasks.responses.state",
        ),
    ),
    Defect(
        "task-reactivate-any",
        "A task is reactivated in any state, in a job of any state.",
        "life-cycles",
        (
            "tasks.reactivate.active-refused",
            "tasks.run.reactivate-succeeded-refused",
            "tasks.reactivate.completed-job-refused",
            "tasks.reactivate.terminating-job-refused",
        ),
        "A stub that says yes.",
        stub(REACTIVATE, 204, "TaskNotCompleted", "TaskSucceeded", "Job*"),
        consequences=("tasks.reactivate.missing-job-refused",),
    ),
    Defect(
        "subtasks-of-one",
        "A task is among its own subtasks.",
        "life-cycles",
        ("tasks.subtasks.none", "tasks.run.subtasks-of-one"),
        "The primary is an instance, too.",
        body(SUBTASKS, _itself),
    ),
)
