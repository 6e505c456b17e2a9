"""The start task of a node: that it runs, how often, and what its failure means for the node."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.nodes.own import act, own_node, reach
from scenarios.pools.samples import cleared
from scenarios.running import task_in
from scenarios.support import Json, elements, has, json_object, steady_pool, target_name

pytestmark = pytest.mark.starts_nodes

FAILING = "/bin/sh -c 'exit 3'"
# both say that the start task failed; the documents call it unusable, the enumeration has a value of its own
FAILED = {"starttaskfailed", "unusable"}
PASSED = {"idle", "running"}


def _started(batch: Batch, until: Callable[[Json], bool], what: str, **task: object) -> Json:
    """The path parameters of the one node of a new pool with the start task, once the node is as wanted, or will never be."""
    pool = steady_pool(batch, **{target_name(batch): 1}, startTask=task)
    nodes = batch.outcome(
        lambda: elements(batch.call("ComputeNode_List", poolId=pool)), lambda found: len(found) == 1 and until(found[0]), what
    )
    if not nodes:
        raise Blocked("the pool has no node")
    return {"poolId": pool, "nodeId": nodes[0]["id"]}


def _info(node: Json) -> Json:
    info: Json = node.get("startTaskInfo") or {}
    return info


def _run_task(batch: Batch, node: Json) -> Json:
    """A task that was run to its end on the pool of the node."""
    job = batch.create_job(poolInfo={"poolId": node["poolId"]})
    return task_in(batch, job, batch.create_task(job), "completed")


@pytest.mark.requirement("nodes.start-task.runs", "nodes.start-task.runs-after-reboot", "nodes.list.filter-start-task")
def test_runs(batch: Batch, expect: Expect) -> None:
    first, second = ({"commandLine": f"/bin/sh -c 'echo {word}'", "waitForSuccess": True} for word in ("one", "two"))
    node = own_node(batch, startTask=first)
    exchange = batch.call("ComputeNode_Get", **node)
    before = _info(json_object(exchange))
    ended = [before.get("state"), before.get("exitCode")]
    expect.equal("nodes.start-task.runs", ended, ["completed", 0], exchange, "state and exitCode of startTaskInfo")
    for condition, count in (("state eq 'completed'", 1), ("exitCode ne 0", 0)):
        listed = batch.call("ComputeNode_List", poolId=node["poolId"], query={"$filter": f"startTaskInfo/{condition}"})
        expect.equal("nodes.list.filter-start-task", len(elements(listed)), count, listed, f"nodes with {condition}")
    written = batch.call("Pool_UpdateProperties", poolId=node["poolId"], body=cleared(batch, startTask=second))
    if written.response.status != 204:
        raise Blocked(f"updateproperties answered {written.response.status}")
    act(batch, "ComputeNode_Reboot", node)
    reach(batch, node, "idle")
    exchange = batch.call("ComputeNode_Get", **node)
    shown = json_object(exchange)
    command = shown.get("startTask", {}).get("commandLine")
    expect.equal("nodes.start-task.runs-after-reboot", command, second["commandLine"], exchange, "commandLine")
    later, was = str(_info(shown).get("startTime")), str(before.get("startTime"))
    expect("nodes.start-task.runs-after-reboot", later > was, expected=f"later than {was}", actual=later, exchange=exchange)


@pytest.mark.requirement("nodes.start-task.retries", "nodes.start-task.failed-node", "nodes.start-task.failure-shown")
def test_fails(batch: Batch, expect: Expect) -> None:
    node = _started(
        batch,
        lambda found: found.get("state") in FAILED | PASSED and _info(found).get("state") == "completed",
        "the start task has ended",
        commandLine=FAILING,
        maxTaskRetryCount=2,
        waitForSuccess=True,
    )
    exchange = batch.call("ComputeNode_Get", **node)
    shown = json_object(exchange)
    state, info = shown.get("state"), _info(shown)
    expect("nodes.start-task.failed-node", state in FAILED, expected=sorted(FAILED), actual=state, exchange=exchange)
    expect.equal("nodes.start-task.retries", info.get("retryCount"), 2, exchange, "retryCount")
    expect.equal("nodes.start-task.failure-shown", info.get("exitCode"), 3, exchange, "exitCode")
    if has(batch, "StartTaskInformation", "failureInfo"):
        told = info.get("failureInfo")
        expect("nodes.start-task.failure-shown", bool(told), expected="a failureInfo", actual=told, exchange=exchange)


@pytest.mark.requirement("nodes.start-task.not-waited-for")
def test_not_waited_for(batch: Batch, expect: Expect) -> None:
    """The start task sleeps for longer than a run lasts; the node goes with its pool."""
    node = _started(
        batch,
        lambda found: found.get("state") in FAILED | PASSED,
        "the node takes tasks",
        commandLine="/bin/sh -c 'sleep 36000'",
        waitForSuccess=False,
    )
    exchange = batch.call("ComputeNode_Get", **node)
    shown = json_object(exchange).get("state")
    expect("nodes.start-task.not-waited-for", shown in PASSED, expected=sorted(PASSED), actual=shown, exchange=exchange)
    _run_task(batch, node)
    exchange = batch.call("ComputeNode_Get", **node)
    state = _info(json_object(exchange)).get("state")
    expect.equal("nodes.start-task.not-waited-for", state, "running", exchange, "state of startTaskInfo, after a task has ended")


@pytest.mark.requirement("nodes.start-task.failure-ignored", "nodes.start-task.no-retry")
def test_failure_ignored(batch: Batch, expect: Expect) -> None:
    node = _started(
        batch,
        lambda found: found.get("state") in FAILED | PASSED and _info(found).get("state") == "completed",
        "the start task has ended",
        commandLine=FAILING,
        maxTaskRetryCount=0,
        waitForSuccess=False,
    )
    exchange = batch.call("ComputeNode_Get", **node)
    shown = json_object(exchange)
    expect.equal("nodes.start-task.no-retry", _info(shown).get("retryCount"), 0, exchange, "retryCount")
    state = shown.get("state")
    expect("nodes.start-task.failure-ignored", state in PASSED, expected=sorted(PASSED), actual=state, exchange=exchange)
    if state in PASSED:
        task = _run_task(batch, node)
        code = task.get("executionInfo", {}).get("exitCode")
        expect.equal("nodes.start-task.failure-ignored", code, 0, exchange, "exitCode of a task on the node")
