"""Pools that live and die with a job. None of them has a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.jobs.samples import at_path
from scenarios.pools.samples import METADATA, covers
from scenarios.running import job_at_last, job_in
from scenarios.support import ACCEPTED, Json, formula, json_object, target_name

Build = Callable[[Batch], Json]


def _pool(batch: Batch, **properties: Any) -> Json:
    """A specification of a pool without nodes; a property given as None is left out."""
    return {name: value for name, value in batch.pool_body("any", **properties).items() if name != "id"}


def _prefix(batch: Batch) -> str:
    """By which `sweep` knows that the suite made the pool."""
    return f"bcs-{batch.run_id}"


def _auto(batch: Batch, pool: Json | None = None, **properties: Any) -> Json:
    """An auto pool, as a property of a job; a property given as None is left out."""
    stated = {"autoPoolIdPrefix": _prefix(batch), "poolLifetimeOption": "job", "pool": pool or _pool(batch), **properties}
    return {"poolInfo": {"autoPoolSpecification": {name: value for name, value in stated.items() if value is not None}}}


def _pool_of(batch: Batch, job: str) -> str:
    """The id of the pool that the job has got."""
    shown = batch.wait(
        lambda: at_path(batch.get_job(job), "executionInfo.poolId"), lambda name: name is not None, f"{job} has a pool"
    )
    return str(shown)


@pytest.mark.requirement(
    "jobs.auto-pool.created", "jobs.auto-pool.prefix", "jobs.auto-pool.unique", "jobs.auto-pool.as-specified"
)
@pytest.mark.requirement("jobs.auto-pool.specification-kept", "jobs.auto-pool.pool-id-not-shown", "jobs.auto-pool.deleted-at-end")
def test_life(batch: Batch, expect: Expect) -> None:
    sent = _auto(batch, _pool(batch, metadata=METADATA, displayName="for one job", resizeTimeout="PT20M"))
    job, other = batch.create_job(**sent), batch.create_job(**_auto(batch))
    pool = _pool_of(batch, job)
    read = batch.call("Pool_Get", poolId=pool)
    expect.status("jobs.auto-pool.created", read, 200)
    expect.equal("jobs.auto-pool.prefix", pool[: len(_prefix(batch))], _prefix(batch), read, "how the id begins")
    expect.equal("jobs.auto-pool.unique", _pool_of(batch, other) != pool, True, read, "the pools of two jobs differ")
    for name in ("metadata", "displayName", "resizeTimeout", target_name(batch)):
        wanted = at_path(sent, f"poolInfo.autoPoolSpecification.pool.{name}")
        expect.equal("jobs.auto-pool.as-specified", json_object(read).get(name), wanted, read, name)
    exchange = batch.call("Job_Get", jobId=job)
    shown = json_object(exchange).get("poolInfo", {})
    holds = covers(shown, sent["poolInfo"])
    expect("jobs.auto-pool.specification-kept", holds, expected=sent["poolInfo"], actual=shown, exchange=exchange)
    expect.equal("jobs.auto-pool.pool-id-not-shown", shown.get("poolId"), None, exchange, "poolId")
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    gone = _until_gone(batch, pool)
    expect("jobs.auto-pool.deleted-at-end", gone, expected="deleting or gone", actual="still there")


def _until_gone(batch: Batch, pool: str) -> bool:
    def state() -> object:
        exchange = batch.call("Pool_Get", poolId=pool)
        return exchange.response.status if exchange.response.status != 200 else json_object(exchange).get("state")

    return batch.outcome(state, lambda found: found in (404, "deleting"), f"the pool {pool} goes") in (404, "deleting")


@pytest.mark.requirement("jobs.auto-pool.deleted-with-job", "jobs.auto-pool.keep-alive-default", "jobs.auto-pool.defaults")
def test_deleted_with_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**_auto(batch))
    pool = _pool_of(batch, job)
    exchange = batch.call("Job_Get", jobId=job)
    specification = at_path(json_object(exchange), "poolInfo.autoPoolSpecification")
    if not isinstance(specification, dict):
        raise Blocked("the job shows no autoPoolSpecification")
    expect.equal("jobs.auto-pool.keep-alive-default", specification.get("keepAlive", False), False, exchange, "keepAlive")
    shown = specification.get("pool", {})
    for name, default in (("resizeTimeout", "PT15M"), ("enableAutoScale", False), ("enableInterNodeCommunication", False)):
        expect.equal("jobs.auto-pool.defaults", shown.get(name, default), default, exchange, name)
    slots = shown.get("taskSlotsPerNode", shown.get("maxTasksPerNode", 1))
    expect.equal("jobs.auto-pool.defaults", slots, 1, exchange, "task slots of a node")
    batch.make("Job_Delete", jobId=job)
    expect("jobs.auto-pool.deleted-with-job", _until_gone(batch, pool), expected="deleting or gone", actual="still there")


@pytest.mark.requirement("jobs.auto-pool.kept-alive")
def test_kept_alive(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**_auto(batch, keepAlive=True))
    _judge_kept(batch, expect, "jobs.auto-pool.kept-alive", job)


@pytest.mark.requirement("jobs.auto-pool.keep-alive-updated")
def test_keep_alive_updated(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**_auto(batch, keepAlive=False))
    _disable(batch, job)
    written = batch.call("Job_Patch", jobId=job, body=_auto(batch, keepAlive=True))
    expect.status("jobs.auto-pool.keep-alive-updated", written, 200)
    batch.make("Job_Enable", jobId=job)
    job_in(batch, job, "active")
    _judge_kept(batch, expect, "jobs.auto-pool.keep-alive-updated", job)


def _disable(batch: Batch, job: str) -> None:
    batch.make("Job_Disable", {"disableTasks": "requeue"}, jobId=job)
    job_in(batch, job, "disabled")


def _judge_kept(batch: Batch, expect: Expect, requirement: str, job: str) -> None:
    """The pool is the scenario's to delete, as the service made it and leaves it."""
    pool = _pool_of(batch, job)
    try:
        batch.make("Job_Terminate", jobId=job)
        job_in(batch, job, "completed")
        exchange = batch.call("Pool_Get", poolId=pool)
        expect.status(requirement, exchange, 200)
        expect.equal(requirement, json_object(exchange).get("state"), "active", exchange, "state of the pool")
    finally:
        batch.call("Pool_Delete", poolId=pool)


