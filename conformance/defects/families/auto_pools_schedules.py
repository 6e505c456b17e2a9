"""Job schedules: auto pools that stay, go or change when they should not, and what becomes of the jobs."""

from __future__ import annotations

from typing import Any

from conformance.defects.combined import acts_by
from conformance.defects.jobsmade import Made, before_request, when_made
from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT, at, put
from conformance.defects.schedules import ADD, AUTO, PATCH, WAYS
from conformance.defects.stored import Changed, after
from conformance.reference.resources.joblife import jobs_of
from conformance.reference.store import Store
from conformance.reference.wire import Json

_LONGEST = 20
_POOL = "_autopool"
_ENDS = "POST /jobschedules/{}/terminate, DELETE /jobschedules/{}"
_SPEC = "poolInfo.autoPoolSpecification"


def _nameless(document: Json, now: int) -> None:
    if len(str(at(document, f"{AUTO}.autoPoolIdPrefix"))) <= _LONGEST:
        put(document, f"{AUTO}.autoPoolIdPrefix", ABSENT)


def _mended(document: Json, now: int) -> None:
    if "= =" in str(at(document, f"{AUTO}.pool.autoScaleFormula")):
        put(document, f"{AUTO}.pool.autoScaleFormula", "$TargetDedicated = 0;")


def _reused(made: Made) -> None:
    pools = [job["executionInfo"].get("poolId") for job in made.earlier]
    if pools and at(made.job, _SPEC) is not ABSENT:
        made.job["executionInfo"]["poolId"] = pools[0]


def _orphaned(made: Made) -> None:
    """The job forgets that the pool is its own."""
    made.job.pop(_POOL, None)


def _own(made: Made) -> None:
    """The pool of the schedule becomes that of its job."""
    if at(made.job, f"{_SPEC}.poolLifetimeOption") == "jobschedule" and _POOL in made.schedule:
        made.job[_POOL] = made.schedule.pop(_POOL)


def _another(made: Made) -> None:
    """The schedule forgets its pool, so that the next job gets another one."""
    made.schedule.pop(_POOL, None)


def _told_to_jobs(changed: Changed) -> None:
    for job in jobs_of(changed.store, changed.now["id"]):
        if job["state"] == "active" and "jobSpecification" in changed.sent:
            job["poolInfo"] = changed.now["jobSpecification"]["poolInfo"]


def _forgets_pool(store: Store, schedule: Json, now: int) -> None:
    schedule.pop(_POOL, None)


def _not_kept(store: Store, schedule: Json, now: int) -> None:
    if at(schedule, f"{AUTO}.keepAlive") is True:
        put(schedule, f"{AUTO}.keepAlive", False)


def _renames_pool(changed: Changed) -> None:
    pool = changed.store.get("pool", changed.was.get(_POOL, ""))
    name: Any = at(changed.now, f"{AUTO}.pool.displayName")
    if pool is not None and name is not ABSENT:
        pool["displayName"] = name


def _keeps_retired(changed: Changed) -> None:
    changed.now.pop("_retired_autopools", None)


def _pools(id: str, lie: str, requirements: tuple[str, ...], idea: str, make: Any, *consequences: str) -> Defect:
    names = tuple(f"job-schedules.auto-pool.{name}" for name in requirements)
    return Defect(id, lie, "life-cycles", names, idea, make, consequences)


DEFECTS = (
    _pools(
        "schedule-pool-without-prefix",
        "The auto pool of a scheduled job has an id without autoPoolIdPrefix.",
        ("prefix",),
        "Ids are GUIDs.",
        acts_by(WAYS, _nameless, f"{AUTO}.autoPoolIdPrefix"),
    ),
    _pools(
        "schedule-pool-reused",
        "Each job of a schedule runs on the auto pool of the first one.",
        ("one-per-job", "lifetime-changed-new-pool", "pool-changed-new-pool"),
        "A cache of pools by schedule.",
        when_made(_reused),
    ),
    _pools(
        "schedule-pool-outlives-job",
        "An auto pool stays when its job has completed.",
        ("deleted-with-job",),
        "A job that does not know its pool.",
        when_made(_orphaned),
    ),
    _pools(
        "schedule-pool-follows-job",
        "An auto pool with the lifetime of the schedule goes with the job that it was made for.",
        ("outlives-job",),
        "One of two lifetimes is there.",
        when_made(_own),
    ),
    _pools(
        "schedule-pool-not-shared",
        "Each job of a schedule gets another auto pool, whatever its lifetime.",
        ("shared",),
        "Pools are made where jobs are made.",
        when_made(_another),
        "job-schedules.auto-pool.deleted-with-deleted-schedule",
    ),
    _pools(
        "schedule-pool-outlives-schedule",
        "An auto pool with the lifetime of the schedule stays when that has come to its end.",
        ("deleted-with-schedule", "deleted-with-deleted-schedule"),
        "Nobody cleans up.",
        before_request(_ENDS, _forgets_pool),
    ),
    _pools(
        "schedule-pool-not-kept-alive",
        "keepAlive of an auto pool is not looked at.",
        ("kept-alive", "pool-changed-keeps-alive"),
        "A flag that only costs money.",
        before_request(f"{_ENDS}, {PATCH}", _not_kept),
        "job-schedules.trace.writes-shown",
    ),
    _pools(
        "schedule-pool-told-to-job",
        "PATCH of where the jobs of a schedule run reaches the active job.",
        ("own-copy",),
        "The job refers to the specification instead of having a copy.",
        after(PATCH, _told_to_jobs),
        "jobs.trace.list-agrees",
        "jobs.trace.reads-agree",
    ),
    _pools(
        "schedule-pool-updated",
        "PATCH of an auto pool's specification changes the pool that there is.",
        ("not-updated",),
        "Written through, as for a pool.",
        after(PATCH, _renames_pool),
        "pools.trace.reads-agree",
    ),
    _pools(
        "schedule-pool-retired-stays",
        "The auto pool from before a change of the schedule stays for ever.",
        ("lifetime-changed-deletes", "pool-changed-deletes"),
        "The only reference to it is overwritten.",
        after(PATCH, _keeps_retired),
    ),
    _pools(
        "schedule-pool-formula-mended",
        "An auto pool whose formula is wrong is made without nodes, and nobody is told.",
        ("formula-told",),
        "An emulator without an interpreter of formulas.",
        acts_by(ADD, _mended, f"{AUTO}.pool.autoScaleFormula"),
    ),
)
