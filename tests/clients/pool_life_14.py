"""A pool's whole life through azure-batch 14.2.0 and 9.0.0 (SharedKey, api-versions 2024-02-01.19.0 and 2020-03-01.11.0). Runs in
the environment of the SDK."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from azure.batch import BatchServiceClient, models
from azure.batch.batch_auth import SharedKeyCredentials
from checks import Checks, main, wait_for

POOL = "sdk14-pool"
SLOTS = "task_slots_per_node" if "task_slots_per_node" in models.PoolAddParameter._attribute_map else "max_tasks_per_node"
SPECIFICATION: dict[str, Any] = {
    "id": POOL,
    "display_name": "A pool with äöü",
    "vm_size": "standard_d2s_v3",
    "resize_timeout": timedelta(minutes=10),
    "target_dedicated_nodes": 2,
    "target_low_priority_nodes": 1,
    "enable_inter_node_communication": False,
    SLOTS: 2,
    "task_scheduling_policy": models.TaskSchedulingPolicy(node_fill_type="pack"),
    "virtual_machine_configuration": models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(publisher="canonical", offer="ubuntu-24_04-lts", sku="server"),
        node_agent_sku_id="batch.node.ubuntu 24.04",
        data_disks=[models.DataDisk(lun=0, disk_size_gb=32, caching="readwrite")],
    ),
    "start_task": models.StartTask(
        command_line="/bin/bash -c 'echo ready'",
        environment_settings=[models.EnvironmentSetting(name="A", value="1")],
        user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin")),
        max_task_retry_count=1,
        wait_for_success=True,
    ),
    "metadata": [models.MetadataItem(name="owner", value="tests"), models.MetadataItem(name="empty", value="")],
    "network_configuration": models.NetworkConfiguration(
        endpoint_configuration=models.PoolEndpointConfiguration(
            inbound_nat_pools=[
                models.InboundNATPool(
                    name="ssh", protocol="tcp", backend_port=22, frontend_port_range_start=5000, frontend_port_range_end=5100
                )
            ]
        )
    ),
}


def life(checks: Checks, url: str, account: str, key: str) -> None:
    client = BatchServiceClient(SharedKeyCredentials(account, key), batch_url=url)
    create(checks, client)
    read(checks, client)
    lists(checks, client)
    updates(checks, client)
    conditions(checks, client)
    sizes(checks, client)
    nodes(checks, client)
    autoscale(checks, client)
    delete(checks, client)
    errors(checks, client, url, account)


def create(checks: Checks, client: BatchServiceClient) -> None:
    checks.equal("exists before", client.pool.exists(POOL), False)
    options = models.PoolAddOptions(
        client_request_id="6f0e5c2e-4b1e-4f6c-9d2f-0c8f8e6b5a11", return_client_request_id=True, timeout=30
    )
    answer = client.pool.add(models.PoolAddParameter(**SPECIFICATION), options, raw=True)
    checks.equal("add: client-request-id", answer.headers["client-request-id"], options.client_request_id)
    checks.true("add: ETag", bool(answer.headers["ETag"]))
    checks.true("add: DataServiceId", answer.headers["DataServiceId"].endswith(f"/pools/{POOL}"))
    checks.equal("exists after", client.pool.exists(POOL), True)
    again = lambda: client.pool.add(models.PoolAddParameter(**SPECIFICATION))  # noqa: E731
    code(checks, "add again", again, "PoolExists")


def read(checks: Checks, client: BatchServiceClient) -> None:
    pool = client.pool.get(POOL)
    checks.contains("get", pool.as_dict(), models.PoolAddParameter(**SPECIFICATION).as_dict())
    checks.equal("get: state", pool.state, models.PoolState.active)
    checks.true("get: url", pool.url.endswith(f"/pools/{POOL}"))
    checks.true("get: times", pool.creation_time <= pool.last_modified)
    chosen = client.pool.get(POOL, models.PoolGetOptions(select="id,vmSize"))
    checks.equal("select", set(chosen.as_dict()), {"id", "vm_size"})


def lists(checks: Checks, client: BatchServiceClient) -> None:
    others = [f"sdk14-page-{n}" for n in range(5)]
    for name in others:
        client.pool.add(small(name))
    options = models.PoolListOptions(
        filter="startswith(id, 'sdk14-page-') and state eq 'active'", select="id,state", max_results=2
    )
    found = list(client.pool.list(options))
    checks.equal("list: ids over pages", [pool.id for pool in found], others)
    checks.equal("list: selected", {(pool.vm_size, pool.state) for pool in found}, {(None, models.PoolState.active)})
    everything = {pool.id: pool for pool in client.pool.list()}
    checks.true("list: all", everything.keys() >= {POOL, *others}, f"has {sorted(everything)}")
    checks.equal("list: same as get", everything[POOL].as_dict()["start_task"], client.pool.get(POOL).as_dict()["start_task"])
    for name in others:
        client.pool.delete(name)


def updates(checks: Checks, client: BatchServiceClient) -> None:
    before = client.pool.get(POOL)
    client.pool.patch(POOL, models.PoolPatchParameter(metadata=[models.MetadataItem(name="a", value="b")]))
    after = client.pool.get(POOL)
    checks.equal("patch: metadata", [item.as_dict() for item in after.metadata], [{"name": "a", "value": "b"}])
    checks.equal("patch: start task kept", after.start_task.as_dict(), before.start_task.as_dict())
    checks.true("patch: new ETag", after.e_tag != before.e_tag)
    task = models.StartTask(command_line="hostname")
    replacement = models.PoolUpdatePropertiesParameter(
        start_task=task, certificate_references=[], application_package_references=[], metadata=[]
    )
    client.pool.update_properties(POOL, replacement)
    after = client.pool.get(POOL)
    checks.equal("update properties: metadata", after.metadata or [], [])
    checks.equal("update properties: command", after.start_task.command_line, "hostname")
    checks.equal("update properties: environment", after.start_task.environment_settings or [], [])
    bare = models.PoolUpdatePropertiesParameter(certificate_references=[], application_package_references=[], metadata=[])
    client.pool.update_properties(POOL, bare)
    checks.equal("update properties: start task removed", client.pool.get(POOL).start_task, None)


def conditions(checks: Checks, client: BatchServiceClient) -> None:
    current = client.pool.get(POOL).e_tag
    stale = models.PoolPatchOptions(if_match="0x8D00000000000AA")
    code(checks, "patch, stale ETag", lambda: client.pool.patch(POOL, models.PoolPatchParameter(), stale), "ConditionNotMet")
    client.pool.patch(POOL, models.PoolPatchParameter(metadata=[]), models.PoolPatchOptions(if_match=current))
    current = client.pool.get(POOL).e_tag
    error = checks.raises(
        "get, ETag not changed",
        lambda: client.pool.get(POOL, models.PoolGetOptions(if_none_match=current)),
        models.BatchErrorException,
    )
    checks.equal("get, ETag not changed: status", error and error.response.status_code, 304)


def steady(client: BatchServiceClient) -> models.CloudPool:
    return wait_for("steady", lambda: client.pool.get(POOL), lambda pool: pool.allocation_state == models.AllocationState.steady)


def sizes(checks: Checks, client: BatchServiceClient) -> None:
    pool = steady(client)
    checks.equal("steady: nodes", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (2, 1))
    client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=3, target_low_priority_nodes=0))
    checks.equal("resize: target", client.pool.get(POOL).target_dedicated_nodes, 3)
    pool = steady(client)
    checks.equal("resize: nodes", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (3, 0))
    client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=4, resize_timeout=timedelta(minutes=7)))
    # the service may be fast enough to be done before the stop reaches it
    try:
        client.pool.stop_resize(POOL)
        stopped = steady(client)
        checks.equal("stop resize: why", [error.code for error in stopped.resize_errors or []], ["ResizeStopped"])
        checks.equal("stop resize: target", stopped.target_dedicated_nodes, 4)
    except models.BatchErrorException as error:
        checks.equal("stop resize of a steady pool", error.response.status_code, 409)
    steady(client)


def nodes(checks: Checks, client: BatchServiceClient) -> None:
    client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=3, target_low_priority_nodes=0))
    steady(client)
    idle = lambda found: all(node.state == models.ComputeNodeState.idle for node in found)  # noqa: E731
    found = wait_for("idle nodes", lambda: list(client.compute_node.list(POOL)), idle)
    checks.equal("nodes", len(found), 3)
    options = models.ComputeNodeListOptions(filter="state eq 'idle'", select="id,state", max_results=2)
    checks.equal("nodes: pages", [n.id for n in client.compute_node.list(POOL, options)], [n.id for n in found])
    one = client.compute_node.get(POOL, found[0].id)
    checks.equal("node: same as listed", one.as_dict(), found[0].as_dict())
    checks.equal("node: dedicated", one.is_dedicated, True)
    client.pool.remove_nodes(POOL, models.NodeRemoveParameter(node_list=[one.id], node_deallocation_option="terminate"))
    steady(client)
    left = wait_for("node gone", lambda: [n.id for n in client.compute_node.list(POOL)], lambda ids: one.id not in ids)
    checks.equal("nodes left", len(left), 2)
    code(checks, "node gone", lambda: client.compute_node.get(POOL, one.id), "NodeNotFound")


def autoscale(checks: Checks, client: BatchServiceClient) -> None:
    client.pool.enable_auto_scale(POOL, "$TargetDedicatedNodes = 1;", timedelta(minutes=6))
    pool = client.pool.get(POOL)
    enabled = (pool.enable_auto_scale, pool.auto_scale_formula, pool.auto_scale_evaluation_interval)
    checks.equal("autoscale", enabled, (True, "$TargetDedicatedNodes = 1;", timedelta(minutes=6)))
    steady(client)
    run = client.pool.evaluate_auto_scale(POOL, "$TargetDedicatedNodes=4; x = 1 + 1")
    checks.equal(
        "evaluation", run.results, "$TargetDedicatedNodes=4;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;x=2"
    )
    code(checks, "a bad formula", lambda: client.pool.enable_auto_scale(POOL, "$NoSuch = = 1"), "AutoScalingFormulaSyntaxError")
    steady(client)
    client.pool.disable_auto_scale(POOL)
    pool = client.pool.get(POOL)
    checks.equal("autoscale off", (pool.enable_auto_scale, pool.auto_scale_formula), (False, None))


def delete(checks: Checks, client: BatchServiceClient) -> None:
    client.pool.delete(POOL)
    wait_for("deleted", lambda: client.pool.exists(POOL), lambda exists: not exists)
    code(checks, "get of a deleted pool", lambda: client.pool.get(POOL), "PoolNotFound")


def errors(checks: Checks, client: BatchServiceClient, url: str, account: str) -> None:
    bad = small("sdk14-bad")
    bad.vm_size = None
    code(checks, "no vmSize", lambda: client.pool.add(bad), None)
    listed = lambda: list(client.pool.list(models.PoolListOptions(filter="nothing eq 1")))  # noqa: E731
    code(checks, "a bad filter", listed, "InvalidQueryParameterValue")
    other = BatchServiceClient(SharedKeyCredentials(account, "d3Jvbmc="), batch_url=url)
    code(checks, "another key", lambda: other.pool.get(POOL), "AuthenticationFailed")


def small(name: str) -> models.PoolAddParameter:
    given = {n: SPECIFICATION[n] for n in ("vm_size", "virtual_machine_configuration")}
    return models.PoolAddParameter(id=name, target_dedicated_nodes=0, **given)


def code(checks: Checks, what: str, call: Any, expected: str | None) -> None:
    """The call fails with an error body that the SDK reads as its own type."""
    error = checks.raises(what, call, Exception)
    if isinstance(error, models.BatchErrorException):
        checks.equal(f"{what}: code", error.error.code, expected)
        checks.true(f"{what}: message", "RequestId:" in error.error.message.value)
    elif expected is not None:
        checks.equal(f"{what}: type", type(error).__name__, "BatchErrorException")


if __name__ == "__main__":
    main(life)
