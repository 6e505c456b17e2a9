"""One resource, seen by api-versions on both sides of a change: renamed, added, removed, another default."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.pools.samples import linux
from scenarios.support import Json, elements, json_object, steady, target_name
from scenarios.versions.sides import before, knows, nearest, neither, since

UNLIMITED, WEEK = "P10675199DT2H48M5.4775807S", "P7D"


def _ended(batch: Batch) -> Json:
    """The path of a task that was ended before it ran."""
    job = batch.create_job()
    task = batch.create_task(job)
    batch.make("Task_Terminate", jobId=job, taskId=task)
    return {"jobId": job, "taskId": task}


@pytest.mark.requirement("tasks.versions.failure-info", "tasks.versions.result")
def test_failure_of_a_task(batch: Batch, expect: Expect) -> None:
    path = _ended(batch)
    for name, other in (("failureInfo", "schedulingError"), ("schedulingError", "failureInfo")):
        driver = nearest(batch, knows("TaskExecutionInformation", name))
        exchange = driver.call("Task_Get", **path)
        info = json_object(exchange).get("executionInfo") or {}
        expect.equal("tasks.versions.failure-info", (name in info, other in info), (True, False), exchange, f"{name}, {other}")
    new = nearest(batch, knows("TaskExecutionInformation", "result"))
    exchange = new.call("Task_Get", **path)
    shown = (json_object(exchange).get("executionInfo") or {}).get("result")
    expect.equal("tasks.versions.result", shown, "failure", exchange, "result")
    old = nearest(batch, neither(knows("TaskExecutionInformation", "result"), "Task_Get"))
    exchange = old.call("Task_Get", **path)
    info = json_object(exchange).get("executionInfo") or {}
    expect.equal("tasks.versions.result", "result" in info, False, exchange, "result is shown")


@pytest.mark.requirement("tasks.versions.run-elevated-shown")
@pytest.mark.parametrize(("elevated", "level"), [(True, "admin"), (False, "nonadmin")])
def test_user_of_a_task(batch: Batch, expect: Expect, elevated: bool, level: str) -> None:
    """Made under the one name, read under the other."""
    old = nearest(batch, knows("TaskAddParameter", "runElevated"))
    new = nearest(batch, knows("TaskAddParameter", "userIdentity"))
    job = batch.create_job()
    first = old.create_task(job, runElevated=elevated)
    exchange = new.call("Task_Get", jobId=job, taskId=first)
    user = (json_object(exchange).get("userIdentity") or {}).get("autoUser") or {}
    expect.equal("tasks.versions.run-elevated-shown", user.get("elevationLevel"), level, exchange, "elevationLevel")
    second = new.create_task(job, userIdentity={"autoUser": {"scope": "pool", "elevationLevel": level}})
    exchange = old.call("Task_Get", jobId=job, taskId=second)
    expect.equal("tasks.versions.run-elevated-shown", json_object(exchange).get("runElevated"), elevated, exchange, "runElevated")


@pytest.mark.requirement("tasks.versions.retention-default")
@pytest.mark.parametrize(("new", "retention"), [(True, WEEK), (False, UNLIMITED)], ids=["new", "old"])
def test_retention(batch: Batch, expect: Expect, new: bool, retention: str) -> None:
    driver = nearest(batch, since("2018-12-01.8.0") if new else before("2018-12-01.8.0"))
    job = driver.create_job()
    task = driver.create_task(job)
    exchange = driver.call("Task_Get", jobId=job, taskId=task)
    shown = (json_object(exchange).get("constraints") or {}).get("retentionTime")
    expect.equal("tasks.versions.retention-default", shown, retention, exchange, "constraints.retentionTime")


def _several(**properties: Any) -> Json:
    return {"multiInstanceSettings": properties}


@pytest.mark.requirement("tasks.versions.coordination-command")
def test_multi_instance(batch: Batch, expect: Expect) -> None:
    requirement = "tasks.versions.coordination-command"
    new, old = nearest(batch, since("2017-09-01.6.0")), nearest(batch, before("2017-09-01.6.0"))
    rows = [
        (new, _several(numberOfInstances=2), 400),
        (new, _several(coordinationCommandLine="hostname"), 201),
        (old, _several(numberOfInstances=2), 201),
        (old, _several(coordinationCommandLine="hostname"), 400),
    ]
    for driver, properties, status in rows:
        job = driver.create_job()
        exchange = driver.call("Task_Add", body=driver.task_body(**properties), jobId=job)
        expect.status(requirement, exchange, status)


@pytest.mark.requirement("jobs.versions.task-counts-result", "jobs.versions.validation-status")
def test_task_counts(batch: Batch, expect: Expect) -> None:
    path = _ended(batch)
    flat = {"active", "running", "completed", "succeeded", "failed"}
    for start, end in (("2017-06-01.5.1", "2018-08-01.7.0"), ("2018-08-01.7.0", "2020-09-01.12.0"), ("2020-09-01.12.0", "9")):
        driver = nearest(batch, lambda contract, start=start, end=end: start <= contract.version.name < end)  # type: ignore[misc]
        exchange = driver.call("Job_GetTaskCounts", jobId=path["jobId"])
        shown = set(json_object(exchange)) - {"odata.metadata"}
        wanted = flat if end <= "2020-09-01.12.0" else {"taskCounts", "taskSlotCounts"}
        expect.equal("jobs.versions.task-counts-result", shown - {"validationStatus"}, wanted, exchange, "members")
        told = "validationStatus" in shown
        expect.equal("jobs.versions.validation-status", told, start == "2017-06-01.5.1", exchange, "validationStatus is shown")


@pytest.mark.requirement("pools.versions.wait-for-success-default")
@pytest.mark.parametrize("new", [True, False], ids=["new", "old"])
def test_wait_for_success(batch: Batch, expect: Expect, new: bool) -> None:
    driver = nearest(batch, since("2019-08-01.10.0") if new else before("2019-08-01.10.0"))
    pool = driver.create_pool(startTask={"commandLine": "hostname"})
    exchange = driver.call("Pool_Get", poolId=pool)
    shown = (json_object(exchange).get("startTask") or {}).get("waitForSuccess")
    expect.equal("pools.versions.wait-for-success-default", shown, new, exchange, "startTask.waitForSuccess")


@pytest.mark.requirement("pools.versions.auto-user-scope-default")
def test_auto_user_scope(batch: Batch, expect: Expect) -> None:
    new = nearest(batch, since("2019-08-01.10.0"))
    pool = new.create_pool(startTask={"commandLine": "hostname", "userIdentity": {"autoUser": {"elevationLevel": "admin"}}})
    exchange = new.call("Pool_Get", poolId=pool)
    user = ((json_object(exchange).get("startTask") or {}).get("userIdentity") or {}).get("autoUser") or {}
    expect.equal("pools.versions.auto-user-scope-default", user.get("scope"), "pool", exchange, "scope of the auto-user")


@pytest.mark.requirement("pools.versions.names-of-one-pool")
def test_names_of_a_pool(batch: Batch, expect: Expect) -> None:
    """What was renamed is shown by each api-version under its own name, with the same value."""
    pairs = (("maxTasksPerNode", "taskSlotsPerNode", 4), ("targetDedicated", "targetDedicatedNodes", 0))
    newest = nearest(batch, knows("PoolAddParameter", "taskSlotsPerNode"))
    pool = newest.create_pool(taskSlotsPerNode=4, virtualMachineConfiguration=linux(newest))
    for old_name, new_name, value in pairs:
        for name, other in ((old_name, new_name), (new_name, old_name)):
            driver = nearest(batch, knows("CloudPool", name))
            exchange = driver.call("Pool_Get", poolId=pool)
            shown = json_object(exchange)
            seen = (shown.get(name), other in shown)
            expect.equal(
                "pools.versions.names-of-one-pool", seen, (value, False), exchange, f"{name}, and whether {other} is shown"
            )


@pytest.mark.requirement("pools.versions.current-communication-mode")
def test_communication_mode(batch: Batch, expect: Expect, settled: str) -> None:
    requirement = "pools.versions.current-communication-mode"
    model = ("CloudPool", "currentNodeCommunicationMode")
    exchange = nearest(batch, knows(*model)).call("Pool_Get", poolId=settled)
    shown = json_object(exchange).get(model[1])
    expect(requirement, shown in ("classic", "simplified"), expected="classic or simplified", actual=shown, exchange=exchange)
    exchange = nearest(batch, neither(knows(*model), "Pool_Get")).call("Pool_Get", poolId=settled)
    expect.equal(requirement, model[1] in json_object(exchange), False, exchange, "currentNodeCommunicationMode is shown")


@pytest.mark.requirement("pools.versions.current-os-version")
def test_current_os_version(batch: Batch, expect: Expect) -> None:
    old = nearest(batch, knows("CloudServiceConfiguration", "currentOSVersion"))
    new = nearest(batch, neither(knows("CloudServiceConfiguration", "currentOSVersion"), "Pool_Get"))
    pool = old.create_pool(cloudServiceConfiguration={"osFamily": "6"}, virtualMachineConfiguration=None)
    for driver, wanted in ((old, True), (new, False)):
        exchange = driver.call("Pool_Get", poolId=pool)
        configuration = json_object(exchange).get("cloudServiceConfiguration") or {}
        shown = "currentOSVersion" in configuration
        expect.equal("pools.versions.current-os-version", shown, wanted, exchange, "currentOSVersion is shown")


@pytest.mark.starts_nodes
@pytest.mark.requirement("pools.versions.resize-errors")
def test_resize_errors(batch: Batch, expect: Expect) -> None:
    requirement = "pools.versions.resize-errors"
    pool = batch.create_pool(**{target_name(batch): 1})
    batch.make("Pool_StopResize", poolId=pool)
    steady(batch, pool)
    exchange = nearest(batch, knows("CloudPool", "resizeErrors")).call("Pool_Get", poolId=pool)
    many = json_object(exchange).get("resizeErrors")
    expect(requirement, isinstance(many, list) and len(many) > 0, expected="a list of errors", actual=many, exchange=exchange)
    exchange = nearest(batch, knows("CloudPool", "resizeError")).call("Pool_Get", poolId=pool)
    one = json_object(exchange).get("resizeError")
    expect(requirement, isinstance(one, dict), expected="one error", actual=one, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        pytest.param(f"nodes.versions.{slug}", name, id=name, marks=pytest.mark.requirement(f"nodes.versions.{slug}"))
        for slug, name in (
            ("is-dedicated", "isDedicated"),
            ("node-agent-info", "nodeAgentInfo"),
            ("virtual-machine-info", "virtualMachineInfo"),
        )
    ],
)
def test_properties_of_a_node(batch: Batch, expect: Expect, runner: str, requirement: str, name: str) -> None:
    for driver, wanted in (
        (nearest(batch, knows("ComputeNode", name)), True),
        (nearest(batch, neither(knows("ComputeNode", name), "ComputeNode_List")), False),
    ):
        exchange = driver.call("ComputeNode_List", poolId=runner)
        shown = {name in node for node in elements(exchange)}
        expect.equal(requirement, shown, {wanted}, exchange, f"{name} is shown")
