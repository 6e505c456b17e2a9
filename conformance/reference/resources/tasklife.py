"""The life of a task, whoever causes it: active, preparing, running, completed; active again when requeued or reactivated."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.instants import iso
from conformance.reference.resources.jobaccess import kind_of_tasks
from conformance.reference.resources.lifecycle import enter, touch
from conformance.reference.store import Store
from conformance.reference.wire import Json

# Called when a task has ended: store, job, task, instant.
ENDED: list[Callable[[Store, Json, Json, int], None]] = []
FAILED_CODE = "FailureExitCode"
ENDED_BY_USER = {"category": "usererror", "code": "TaskEnded", "message": "Task Was Ended by User Request"}
_ENDED_BY_TIME = {"category": "usererror", "code": "TaskEnded", "message": "The task ran longer than its constraints allow."}
# As the live service tells it (source: recording nodesdk-create-task-with-user-identity).
_EXITED = {
    "category": "usererror",
    "code": FAILED_CODE,
    "message": "The task exited with an exit code representing a failure",
    "details": [
        {"name": "Message", "value": "The task process exited with an unexpected exit code"},
        {"name": "AdditionalErrorCode", "value": FAILED_CODE},
    ],
}


def add(store: Store, job: Json, spec: Json, now: int) -> Json:
    """A new active task. `spec` is filled and in the newest naming."""
    task = {**spec, "_job": job["id"]}
    touch(task, now)
    task["creationTime"] = task["lastModified"]
    enter(task, "active", task["_modified"])
    task["executionInfo"] = {"retryCount": 0, "requeueCount": 0}
    store.put(kind_of_tasks(job), task["id"], task)
    return task


def complete(store: Store, job: Json, task: Json, now: int, failure: Json) -> None:
    """End a task that did not come to its own end."""
    task["executionInfo"] |= {"endTime": iso(now), "failureInfo": dict(failure), "result": "failure"}
    task.setdefault("_ran", {})
    _end(store, job, task, now)


def exited(store: Store, job: Json, task: Json, now: int, exit_code: int | None) -> None:
    """The last attempt ended by itself, or by the clock (`exit_code` None)."""
    info = task["executionInfo"]
    info |= {"endTime": iso(now), "result": "success" if exit_code == 0 else "failure"}
    if exit_code is not None:
        info["exitCode"] = exit_code
    if exit_code != 0:
        info["failureInfo"] = dict(_EXITED if exit_code is not None else _ENDED_BY_TIME)
    _end(store, job, task, now)


def _end(store: Store, job: Json, task: Json, now: int) -> None:
    enter(task, "completed", now)
    for tell in ENDED:
        tell(store, job, task, now)


def requeue(task: Json, now: int) -> None:
    """The task lost its node: it waits for another."""
    info = task["executionInfo"]
    info["requeueCount"] += 1
    info["lastRequeueTime"] = iso(now)
    info.pop("startTime", None)
    task.pop("_ran", None)
    enter(task, "active", now)


def reactivate(task: Json, now: int) -> None:
    """A task that failed begins anew; nothing tells of its former runs."""
    task["executionInfo"] = {"retryCount": 0, "requeueCount": 0}
    task.pop("_ran", None)
    enter(task, "active", now)


def succeeded(task: Json) -> bool:
    return bool(task["executionInfo"].get("result") == "success")
