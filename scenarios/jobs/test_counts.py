"""How many tasks a job counts, and the statistics of all jobs of the account."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.jobs.samples import FAILING, LONG
from scenarios.running import on, task_in
from scenarios.support import Json, has, json_object

NAMES = ("active", "running", "completed", "succeeded", "failed")


def _settled(batch: Batch, job: str, tasks: int) -> Exchange:
    """The answer, once it counts all tasks. It may be late, no document says by how much."""

    def all_of_them(exchange: Exchange) -> bool:
        return sum(int(_counts(exchange).get(name, 0)) for name in NAMES[:3]) == tasks

    return batch.wait(lambda: batch.call("Job_GetTaskCounts", jobId=job), all_of_them, f"{job} counts {tasks} tasks")


def _counts(exchange: Exchange, which: str = "taskCounts") -> Json:
    shown = json_object(exchange)
    counts: Json = shown.get(which, shown)
    return counts


def _told(counts: Json) -> Json:
    return {name: counts.get(name) for name in NAMES}


@pytest.mark.requirement("jobs.task-counts.flat", "jobs.task-counts.nested", "jobs.task-counts.empty")
@pytest.mark.requirement("jobs.task-counts.validation-status")
def test_empty(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("Job_GetTaskCounts", jobId=plain)
    shown = json_object(exchange)
    zero = dict.fromkeys(NAMES, 0)
    flat = {name for name in NAMES if name in shown}
    expect.equal("jobs.task-counts.flat", flat, set(NAMES), exchange, "members")
    nested = {name: set(shown[name]) & set(NAMES) for name in ("taskCounts", "taskSlotCounts") if name in shown}
    wanted = {"taskCounts": set(NAMES), "taskSlotCounts": set(NAMES)}
    expect.equal("jobs.task-counts.nested", nested, wanted, exchange, "members")
    expect.equal("jobs.task-counts.nested", flat, set(), exchange, "counts outside of taskCounts")
    expect.equal("jobs.task-counts.empty", _told(shown.get("taskCounts", shown)), zero, exchange, "counts")
    status = shown.get("validationStatus")
    known = status in {"validated", "unvalidated"}
    expect("jobs.task-counts.validation-status", known, expected="validated or unvalidated", actual=status, exchange=exchange)


@pytest.mark.requirement("jobs.task-counts.active", "jobs.task-counts.slots")
def test_active(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    slotted = has(batch, "TaskAddParameter", "requiredSlots")
    batch.create_task(job)
    batch.create_task(job, **({"requiredSlots": 2} if slotted else {}))
    exchange = _settled(batch, job, 2)
    counts, wanted = _told(_counts(exchange)), {**dict.fromkeys(NAMES, 0), "active": 2}
    expect.equal("jobs.task-counts.active", counts, wanted, exchange, "counts")
    slots = _counts(exchange, "taskSlotCounts").get("active")
    expect.equal("jobs.task-counts.slots", slots, 3, exchange, "slots of active tasks")


@pytest.mark.requirement("jobs.task-counts.active", "jobs.task-counts.slots", "tasks.delete.uncounted")
def test_ended_and_back(batch: Batch, expect: Expect) -> None:
    """A task of two slots that is terminated, activated again, terminated once more and deleted."""
    job = batch.create_job()
    slotted = has(batch, "TaskAddParameter", "requiredSlots")
    task = batch.create_task(job, **({"requiredSlots": 2} if slotted else {}))
    for operation, requirement, name in (
        ("Task_Terminate", "jobs.task-counts.slots", "completed"),
        ("Task_Reactivate", "jobs.task-counts.active", "active"),
        ("Task_Terminate", "jobs.task-counts.slots", "completed"),
        ("Task_Delete", "tasks.delete.uncounted", ""),
    ):
        batch.make(operation, jobId=job, taskId=task)
        wanted = dict.fromkeys(("active", "completed"), 0) | ({name: 1} if name else {})
        exchange = _counted(batch, job, wanted)
        counts = _counts(exchange)
        expect.equal(requirement, {one: counts.get(one) for one in wanted}, wanted, exchange, f"counts after {operation}")
        slots = _counts(exchange, "taskSlotCounts") if slotted else {}
        if name in slots:
            expect.equal("jobs.task-counts.slots", slots[name], 2, exchange, f"slots of {name} tasks")


def _counted(batch: Batch, job: str, wanted: Json) -> Exchange:
    """The answer, once it counts so, or the last one."""

    def so(exchange: Exchange) -> bool:
        counts = _counts(exchange)
        return all(counts.get(name) == number for name, number in wanted.items())

    return batch.outcome(lambda: batch.call("Job_GetTaskCounts", jobId=job), so, f"{job} counts {wanted}")


@pytest.mark.starts_nodes
@pytest.mark.requirement("jobs.task-counts.running", "jobs.task-counts.completed")
def test_ended(batch: Batch, expect: Expect, runner: str) -> None:
    job = batch.create_job(**on(runner))
    good, bad = batch.create_task(job), batch.create_task(job, commandLine=FAILING)
    busy = batch.create_task(job, commandLine=LONG)
    for task, state in ((good, "completed"), (bad, "completed"), (busy, "running")):
        task_in(batch, job, task, state)
    exchange = _settled(batch, job, 3)
    counts = _counts(exchange)
    batch.call("Job_Terminate", jobId=job)
    expect.equal("jobs.task-counts.running", counts.get("running"), 1, exchange, "running")
    ended = {name: counts.get(name) for name in NAMES[2:]}
    wanted = {"completed": 2, "succeeded": 1, "failed": 1}
    expect.equal("jobs.task-counts.completed", ended, wanted, exchange, "counts of tasks that have ended")


@pytest.mark.requirement("jobs.lifetime-statistics.shown", "jobs.lifetime-statistics.times-in-order")
def test_lifetime_statistics(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_GetAllLifetimeStatistics")
    expect.status("jobs.lifetime-statistics.shown", exchange, 200)
    shown = json_object(exchange)
    start, update = str(shown.get("startTime")), str(shown.get("lastUpdateTime"))
    holds = start[:19] <= update[:19]
    expect("jobs.lifetime-statistics.times-in-order", holds, expected=f"not after {update}", actual=start, exchange=exchange)
