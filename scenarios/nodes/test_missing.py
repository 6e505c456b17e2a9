"""Every operation on a node that does not exist."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import Json

NODE = "tvm-0000000000_1-20200101t000000z"
USER = {"name": "bcsuser", "password": "Bcs-0-Pa55-word"}
BODIES: dict[str, Json] = {
    "ComputeNode_AddUser": USER,
    "ComputeNode_UpdateUser": {"password": "Bcs-1-Pa55-word"},
    "ComputeNode_UploadBatchServiceLogs": {
        "containerUrl": "https://example.blob.core.windows.net/logs",
        "startTime": "2020-01-01T00:00:00Z",
    },
}
ACTIONS = (
    "ComputeNode_Reboot",
    "ComputeNode_Reimage",
    "ComputeNode_DisableScheduling",
    "ComputeNode_EnableScheduling",
    "ComputeNode_GetRemoteLoginSettings",
    "ComputeNode_GetRemoteDesktop",
    "ComputeNode_UploadBatchServiceLogs",
    "ComputeNode_Deallocate",
    "ComputeNode_Start",
    "ComputeNodeExtension_List",
)
USERS = ("ComputeNode_AddUser", "ComputeNode_UpdateUser", "ComputeNode_DeleteUser")


def _call(batch: Batch, operation: str, pool: str) -> Any:
    if operation not in batch.contract.operations:
        raise Blocked(f"api-version {batch.version} has no operation {operation}")
    values = {"poolId": pool, "nodeId": NODE, "userName": "bcsuser"}
    path: Json = {name: values[name] for name in re.findall(r"\{(\w+)\}", batch.contract.operations[operation].path)}
    return batch.call(operation, body=BODIES.get(operation), **path)


@pytest.mark.requirement("nodes.get.missing-node-refused")
def test_get(batch: Batch, expect: Expect, settled: str) -> None:
    expect.error("nodes.get.missing-node-refused", _call(batch, "ComputeNode_Get", settled), 404, "NodeNotFound")


@pytest.mark.requirement("nodes.get.missing-pool-refused")
def test_get_without_pool(batch: Batch, expect: Expect) -> None:
    exchange = _call(batch, "ComputeNode_Get", batch.new_id("absent"))
    expect.error("nodes.get.missing-pool-refused", exchange, 404, {"PoolNotFound", "NodeNotFound"})


@pytest.mark.requirement("nodes.actions.missing-node-refused")
@pytest.mark.parametrize("operation", ACTIONS)
def test_action(batch: Batch, expect: Expect, settled: str, operation: str) -> None:
    expect.error("nodes.actions.missing-node-refused", _call(batch, operation, settled), 404, "NodeNotFound")


@pytest.mark.requirement("nodes.actions.missing-pool-refused")
@pytest.mark.parametrize("operation", ACTIONS)
def test_action_without_pool(batch: Batch, expect: Expect, operation: str) -> None:
    exchange = _call(batch, operation, batch.new_id("absent"))
    expect.error("nodes.actions.missing-pool-refused", exchange, 404, {"PoolNotFound", "NodeNotFound"})


@pytest.mark.requirement("nodes.users.missing-node-refused")
@pytest.mark.parametrize("operation", USERS)
def test_user(batch: Batch, expect: Expect, settled: str, operation: str) -> None:
    expect.error("nodes.users.missing-node-refused", _call(batch, operation, settled), 404, "NodeNotFound")
