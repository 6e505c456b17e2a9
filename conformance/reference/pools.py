"""Pools: create, read, update, delete. Scaling is in `scaling.py`, autoscale in `autoscaling.py`."""

from __future__ import annotations

from collections.abc import Callable

from conformance.contract import Contract
from conformance.reference import applications, autoscaling, scaling
from conformance.reference.instants import iso
from conformance.reference.poolaccess import find, touch
from conformance.reference.problem import BatchProblem, invalid_property
from conformance.reference.registry import answers
from conformance.reference.shapes import fill, shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

# Sizes that Batch does not support (source: seed 003, vmSize), by kind of pool, in lower case.
_REFUSED_SIZES = {
    "cloudServiceConfiguration": {"extrasmall", "standard_a1_v2", "standard_a2_v2"},
    "virtualMachineConfiguration": {"standard_a0"},
}
_STATS = frozenset({"stats"})


def present(call: Call, pool: Json) -> Json:
    """What a GET at the call's api-version shows."""
    url = f"{call.base}/pools/{pool['id']}"
    stats = {"url": f"{url}/stats", "startTime": pool["creationTime"], "lastUpdateTime": iso(call.now)}
    return shown(call.contract, call.contract.models["CloudPool"], {**pool, "url": url, "stats": stats})


@answers("Pool_Add")
def add(store: Store, call: Call) -> Reply:
    pool = stored(fill(call.contract, call.request_model, call.body))
    if store.get("pool", pool["id"]) is not None:
        raise BatchProblem("PoolExists")
    _check_size(pool)
    _check_references(store, pool)
    _check_metadata(pool)
    pool["vmSize"] = pool["vmSize"].lower()
    reply = touch(pool, call.now)
    time = pool["lastModified"]
    pool |= {"creationTime": time, "state": "active", "stateTransitionTime": time, "currentNodeCommunicationMode": "classic"}
    pool |= {"currentDedicatedNodes": 0, "currentLowPriorityNodes": 0, "allocationState": "steady", "_now": call.now}
    if pool.get("enableAutoScale"):
        autoscaling.start(store, pool, call)
    _platform_defaults(call.contract, pool)
    store.put("pool", pool["id"], pool)
    scaling.resize(store, pool, call.now)
    return Reply(modified=reply.modified, location=f"/pools/{pool['id']}")


@answers("Pool_List")
def list_pools(store: Store, call: Call) -> Listing:
    return Listing([present(call, pool) for pool in store.all("pool")], expandable=_STATS)


@answers("Pool_Get")
def get(store: Store, call: Call) -> Reply:
    pool = find(store, call)
    return Reply(present(call, pool), pool["_modified"])


@answers("Pool_Exists")
def exists(store: Store, call: Call) -> Reply:
    return Reply(modified=find(store, call)["_modified"])


@answers("Pool_Patch")
def patch(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    return _change(store, call, pool)


@answers("Pool_UpdateProperties")
def update_properties(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    return _change(store, call, pool)


@answers("Pool_Delete")
def delete(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    pool |= {"state": "deleting", "stateTransitionTime": iso(call.now)}
    store.agenda.after(call.now, scaling.DELETE_SECONDS, _removal(store, pool))
    return Reply()


def _removal(store: Store, pool: Json) -> Callable[[int], None]:
    def remove(_: int) -> None:
        for node in scaling.nodes_of(store, pool):
            store.remove("node", f"{pool['id']}/{node['id']}")
        store.remove("pool", pool["id"])

    return remove


def _change(store: Store, call: Call, pool: Json) -> Reply:
    """What the request holds replaces the pool's. A full replace puts what it leaves out back to what a new pool would have."""
    filled = fill(call.contract, call.request_model, call.body)
    change = stored({name: filled[name] for name in call.body})
    _check_references(store, change)
    _check_metadata(change)
    if call.operation.update == "replace":
        initial = call.contract.models["PoolAddParameter"].properties
        change = {name: initial[name].default for name in call.contract.updatable(call.operation.id)} | change
    for name, value in change.items():
        if value is None or value == []:
            pool.pop(name, None)
        else:
            pool[name] = value
    _complete_start_task(pool)
    return touch(pool, call.now)


def _platform_defaults(contract: Contract, pool: Json) -> None:
    """What the service adds inside of the configuration and hides from a GET when empty."""
    for name in [name for name, value in pool.items() if value == []]:
        del pool[name]
    _complete_start_task(pool)
    image = pool.get("virtualMachineConfiguration", {}).get("imageReference", {})
    if "publisher" in image:
        image.setdefault("version", "latest")
    if "cloudServiceConfiguration" in pool:
        pool["cloudServiceConfiguration"].setdefault("osVersion", "*")


def _complete_start_task(pool: Json) -> None:
    """A start task that names no user shows the one it runs as (source: recording nodesdk-get-pool-reference, 2020-03-01.11.0,
    whose start task was sent with a command line only)."""
    if "startTask" in pool:
        pool["startTask"].setdefault("userIdentity", {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}})


def _check_size(pool: Json) -> None:
    for kind, refused in _REFUSED_SIZES.items():
        if kind in pool and pool["vmSize"].lower() in refused:
            raise invalid_property("vmSize", pool["vmSize"], "Batch does not support this size.")
    if not pool["vmSize"].strip():
        raise invalid_property("vmSize", pool["vmSize"], "It must not be empty.")


def _check_references(store: Store, change: Json) -> None:
    wrong = applications.unknown(store, change.get("applicationPackageReferences", ()))
    if wrong:
        raise BatchProblem("InvalidApplicationPackageReferences", wrong)


def _check_metadata(change: Json) -> None:
    for item in change.get("metadata", ()):
        if not item["name"]:
            raise BatchProblem("EmptyMetadataKey")
