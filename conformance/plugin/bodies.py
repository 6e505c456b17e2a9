"""The smallest valid bodies of new resources at one api-version, from what its contract knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.contract import Contract, Property

# Any real size and image will do: with no node in it, a pool costs nothing.
_VM_SIZE = "standard_d2s_v3"
_IMAGE: Mapping[str, Any] = {
    "imageReference": {
        "publisher": "canonical",
        "offer": "0001-com-ubuntu-server-jammy",
        "sku": "22_04-lts",
        "version": "latest",
    },
    "nodeAgentSKUId": "batch.node.ubuntu 22.04",
}
_NO_NODES = ("targetDedicatedNodes", "targetDedicated")
# what excludes, or is a part of, what a minimal body would state
_INSTEAD: Mapping[str, frozenset[str]] = {
    "virtualMachineConfiguration": frozenset({"cloudServiceConfiguration"}),
    "targetDedicatedNodes": frozenset({"enableAutoScale"}),
    "targetDedicated": frozenset({"enableAutoScale"}),
}


def pool_body(contract: Contract, pool_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A pool without nodes. `properties` replace and add; a property given as None is left out."""
    known = contract.models["PoolAddParameter"].properties
    minimal = {"id": pool_id, "vmSize": _VM_SIZE, "virtualMachineConfiguration": _IMAGE, **_zero_nodes(known)}
    body = {n: v for n, v in minimal.items() if n in known and not any(properties.get(i) for i in _INSTEAD.get(n, ()))}
    return _stated({**body, **properties})


def job_body(job_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A job of a pool that does not exist: it is accepted, and none of its tasks is run."""
    return _stated({"id": job_id, **_no_pool(job_id), **properties})


def job_schedule_body(schedule_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule whose one job begins at once."""
    return _stated({"id": schedule_id, "schedule": {}, "jobSpecification": _no_pool(schedule_id), **properties})


def task_body(task_id: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return _stated({"id": task_id, "commandLine": "/bin/sh -c 'exit 0'", **properties})


def _no_pool(job_id: str) -> dict[str, Any]:
    return {"poolInfo": {"poolId": f"{job_id[:50]}-no-pool"}}


def _stated(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _zero_nodes(known: Mapping[str, Property]) -> dict[str, Any]:
    return {name: 0 for name in _NO_NODES if name in known}
