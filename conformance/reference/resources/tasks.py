"""Tasks: add, list, get, update, delete, terminate, reactivate, subtasks."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import execution, tasklife, taskspec
from conformance.reference.resources.jobaccess import find_to_read as find_job
from conformance.reference.resources.jobaccess import require_alive, tasks_of
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.taskaccess import STATS, find, node_info, present
from conformance.reference.resources.updates import apply, changes
from conformance.reference.shapes import fill, shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply


@answers("Task_Add")
def add(store: Store, call: Call) -> Reply:
    job = find_job(store, call)
    task = add_one(store, call, job, call.body)
    return Reply(modified=task["_modified"], location=path_of(task))


def add_one(store: Store, call: Call, job: Json, sent: Json) -> Json:
    """`sent` is the task as the client sent it. Raises BatchProblem."""
    require_alive(job)
    spec = stored(fill(call.contract, call.contract.models["TaskAddParameter"], taskspec.with_retries_of(job, sent)))
    taskspec.check(store, job, spec)
    task = tasklife.add(store, job, {name: value for name, value in spec.items() if value != []}, call.now)
    execution.kick(store, call.now)
    return task


def path_of(task: Json) -> str:
    return f"/jobs/{task['_job']}/tasks/{task['id']}"


@answers("Task_List")
def list_tasks(store: Store, call: Call) -> Listing:
    return Listing([present(call, task) for task in tasks_of(store, find_job(store, call))], expandable=STATS)


@answers("Task_Get")
def get(store: Store, call: Call) -> Reply:
    _, task = find(store, call)
    return Reply(present(call, task), task["_modified"], expandable=STATS)


@answers("Task_Update")
def update(store: Store, call: Call) -> Reply:
    _, task = find(store, call)
    apply(task, changes(call))
    return touch(task, call.now)


@answers("Task_Delete")
def delete(store: Store, call: Call) -> Reply:
    job, task = find(store, call)
    execution.remove(store, job, task, call.now)
    return Reply()


@answers("Task_Terminate")
def terminate(store: Store, call: Call) -> Reply:
    job, task = find(store, call)
    if task["state"] == "completed":
        raise BatchProblem("TaskCompleted")
    reply = touch(task, call.now)
    tasklife.complete(store, job, task, task["_modified"], tasklife.ENDED_BY_USER)
    return reply


@answers("Task_Reactivate")
def reactivate(store: Store, call: Call) -> Reply:
    job, task = find(store, call)
    require_alive(job)
    if task["state"] != "completed":
        raise BatchProblem("TaskNotCompleted")
    if tasklife.succeeded(task):
        raise BatchProblem("TaskSucceeded")
    reply = touch(task, call.now)
    tasklife.reactivate(task, task["_modified"])
    execution.kick(store, call.now)
    return reply


@answers("Task_ListSubtasks")
def subtasks(store: Store, call: Call) -> Listing:
    _, task = find(store, call)
    model = call.contract.models["SubtaskInformation"]
    items = []
    for subtask in task.get("_subtasks", ()):
        where = node_info(call, task, {"node": subtask["_node"], "pool": task["_ran"]["pool"]})
        items.append(shown(call.contract, model, {**subtask, "nodeInfo": where}))
    return Listing(items)
