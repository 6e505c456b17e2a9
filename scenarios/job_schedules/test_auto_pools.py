"""Pools that live and die with a job schedule, or with each of its jobs. None of them has a node."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import completed_job, end, jobs_of, made, schedule_in
from scenarios.job_schedules.samples import auto_pool, pool_specification, specification
from scenarios.jobs.samples import at_path
from scenarios.pools.samples import USERS
from scenarios.support import Json, has, json_object

RECURRING: Json = {"recurrenceInterval": "PT1M"}
OF_SCHEDULE = "jobschedule"


def _schedule(batch: Batch, **properties: Any) -> str:
    return batch.create_job_schedule(schedule=RECURRING, jobSpecification=_spec(batch, **properties))


def _spec(batch: Batch, **properties: Any) -> Json:
    return specification(poolInfo=auto_pool(batch, **properties))


def _job(batch: Batch, schedule: str, number: int) -> tuple[Json, str]:
    """A job of the schedule, once it is made, and the id of the pool that it has got."""
    name = str(made(batch, schedule, number)[number - 1]["id"])
    shown = batch.wait(
        lambda: batch.get_job(name), lambda job: at_path(job, "executionInfo.poolId") is not None, f"{name} has a pool"
    )
    return shown, str(shown["executionInfo"]["poolId"])


def _state(batch: Batch, pool: str) -> object:
    exchange = batch.call("Pool_Get", poolId=pool)
    return exchange.response.status if exchange.response.status != 200 else json_object(exchange).get("state")


def _goes(batch: Batch, expect: Expect, requirement: str, pool: str) -> None:
    found = batch.outcome(lambda: _state(batch, pool), lambda state: state in (404, "deleting"), f"the pool {pool} goes")
    expect(requirement, found in (404, "deleting"), expected="deleting or gone", actual=found)


def _stays(batch: Batch, expect: Expect, requirement: str, pool: str) -> None:
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.status(requirement, exchange, 200)
    expect.equal(requirement, json_object(exchange).get("state"), "active", exchange, f"state of the pool {pool}")


def _terminate(batch: Batch, schedule: str) -> None:
    batch.make("JobSchedule_Terminate", jobScheduleId=schedule)
    schedule_in(batch, schedule, "completed")


@pytest.mark.requirement("job-schedules.auto-pool.one-per-job", "job-schedules.auto-pool.prefix")
@pytest.mark.requirement("job-schedules.auto-pool.deleted-with-job", "job-schedules.auto-pool.own-copy")
def test_of_job(batch: Batch, expect: Expect) -> None:
    """The update of keepAlive comes too late for the first job, and is what the second one goes by."""
    schedule = _schedule(batch, keepAlive=False)
    first, pool = _job(batch, schedule, 1)
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.status("job-schedules.auto-pool.one-per-job", exchange, 200)
    expect.equal("job-schedules.auto-pool.prefix", pool.startswith(f"bcs-{batch.run_id}"), True, exchange, f"its id is {pool}")
    batch.make("JobSchedule_Patch", {"jobSpecification": _spec(batch, keepAlive=True)}, jobScheduleId=schedule)
    exchange = batch.call("Job_Get", jobId=str(first["id"]))
    kept = at_path(json_object(exchange), "poolInfo.autoPoolSpecification.keepAlive") or False
    expect.equal("job-schedules.auto-pool.own-copy", kept, False, exchange, "keepAlive of the active job")
    end(batch, first)
    _goes(batch, expect, "job-schedules.auto-pool.deleted-with-job", pool)
    second, other = _job(batch, schedule, 2)
    try:
        expect.equal("job-schedules.auto-pool.one-per-job", other != pool, True, exchange, "the next job has another pool")
        kept = at_path(second, "poolInfo.autoPoolSpecification.keepAlive")
        expect.equal("job-schedules.auto-pool.own-copy", kept, True, exchange, "keepAlive of the next job")
    finally:
        batch.call("Pool_Delete", poolId=other)


@pytest.mark.requirement("job-schedules.auto-pool.shared", "job-schedules.auto-pool.outlives-job")
@pytest.mark.requirement("job-schedules.auto-pool.deleted-with-schedule")
def test_of_schedule(batch: Batch, expect: Expect) -> None:
    schedule = _schedule(batch, poolLifetimeOption=OF_SCHEDULE)
    first, pool = _job(batch, schedule, 1)
    end(batch, first)
    _stays(batch, expect, "job-schedules.auto-pool.outlives-job", pool)
    second, other = _job(batch, schedule, 2)
    exchange = batch.call("Job_Get", jobId=str(second["id"]))
    expect.equal("job-schedules.auto-pool.shared", other, pool, exchange, "pool of the second job")
    _stays(batch, expect, "job-schedules.auto-pool.outlives-job", pool)
    _terminate(batch, schedule)
    _goes(batch, expect, "job-schedules.auto-pool.deleted-with-schedule", pool)


@pytest.mark.requirement("job-schedules.auto-pool.deleted-with-deleted-schedule", "job-schedules.responses.secrets")
def test_of_deleted_schedule(batch: Batch, expect: Expect) -> None:
    users = {"userAccounts": USERS} if has(batch, "PoolSpecification", "userAccounts") else {}
    schedule = _schedule(batch, poolLifetimeOption=OF_SCHEDULE, pool=pool_specification(batch, **users))
    _, pool = _job(batch, schedule, 1)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    told = str(USERS[0]["password"]).encode() in (exchange.response.body or b"")
    expect.equal("job-schedules.responses.secrets", told, False, exchange, "the password of a user of the pool is shown")
    batch.make("JobSchedule_Delete", jobScheduleId=schedule)
    _goes(batch, expect, "job-schedules.auto-pool.deleted-with-deleted-schedule", pool)


@pytest.mark.requirement("job-schedules.auto-pool.kept-alive")
def test_kept_alive(batch: Batch, expect: Expect) -> None:
    schedule = _schedule(batch, poolLifetimeOption=OF_SCHEDULE, keepAlive=True)
    _, pool = _job(batch, schedule, 1)
    try:
        _terminate(batch, schedule)
        _stays(batch, expect, "job-schedules.auto-pool.kept-alive", pool)
    finally:
        batch.call("Pool_Delete", poolId=pool)


def _changed(batch: Batch, expect: Expect, requirements: tuple[str, ...], old: Json, new: Json) -> str:
    """The pool of the first job, after the schedule was changed and the second job has got another one."""
    schedule = _schedule(batch, poolLifetimeOption=OF_SCHEDULE, **old)
    first, pool = _job(batch, schedule, 1)
    before = batch.get_pool(pool).get("displayName")
    batch.make("JobSchedule_Patch", {"jobSpecification": _spec(batch, **new)}, jobScheduleId=schedule)
    exchange = batch.call("Pool_Get", poolId=pool)
    if exchange.response.status == 200 and len(jobs_of(batch, schedule)) == 1:
        shown = json_object(exchange).get("displayName")
        expect.equal(requirements[0], shown, before, exchange, "displayName of the pool of the active job")
    else:
        raise Blocked("the active job had ended before its pool could be looked at")
    end(batch, first)
    second, other = _job(batch, schedule, 2)
    exchange = batch.call("Job_Get", jobId=str(second["id"]))
    expect.equal(requirements[1], other != pool, True, exchange, "the next job has another pool")
    wanted = new.get("pool", {}).get("displayName")
    if wanted:
        expect.equal(requirements[1], batch.get_pool(other).get("displayName"), wanted, exchange, "displayName of the new pool")
    return pool


LEFT_ALONE = "job-schedules.auto-pool.not-updated"


@pytest.mark.requirement(
    LEFT_ALONE, "job-schedules.auto-pool.lifetime-changed-new-pool", "job-schedules.auto-pool.lifetime-changed-deletes"
)
def test_lifetime_changed(batch: Batch, expect: Expect) -> None:
    new = {"poolLifetimeOption": "job"}
    pool = _changed(batch, expect, (LEFT_ALONE, "job-schedules.auto-pool.lifetime-changed-new-pool"), {}, new)
    _goes(batch, expect, "job-schedules.auto-pool.lifetime-changed-deletes", pool)


@pytest.mark.requirement(
    LEFT_ALONE, "job-schedules.auto-pool.pool-changed-new-pool", "job-schedules.auto-pool.pool-changed-deletes"
)
def test_pool_changed(batch: Batch, expect: Expect) -> None:
    new = {"poolLifetimeOption": OF_SCHEDULE, "pool": pool_specification(batch, displayName="another")}
    pool = _changed(batch, expect, (LEFT_ALONE, "job-schedules.auto-pool.pool-changed-new-pool"), {}, new)
    _goes(batch, expect, "job-schedules.auto-pool.pool-changed-deletes", pool)


@pytest.mark.requirement(
    LEFT_ALONE, "job-schedules.auto-pool.pool-changed-new-pool", "job-schedules.auto-pool.pool-changed-keeps-alive"
)
def test_pool_changed_kept_alive(batch: Batch, expect: Expect) -> None:
    """What keepAlive was before the change counts for the pool that was made before it."""
    new = {"poolLifetimeOption": OF_SCHEDULE, "keepAlive": False, "pool": pool_specification(batch, displayName="another")}
    pool = _changed(batch, expect, (LEFT_ALONE, "job-schedules.auto-pool.pool-changed-new-pool"), {"keepAlive": True}, new)
    try:
        _stays(batch, expect, "job-schedules.auto-pool.pool-changed-keeps-alive", pool)
    finally:
        batch.call("Pool_Delete", poolId=pool)


@pytest.mark.requirement("job-schedules.auto-pool.formula-told")
def test_formula(batch: Batch, expect: Expect) -> None:
    wrong = {"enableAutoScale": True, "autoScaleFormula": "$TargetDedicated = = 0;"}
    body = batch.job_schedule_body(jobSpecification=_spec(batch, pool=pool_specification(batch, **wrong)))
    exchange = batch.call("JobSchedule_Add", body=body)
    expect.status("job-schedules.auto-pool.formula-told", exchange, {201, 400})
    if exchange.response.status == 400:
        return
    job = str(made(batch, str(body["id"]))[0]["id"])
    shown = completed_job(batch, job)
    category = at_path(shown, "executionInfo.schedulingError.category")
    told = str(category).lower()
    expect.equal("job-schedules.auto-pool.formula-told", told, "usererror", exchange, "category of the schedulingError")


@pytest.mark.requirement("job-schedules.auto-pool.lifetime-changed-deletes")
def test_lifetime_changed_at_the_end(batch: Batch, expect: Expect) -> None:
    """No other job comes after the change: the old pool goes all the same."""
    schedule = _schedule(batch, poolLifetimeOption=OF_SCHEDULE)
    _, pool = _job(batch, schedule, 1)
    batch.make("JobSchedule_Patch", {"jobSpecification": _spec(batch)}, jobScheduleId=schedule)
    _terminate(batch, schedule)
    _goes(batch, expect, "job-schedules.auto-pool.lifetime-changed-deletes", pool)
