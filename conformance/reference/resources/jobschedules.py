"""Job schedules: add, list, get, exists, patch, update, disable, enable, terminate, delete, and their jobs."""

from __future__ import annotations

from conformance.contract import Contract
from conformance.reference.instants import iso
from conformance.reference.odata.instant import ticks
from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.registry import answers
from conformance.reference.resources import autopools, joblife, jobs, jobspec, poolspec, scheduleclock
from conformance.reference.resources.lifecycle import enter, touch
from conformance.reference.resources.updates import apply, changes
from conformance.reference.shapes import fill, shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

# Seconds of the service's life.
DELETE_SECONDS = 2.0
_ENDED = {
    "terminating": "JobScheduleBeingTerminated",
    "completed": "JobScheduleCompleted",
    "deleting": "JobScheduleBeingDeleted",
}


def find(store: Store, call: Call) -> Json:
    """The schedule that the path names. Raises BatchProblem: there is none, or its conditions are not met."""
    schedule = store.get("jobschedule", call.path["jobScheduleId"])
    if schedule is None:
        raise BatchProblem("JobScheduleNotFound")
    if call.operation.entity == "job-schedule":
        call.conditions.check(schedule["_modified"])
    return schedule


def _alive(store: Store, call: Call) -> Json:
    schedule = find(store, call)
    if schedule["state"] in _ENDED:
        raise BatchProblem(_ENDED[schedule["state"]])
    return schedule


def present(call: Call, schedule: Json) -> Json:
    url = f"{call.base}/jobschedules/{schedule['id']}"
    times = {"startTime": schedule["creationTime"], "lastUpdateTime": schedule["lastModified"]}
    info = dict(schedule["executionInfo"])
    if "recentJob" in info:
        info["recentJob"] = {**info["recentJob"], "url": f"{call.base}/jobs/{info['recentJob']['id']}"}
    whole = {**schedule, "url": url, "executionInfo": info, "stats": {**jobs.NO_WORK, **times, "url": f"{url}/stats"}}
    return shown(call.contract, call.contract.models["CloudJobSchedule"], whole)


def _check(store: Store, contract: Contract, change: Json) -> None:
    poolspec.check_metadata(change.get("metadata") or [])
    if change.get("jobSpecification"):
        jobspec.check(store, contract, change["jobSpecification"])


def _normalize(change: Json) -> None:
    """Instants are shown the service's own way, whatever way they were written."""
    times = change.get("schedule") or {}
    for name in ("doNotRunUntil", "doNotRunAfter"):
        if name in times:
            times[name] = _shown(name, times[name])


def _shown(name: str, written: str) -> str:
    instant = ticks(written)
    if instant is None:
        raise invalid_property(name, written, "It is not an ISO 8601 date-time.")
    return iso(instant)


@answers("JobSchedule_Add")
def add(store: Store, call: Call) -> Reply:
    spec = stored(fill(call.contract, call.request_model, call.body))
    if store.get("jobschedule", spec["id"]) is not None:
        raise BatchProblem("JobScheduleExists")
    if store.get("job", spec["id"]) is not None:
        raise BatchProblem("JobWithSameIdExists")
    _check(store, call.contract, spec)
    _normalize(spec)
    schedule = {name: value for name, value in spec.items() if value != []}
    schedule |= {"executionInfo": {}, "_contract": call.contract, "_turn": 0}
    reply = touch(schedule, call.now)
    schedule["creationTime"] = schedule["lastModified"]
    enter(schedule, "active", schedule["_modified"])
    store.put("jobschedule", schedule["id"], schedule)
    scheduleclock.begin(store, schedule, call.now)
    return Reply(modified=reply.modified, location=f"/jobschedules/{schedule['id']}")


@answers("JobSchedule_List")
def list_schedules(store: Store, call: Call) -> Listing:
    return Listing([present(call, schedule) for schedule in store.all("jobschedule")], expandable=jobs.STATS)


@answers("JobSchedule_Get")
def get(store: Store, call: Call) -> Reply:
    schedule = find(store, call)
    return Reply(present(call, schedule), schedule["_modified"], expandable=jobs.STATS)


@answers("JobSchedule_Exists")
def exists(store: Store, call: Call) -> Reply:
    return Reply(modified=find(store, call)["_modified"])


@answers("Job_ListFromJobSchedule")
def list_jobs(store: Store, call: Call) -> Listing:
    schedule = find(store, call)
    return Listing([jobs.present(call, job) for job in joblife.jobs_of(store, schedule["id"])], expandable=jobs.STATS)


@answers("JobSchedule_Patch", "JobSchedule_Update")
def change(store: Store, call: Call) -> Reply:
    """The jobs that there are already stay as they are."""
    schedule = _alive(store, call)
    change = changes(call)
    _check(store, call.contract, change)
    _normalize(change)
    timed = "schedule" in change
    before = schedule["jobSpecification"]
    apply(schedule, change)
    autopools.retire(schedule, before)
    schedule.setdefault("schedule", {})
    reply = touch(schedule, call.now)
    if timed:
        scheduleclock.begin(store, schedule, call.now)
    return reply


@answers("JobSchedule_Disable")
def disable(store: Store, call: Call) -> Reply:
    schedule = _alive(store, call)
    reply = touch(schedule, call.now)
    if schedule["state"] != "disabled":
        enter(schedule, "disabled", schedule["_modified"])
    return reply


@answers("JobSchedule_Enable")
def enable(store: Store, call: Call) -> Reply:
    schedule = _alive(store, call)
    reply = touch(schedule, call.now)
    if schedule["state"] != "active":
        enter(schedule, "active", schedule["_modified"])
        scheduleclock.resume(store, schedule, call.now)
    return reply


@answers("JobSchedule_Terminate")
def terminate(store: Store, call: Call) -> Reply:
    schedule = _alive(store, call)
    reply = touch(schedule, call.now)
    scheduleclock.terminate(store, schedule, schedule["_modified"])
    return reply


@answers("JobSchedule_Delete")
def delete(store: Store, call: Call) -> Reply:
    """The schedule goes when its jobs have gone, so that a new one of its name does not meet them."""
    schedule = find(store, call)
    if schedule["state"] == "deleting":
        raise BatchProblem("JobScheduleBeingDeleted")
    enter(schedule, "deleting", call.now)
    schedule["_turn"] += 1
    for job in joblife.jobs_of(store, schedule["id"]):
        if job["state"] != "deleting":
            joblife.delete(store, job, call.now)

    def vanish(due: int) -> None:
        if joblife.jobs_of(store, schedule["id"]):
            store.agenda.after(due, DELETE_SECONDS, vanish)
            return
        store.remove("jobschedule", schedule["id"])
        autopools.release(store, schedule, due)

    store.agenda.after(call.now, DELETE_SECONDS, vanish)
    return Reply()
