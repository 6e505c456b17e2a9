"""What every operation on a job begins with: finding it, and refusing what its state does not allow."""

from __future__ import annotations

from collections.abc import Collection

from conformance.reference.problem import BatchProblem
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json

# Why a job in some state takes no change, by state.
_ENDED = {"terminating": "JobBeingTerminated", "completed": "JobCompleted", "deleting": "JobBeingDeleted"}
ENDING = frozenset(_ENDED)


def find(store: Store, call: Call) -> Json:
    """The job that the path names. Raises BatchProblem: there is none, or its conditions are not met."""
    job = store.get("job", call.path["jobId"])
    if job is None:
        raise BatchProblem("JobNotFound")
    if call.operation.entity == "job":
        call.conditions.check(job["_modified"])
    return job


def require_alive(job: Json, allowed: Collection[str] = ()) -> None:
    """Raises BatchProblem when the job has ended, is about to, or goes away, unless that state is allowed."""
    code = _ENDED.get(job["state"])
    if code is not None and job["state"] not in allowed:
        raise BatchProblem(code)


def tasks_of(store: Store, job: Json) -> list[Json]:
    """In the order of their creation."""
    return list(store.all(kind_of_tasks(job)))


def kind_of_tasks(job: Json) -> str:
    """Each job has tasks of its own: they go when it goes, and are not there for the next job of its name."""
    return f"task of {job['id'].lower()}"


def find_to_read(store: Store, call: Call) -> Json:
    job = store.get("job", call.path["jobId"])
    if job is None:
        raise BatchProblem("JobNotFound")
    return job
