"""Resources of which nearly everything is stated: the oracle compares what was sent with what is shown, property by property, and
a list shows the same."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.richness import fitting, job_for_tasks, rich_job, rich_job_schedule, rich_pool, rich_task, start_task
from scenarios.support import Json, elements, json_object, without


def _same(batch: Batch, expect: Expect, profile: str, kind: str, id: str, **path: Any) -> None:
    """`kind` is the first part of the operations' ids."""
    query: Json = {} if path else {"$filter": f"id eq '{id}'"}
    exchange = batch.call(f"{kind}_List", query=query, **path)
    found = [one for one in elements(exchange) if one.get("id") == id]
    names = {"Pool": "poolId", "Job": "jobId", "JobSchedule": "jobScheduleId", "Task": "taskId"}
    place: Json = {**path, names[kind]: id}
    alone = json_object(batch.call(f"{kind}_Get", query={"$expand": "stats"}, **place))
    shown, wanted = [_still(one) for one in found], [_still(without(alone, "stats"))]
    expect.equal(f"{profile}.list.element-equals-get", shown, wanted, exchange, f"of {id}")


def _still(shown: Json) -> Json:
    """Without what may go on between two requests: a pool may still be settling."""
    return {name: value for name, value in shown.items() if not name.startswith("allocationState")}


@pytest.mark.requirement("pools.list.element-equals-get")
def test_pool(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(**rich_pool(batch))
    batch.get_pool(pool)
    _same(batch, expect, "pools", "Pool", pool)
    task = {"startTask": start_task(batch, "two"), "metadata": [{"name": "other", "value": "two"}]}
    batch.make("Pool_Patch", fitting(batch, "PoolPatchParameter", task), poolId=pool)
    batch.get_pool(pool)
    emptied: Json = {"certificateReferences": [], "applicationPackageReferences": []}
    whole = {"startTask": start_task(batch, "three"), "metadata": [{"name": "third", "value": "three"}], **emptied}
    batch.make("Pool_UpdateProperties", fitting(batch, "PoolUpdatePropertiesParameter", whole), poolId=pool)
    batch.get_pool(pool)


@pytest.mark.requirement("jobs.list.element-equals-get")
def test_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(**rich_job(batch))
    batch.get_job(job)
    _same(batch, expect, "jobs", "Job", job)
    change = {
        "priority": -3,
        "constraints": {"maxWallClockTime": "P4D", "maxTaskRetryCount": 5},
        "metadata": [{"name": "other", "value": "two"}],
        "allowTaskPreemption": False,
        "maxParallelTasks": 9,
    }
    batch.make("Job_Patch", fitting(batch, "JobPatchParameter", change), jobId=job)
    batch.get_job(job)
    nothing = {"priority": 0, "constraints": {}, "maxParallelTasks": -1, "metadata": []}
    batch.make("Job_Patch", fitting(batch, "JobPatchParameter", nothing), jobId=job)
    pool = batch.get_job(job).get("poolInfo")
    whole = {"poolInfo": pool, "priority": 12, "constraints": {"maxTaskRetryCount": 1}, "metadata": change["metadata"]}
    batch.make("Job_Update", fitting(batch, "JobUpdateParameter", whole), jobId=job.swapcase())  # found in any letter case
    batch.get_job(job)
    # what is refused is not done in part
    batch.call("Job_Patch", jobId=job, body={"metadata": [], "priority": 1001})
    batch.call("Job_Update", jobId=job, body={"poolInfo": pool, "priority": 1001})
    batch.get_job(job)


@pytest.mark.requirement("job-schedules.list.element-equals-get")
def test_job_schedule(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule(**rich_job_schedule(batch))
    batch.get_job_schedule(schedule)
    _same(batch, expect, "job-schedules", "JobSchedule", schedule)
    for operation, model, word in (
        ("JobSchedule_Patch", "JobSchedulePatchParameter", "two"),
        ("JobSchedule_Update", "JobScheduleUpdateParameter", "three"),
    ):
        body = fitting(batch, model, rich_job_schedule(batch, word))
        batch.make(operation, body, jobScheduleId=schedule.swapcase())
        batch.get_job_schedule(schedule)
    refused: Json = {"metadata": [], "schedule": {"startWindow": "PT1S"}}
    batch.call("JobSchedule_Patch", jobScheduleId=schedule, body=refused)
    specification = {"poolInfo": {"poolId": "bcs-no-such-pool"}}
    batch.call("JobSchedule_Update", jobScheduleId=schedule, body={**refused, "jobSpecification": specification})
    batch.get_job_schedule(schedule)


@pytest.mark.requirement("tasks.list.element-equals-get")
def test_task(batch: Batch, expect: Expect) -> None:
    job = job_for_tasks(batch)
    task = batch.create_task(job, **rich_task(batch))
    batch.get_task(job, task)
    _same(batch, expect, "tasks", "Task", task, jobId=job)
    constraints = {"maxWallClockTime": "PT2H", "maxTaskRetryCount": 1, "retentionTime": "P3D"}
    batch.make("Task_Update", {"constraints": constraints}, jobId=job.swapcase(), taskId=task.swapcase())
    batch.get_task(job, task)
    refused = {"maxWallClockTime": "a day", "maxTaskRetryCount": 2, "retentionTime": "P4D"}
    batch.call("Task_Update", jobId=job, taskId=task, body={"constraints": refused})
    batch.get_task(job, task)


@pytest.mark.requirement("tasks.list.element-equals-get")
def test_collection(batch: Batch, expect: Expect) -> None:
    job = job_for_tasks(batch)
    tasks = [batch.task_body(**rich_task(batch, word)) for word in ("one", "two")]
    batch.make("Task_AddCollection", {"value": tasks}, jobId=job)
    for task in tasks:
        batch.get_task(job, task["id"])
        _same(batch, expect, "tasks", "Task", task["id"], jobId=job)
