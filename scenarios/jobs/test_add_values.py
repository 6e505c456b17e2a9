"""Each property of a new job: what was sent comes back, what was not sent has its default, limits just inside and outside."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import UNLIMITED, VALUES, at_path, cases, together
from scenarios.pools.samples import covers
from scenarios.support import ACCEPTED, Json, json_object

KEPT = (
    ("pool-info", "poolInfo"),
    ("display-name", "displayName"),
    ("priority", "priority"),
    ("constraints", "constraints"),
    ("max-parallel-tasks", "maxParallelTasks"),
    ("allow-task-preemption", "allowTaskPreemption"),
    ("uses-task-dependencies", "usesTaskDependencies"),
    ("common-environment", "commonEnvironmentSettings"),
    ("metadata", "metadata"),
    ("on-all-tasks-complete", "onAllTasksComplete"),
    ("on-task-failure", "onTaskFailure"),
    ("manager", "jobManagerTask"),
    ("preparation", "jobPreparationTask"),
    ("release", "jobReleaseTask"),
)


@pytest.mark.parametrize(("slug", "name"), cases("jobs.add.", [(f"{slug}-kept", name) for slug, name in KEPT]))
def test_kept(batch: Batch, expect: Expect, slug: str, name: str) -> None:
    job = batch.create_job(**together(name))
    exchange = batch.call("Job_Get", jobId=job)
    shown, sent = json_object(exchange).get(name), VALUES[name]
    expect(f"jobs.add.{slug}", covers(shown, sent), expected=sent, actual=shown, exchange=exchange, message=name)


DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("priority-default", "priority", 0),
    ("max-wall-clock-time-default", "constraints.maxWallClockTime", UNLIMITED),
    ("max-task-retry-count-default", "constraints.maxTaskRetryCount", 0),
    ("max-parallel-tasks-default", "maxParallelTasks", -1),
    ("allow-task-preemption-default", "allowTaskPreemption", False),
    ("uses-task-dependencies-default", "usesTaskDependencies", False),
    ("on-all-tasks-complete-default", "onAllTasksComplete", "noaction"),
    ("on-task-failure-default", "onTaskFailure", "noaction"),
)


@pytest.mark.parametrize(("slug", "path", "default"), cases("jobs.add.", DEFAULTS))
def test_default(batch: Batch, expect: Expect, plain: str, slug: str, path: str, default: Any) -> None:
    exchange = batch.call("Job_Get", jobId=plain)
    shown = at_path(json_object(exchange), path)
    expect.equal(f"jobs.add.{slug}", default if shown is None else shown, default, exchange, path)


ACCEPTABLE: tuple[tuple[str, Json], ...] = (
    ("display-name-1024-accepted", {"displayName": "x" * 1024}),
    ("priority-ends-accepted", {"priority": -1000}),
    ("priority-ends-accepted", {"priority": 1000}),
    ("max-task-retry-count-unlimited-accepted", {"constraints": {"maxTaskRetryCount": -1}}),
    ("max-parallel-tasks-one-accepted", {"maxParallelTasks": 1}),
    ("common-environment-value-optional", {"commonEnvironmentSettings": [{"name": "ALONE"}]}),
)


@pytest.mark.parametrize(("slug", "properties"), cases("jobs.add.", ACCEPTABLE))
def test_accepted(batch: Batch, expect: Expect, slug: str, properties: Json) -> None:
    body = batch.job_body(**properties)
    expect.status(f"jobs.add.{slug}", batch.call("Job_Add", body=body), ACCEPTED)
    exchange = batch.call("Job_Get", jobId=body["id"])
    shown = json_object(exchange)
    expect(f"jobs.add.{slug}", covers(shown, properties), expected=properties, actual=shown, exchange=exchange)


POOL = {"poolId": "bcs-no-such-pool"}
REFUSED: tuple[tuple[str, Json], ...] = (
    ("pool-info-required", {"poolInfo": None}),
    ("pool-info-empty-refused", {"poolInfo": {}}),
    ("display-name-1025-refused", {"displayName": "x" * 1025}),
    ("priority-outside-refused", {"priority": -1001}),
    ("priority-outside-refused", {"priority": 1001}),
    ("max-wall-clock-time-malformed-refused", {"constraints": {"maxWallClockTime": "an hour"}}),
    ("max-task-retry-count-below-refused", {"constraints": {"maxTaskRetryCount": -2}}),
    ("max-parallel-tasks-zero-refused", {"maxParallelTasks": 0}),
    ("max-parallel-tasks-zero-refused", {"maxParallelTasks": -2}),
    ("common-environment-name-required", {"commonEnvironmentSettings": [{"value": "alone"}]}),
    ("metadata-empty-name-refused", {"metadata": [{"name": "", "value": "x"}]}),
    ("metadata-item-needs-value", {"metadata": [{"name": "alone"}]}),
    ("on-all-tasks-complete-unknown-refused", {"onAllTasksComplete": "celebrate"}),
    ("on-task-failure-unknown-refused", {"onTaskFailure": "celebrate"}),
)


@pytest.mark.parametrize(("slug", "properties"), cases("jobs.add.", REFUSED))
def test_refused(batch: Batch, expect: Expect, slug: str, properties: Json) -> None:
    expect.status(f"jobs.add.{slug}", batch.call("Job_Add", body=batch.job_body(**properties)), 400)


@pytest.mark.requirement("jobs.add.pool-info-both-refused")
def test_two_pools(batch: Batch, expect: Expect) -> None:
    specification = {name: value for name, value in batch.pool_body("any").items() if name != "id"}
    both = {**POOL, "autoPoolSpecification": {"poolLifetimeOption": "job", "pool": specification}}
    expect.status("jobs.add.pool-info-both-refused", batch.call("Job_Add", body=batch.job_body(poolInfo=both)), 400)
