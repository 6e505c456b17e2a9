"""Job preparation and job release tasks: one of each on every node that runs tasks of the job."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.instants import iso
from conformance.reference.resources.commandlines import Course, attempts, course, environment
from conformance.reference.store import Store
from conformance.reference.wire import Json

_FAILED = {"category": "usererror", "code": "FailureExitCode", "message": "The task exited with a failure."}


def ineligible(job: Json, node: Json) -> bool:
    """Whether the job's tasks cannot run on the node, because its preparation failed there."""
    done = _done(job, node)
    return bool(done and _waits(job) and done.get("result") == "failure")


def needed(job: Json, node: Json) -> bool:
    """Whether a task of the job has to wait for the preparation of the node."""
    if "jobPreparationTask" not in job:
        return False
    done = _done(job, node)
    return done is None or (_waits(job) and done["state"] == "running")


def _done(job: Json, node: Json) -> Json | None:
    """What the preparation of the node has come to, None when there is none that counts."""
    done: Json | None = job.get("_prepared", {}).get(node["id"])
    return None if done is None or done.get("_void") else done


def forget(store: Store, node: Json, *, reimaged: bool) -> None:
    """The node starts anew: jobs that want it so, after a reimage all of them, prepare it again before they use it."""
    for job in store.all("job"):
        done = job.get("_prepared", {}).get(node["id"])
        if done is None or done["state"] != "completed":
            continue
        again = job["jobPreparationTask"].get("rerunOnNodeRebootAfterSuccess", True) and done["result"] == "success"
        if reimaged or again:
            done["_void"] = True


def _waits(job: Json) -> bool:
    return bool(job["jobPreparationTask"].get("waitForSuccess", True))


def prepare(store: Store, job: Json, node: Json, now: int, then: Callable[[int], None]) -> None:
    """Run the preparation task on the node, unless it is under way, and then `then`, whatever came of it."""
    if _done(job, node) is not None:
        job["_waiting"].setdefault(node["id"], []).append(then)
        return
    job.setdefault("_waiting", {})[node["id"]] = [then]
    info = _begun(node, now, retries=True)
    job.setdefault("_prepared", {})[node["id"]] = info
    spec = job["jobPreparationTask"]
    constraints = spec.get("constraints", {})

    def ended(due: int) -> None:
        for each in job["_waiting"].pop(node["id"], []):
            each(due)

    plan = course(spec["commandLine"], constraints.get("maxWallClockTime"), environment(job, spec))
    follow(store, info, plan, attempts(constraints), now, ended)
    if not _waits(job):
        ended(now)


def release(store: Store, job: Json, now: int, then: Callable[[int], None]) -> None:
    """Run the release task wherever the preparation task ran, and then `then`."""
    spec = job.get("jobReleaseTask")
    nodes = {name: info for name, info in job.get("_prepared", {}).items()} if spec else {}
    open_ones = set(nodes)
    if spec is None or not nodes:
        then(now)
        return
    for name, prepared in nodes.items():
        info = _begun({"id": name, "_pool": prepared["_pool"]}, now, retries=False)
        job.setdefault("_released", {})[name] = info

        def ended(due: int, name: str = name) -> None:
            open_ones.discard(name)
            if not open_ones:
                then(due)

        plan = course(spec["commandLine"], spec.get("maxWallClockTime"), environment(job, spec))
        follow(store, info, plan, 1, now, ended)


def _begun(node: Json, now: int, *, retries: bool) -> Json:
    info: Json = {"state": "running", "startTime": iso(now), "_pool": node["_pool"]}
    return {**info, "retryCount": 0} if retries else info


def follow(store: Store, info: Json, plan: Course, tries: float, now: int, then: Callable[[int], None]) -> None:
    """Let a command run its course, with retries while it fails; `info` tells how it stands. `then` is called at its end."""

    def ended(due: int) -> None:
        left = tries - 1 - info.get("retryCount", 0)
        if plan.exit_code != 0 and left > 0:
            info["retryCount"] += 1
            info["lastRetryTime"] = iso(due)
            store.agenda.after(due, plan.seconds, ended)
            return
        info.update({"state": "completed", "endTime": iso(due), "result": "success" if plan.exit_code == 0 else "failure"})
        if plan.exit_code is not None:
            info["exitCode"] = plan.exit_code
        if plan.exit_code != 0:
            info["failureInfo"] = dict(_FAILED)
        then(due)

    store.agenda.after(now, plan.seconds, ended)
