"""One task on a node, from its start to its end."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.running import nodes_of, task_at_last, task_in
from scenarios.support import Json, etag, json_object
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import COMMAND, FAILING, LONG

pytestmark = pytest.mark.starts_nodes


def run(batch: Batch, job: str, command: str, **properties: object) -> str:
    """A task of the job that has come to its end."""
    task = batch.create_task(job, commandLine=command, **properties)
    task_in(batch, job, task, "completed")
    return task


@pytest.mark.requirement(
    "tasks.run.completes",
    "tasks.run.previous-state-running",
    "tasks.run.exit-code-zero",
    "tasks.run.result-success",
    "tasks.run.no-failure-info",
    "tasks.run.times-in-order",
    "tasks.run.no-retry-on-success",
)
def test_success(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = batch.create_task(job, commandLine=COMMAND, constraints={"maxTaskRetryCount": 3})
    task_at_last(batch, job, task, "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange)
    expect.equal("tasks.run.completes", shown.get("state"), "completed", exchange, "state")
    execution = shown.get("executionInfo", {})
    expect.equal("tasks.run.exit-code-zero", execution.get("exitCode"), 0, exchange, "exitCode")
    expect.equal("tasks.run.result-success", execution.get("result"), "success", exchange, "result")
    errors = {name for name in ("failureInfo", "schedulingError") if name in execution}
    expect.equal("tasks.run.no-failure-info", errors, set(), exchange, "what tells of an error")
    expect.equal("tasks.run.no-retry-on-success", execution.get("retryCount"), 0, exchange, "retryCount")
    times = [str(shown.get("creationTime")), str(execution.get("startTime")), str(execution.get("endTime"))]
    seconds = [time[:19] for time in times]
    ordered = all(time[:1] == "2" for time in times) and seconds == sorted(seconds)
    expect("tasks.run.times-in-order", ordered, expected="creation, start, end", actual=times, exchange=exchange)
    expect.equal("tasks.run.previous-state-running", shown.get("previousState"), "running", exchange, "previousState")
    since = str(shown.get("previousStateTransitionTime"))[:19]
    until = str(shown.get("stateTransitionTime"))[:19]
    expect("tasks.run.previous-state-running", since <= until, expected=f"not after {until}", actual=since, exchange=exchange)


@pytest.mark.requirement("tasks.run.exit-code")
@pytest.mark.parametrize("code", [1, 3, 42])
def test_exit_code(batch: Batch, expect: Expect, work: Work, code: int) -> None:
    job = work()
    task = run(batch, job, f"/bin/sh -c 'exit {code}'")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange).get("executionInfo", {}).get("exitCode")
    expect.equal("tasks.run.exit-code", shown, code, exchange, "exitCode")


@pytest.mark.requirement(
    "tasks.run.result-failure",
    "tasks.run.failure-info",
    "tasks.run.failure-category",
    "tasks.run.no-scheduling-error",
    "tasks.run.zero-retries",
)
def test_failure(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = run(batch, job, FAILING, constraints={"maxTaskRetryCount": 0})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    execution = json_object(exchange).get("executionInfo", {})
    expect.equal("tasks.run.result-failure", execution.get("result"), "failure", exchange, "result")
    failure = execution.get("failureInfo")
    expect("tasks.run.failure-info", isinstance(failure, dict), expected="a failureInfo", actual=execution, exchange=exchange)
    category = str((failure or {}).get("category")).lower()
    expect.equal("tasks.run.failure-category", category, "usererror", exchange, "category of failureInfo")
    expect.equal("tasks.run.no-scheduling-error", execution.get("schedulingError"), None, exchange, "schedulingError")
    expect.equal("tasks.run.zero-retries", execution.get("retryCount"), 0, exchange, "retryCount")


@pytest.mark.requirement(
    "tasks.run.node-info-pool", "tasks.run.node-info-node", "tasks.run.node-info-affinity", "tasks.run.node-info-folder"
)
def test_node_info(batch: Batch, expect: Expect, work: Work, runner: str) -> None:
    job = work()
    task = run(batch, job, COMMAND)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    info: Json = json_object(exchange).get("nodeInfo", {})
    node = nodes_of(batch, runner)[0]
    expect.equal("tasks.run.node-info-pool", info.get("poolId"), runner, exchange, "poolId")
    expect.equal("tasks.run.node-info-node", info.get("nodeId"), node.get("id"), exchange, "nodeId")
    expect.equal("tasks.run.node-info-node", info.get("nodeUrl"), node.get("url"), exchange, "nodeUrl")
    expect.equal("tasks.run.node-info-affinity", info.get("affinityId"), node.get("affinityId"), exchange, "affinityId")
    folder = (info.get("taskRootDirectory"), info.get("taskRootDirectoryUrl"))
    expect("tasks.run.node-info-folder", all(folder), expected="a path and a URL", actual=folder, exchange=exchange)


@pytest.mark.requirement("tasks.run.running-state", "tasks.run.running-start")
def test_running(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = batch.create_task(job, commandLine=LONG)
    shown = task_at_last(batch, job, task, "running", "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.run.running-state", shown.get("state"), "running", exchange, "state")
    execution = shown.get("executionInfo", {})
    told = set(execution) & {"startTime", "endTime", "exitCode"}
    expect.equal("tasks.run.running-start", told, {"startTime"}, exchange, "start, end and exit code")


@pytest.mark.requirement("tasks.run.etag-stays")
def test_etag(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    body = batch.task_body()
    added = batch.make("Task_Add", body, jobId=job)
    task_in(batch, job, body["id"], "completed")
    exchange = batch.call("Task_Get", jobId=job, taskId=body["id"])
    shown = json_object(exchange)
    expect.equal("tasks.run.etag-stays", shown.get("eTag"), etag(added), exchange, "eTag")
    changed, created = shown.get("lastModified"), shown.get("creationTime")
    expect.equal("tasks.run.etag-stays", changed, created, exchange, "lastModified, beside creationTime")


@pytest.mark.requirement("tasks.run.slots-limit")
def test_slots(batch: Batch, expect: Expect, work: Work) -> None:
    """The node has 8 slots."""
    job = work()
    first = batch.create_task(job, commandLine=LONG, requiredSlots=5)
    task_in(batch, job, first, "running")
    second = batch.create_task(job, commandLine=COMMAND, requiredSlots=5)
    run(batch, job, COMMAND)
    exchange = batch.call("Task_Get", jobId=job, taskId=second)
    expect.equal("tasks.run.slots-limit", json_object(exchange).get("state"), "active", exchange, "state")
    batch.make("Task_Terminate", jobId=job, taskId=first)
    shown = task_at_last(batch, job, second, "completed")
    expect.equal(
        "tasks.run.slots-limit", shown.get("executionInfo", {}).get("exitCode"), 0, what="exitCode of the one that waited"
    )


@pytest.mark.requirement("tasks.run.subtasks-of-one")
def test_one_instance(batch: Batch, expect: Expect, work: Work) -> None:
    job = work()
    task = run(batch, job, COMMAND)
    exchange = batch.call("Task_ListSubtasks", jobId=job, taskId=task)
    expect.equal("tasks.run.subtasks-of-one", json_object(exchange).get("value"), [], exchange, "subtasks")