@pytest.mark.requirement("jobs.auto-pool.lifetime-not-updated", "jobs.auto-pool.specification-not-updated")
def test_not_updated(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**_auto(batch))
    _disable(batch, job)
    exchange = batch.call("Job_Patch", jobId=job, body=_auto(batch, poolLifetimeOption="jobschedule"))
    expect.status("jobs.auto-pool.lifetime-not-updated", exchange, {400, 409})
    exchange = batch.call("Job_Patch", jobId=job, body=_auto(batch, _pool(batch, vmSize="standard_d4s_v3")))
    expect.status("jobs.auto-pool.specification-not-updated", exchange, {400, 409})


@pytest.mark.requirement("jobs.auto-pool.prefix-optional", "jobs.auto-pool.prefix-20-accepted")
def test_prefix(batch: Batch, expect: Expect) -> None:
    """Without prefix `sweep` does not know the pool by its name, so the scenario sees to its end."""
    twenty = _prefix(batch).ljust(20, "x")
    for requirement, prefix in (("prefix-20-accepted", twenty), ("prefix-optional", None)):
        body = batch.job_body(**_auto(batch, autoPoolIdPrefix=prefix))
        exchange = batch.call("Job_Add", body=body)
        expect.status(f"jobs.auto-pool.{requirement}", exchange, ACCEPTED)
        pool = _pool_of(batch, body["id"])
        expect.equal(f"jobs.auto-pool.{requirement}", pool.startswith(prefix or ""), True, exchange, f"the pool is {pool}")
        batch.make("Job_Delete", jobId=body["id"])


