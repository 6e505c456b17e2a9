"""The life of a job, whoever causes it: a client, a job schedule, a task that ends, the clock."""

from __future__ import annotations

from collections.abc import Callable

from conformance.contract import Contract
from conformance.reference.instants import iso
from conformance.reference.resources import autopools, execution, preparation, tasklife
from conformance.reference.resources.commandlines import seconds_of
from conformance.reference.resources.dependencies import job_action
from conformance.reference.resources.jobaccess import ENDING, kind_of_tasks, tasks_of
from conformance.reference.resources.lifecycle import enter, touch
from conformance.reference.store import Store
from conformance.reference.wire import Json

# Called when a job has completed or gone: store, job, instant.
ENDED: list[Callable[[Store, Json, int], None]] = []
# Seconds of the service's life.
DISABLE_SECONDS = 5.0
TERMINATE_SECONDS = 5.0
DELETE_SECONDS = 10.0
_EMPTY_SECONDS = 2.0
_FAIL_SECONDS = 1.0
# A new job becomes active a moment after its creation (source: recordings, 16 to 61 ms).
_ACTIVATION_TICKS = 200_000


def create(store: Store, contract: Contract, spec: Json, now: int, *, schedule: Json | None = None) -> Json:
    """A new active job. `spec` is filled, in the newest naming, and has the id."""
    job = {**spec, "creationTime": iso(now), "_made": now}
    job["_schedule"] = schedule["id"] if schedule else None
    touch(job, now + _ACTIVATION_TICKS)
    enter(job, "active", job["_modified"])
    job["executionInfo"] = {"startTime": job["lastModified"]}
    autopools.place(store, contract, job, now, schedule)
    store.put("job", job["id"], job)
    _add_manager(store, job, now)
    watch(store, job, now)
    if "schedulingError" in job["executionInfo"]:  # the job cannot be started
        store.agenda.after(now, _FAIL_SECONDS, lambda due: _fail(store, job, due))
    return job


def _fail(store: Store, job: Json, now: int) -> None:
    if job["state"] in ENDING:
        return
    enter(job, "completed", now)
    job["executionInfo"]["endTime"] = iso(now)
    _stop_tasks(store, job, now)
    _tell(store, job, now)


def watch(store: Store, job: Json, now: int) -> None:
    """What may happen to the job by itself after it was made or changed: its time runs out, or it has nothing to do."""
    job["_watch"] = watched = job.get("_watch", 0) + 1
    limit = seconds_of(job.get("constraints", {}).get("maxWallClockTime"))
    if limit is not None:

        def expire(due: int) -> None:
            if job["_watch"] == watched and job["state"] not in ENDING:
                terminate(store, job, "MaxWallClockTimeExpiry", due)

        store.agenda.after(job["_made"], limit, expire)
    store.agenda.after(now, _EMPTY_SECONDS, lambda due: _end_if_idle(store, job, due))
    execution.kick(store, now)


def jobs_of(store: Store, schedule_id: str) -> list[Json]:
    """The jobs that a schedule made, in the order of their creation."""
    return [job for job in store.all("job") if (job["_schedule"] or "").lower() == schedule_id.lower()]


def _add_manager(store: Store, job: Json, now: int) -> None:
    manager = job.get("jobManagerTask")
    if manager:
        kept = {name: value for name, value in manager.items() if name not in ("killJobOnCompletion", "runExclusive")}
        task = tasklife.add(store, job, kept, now)
        task["_manager"], task["_exclusive"] = True, manager.get("runExclusive", True)


def terminate(store: Store, job: Json, reason: str, now: int) -> None:
    """The job is terminating at once, and completed when its tasks and release tasks have ended."""
    enter(job, "terminating", now)
    job["executionInfo"]["terminateReason"] = reason

    def stop(due: int) -> None:
        if job["state"] == "terminating":
            _stop_tasks(store, job, due)
            preparation.release(store, job, due, lambda ended: _complete(store, job, ended))

    store.agenda.after(now, TERMINATE_SECONDS, stop)


def _complete(store: Store, job: Json, now: int) -> None:
    if job["state"] != "terminating":
        return
    enter(job, "completed", now)
    job["executionInfo"]["endTime"] = iso(now)
    autopools.release(store, job, now)
    _tell(store, job, now)


def _stop_tasks(store: Store, job: Json, now: int) -> None:
    execution.interrupt(store, job, now, lambda task: tasklife.complete(store, job, task, now, tasklife.ENDED_BY_USER))


def disable(store: Store, job: Json, how: str, now: int) -> None:
    """`how`: requeue, terminate or wait, for the tasks that are at work."""
    enter(job, "disabling", now)
    job["_disable"] = how

    def stop(due: int) -> None:
        if job["state"] != "disabling":
            return
        if how == "terminate":
            _stop_tasks(store, job, due)
        elif how == "requeue":
            execution.interrupt(store, job, due, lambda task: tasklife.requeue(task, due))
        _disabled(store, job, due)

    store.agenda.after(now, DISABLE_SECONDS, stop)


def _disabled(store: Store, job: Json, now: int) -> None:
    if job["state"] == "disabling" and not execution.at_work(store, job):
        enter(job, "disabled", now)


def enable(store: Store, job: Json, now: int) -> None:
    enter(job, "active", now)
    execution.kick(store, now)


def delete(store: Store, job: Json, now: int) -> None:
    """The job is deleting at once, and gone when its tasks are."""
    completed = job["state"] == "completed"
    enter(job, "deleting", now)

    def stop(due: int) -> None:
        if store.get("job", job["id"]) is not job:
            return
        _stop_tasks(store, job, due)
        if completed:
            vanish(due)
        else:
            preparation.release(store, job, due, vanish)

    def vanish(due: int) -> None:
        store.clear(kind_of_tasks(job))
        store.remove("job", job["id"])
        autopools.release(store, job, due)
        if not completed:
            _tell(store, job, due)

    store.agenda.after(now, DELETE_SECONDS, stop)


def _tell(store: Store, job: Json, now: int) -> None:
    for tell in ENDED:
        tell(store, job, now)


def _task_ended(store: Store, job: Json, task: Json, now: int) -> None:
    """The end of a task may end or disable its job."""
    if job["state"] == "disabling" and job.get("_disable") == "wait":
        _disabled(store, job, now)
    if job["state"] in ENDING:
        return
    if task.get("_manager") and job["jobManagerTask"].get("killJobOnCompletion", True):
        terminate(store, job, "JMComplete", now)
    elif job.get("onTaskFailure") == "performexitoptionsjobaction" and job_action(task) != "none":
        _act(store, job, job_action(task), now)
    else:
        _end_if_idle(store, job, now)


def _act(store: Store, job: Json, action: str, now: int) -> None:
    if action == "terminate":
        terminate(store, job, "TaskFailed", now)
    elif job["state"] == "active":
        disable(store, job, "requeue", now)


def _end_if_idle(store: Store, job: Json, now: int) -> None:
    done = all(task["state"] == "completed" for task in tasks_of(store, job))
    if job.get("onAllTasksComplete") == "terminatejob" and job["state"] == "active" and done:
        terminate(store, job, "AllTasksComplete", now)


tasklife.ENDED.append(_task_ended)
