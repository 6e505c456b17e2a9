"""A pool's whole life through azure-batch 15.1.0 (SharedKey, api-version 2025-06-01). Runs in the environment of that SDK."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from azure.batch import BatchClient, models
from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from checks import Checks, main, wait_for

POOL = "sdk15-pool"
IMAGE = models.VirtualMachineConfiguration(
    image_reference=models.BatchVmImageReference(publisher="canonical", offer="ubuntu-24_04-lts", sku="server"),
    node_agent_sku_id="batch.node.ubuntu 24.04",
)
SPECIFICATION = models.BatchPoolCreateOptions(
    id=POOL,
    display_name="A pool with äöü",
    vm_size="standard_d2s_v3",
    resize_timeout=timedelta(minutes=10),
    target_dedicated_nodes=2,
    target_low_priority_nodes=1,
    enable_inter_node_communication=False,
    task_slots_per_node=2,
    task_scheduling_policy=models.BatchTaskSchedulingPolicy(node_fill_type="pack"),
    virtual_machine_configuration=IMAGE,
    start_task=models.BatchStartTask(
        command_line="/bin/bash -c 'echo ready'",
        environment_settings=[models.EnvironmentSetting(name="A", value="1")],
        user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin")),
        max_task_retry_count=1,
        wait_for_success=True,
    ),
    metadata=[models.BatchMetadataItem(name="owner", value="tests"), models.BatchMetadataItem(name="empty", value="")],
    upgrade_policy=models.UpgradePolicy(mode="manual"),
)


def life(checks: Checks, url: str, account: str, key: str) -> None:
    with BatchClient(url, AzureNamedKeyCredential(account, key), retry_total=0) as client:
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


def create(checks: Checks, client: BatchClient) -> None:
    checks.equal("exists before", exists(client, POOL), False)
    seen: dict[str, Any] = {}
    client.create_pool(SPECIFICATION, service_timeout=30, cls=lambda _, __, headers: seen.update(headers))
    checks.true("create: ETag", bool(seen["ETag"]))
    checks.true("create: DataServiceId", seen["DataServiceId"].endswith(f"/pools/{POOL}"))
    checks.equal("exists after", exists(client, POOL), True)
    error = checks.raises("create again", lambda: client.create_pool(SPECIFICATION), ResourceExistsError)
    checks.equal("create again: code", error and error.error.code, "PoolExists")
    checks.true("create again: message", "RequestId:" in str(error and error.error.message))


def read(checks: Checks, client: BatchClient) -> None:
    pool = client.get_pool(POOL)
    checks.contains("get", pool.as_dict(), SPECIFICATION.as_dict())
    checks.equal("get: state", pool.state, models.BatchPoolState.ACTIVE)
    checks.true("get: url", pool.url.endswith(f"/pools/{POOL}"))
    checks.true("get: times", pool.creation_time <= pool.last_modified)
    chosen = client.get_pool(POOL, select=["id", "vmSize"]).as_dict()
    checks.equal("select", {name for name in chosen if not name.startswith("odata.")}, {"id", "vmSize"})


def lists(checks: Checks, client: BatchClient) -> None:
    others = [f"sdk15-page-{n}" for n in range(5)]
    for name in others:
        client.create_pool(small(name))
    condition = "startswith(id, 'sdk15-page-') and state eq 'active'"
    found = list(client.list_pools(filter=condition, select=["id", "state"], max_results=2))
    checks.equal("list: ids over pages", [pool.id for pool in found], others)
    checks.equal("list: selected", {(pool.vm_size, pool.state) for pool in found}, {(None, "active")})
    everything = {pool.id: pool for pool in client.list_pools()}
    checks.true("list: all", everything.keys() >= {POOL, *others}, f"has {sorted(everything)}")
    listed, got = everything[POOL].as_dict(), client.get_pool(POOL).as_dict()
    checks.equal("list: same as get", listed["startTask"], got["startTask"])
    for name in others:
        client.begin_delete_pool(name, polling_interval=0).wait()
        checks.equal("deleted by the poller", exists(client, name), False)


def updates(checks: Checks, client: BatchClient) -> None:
    before = client.get_pool(POOL)
    item = models.BatchMetadataItem(name="a", value="b")
    client.update_pool(POOL, models.BatchPoolUpdateOptions(metadata=[item]))
    after = client.get_pool(POOL)
    checks.equal("update: metadata", [each.as_dict() for each in after.metadata], [{"name": "a", "value": "b"}])
    checks.equal("update: start task kept", after.start_task.as_dict(), before.start_task.as_dict())
    checks.true("update: new ETag", after.etag != before.etag)
    task = models.BatchStartTask(command_line="hostname")
    client.replace_pool_properties(
        POOL, models.BatchPoolReplaceOptions(start_task=task, application_package_references=[], metadata=[])
    )
    after = client.get_pool(POOL)
    checks.equal("replace: metadata", after.metadata or [], [])
    checks.equal("replace: command", after.start_task.command_line, "hostname")
    checks.equal("replace: environment", after.start_task.environment_settings or [], [])
    client.replace_pool_properties(POOL, models.BatchPoolReplaceOptions(application_package_references=[], metadata=[]))
    checks.equal("replace: start task removed", client.get_pool(POOL).start_task, None)


def conditions(checks: Checks, client: BatchClient) -> None:
    current = client.get_pool(POOL).etag
    change = models.BatchPoolUpdateOptions(metadata=[])
    unchanged = MatchConditions.IfNotModified
    error = checks.raises(
        "update, stale ETag",
        lambda: client.update_pool(POOL, change, etag="0x8D00000000000AA", match_condition=unchanged),
        ResourceModifiedError,
    )
    checks.equal("update, stale ETag: code", error and error.error.code, "ConditionNotMet")
    client.update_pool(POOL, change, etag=current, match_condition=unchanged)
    current = client.get_pool(POOL).etag
    error = checks.raises(
        "get, ETag not changed",
        lambda: client.get_pool(POOL, etag=current, match_condition=MatchConditions.IfModified),
        HttpResponseError,
    )
    checks.equal("get, ETag not changed: status", error and error.status_code, 304)


def steady(client: BatchClient) -> models.BatchPool:
    return wait_for("steady", lambda: client.get_pool(POOL), lambda pool: pool.allocation_state == models.AllocationState.STEADY)


def sizes(checks: Checks, client: BatchClient) -> None:
    pool = steady(client)
    checks.equal("steady: nodes", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (2, 1))
    size = models.BatchPoolResizeOptions(target_dedicated_nodes=3, target_low_priority_nodes=0)
    client.begin_resize_pool(POOL, size, polling_interval=0).wait()
    pool = steady(client)
    checks.equal("resize: nodes", (pool.current_dedicated_nodes, pool.current_low_priority_nodes), (3, 0))
    size = models.BatchPoolResizeOptions(target_dedicated_nodes=4, resize_timeout=timedelta(minutes=7))
    client.begin_resize_pool(POOL, size, polling_interval=0)
    # the service may be fast enough to be done before the stop reaches it
    try:
        client.begin_stop_pool_resize(POOL, polling_interval=0).wait()
        stopped = steady(client)
        checks.equal("stop resize: why", [error.code for error in stopped.resize_errors or []], ["ResizeStopped"])
        checks.equal("stop resize: target", stopped.target_dedicated_nodes, 4)
    except HttpResponseError as error:
        checks.equal("stop resize of a steady pool", error.status_code, 409)
    steady(client)


def nodes(checks: Checks, client: BatchClient) -> None:
    size = models.BatchPoolResizeOptions(target_dedicated_nodes=3, target_low_priority_nodes=0)
    client.begin_resize_pool(POOL, size, polling_interval=0).wait()
    idle = lambda found: all(node.state == models.BatchNodeState.IDLE for node in found)  # noqa: E731
    found = wait_for("idle nodes", lambda: list(client.list_nodes(POOL)), idle)
    checks.equal("nodes", len(found), 3)
    pages = client.list_nodes(POOL, filter="state eq 'idle'", select=["id", "state"], max_results=2)
    checks.equal("nodes: pages", [node.id for node in pages], [node.id for node in found])
    one = client.get_node(POOL, found[0].id)
    read_back = {name: value for name, value in one.as_dict().items() if name != "odata.metadata"}
    checks.equal("node: same as listed", read_back, found[0].as_dict())
    checks.equal("node: dedicated", one.is_dedicated, True)
    remove = models.BatchNodeRemoveOptions(node_ids=[one.id], node_deallocation_option="terminate")
    client.begin_remove_nodes(POOL, remove, polling_interval=0).wait()
    left = wait_for("node gone", lambda: [node.id for node in client.list_nodes(POOL)], lambda ids: one.id not in ids)
    checks.equal("nodes left", len(left), 2)
    error = checks.raises("node gone", lambda: client.get_node(POOL, one.id), ResourceNotFoundError)
    checks.equal("node gone: code", error and error.error.code, "NodeNotFound")


def autoscale(checks: Checks, client: BatchClient) -> None:
    formula = "$TargetDedicatedNodes = 1;"
    options = models.BatchPoolEnableAutoScaleOptions(
        auto_scale_formula=formula, auto_scale_evaluation_interval=timedelta(minutes=6)
    )
    steady(client)
    client.enable_pool_auto_scale(POOL, options)
    pool = client.get_pool(POOL)
    enabled = (pool.enable_auto_scale, pool.auto_scale_formula, pool.auto_scale_evaluation_interval)
    checks.equal("autoscale", enabled, (True, formula, timedelta(minutes=6)))
    steady(client)
    run = client.evaluate_pool_auto_scale(
        POOL, models.BatchPoolEvaluateAutoScaleOptions(auto_scale_formula="$TargetDedicatedNodes=4; x = 1 + 1")
    )
    checks.equal(
        "evaluation", run.results, "$TargetDedicatedNodes=4;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;x=2"
    )
    bad = models.BatchPoolEnableAutoScaleOptions(auto_scale_formula="$NoSuch = = 1")
    code(checks, "a bad formula", lambda: client.enable_pool_auto_scale(POOL, bad), "AutoScalingFormulaSyntaxError")
    client.disable_pool_auto_scale(POOL)
    pool = client.get_pool(POOL)
    checks.equal("autoscale off", (pool.enable_auto_scale, pool.auto_scale_formula), (False, None))


def delete(checks: Checks, client: BatchClient) -> None:
    client.begin_delete_pool(POOL, polling_interval=0).wait()
    checks.equal("deleted", exists(client, POOL), False)
    code(checks, "get of a deleted pool", lambda: client.get_pool(POOL), "PoolNotFound")


def errors(checks: Checks, client: BatchClient, url: str, account: str) -> None:
    unsized = small("sdk15-bad")
    del unsized["vmSize"]
    code(checks, "no vmSize", lambda: client.create_pool(unsized), "MissingRequiredProperty")
    code(checks, "a bad filter", lambda: list(client.list_pools(filter="nothing eq 1")), "InvalidQueryParameterValue")
    with BatchClient(url, AzureNamedKeyCredential(account, "d3Jvbmc="), retry_total=0) as other:
        code(checks, "another key", lambda: other.get_pool(POOL), "AuthenticationFailed")


def small(name: str) -> models.BatchPoolCreateOptions:
    return models.BatchPoolCreateOptions(
        id=name, vm_size="standard_d2s_v3", virtual_machine_configuration=IMAGE, target_dedicated_nodes=0
    )


def exists(client: BatchClient, name: str) -> bool:
    """This SDK has two answers for a pool that is not there: False, and its typed error."""
    try:
        return bool(client.pool_exists(name))
    except ResourceNotFoundError:
        return False


def code(checks: Checks, what: str, call: Callable[[], object], expected: str) -> None:
    """The call fails with an error body that the SDK reads as its own type."""
    error = checks.raises(what, call, HttpResponseError)
    if error is not None:
        checks.equal(f"{what}: code", error.error and error.error.code, expected)


if __name__ == "__main__":
    main(life)
