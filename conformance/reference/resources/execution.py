"""Which task runs where, and its run: the scheduler of the simulated nodes."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.instants import iso
from conformance.reference.resources import folders, nodelife, nodework, preparation, scaling, tasklife
from conformance.reference.resources.commandlines import attempts, course, environment
from conformance.reference.resources.dependencies import satisfied
from conformance.reference.resources.jobaccess import kind_of_tasks, tasks_of
from conformance.reference.resources.lifecycle import enter
from conformance.reference.store import Store
from conformance.reference.wire import Json

# Seconds of the service's life between a reason to look for work and the look.
_SCHEDULE_SECONDS = 0.5
_AT_WORK = frozenset({"preparing", "running"})


def kick(store: Store, now: int) -> None:
    """Something changed: look soon whether a task can start."""
    if store.get("scheduler", "kicked") is None:
        store.put("scheduler", "kicked", {})
        store.agenda.after(now, _SCHEDULE_SECONDS, lambda due: _schedule(store, due))


def _schedule(store: Store, now: int) -> None:
    store.remove("scheduler", "kicked")
    active = [job for job in store.all("job") if job["state"] == "active"]
    for job in sorted(active, key=lambda job: -job.get("priority", 0)):
        pool = store.get("pool", job["executionInfo"].get("poolId", ""))
        if pool is not None and pool["state"] != "deleting":
            _schedule_job(store, job, pool, now)


def _schedule_job(store: Store, job: Json, pool: Json, now: int) -> None:
    tasks = tasks_of(store, job)
    running = sum(task["state"] in _AT_WORK for task in tasks)
    most = job.get("maxParallelTasks", -1)
    waiting = [task for task in tasks if task["state"] == "active" and satisfied(tasks, task)]
    for task in sorted(waiting, key=lambda task: not task.get("_manager", False)):
        if 0 <= most <= running:
            return
        nodes = _nodes_for(store, job, pool, task)
        if nodes:
            running += 1
            _start(store, job, task, nodes, now)


def _nodes_for(store: Store, job: Json, pool: Json, task: Json) -> list[Json]:
    """The nodes that a task gets, none if there are not enough now."""
    count = task.get("multiInstanceSettings", {}).get("numberOfInstances", 1)
    wanted = task.get("affinityInfo", {}).get("affinityId")
    free = []
    for node in scaling.nodes_of(store, pool):
        slots = nodework.free_slots(pool, node)
        whole = task.get("_exclusive", False) and node.get("_tasks")
        if slots >= task.get("requiredSlots", 1) and not whole and not preparation.ineligible(job, node):
            free.append(node)
    free.sort(key=lambda node: (node["affinityId"] != wanted, node["runningTasksCount"]))
    return free[:count] if len(free) >= count else []


def _start(store: Store, job: Json, task: Json, nodes: list[Json], now: int) -> None:
    task["_turn"] = turn = task.get("_turn", 0) + 1
    task["_nodes"] = nodes
    task["_ran"] = {"node": nodes[0], "pool": job["executionInfo"]["poolId"]}
    slots = task.get("requiredSlots", 1)
    if task.get("_exclusive"):
        slots += nodework.free_slots(store.get("pool", nodes[0]["_pool"]) or {}, nodes[0]) - slots
    for node in nodes:
        nodework.occupy(node, task, slots, now)

    def run(due: int) -> None:
        if task["_turn"] != turn or task["state"] not in ("active", "preparing"):
            return
        if any(preparation.ineligible(job, node) for node in nodes):
            enter(task, "active", due)
            _vacate(task, due)
            kick(store, due)
            return
        _run(store, job, task, due)

    if any(preparation.needed(job, node) for node in nodes):
        enter(task, "preparing", now)
        for node in nodes:
            preparation.prepare(store, job, node, now, run)
    else:
        run(now)


def _run(store: Store, job: Json, task: Json, now: int) -> None:
    enter(task, "running", now)
    task["executionInfo"]["startTime"] = iso(now)
    for node in task["_nodes"]:
        folders.write_task(node, f"workitems/{job['id']}/job-1/{task['id']}", task["commandLine"], now)
    _start_subtasks(task, now)
    _attempt(store, job, task, now)


def _attempt(store: Store, job: Json, task: Json, now: int) -> None:
    """One run of the command line, and more when it fails and may be retried."""
    constraints = task.get("constraints", {})
    plan = course(task["commandLine"], constraints.get("maxWallClockTime"), environment(job, task))
    turn = task["_turn"]

    def ended(due: int) -> None:
        if task["_turn"] != turn or task["state"] != "running":
            return
        info = task["executionInfo"]
        if plan.exit_code not in (0, None) and info["retryCount"] + 1 < attempts(task.get("constraints", {})):
            info["retryCount"] += 1
            info["lastRetryTime"] = info["startTime"] = iso(due)
            _attempt(store, job, task, due)
        else:
            tasklife.exited(store, job, task, due, plan.exit_code)

    store.agenda.after(now, plan.seconds, ended)


def _start_subtasks(task: Json, now: int) -> None:
    """The instances of a multi-instance task beside its primary."""
    task["_subtasks"] = [
        {"id": number, "state": "running", "stateTransitionTime": iso(now), "startTime": iso(now), "_node": node}
        for number, node in enumerate(task["_nodes"][1:], start=1)
    ]


def _end_subtasks(task: Json, now: int) -> None:
    for subtask in task.get("_subtasks", ()):
        if subtask["state"] == "running":
            enter(subtask, "completed", now)
            subtask |= {"endTime": iso(now), "exitCode": 0, "result": "success"}


def _vacate(task: Json, now: int) -> None:
    for node in task.pop("_nodes", []):
        nodework.vacate(node, task, now)


def interrupt(store: Store, job: Json, now: int, act: Callable[[Json], None]) -> None:
    """Do something with each task of the job that is at work, and take it from its node."""
    for task in tasks_of(store, job):
        if task["state"] in _AT_WORK:
            act(task)
            _vacate(task, now)
    kick(store, now)


def remove(store: Store, job: Json, task: Json, now: int) -> None:
    """A deleted task is gone at once, and its node is free."""
    task["_turn"] = task.get("_turn", 0) + 1
    store.remove(kind_of_tasks(job), task["id"])
    _vacate(task, now)
    kick(store, now)


def at_work(store: Store, job: Json) -> bool:
    return any(task["state"] in _AT_WORK for task in tasks_of(store, job))


def _task_ended(store: Store, job: Json, task: Json, now: int) -> None:
    _end_subtasks(task, now)
    _vacate(task, now)
    kick(store, now)


tasklife.ENDED.append(_task_ended)
nodelife.IDLE.append(kick)
