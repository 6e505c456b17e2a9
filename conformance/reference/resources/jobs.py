"""Jobs: add, list, get, patch, update. What else happens to them is in `jobactions.py`, their life in `joblife.py`."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.registry import answers
from conformance.reference.resources import jobspec
from conformance.reference.resources.jobaccess import find, require_alive
from conformance.reference.resources.joblife import create, watch
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.updates import apply, changes
from conformance.reference.schemas import tidy
from conformance.reference.shapes import fill, shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

STATS = frozenset({"stats"})
_QUIRKY_LOCATION = "/jobs/job-1"


def present(call: Call, job: Json) -> Json:
    """What a GET at the call's api-version shows."""
    url = f"{call.base}/jobs/{job['id']}"
    stats = {**NO_WORK, "url": f"{url}/stats", "startTime": job["creationTime"], "lastUpdateTime": job["lastModified"]}
    return shown(call.contract, call.contract.models["CloudJob"], {**job, "url": url, "stats": stats})


_NOTHING = "PT0S"
NO_WORK: Json = {
    "userCPUTime": _NOTHING,
    "kernelCPUTime": _NOTHING,
    "wallClockTime": _NOTHING,
    "waitTime": _NOTHING,
    "readIOps": 0,
    "writeIOps": 0,
    "readIOGiB": 0.0,
    "writeIOGiB": 0.0,
    "numSucceededTasks": 0,
    "numFailedTasks": 0,
    "numTaskRetries": 0,
}


@answers("Job_Add")
def add(store: Store, call: Call) -> Reply:
    spec = stored(fill(call.contract, call.request_model, call.body))
    if store.get("job", spec["id"]) is not None:
        raise BatchProblem("JobExists")
    if store.get("jobschedule", spec["id"]) is not None:
        raise BatchProblem("JobScheduleWithSameIdExists")
    jobspec.check(store, call.contract, spec)
    jobspec.check_lifetime(spec)
    job = create(store, call.contract, {name: value for name, value in spec.items() if value != []}, call.now)
    quirky = "job-location" in store.settings.quirks
    return Reply(modified=job["_modified"], location=_QUIRKY_LOCATION if quirky else f"/jobs/{job['id']}")


@answers("Job_List")
def list_jobs(store: Store, call: Call) -> Listing:
    return Listing([present(call, job) for job in store.all("job")], expandable=STATS)


@answers("Job_Get")
def get(store: Store, call: Call) -> Reply:
    job = find(store, call)
    return Reply(present(call, job), job["_modified"], expandable=STATS)


@answers("Job_Patch", "Job_Update")
def change(store: Store, call: Call) -> Reply:
    job = find(store, call)
    require_alive(job)
    change = changes(call)
    _check_termination(job, change)
    _check_pool(call, job, change)
    jobspec.check(store, call.contract, {name: value for name, value in change.items() if value is not None})
    apply(job, change)
    reply = touch(job, call.now)
    _move(job)
    watch(store, job, call.now)
    return reply


def _check_termination(job: Json, change: Json) -> None:
    """Once a job is to end when its tasks are done, it stays so."""
    wanted = change.get("onAllTasksComplete")
    if wanted == "noaction" and job.get("onAllTasksComplete") == "terminatejob":
        raise invalid_property("onAllTasksComplete", wanted, "It cannot be changed from terminatejob to noaction.")


def _check_pool(call: Call, job: Json, change: Json) -> None:
    """The pool changes only while the job is disabled. A replacement has to name it, so there the same pool is no change.
    Of an auto pool only keepAlive changes."""
    given = change.get("poolInfo")
    known = (job["poolInfo"], _read_back(call, job))
    if given is None or (call.operation.update == "replace" and given in known):
        return
    if "autoPoolSpecification" in given and "autoPoolSpecification" in job["poolInfo"]:
        same = _without_keep_alive(given) in map(_without_keep_alive, known)
        allowed = _lifetime(job["poolInfo"]) == "job" and same
        reason = "Only keepAlive of the auto pool of a job can be changed."
    else:
        allowed = job["state"] == "disabled"
        reason = "The pool of a job can be changed only while the job is disabled."
    if not allowed:
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": reason})


def _read_back(call: Call, job: Json) -> Json:
    """The pool of the job as a client that has read the job may send it: with what the service added."""
    model = call.contract.models["PoolInformation"]
    sent = tidy(call.contract, model, present(call, job)["poolInfo"])
    return dict(stored(fill(call.contract, model, sent)))


def _lifetime(info: Json) -> str:
    return str(info.get("autoPoolSpecification", {}).get("poolLifetimeOption"))


def _without_keep_alive(info: Json) -> Json:
    auto = info.get("autoPoolSpecification", {})
    return {**info, "autoPoolSpecification": {name: value for name, value in auto.items() if name != "keepAlive"}}


def _move(job: Json) -> None:
    pool = job["poolInfo"].get("poolId")
    if pool is not None:
        job["executionInfo"]["poolId"] = pool
