"""PATCH and PUT of a job: what they leave alone, one property at a time, what they set, and what they may not."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.jobs.changing import PATCH, PUT, Way, both, disabled, ending_when_done, with_value
from scenarios.jobs.samples import METADATA, UNLIMITED, VALUES, cases, together
from scenarios.pools.samples import covers
from scenarios.support import Json, json_object

FIXED = (
    ("keeps-display-name", "displayName"),
    ("keeps-uses-task-dependencies", "usesTaskDependencies"),
    ("keeps-common-environment", "commonEnvironmentSettings"),
    ("keeps-on-task-failure", "onTaskFailure"),
    ("keeps-manager", "jobManagerTask"),
    ("keeps-preparation", "jobPreparationTask"),
    ("keeps-release", "jobReleaseTask"),
)
OMITTED = (
    ("keeps-omitted-priority", "priority"),
    ("keeps-omitted-constraints", "constraints"),
    ("keeps-omitted-metadata", "metadata"),
    ("keeps-omitted-pool-info", "poolInfo"),
    ("keeps-omitted-max-parallel-tasks", "maxParallelTasks"),
    ("keeps-omitted-allow-task-preemption", "allowTaskPreemption"),
    ("keeps-omitted-on-all-tasks-complete", "onAllTasksComplete"),
)
CLEARED: tuple[tuple[str, str, Any], ...] = (
    ("clears-omitted-metadata", "metadata", []),
    ("resets-omitted-priority", "priority", 0),
    ("resets-omitted-max-parallel-tasks", "maxParallelTasks", -1),
    ("resets-omitted-allow-task-preemption", "allowTaskPreemption", False),
)


def _other(name: str) -> Json:
    """A change of something else."""
    return {"metadata": [{"name": "other", "value": "changed"}]} if name == "priority" else {"priority": 7}


def _kept(batch: Batch, expect: Expect, way: Way, requirement: str, name: str) -> None:
    job = with_value(batch, name)
    before = batch.get_job(job).get(name)
    if before is None:
        raise Blocked(f"{name} did not survive the creation")
    way.make(batch, job, _other(name))
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal(requirement, json_object(exchange).get(name), before, exchange, name)


@pytest.mark.parametrize(("way", "slug", "name"), both(FIXED))
def test_keeps_fixed(batch: Batch, expect: Expect, way: Way, slug: str, name: str) -> None:
    _kept(batch, expect, way, f"jobs.{way.slug}.{slug}", name)


@pytest.mark.parametrize(("slug", "name"), cases("jobs.patch.", OMITTED))
def test_patch_keeps_omitted(batch: Batch, expect: Expect, slug: str, name: str) -> None:
    _kept(batch, expect, PATCH, f"jobs.patch.{slug}", name)


@pytest.mark.parametrize(("slug", "name", "default"), cases("jobs.update.", CLEARED))
def test_put_clears_omitted(batch: Batch, expect: Expect, slug: str, name: str, default: Any) -> None:
    job = batch.create_job(**together(name))
    if batch.get_job(job).get(name) in (None, default):
        raise Blocked(f"{name} did not survive the creation")
    PUT.make(batch, job, _other(name))
    exchange = batch.call("Job_Get", jobId=job)
    shown = json_object(exchange).get(name)
    expect.equal(f"jobs.update.{slug}", default if shown is None else shown, default, exchange, name)


NO_LIMITS: Json = {"maxWallClockTime": UNLIMITED, "maxTaskRetryCount": 0}


def _limits(exchange: Exchange) -> Json:
    """The constraints, those that are not shown with their default."""
    return NO_LIMITS | (json_object(exchange).get("constraints") or {})


@pytest.mark.requirement("jobs.update.clears-omitted-constraints", "jobs.update.keeps-omitted-noaction")
def test_put_clears_constraints(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(constraints=VALUES["constraints"])
    PUT.make(batch, job, {"priority": 7})
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.update.clears-omitted-constraints", _limits(exchange), NO_LIMITS, exchange, "constraints")
    action = json_object(exchange).get("onAllTasksComplete", "noaction")
    expect.equal("jobs.update.keeps-omitted-noaction", action, "noaction", exchange, "onAllTasksComplete")


@pytest.mark.parametrize(("way", "slug"), both([("replaces-constraints",)]))
def test_replaces_constraints(batch: Batch, expect: Expect, way: Way, slug: str) -> None:
    job = batch.create_job(constraints=VALUES["constraints"])
    batch.get_job(job)  # so that who reads the traffic knows what was there, too
    way.make(batch, job, {"constraints": {"maxTaskRetryCount": 1}})
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal(f"jobs.{way.slug}.{slug}", _limits(exchange), {**NO_LIMITS, "maxTaskRetryCount": 1}, exchange, "constraints")


SET: tuple[tuple[str, Json], ...] = (
    ("sets-priority", {"priority": -1000}),
    ("sets-priority", {"priority": 1000}),
    ("sets-constraints", {"constraints": {"maxWallClockTime": "P1D", "maxTaskRetryCount": -1}}),
    ("sets-metadata", {"metadata": [{"name": "team", "value": "green"}, {"name": "added", "value": "x"}]}),
    ("sets-max-parallel-tasks", {"maxParallelTasks": 1}),
    ("sets-allow-task-preemption", {"allowTaskPreemption": True}),
    ("sets-on-all-tasks-complete", {"onAllTasksComplete": "terminatejob"}),
)


@pytest.mark.parametrize(("way", "slug", "changes"), both(SET))
def test_sets(batch: Batch, expect: Expect, way: Way, slug: str, changes: Json) -> None:
    job = batch.create_job(metadata=METADATA)
    expect.status(f"jobs.{way.slug}.{slug}", way.send(batch, job, changes), 200)
    exchange = batch.call("Job_Get", jobId=job)
    shown = {name: json_object(exchange).get(name) for name in changes}
    expect(f"jobs.{way.slug}.{slug}", covers(shown, changes), expected=changes, actual=shown, exchange=exchange)


@pytest.mark.requirement("jobs.patch.empty-metadata-removes")
def test_empty_metadata(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(metadata=METADATA)
    PATCH.make(batch, job, {"metadata": []})
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.patch.empty-metadata-removes", json_object(exchange).get("metadata") or [], [], exchange, "metadata")


@pytest.mark.requirement("jobs.patch.empty-body-changes-nothing")
def test_empty_body(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(metadata=METADATA, priority=3, constraints=VALUES["constraints"])
    before = batch.get_job(job)
    expect.status("jobs.patch.empty-body-changes-nothing", PATCH.send(batch, job, {}), {200, 400})
    exchange = batch.call("Job_Get", jobId=job)
    changed = {name for name, shown in json_object(exchange).items() if shown != before.get(name)} - {"eTag", "lastModified"}
    expect.equal("jobs.patch.empty-body-changes-nothing", changed, set(), exchange, "changed properties")


@pytest.mark.parametrize(("way", "slug"), both([("keeps-identity-times",)]))
def test_keeps_identity(batch: Batch, expect: Expect, way: Way, slug: str) -> None:
    job = batch.create_job()
    before = batch.get_job(job)
    way.make(batch, job, {"priority": 7})
    exchange = batch.call("Job_Get", jobId=job)
    after = json_object(exchange)
    for name in ("id", "url", "creationTime", "state", "stateTransitionTime", "executionInfo"):
        expect.equal(f"jobs.{way.slug}.{slug}", after.get(name), before.get(name), exchange, name)


@pytest.mark.parametrize(("way", "slug"), both([("moves-etag",)]))
def test_moves_etag(batch: Batch, expect: Expect, way: Way, slug: str) -> None:
    job = batch.create_job()
    before = batch.get_job(job).get("eTag")
    answered = way.make(batch, job, {"priority": 7}).response.headers.get("ETag")
    exchange = batch.call("Job_Get", jobId=job)
    after = json_object(exchange).get("eTag")
    if None in (before, answered, after):
        raise Blocked("one of the answers has no ETag")
    expect.equal(f"jobs.{way.slug}.{slug}", after != before, True, exchange, f"{after} is another ETag than {before}")
    expect.equal(f"jobs.{way.slug}.{slug}", answered, after, exchange, "the ETag of the answer and of the next read")


REFUSED: tuple[tuple[str, Json], ...] = (
    ("priority-outside-refused", {"priority": 1001}),
    ("priority-outside-refused", {"priority": -1001}),
    ("max-parallel-tasks-zero-refused", {"maxParallelTasks": 0}),
    ("fixed-property-refused", {"id": "other"}),
    ("fixed-property-refused", {"displayName": "other"}),
    ("fixed-property-refused", {"usesTaskDependencies": True}),
    ("fixed-property-refused", {"state": "disabled"}),
    ("fixed-property-refused", {"commonEnvironmentSettings": []}),
)


@pytest.mark.parametrize(("way", "slug", "changes"), both(REFUSED))
def test_refused(batch: Batch, expect: Expect, plain: str, way: Way, slug: str, changes: Json) -> None:
    expect.status(f"jobs.{way.slug}.{slug}", way.send(batch, plain, changes), 400)


@pytest.mark.requirement("jobs.update.fixed-property-unchanged")
@pytest.mark.parametrize(("name", "new"), [("displayName", "other"), ("usesTaskDependencies", True), ("state", "disabled")])
def test_put_fixed(batch: Batch, expect: Expect, name: str, new: Any) -> None:
    job = batch.create_job(displayName="first")
    before = batch.get_job(job).get(name)
    expect.status("jobs.update.fixed-property-unchanged", PUT.send(batch, job, {name: new}), {200, 400})
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.update.fixed-property-unchanged", json_object(exchange).get(name), before, exchange, name)


@pytest.mark.requirement("jobs.update.pool-info-required")
def test_put_needs_pool(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("Job_Update", jobId=plain, body={"priority": 7})
    expect.status("jobs.update.pool-info-required", exchange, 400)


@pytest.mark.requirement("jobs.update.same-pool-accepted")
def test_same_pool(batch: Batch, expect: Expect) -> None:
    expect.status("jobs.update.same-pool-accepted", PUT.send(batch, batch.create_job(), {}), 200)


OTHER_POOL: Json = {"poolInfo": {"poolId": "bcs-another-absent-pool"}}


@pytest.mark.parametrize(("way", "slug"), both([("pool-of-active-refused",)]))
def test_pool_of_active(batch: Batch, expect: Expect, way: Way, slug: str) -> None:
    job = batch.create_job()
    before = batch.get_job(job).get("poolInfo")
    expect.status(f"jobs.{way.slug}.{slug}", way.send(batch, job, OTHER_POOL), {400, 409})
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal(f"jobs.{way.slug}.{slug}", json_object(exchange).get("poolInfo"), before, exchange, "poolInfo")


@pytest.mark.requirement("jobs.patch.pool-of-disabled-set", "jobs.patch.pool-of-disabled-executed")
def test_patch_pool_of_disabled(batch: Batch, expect: Expect) -> None:
    exchange = _moved(batch, expect, PATCH)
    pool = json_object(exchange).get("executionInfo", {}).get("poolId")
    expect.equal("jobs.patch.pool-of-disabled-executed", pool, OTHER_POOL["poolInfo"]["poolId"], exchange, "poolId")


@pytest.mark.requirement("jobs.update.pool-of-disabled-set")
def test_put_pool_of_disabled(batch: Batch, expect: Expect) -> None:
    _moved(batch, expect, PUT)


def _moved(batch: Batch, expect: Expect, way: Way) -> Exchange:
    job = disabled(batch)
    expect.status(f"jobs.{way.slug}.pool-of-disabled-set", way.send(batch, job, OTHER_POOL), 200)
    exchange = batch.call("Job_Get", jobId=job)
    shown = json_object(exchange).get("poolInfo")
    expect.equal(f"jobs.{way.slug}.pool-of-disabled-set", shown, OTHER_POOL["poolInfo"], exchange, "poolInfo")
    return exchange


@pytest.mark.requirement("jobs.patch.termination-not-revoked", "jobs.patch.termination-not-revoked-code")
def test_patch_termination(batch: Batch, expect: Expect) -> None:
    exchange = PATCH.send(batch, ending_when_done(batch), {"onAllTasksComplete": "noaction"})
    expect.status("jobs.patch.termination-not-revoked", exchange, 400)
    expect.error("jobs.patch.termination-not-revoked-code", exchange, 400, "InvalidPropertyValue")


@pytest.mark.requirement("jobs.update.termination-not-revoked")
@pytest.mark.parametrize("changes", [{"onAllTasksComplete": "noaction"}, {"priority": 7}], ids=["noaction", "omitted"])
def test_put_termination(batch: Batch, expect: Expect, changes: Json) -> None:
    expect.status("jobs.update.termination-not-revoked", PUT.send(batch, ending_when_done(batch), changes), 400)


@pytest.mark.requirement("jobs.patch.id-ignores-case")
def test_letter_case(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(id=batch.new_id("Case"))
    expect.status("jobs.patch.id-ignores-case", batch.call("Job_Patch", jobId=job.swapcase(), body={"priority": 7}), 200)