def _spec(**properties: Any) -> Build:
    return lambda batch: _auto(batch, _pool(batch, **properties))


def _scaled(**properties: Any) -> Build:
    return lambda batch: _auto(batch, _pool(batch, **{"enableAutoScale": True, "autoScaleFormula": formula(batch), **properties}))


def _option(**properties: Any) -> Build:
    return lambda batch: _auto(batch, **properties)


# the id without `jobs.auto-pool.`, what is sent
REFUSED: tuple[tuple[str, Build], ...] = (
    ("prefix-21-refused", lambda batch: _auto(batch, autoPoolIdPrefix=_prefix(batch).ljust(21, "x"))),
    ("lifetime-required", _option(poolLifetimeOption=None)),
    ("lifetime-unknown-refused", _option(poolLifetimeOption="forever")),
    ("lifetime-of-schedule-refused", _option(poolLifetimeOption="jobschedule")),
    ("pool-required", lambda batch: {"poolInfo": {"autoPoolSpecification": {"poolLifetimeOption": "job"}}}),
    ("vm-size-required", _spec(vmSize=None)),
    ("configuration-required", _spec(virtualMachineConfiguration=None)),
    (
        "configuration-one-only",
        lambda batch: _auto(batch, {**_pool(batch), "cloudServiceConfiguration": {"osFamily": "6"}}),
    ),
    ("display-name-1025-refused", _spec(displayName="x" * 1025)),
    ("resize-timeout-below-refused", _spec(resizeTimeout="PT4M59S")),
    ("formula-required", _scaled(autoScaleFormula=None)),
    ("formula-alone-refused", lambda batch: _auto(batch, _pool(batch, autoScaleFormula=formula(batch)))),
    ("formula-with-target-refused", lambda batch: _scaled(**{target_name(batch): 0})(batch)),
    ("formula-checked", _scaled(autoScaleFormula="$TargetDedicated = = 0;")),
    ("interval-limits", _scaled(autoScaleEvaluationInterval="PT4M59S")),
    ("interval-limits", _scaled(autoScaleEvaluationInterval="PT168H1S")),
)


@pytest.mark.parametrize(
    ("slug", "build"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"jobs.auto-pool.{row[0]}")) for row in REFUSED],
)
def test_refused(batch: Batch, expect: Expect, slug: str, build: Build) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(**build(batch)))
    expect.status(f"jobs.auto-pool.{slug}", exchange, {400, 409} if slug == "lifetime-of-schedule-refused" else 400)


@pytest.mark.requirement("jobs.auto-pool.no-targets")
def test_no_targets(batch: Batch, expect: Expect) -> None:
    body = batch.job_body(**_auto(batch, _pool(batch, **{target_name(batch): None})))
    exchange = batch.call("Job_Add", body=body)
    expect.status("jobs.auto-pool.no-targets", exchange, {201, 400})
    if exchange.response.status == 201:
        read = batch.call("Pool_Get", poolId=_pool_of(batch, body["id"]))
        expect.equal("jobs.auto-pool.no-targets", json_object(read).get(target_name(batch)), 0, read, target_name(batch))


@pytest.mark.requirement("jobs.auto-pool.failure-told")
def test_failure(batch: Batch, expect: Expect) -> None:
    absent = [{"applicationId": "bcsAbsentPackage"}]
    body = batch.job_body(**_auto(batch, _pool(batch, applicationPackageReferences=absent)))
    exchange = batch.call("Job_Add", body=body)
    if exchange.response.status not in ACCEPTED:
        expect.error("jobs.auto-pool.failure-told", exchange, 409, "InvalidApplicationPackageReferences")
        return
    shown = job_at_last(batch, body["id"], "completed")
    exchange = batch.call("Job_Get", jobId=body["id"])
    category = at_path(shown, "executionInfo.schedulingError.category")
    expect.equal("jobs.auto-pool.failure-told", category, "usererror", exchange, "category of the schedulingError")
