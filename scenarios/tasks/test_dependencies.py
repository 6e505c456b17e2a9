"""Tasks that depend on other tasks of their job.

That a task does not start is seen by another one, added later and depending on nothing, that is completed meanwhile."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.running import task_at_last, task_in
from scenarios.support import Json, json_object
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import COMMAND, FAILING, LONG
from scenarios.tasks.test_run import run

pytestmark = pytest.mark.starts_nodes


def depending(batch: Batch, job: str, *on: str) -> str:
    return batch.create_task(job, dependsOn={"taskIds": list(on)})


def later(batch: Batch, job: str, task: str) -> tuple[object, Exchange]:
    """The state of a task after another one has run."""
    run(batch, job, COMMAND)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    return json_object(exchange).get("state"), exchange


@pytest.mark.requirement("tasks.dependencies.waits")
def test_waits(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    first = batch.create_task(job, commandLine=LONG)
    second = depending(batch, job, first)
    task_in(batch, job, first, "running")
    state, exchange = later(batch, job, second)
    expect.equal("tasks.dependencies.waits", state, "active", exchange, "state")


@pytest.mark.requirement("tasks.dependencies.starts-after")
def test_starts(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    first = batch.create_task(job, commandLine="/bin/sh -c 'sleep 5'")  # long enough to tell, in seconds, start from end
    second = depending(batch, job, first)
    shown = task_at_last(batch, job, second, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=first)
    ended = str(json_object(exchange).get("executionInfo", {}).get("endTime"))[:19]
    started = str(shown.get("executionInfo", {}).get("startTime"))[:19]
    holds = shown.get("state") == "completed" and started >= ended
    expect("tasks.dependencies.starts-after", holds, expected=f"not before {ended}", actual=started, exchange=exchange)


@pytest.mark.requirement("tasks.dependencies.all-of-them")
def test_all(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    first, last = run(batch, job, COMMAND), batch.create_task(job, commandLine=LONG)
    task = depending(batch, job, first, last)
    state, exchange = later(batch, job, task)
    expect.equal("tasks.dependencies.all-of-them", state, "active", exchange, "state")


@pytest.mark.requirement("tasks.dependencies.failure-blocks")
def test_failure(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    task = depending(batch, job, run(batch, job, FAILING))
    state, exchange = later(batch, job, task)
    expect.equal("tasks.dependencies.failure-blocks", state, "active", exchange, "state")


@pytest.mark.requirement("tasks.dependencies.range")
@pytest.mark.parametrize("order", [("3", "4", "5"), ("5", "4", "3")], ids=["upwards", "downwards"])
def test_range(batch: Batch, expect: Expect, work: Work, order: tuple[str, ...]) -> None:
    """Each end of the range is once the last one to run."""
    job = work(usesTaskDependencies=True)
    task = batch.create_task(job, dependsOn={"taskIdRanges": [{"start": 3, "end": 5}]})
    for number in order:
        state, exchange = later(batch, job, task)
        expect.equal("tasks.dependencies.range", state, "active", exchange, f"state before {number} has run")
        batch.create_task(job, id=number)
        task_in(batch, job, number, "completed")
    shown = task_at_last(batch, job, task, "completed")
    expect.equal("tasks.dependencies.range", shown.get("state"), "completed", what="state after all have run")


@pytest.mark.requirement("tasks.dependencies.absent-blocks", "tasks.dependencies.absent-added")
def test_absent(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    absent = batch.new_id("absent")
    task = depending(batch, job, absent)
    state, exchange = later(batch, job, task)
    expect.equal("tasks.dependencies.absent-blocks", state, "active", exchange, "state")
    batch.create_task(job, id=absent)
    shown = task_at_last(batch, job, task, "completed")
    expect.equal("tasks.dependencies.absent-added", shown.get("state"), "completed", what="state")


def _options(code: int, action: str) -> Json:
    return {"exitConditions": {"exitCodes": [{"code": code, "exitOptions": {"dependencyAction": action}}]}}


@pytest.mark.requirement("tasks.dependencies.satisfy")
@pytest.mark.parametrize("where", ["exitCodes", "exitCodeRanges", "default"])
def test_satisfy(batch: Batch, expect: Expect, work: Work, where: str) -> None:
    options = {"dependencyAction": "satisfy"}
    conditions: Json = {
        "exitCodes": [{"code": 3, "exitOptions": options}],
        "exitCodeRanges": [{"start": 2, "end": 4, "exitOptions": options}],
        "default": options,
    }
    job = work(usesTaskDependencies=True)
    task = depending(batch, job, run(batch, job, FAILING, exitConditions={where: conditions[where]}))
    shown = task_at_last(batch, job, task, "completed")
    expect.equal("tasks.dependencies.satisfy", shown.get("state"), "completed", what="state")


@pytest.mark.requirement("tasks.dependencies.block")
def test_block(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    task = depending(batch, job, run(batch, job, COMMAND, **_options(0, "block")))
    state, exchange = later(batch, job, task)
    expect.equal("tasks.dependencies.block", state, "active", exchange, "state")


@pytest.mark.requirement("tasks.dependencies.satisfy-other-code")
def test_other_code(batch: Batch, expect: Expect, work: Work) -> None:
    job = work(usesTaskDependencies=True)
    task = depending(batch, job, run(batch, job, FAILING, **_options(4, "satisfy")))
    state, exchange = later(batch, job, task)
    expect.equal("tasks.dependencies.satisfy-other-code", state, "active", exchange, "state")
