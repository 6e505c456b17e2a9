"""A task that runs on two nodes at once, and what its subtasks show."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.running import nodes_of, on, task_at_last
from scenarios.support import Json, elements, steady_pool, target_name
from scenarios.tasks.samples import COMMAND

pytestmark = pytest.mark.starts_nodes


@pytest.fixture(scope="module")
def pair(batch: Batch) -> str:
    """A pool of two idle nodes that reach each other."""
    pool = steady_pool(batch, **{target_name(batch): 2}, enableInterNodeCommunication=True)
    batch.wait(
        lambda: nodes_of(batch, pool), lambda nodes: [n.get("state") for n in nodes] == ["idle", "idle"], "two nodes are idle"
    )
    return pool


@pytest.mark.requirement(
    "tasks.multi-instance.completes",
    "tasks.multi-instance.subtasks",
    "tasks.multi-instance.subtask-state",
    "tasks.multi-instance.subtask-node",
    "tasks.multi-instance.select",
)
def test_two_nodes(batch: Batch, expect: Expect, pair: str) -> None:
    job = batch.create_job(**on(pair))
    settings = {"numberOfInstances": 2, "coordinationCommandLine": COMMAND}
    task = batch.create_task(job, multiInstanceSettings=settings)
    shown = task_at_last(batch, job, task, "completed")
    exit_code = shown.get("executionInfo", {}).get("exitCode")
    expect.equal("tasks.multi-instance.completes", exit_code, 0, what="exitCode")

    def fetch() -> list[Json]:
        return elements(batch.call("Task_ListSubtasks", jobId=job, taskId=task))

    found = batch.outcome(fetch, lambda all_: [each.get("state") for each in all_] == ["completed"], "one subtask is completed")
    exchange = batch.call("Task_ListSubtasks", jobId=job, taskId=task)
    expect.equal("tasks.multi-instance.subtasks", len(found), 1, exchange, "subtasks")
    expect.equal("tasks.multi-instance.subtask-state", found[0].get("state"), "completed", exchange, "state of the subtask")
    times = {"startTime", "endTime"} & set(found[0])
    expect.equal("tasks.multi-instance.subtask-state", times, {"startTime", "endTime"}, exchange, "times of the subtask")
    nodes = {shown.get("nodeInfo", {}).get("nodeId"), found[0].get("nodeInfo", {}).get("nodeId")}
    both = {node.get("id") for node in nodes_of(batch, pair)}
    expect.equal("tasks.multi-instance.subtask-node", nodes, both, exchange, "nodes of the primary and the subtask")
    few = batch.call("Task_ListSubtasks", jobId=job, taskId=task, query={"$select": "id,state"})
    names = {name for each in elements(few) for name in each}
    expect.equal("tasks.multi-instance.select", names, {"id", "state"}, few, "properties of a subtask")
