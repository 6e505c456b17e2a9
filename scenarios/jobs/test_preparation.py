"""Preparation and release tasks: when they run, and what the list of their status shows."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.jobs.samples import COMMAND, FAILING, LONG, at_path
from scenarios.nodes.own import act, own_node, reach
from scenarios.running import job_in, on, task_at_last, task_in
from scenarios.support import Json, elements, json_object

STATUS = "Job_ListPreparationAndReleaseTaskStatus"
PREPARATION, RELEASE = "jobPreparationTaskExecutionInfo", "jobReleaseTaskExecutionInfo"


def _prepared(batch: Batch, runner: str, command: str = COMMAND, **properties: Any) -> str:
    """A new job with a preparation task of these properties, and a release task if there is one among them."""
    released = {name: properties.pop(name) for name in ("jobReleaseTask",) if name in properties}
    return batch.create_job(**on(runner), jobPreparationTask={"commandLine": command, **properties}, **released)


def _ended(batch: Batch, job: str, member: str = PREPARATION) -> Json:
    """The one element of the status, once the task that it tells of has ended."""

    def done(found: list[Json]) -> bool:
        return len(found) == 1 and at_path(found[0], f"{member}.state") == "completed"

    return batch.wait(lambda: elements(batch.call(STATUS, jobId=job)), done, f"{member} of {job} has ended")[0]


@pytest.fixture(scope="session")
def released(batch: Batch, runner: str) -> str:
    """The id of a completed job whose preparation and release task have run on the one node of its pool."""
    job = batch.create_job(
        **on(runner),
        id=batch.new_id("released"),
        jobPreparationTask={"commandLine": COMMAND},
        jobReleaseTask={"commandLine": COMMAND},
    )
    task_in(batch, job, batch.create_task(job), "completed")
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    return job


@pytest.mark.requirement("jobs.preparation-status.none-refused")
def test_neither(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call(STATUS, jobId=plain)
    expect.error("jobs.preparation-status.none-refused", exchange, 409, "JobPreparationTaskNotSpecified")


@pytest.mark.requirement("jobs.preparation-status.empty")
def test_nowhere(batch: Batch, expect: Expect, staffed: str) -> None:
    exchange = batch.call(STATUS, jobId=staffed)
    expect.status("jobs.preparation-status.empty", exchange, 200)
    expect.equal("jobs.preparation-status.empty", elements(exchange), [], exchange, "nodes")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.preparation.runs-first")
def test_runs_first(batch: Batch, expect: Expect, runner: str) -> None:
    job = _prepared(batch, runner)
    task = batch.create_task(job)
    started = str(task_in(batch, job, task, "completed").get("executionInfo", {}).get("startTime"))
    exchange = batch.call(STATUS, jobId=job)
    found = elements(exchange)
    expect.equal("jobs.preparation.runs-first", len(found), 1, exchange, "nodes with a status")
    ended = str(at_path(found[0], f"{PREPARATION}.endTime"))
    holds = ended[:19] <= started[:19]
    expect("jobs.preparation.runs-first", holds, expected=f"end not after {started}", actual=ended, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.requirement(
    "jobs.preparation.failure-stops-tasks", "jobs.preparation.node-stays", "jobs.preparation.failure-retried"
)
def test_failure_stops_tasks(batch: Batch, expect: Expect, runner: str) -> None:
    job = _prepared(batch, runner, FAILING, constraints={"maxTaskRetryCount": 1})
    task = batch.create_task(job)
    told = _ended(batch, job)
    status = batch.call(STATUS, jobId=job)
    retried = at_path(told, f"{PREPARATION}.retryCount")
    expect.equal("jobs.preparation.failure-retried", retried, 1, status, "retryCount")
    other = batch.create_job(**on(runner))
    shown = task_at_last(batch, other, batch.create_task(other), "completed")
    expect.equal("jobs.preparation.node-stays", shown.get("state"), "completed", status, "task of another job")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("jobs.preparation.failure-stops-tasks", json_object(exchange).get("state"), "active", exchange, "state")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.preparation.failure-ignored")
def test_failure_ignored(batch: Batch, expect: Expect, runner: str) -> None:
    job = _prepared(batch, runner, FAILING, waitForSuccess=False)
    for _ in ("while it is tried", "when it has failed"):
        shown = task_at_last(batch, job, batch.create_task(job), "completed")
        exchange = batch.call(STATUS, jobId=job)
        expect.equal("jobs.preparation.failure-ignored", at_path(shown, "executionInfo.exitCode"), 0, exchange, "exitCode")
        _ended(batch, job)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.release.runs-at-end")
@pytest.mark.requirement("jobs.preparation-status.node-named", "jobs.preparation-status.preparation-result")
@pytest.mark.requirement("jobs.preparation-status.release-result")
def test_status(batch: Batch, expect: Expect, runner: str, released: str) -> None:
    exchange = batch.call(STATUS, jobId=released)
    found = elements(exchange)
    expect.equal("jobs.release.runs-at-end", len(found), 1, exchange, "nodes with a status")
    expect.equal("jobs.release.runs-at-end", RELEASE in found[0], True, exchange, "the status tells of the release task")
    named = (found[0].get("poolId"), str(found[0].get("nodeId", "")) != "")
    expect.equal("jobs.preparation-status.node-named", named, (runner, True), exchange, "the pool, and that a node is named")
    for member, requirement in ((PREPARATION, "preparation"), (RELEASE, "release")):
        told = found[0].get(member, {})
        shown = (told.get("state"), told.get("exitCode"), "startTime" in told, "endTime" in told)
        wanted = ("completed", 0, True, True)
        expect.equal(f"jobs.preparation-status.{requirement}-result", shown, wanted, exchange, member)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.release.time-limit", "jobs.release.before-completed")
def test_release_time(batch: Batch, expect: Expect, runner: str) -> None:
    slow = {"commandLine": LONG, "maxWallClockTime": "PT1M"}
    job = _prepared(batch, runner, jobReleaseTask=slow)
    task_in(batch, job, batch.create_task(job), "completed")
    batch.make("Job_Terminate", jobId=job)
    job_in(batch, job, "completed")
    exchange = batch.call(STATUS, jobId=job)
    states = [at_path(found, f"{RELEASE}.state") for found in elements(exchange)]
    expect.equal("jobs.release.before-completed", states, ["completed"], exchange, "states of the release task")
    told = _ended(batch, job, RELEASE)[RELEASE]
    expect.equal("jobs.release.time-limit", told.get("exitCode") == 0, False, exchange, "the release task has ended well")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.preparation.reruns-after-reboot", "jobs.preparation.rerun-declined")
@pytest.mark.requirement("jobs.preparation.reruns-after-reimage")
def test_reruns(batch: Batch, expect: Expect) -> None:
    """Each time a task of the job is run on the node, so that the preparation has a reason to run."""
    node = own_node(batch)
    willing = _prepared(batch, node["poolId"])
    unwilling = _prepared(batch, node["poolId"], rerunOnNodeRebootAfterSuccess=False)
    first = [_last_start(batch, job) for job in (willing, unwilling)]
    act(batch, "ComputeNode_Reboot", node)
    reach(batch, node, "idle")
    second = [_last_start(batch, job) for job in (willing, unwilling)]
    exchange = batch.call(STATUS, jobId=willing)
    expect.equal("jobs.preparation.reruns-after-reboot", second[0] != first[0], True, exchange, f"{second[0]}, {first[0]}")
    expect.equal("jobs.preparation.rerun-declined", second[1], first[1], batch.call(STATUS, jobId=unwilling), "startTime")
    act(batch, "ComputeNode_Reimage", node)
    reach(batch, node, "idle")
    third = [_last_start(batch, job) for job in (willing, unwilling)]
    exchange = batch.call(STATUS, jobId=unwilling)
    for old, new in zip(second, third, strict=True):
        expect.equal("jobs.preparation.reruns-after-reimage", new != old, True, exchange, f"{new} is another start than {old}")


def _last_start(batch: Batch, job: str) -> str:
    """When the preparation began last, after a task of the job has run."""
    task_in(batch, job, batch.create_task(job), "completed")
    return str(at_path(_ended(batch, job), f"{PREPARATION}.startTime"))


COMPARISONS = ("eq ne", "gt le", "ge lt")
FILTERS = (
    ("pool-id", "poolId", COMPARISONS[:1]),
    ("node-id", "nodeId", COMPARISONS[:1]),
    ("preparation-state", f"{PREPARATION}/state", COMPARISONS[:1]),
    ("preparation-start-time", f"{PREPARATION}/startTime", COMPARISONS),
    ("preparation-end-time", f"{PREPARATION}/endTime", COMPARISONS),
    ("preparation-exit-code", f"{PREPARATION}/exitCode", COMPARISONS),
    ("preparation-result", f"{PREPARATION}/result", COMPARISONS[:1]),
    ("release-state", f"{RELEASE}/state", COMPARISONS[:1]),
    ("release-start-time", f"{RELEASE}/startTime", COMPARISONS),
    ("release-end-time", f"{RELEASE}/endTime", COMPARISONS),
    ("release-exit-code", f"{RELEASE}/exitCode", COMPARISONS),
    ("release-result", f"{RELEASE}/result", COMPARISONS[:1]),
)
ABOVE: Json = {"startTime": "DateTime'2100-01-01T00:00:00Z'", "endTime": "DateTime'2100-01-01T00:00:00Z'", "exitCode": "7"}
OTHER: Json = {"state": "'running'", "result": "'failure'"}


@pytest.mark.starts_nodes
@pytest.mark.parametrize(
    ("slug", "name", "pairs"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"jobs.preparation-status.filter-{row[0]}")) for row in FILTERS],
)
def test_filter(batch: Batch, expect: Expect, released: str, slug: str, name: str, pairs: tuple[str, ...]) -> None:
    """Compared with a value above its own, the one element is found by `ne`, `le` and `lt` and by nothing else."""
    last = name.split("/")[-1]
    above = ABOVE.get(last) or OTHER.get(last) or "'bcs-zzz'"
    for pair in pairs:
        for operator in pair.split():
            exchange = batch.call(STATUS, jobId=released, query={"$filter": f"{name} {operator} {above}"})
            expect.status(f"jobs.preparation-status.filter-{slug}", exchange, 200)
            wanted = 1 if operator in {"ne", "le", "lt"} else 0
            what = f"{name} {operator} {above}"
            expect.equal(f"jobs.preparation-status.filter-{slug}", len(elements(exchange)), wanted, exchange, what)


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.preparation-status.select")
def test_select(batch: Batch, expect: Expect, released: str) -> None:
    exchange = batch.call(STATUS, jobId=released, query={"$select": "nodeId"})
    found = elements(exchange)
    if not found:
        raise Blocked("the status is empty")
    expect.equal("jobs.preparation-status.select", set(found[0]), {"nodeId"}, exchange, "members")
