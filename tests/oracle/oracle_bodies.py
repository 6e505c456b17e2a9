"""What the service shows of a resource that was made in second 1, and of what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oracle_tapes import ACCOUNTS, HOST, dated, instant

_VM = {
    "imageReference": {"publisher": "canonical", "offer": "ubuntu", "sku": "22_04-lts", "version": "latest"},
    "nodeAgentSKUId": "batch.node.ubuntu 22.04",
}
STARTING = {"commandLine": "hostname", "environmentSettings": [{"name": "A", "value": "1"}]}
STARTED = {**STARTING, "maxTaskRetryCount": 0, "waitForSuccess": True}
NEW_POOL = {"id": "p", "vmSize": "STANDARD_D2S_V3", "virtualMachineConfiguration": _VM, "metadata": [{"name": "a", "value": "b"}]}
FOREVER, WEEK = "P10675199DT2H48M5.4775807S", "P7D"


def pool(edition: int, name: str = "p", /, **changes: Any) -> dict[str, Any]:
    """What a read shows of a pool that `NEW_POOL` made."""
    body = {
        **NEW_POOL,
        "id": name,
        "url": f"{HOST}/pools/{name}",
        **dated(edition),
        "creationTime": instant(1),
        "state": "active",
        "stateTransitionTime": instant(1),
        "allocationState": "steady",
        "allocationStateTransitionTime": instant(1),
        "vmSize": "standard_d2s_v3",
        "resizeTimeout": "PT15M",
        "currentDedicatedNodes": 0,
        "targetDedicatedNodes": 0,
        "targetLowPriorityNodes": 0,
        "enableAutoScale": False,
        "enableInterNodeCommunication": False,
        "taskSlotsPerNode": 1,
        "taskSchedulingPolicy": {"nodeFillType": "spread"},
        "targetNodeCommunicationMode": "default",
    }
    return _changed(body, changes)


def job(edition: int, name: str = "j", /, **changes: Any) -> dict[str, Any]:
    body = {
        "id": name,
        "url": f"{HOST}/jobs/{name}",
        **dated(edition),
        "creationTime": instant(1),
        "state": "active",
        "stateTransitionTime": instant(1),
        "priority": 0,
        "maxParallelTasks": -1,
        "allowTaskPreemption": False,
        "usesTaskDependencies": False,
        "onAllTasksComplete": "noaction",
        "onTaskFailure": "noaction",
        "constraints": {"maxWallClockTime": FOREVER, "maxTaskRetryCount": 0},
        "poolInfo": {"poolId": "p"},
    }
    return _changed(body, changes)


def task(edition: int, name: str = "t", /, **changes: Any) -> dict[str, Any]:
    body = {
        "id": name,
        "url": f"{HOST}/jobs/j/tasks/{name}",
        **dated(edition),
        "creationTime": instant(1),
        "state": "active",
        "stateTransitionTime": instant(1),
        "commandLine": "hostname",
        "constraints": {"maxWallClockTime": FOREVER, "maxTaskRetryCount": 0, "retentionTime": WEEK},
        "userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}},
        "requiredSlots": 1,
    }
    return _changed(body, changes)


def schedule(edition: int, **changes: Any) -> dict[str, Any]:
    body = {
        "id": "s",
        "url": f"{HOST}/jobschedules/s",
        **dated(edition),
        "creationTime": instant(1),
        "state": "active",
        "stateTransitionTime": instant(1),
        "schedule": {"recurrenceInterval": "PT1H"},
        "jobSpecification": {"poolInfo": {"poolId": "p"}, "priority": 0, "usesTaskDependencies": False},
    }
    return _changed(body, changes)


def _changed(body: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def passed(state: str, second: int, before: str, since: int) -> dict[str, Any]:
    """A state that was entered, and the one before it."""
    return {
        "state": state,
        "stateTransitionTime": instant(second),
        "previousState": before,
        "previousStateTransitionTime": instant(since),
    }


PRINT = "(thumbprintAlgorithm=sha1,thumbprint=0123456789abcdef0123456789abcdef01234567)"


def certificate(**changes: Any) -> dict[str, Any]:
    """A certificate of the account."""
    body = {
        "thumbprint": "0123456789abcdef0123456789abcdef01234567",
        "thumbprintAlgorithm": "sha1",
        "url": f"{HOST}/certificates{PRINT}",
        "state": "active",
        "stateTransitionTime": instant(1),
    }
    return _changed(body, changes)


def account(**properties: Any) -> dict[str, Any]:
    """A Batch account as ARM shows it."""
    return {
        "id": f"{ACCOUNTS}/acme",
        "name": "acme",
        "type": "Microsoft.Batch/batchAccounts",
        "location": "westeurope",
        "tags": {"a": "b"},
        "properties": _changed(
            {"provisioningState": "Succeeded", "poolAllocationMode": "BatchService", "publicNetworkAccess": "Enabled"}, properties
        ),
    }
