"""What a client does to a job: disable, enable, terminate, delete."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import joblife
from conformance.reference.resources.jobaccess import find, require_alive
from conformance.reference.resources.lifecycle import touch
from conformance.reference.store import Store
from conformance.reference.wire import Call, Reply


@answers("Job_Disable")
def disable(store: Store, call: Call) -> Reply:
    job = find(store, call)
    require_alive(job)
    reply = touch(job, call.now)
    if job["state"] not in ("disabled", "disabling"):  # in these it is accepted and has nothing left to do
        joblife.disable(store, job, call.body["disableTasks"], job["_modified"])
    return reply


@answers("Job_Enable")
def enable(store: Store, call: Call) -> Reply:
    job = find(store, call)
    require_alive(job)
    if job["state"] not in ("disabled", "disabling"):
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The job is not disabled."})
    reply = touch(job, call.now)
    joblife.enable(store, job, job["_modified"])
    return reply


@answers("Job_Terminate")
def terminate(store: Store, call: Call) -> Reply:
    job = find(store, call)
    require_alive(job)
    reply = touch(job, call.now)
    joblife.terminate(store, job, call.body.get("terminateReason", "UserTerminate"), job["_modified"])
    return reply


@answers("Job_Delete")
def delete(store: Store, call: Call) -> Reply:
    job = find(store, call)
    require_alive(job, allowed=("completed", "terminating"))
    joblife.delete(store, job, call.now)
    return Reply()
