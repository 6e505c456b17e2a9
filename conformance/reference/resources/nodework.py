"""The tasks on a node: its slots, its counters, its recent tasks, and what becomes of them when the node goes."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.instants import iso
from conformance.reference.resources import tasklife
from conformance.reference.resources.jobaccess import kind_of_tasks
from conformance.reference.store import Store
from conformance.reference.wire import Json

_RECENT = 10
_WAITING = frozenset({"taskcompletion", "retaineddata"})


def key(task: Json) -> str:
    return f"{task['_job'].lower()}/{task['id'].lower()}"


def free_slots(pool: Json, node: Json) -> int:
    """A node that takes no tasks has none."""
    if node["schedulingState"] != "enabled" or node["state"] not in ("idle", "running") or node.get("_then"):
        return 0
    return int(pool.get("taskSlotsPerNode", 1) - node["runningTaskSlotsCount"])


def occupy(node: Json, task: Json, slots: int, now: int) -> None:
    node.setdefault("_tasks", {})[key(task)] = slots
    _count(node, now)


def vacate(node: Json, task: Json, now: int) -> None:
    """The task has left the node, ended or not."""
    if node.get("_tasks", {}).pop(key(task), None) is None:
        return
    node["totalTasksRun"] += 1
    node["totalTasksSucceeded"] += tasklife.succeeded(task)
    recent = [each for each in node.get("recentTasks", []) if (each["jobId"], each["taskId"]) != (task["_job"], task["id"])]
    node["recentTasks"] = [_recent(task), *recent][:_RECENT]
    _count(node, now)
    then = node.get("_then")
    if then is not None and not node["_tasks"]:
        del node["_then"]
        then(now)


def _recent(task: Json) -> Json:
    shown = {"jobId": task["_job"], "taskId": task["id"], "taskState": task["state"]}
    return {**shown, "executionInfo": dict(task["executionInfo"])}


def _count(node: Json, now: int) -> None:
    tasks = node["_tasks"]
    node["runningTasksCount"], node["runningTaskSlotsCount"] = len(tasks), sum(tasks.values())
    state = "running" if tasks else "idle"
    if node["state"] in ("idle", "running") and node["state"] != state:
        node["state"], node["stateTransitionTime"] = state, iso(now)


def waits(node: Json, option: str) -> bool:
    """Whether a node that is to go stays until the tasks on it have ended."""
    return bool(node.get("_tasks")) and option in _WAITING


def leave(store: Store, node: Json, option: str, now: int, then: Callable[[int], None]) -> None:
    """The node is about to stop: its tasks are requeued, or ended, or waited for, as the option says; then `then` happens."""
    if not node.get("_tasks"):
        then(now)
    elif waits(node, option):
        node["_then"] = then
    else:
        drop(store, node, option, now)
        then(now)


def drop(store: Store, node: Json, option: str, now: int) -> None:
    """Take its tasks from a node that goes."""
    for name in list(node.get("_tasks", {})):
        job_id, _, task_id = name.partition("/")
        job = store.get("job", job_id)
        task = store.get(kind_of_tasks(job), task_id) if job else None
        if job is None or task is None:
            node["_tasks"].pop(name)
        elif option == "terminate":
            tasklife.complete(store, job, task, now, tasklife.ENDED_BY_USER)
        else:
            tasklife.requeue(task, now)
            vacate(node, task, now)
    if "_tasks" in node:
        _count(node, now)
