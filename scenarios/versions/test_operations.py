"""Operations that only some api-versions have: answered where they exist, refused elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.support import Json
from scenarios.versions.sides import knows_operation, nearest

Send = Callable[[Batch, Batch], Exchange]


def _whole(operation: str) -> Send:
    """An operation on the account as a whole; the first driver makes what is needed, the second asks."""

    def send(knowing: Batch, asking: Batch) -> Exchange:
        found = knowing.contract.operations[operation]
        return asking.send(found.method, found.path)

    return send


def _counts(knowing: Batch, asking: Batch) -> Exchange:
    return asking.send("GET", f"/jobs/{knowing.create_job()}/taskcounts")


def _reactivate(knowing: Batch, asking: Batch) -> Exchange:
    job = knowing.create_job()
    task = knowing.create_task(job)
    knowing.make("Task_Terminate", jobId=job, taskId=task)
    return asking.send("POST", f"/jobs/{job}/tasks/{task}/reactivate")


# requirement, operation, how to send it, the status of its success
ROWS: list[tuple[str, str, Send, int]] = [
    ("accounts.versions.supported-images", "Account_ListSupportedImages", _whole("Account_ListSupportedImages"), 200),
    ("accounts.versions.supported-images", "Account_ListNodeAgentSkus", _whole("Account_ListNodeAgentSkus"), 200),
    ("accounts.versions.node-counts", "Account_ListPoolNodeCounts", _whole("Account_ListPoolNodeCounts"), 200),
    ("jobs.versions.task-counts", "Job_GetTaskCounts", _counts, 200),
    ("tasks.versions.reactivate", "Task_Reactivate", _reactivate, 204),
]
ITEMS = [pytest.param(*row, id=f"{row[0]}-{row[1]}", marks=pytest.mark.requirement(row[0])) for row in ROWS]


@pytest.mark.parametrize(("requirement", "operation", "send", "status"), ITEMS)
def test_both_sides(batch: Batch, expect: Expect, requirement: str, operation: str, send: Send, status: int) -> None:
    knowing = nearest(batch, knows_operation(operation))
    expect.status(requirement, send(knowing, knowing), status)
    lacking = nearest(batch, lambda contract: operation not in contract.operations)
    exchange = send(knowing, lacking)
    refused = 400 <= exchange.response.status < 500
    expect(requirement, refused, expected="an error", actual=exchange.response.status, exchange=exchange)


@pytest.mark.requirement("pools.versions.upgrade-os")
def test_upgrade_os(batch: Batch, expect: Expect, settled: str) -> None:
    """It needs a pool of cloud services with nodes to succeed; that it is gone shows on any pool."""
    lacking = nearest(batch, lambda contract: "Pool_UpgradeOS" not in contract.operations)
    body: Json = {"targetOSVersion": "*"}
    exchange = lacking.send("POST", f"/pools/{settled}/upgradeos", body=body)
    refused = 400 <= exchange.response.status < 500
    expect("pools.versions.upgrade-os", refused, expected="an error", actual=exchange.response.status, exchange=exchange)


@pytest.mark.starts_nodes
@pytest.mark.requirement("nodes.versions.upload-logs")
def test_upload_logs(batch: Batch, expect: Expect, runner: str) -> None:
    nodes = batch.shown("ComputeNode_List", poolId=runner).get("value") or []
    if not nodes:
        raise Blocked("the pool has no node")
    lacking = nearest(batch, lambda contract: "ComputeNode_UploadBatchServiceLogs" not in contract.operations)
    body = {"containerUrl": "https://example.blob.core.windows.net/logs", "startTime": "2020-01-01T00:00:00Z"}
    exchange = lacking.send("POST", f"/pools/{runner}/nodes/{nodes[0]['id']}/uploadbatchservicelogs", body=body)
    refused = 400 <= exchange.response.status < 500
    expect("nodes.versions.upload-logs", refused, expected="an error", actual=exchange.response.status, exchange=exchange)
