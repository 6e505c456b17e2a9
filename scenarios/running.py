"""What scenarios share that need tasks to run: a node to run them on, and waiting for what comes of it."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch
from scenarios.support import Json, elements, has, steady_pool, target_name

# more than a scenario ever has running at once, so that no task waits for another
NODE_SLOTS = 8


def one_node_pool(batch: Batch, **properties: Any) -> str:
    """A new pool whose one node is idle."""
    slots = "taskSlotsPerNode" if has(batch, "PoolAddParameter", "taskSlotsPerNode") else "maxTasksPerNode"
    pool = steady_pool(batch, **{target_name(batch): 1, slots: NODE_SLOTS, **properties})
    batch.wait(lambda: nodes_of(batch, pool), lambda nodes: [n.get("state") for n in nodes] == ["idle"], "the node is idle")
    return pool


def nodes_of(batch: Batch, pool: str) -> list[Json]:
    return elements(batch.call("ComputeNode_List", poolId=pool))


def on(pool: str) -> Json:
    """Where a job runs, as a property of the job."""
    return {"poolInfo": {"poolId": pool}}


def job_in(batch: Batch, job: str, *states: str) -> Json:
    """The job, once it is in one of the states."""
    return batch.wait(lambda: batch.get_job(job), lambda shown: shown.get("state") in states, f"{job} is {' or '.join(states)}")


def task_in(batch: Batch, job: str, task: str, *states: str) -> Json:
    """The task, once it is in one of the states."""
    return batch.wait(
        lambda: batch.get_task(job, task), lambda shown: shown.get("state") in states, f"{task} is {' or '.join(states)}"
    )


def job_at_last(batch: Batch, job: str, *states: str) -> Json:
    """The job, once it is in one of the states; as it is when it never will be."""
    return batch.outcome(
        lambda: batch.get_job(job), lambda shown: shown.get("state") in states, f"{job} is {' or '.join(states)}"
    )


def task_at_last(batch: Batch, job: str, task: str, *states: str) -> Json:
    """The task, once it is in one of the states; as it is when it never will be."""
    return batch.outcome(
        lambda: batch.get_task(job, task), lambda shown: shown.get("state") in states, f"{task} is {' or '.join(states)}"
    )
