"""What becomes of a running task when its node is removed from the pool."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.running import nodes_of, on, one_node_pool, task_at_last, task_in
from scenarios.support import json_object
from scenarios.tasks.samples import LONG

pytestmark = pytest.mark.starts_nodes


def robbed(batch: Batch, option: str, command: str = LONG) -> tuple[str, str]:
    """A job and its task, which was running when its node was removed."""
    pool = one_node_pool(batch)
    job = batch.create_job(**on(pool))
    task = batch.create_task(job, commandLine=command)
    task_in(batch, job, task, "running")
    nodes = [node["id"] for node in nodes_of(batch, pool)]
    batch.make("Pool_RemoveNodes", {"nodeList": nodes, "nodeDeallocationOption": option}, poolId=pool)
    return job, task


@pytest.mark.requirement("tasks.node-loss.requeued", "tasks.node-loss.requeue-counted")
def test_requeue(batch: Batch, expect: Expect) -> None:
    job, task = robbed(batch, "requeue")
    shown = task_at_last(batch, job, task, "active", "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.node-loss.requeued", shown.get("state"), "active", exchange, "state")
    requeued = json_object(exchange).get("executionInfo", {}).get("requeueCount")
    expect.equal("tasks.node-loss.requeue-counted", requeued, 1, exchange, "requeueCount")


@pytest.mark.requirement("tasks.node-loss.terminated", "tasks.node-loss.terminated-failure")
def test_terminate(batch: Batch, expect: Expect) -> None:
    job, task = robbed(batch, "terminate")
    shown = task_at_last(batch, job, task, "active", "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.node-loss.terminated", shown.get("state"), "completed", exchange, "state")
    execution = shown.get("executionInfo", {})
    holds = isinstance(execution.get("failureInfo"), dict)
    expect("tasks.node-loss.terminated-failure", holds, expected="a failureInfo", actual=execution, exchange=exchange)


@pytest.mark.requirement("tasks.node-loss.waited-for")
def test_task_completion(batch: Batch, expect: Expect) -> None:
    job, task = robbed(batch, "taskcompletion", "/bin/sh -c 'sleep 90'")
    task_at_last(batch, job, task, "active", "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = json_object(exchange).get("executionInfo", {})
    expect.equal("tasks.node-loss.waited-for", execution.get("exitCode"), 0, exchange, "exitCode")
