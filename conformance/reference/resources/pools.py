"""Pools: create, read, update, delete. Scaling is in `scaling.py`, autoscale in `autoscaling.py`."""

from __future__ import annotations

from conformance.contract import Contract
from conformance.reference.instants import iso
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import autoscaling, poolspec, scaling
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.poolaccess import find
from conformance.reference.resources.updates import apply
from conformance.reference.shapes import fill, shown, stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

_STATS = frozenset({"stats"})


def present(call: Call, pool: Json) -> Json:
    """What a GET at the call's api-version shows."""
    url = f"{call.base}/pools/{pool['id']}"
    stats = {"url": f"{url}/stats", "startTime": pool["creationTime"], "lastUpdateTime": iso(call.now)}
    return shown(call.contract, call.contract.models["CloudPool"], {**pool, "url": url, "stats": stats})


@answers("Pool_Add")
def add(store: Store, call: Call) -> Reply:
    spec = stored(fill(call.contract, call.request_model, call.body))
    if store.get("pool", spec["id"]) is not None:
        raise BatchProblem("PoolExists")
    poolspec.check(store, spec)
    pool = create(store, call.contract, spec, call.now)
    return Reply(modified=pool["_modified"], location=f"/pools/{pool['id']}")


def create(store: Store, contract: Contract, spec: Json, now: int, *, auto: bool = False) -> Json:
    """A new pool. `spec` is filled, in the newest naming, and has the id; `auto`: a job or a schedule asked for it."""
    pool = {**spec, "_auto": auto}
    touch(pool, now)
    time = pool["lastModified"]
    pool |= {"creationTime": time, "state": "active", "stateTransitionTime": time, "currentNodeCommunicationMode": "classic"}
    pool |= {"currentDedicatedNodes": 0, "currentLowPriorityNodes": 0, "allocationState": "steady", "_now": now}
    pool.setdefault("targetLowPriorityNodes", 0)  # an older api-version knows none, and a newer one shows it
    if pool.get("enableAutoScale"):
        autoscaling.start(store, pool, contract, now)
    _platform_defaults(contract, pool)
    store.put("pool", pool["id"], pool)
    scaling.resize(store, pool, now)
    return pool


@answers("Pool_List")
def list_pools(store: Store, call: Call) -> Listing:
    return Listing([present(call, pool) for pool in store.all("pool")], expandable=_STATS)


@answers("Pool_Get")
def get(store: Store, call: Call) -> Reply:
    pool = find(store, call)
    return Reply(present(call, pool), pool["_modified"], expandable=_STATS)


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


@answers("Pool_ListUsageMetrics")
def list_usage_metrics(store: Store, call: Call) -> Listing:
    """Usage is reported by completed half hours of node time, and no simulated node is billed any."""
    return Listing([], key="poolId")


@answers("Pool_Delete")
def delete(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    begin_deletion(store, pool, call.now)
    return Reply()


def begin_deletion(store: Store, pool: Json, now: int) -> None:
    """The pool is deleting at once, and gone a little later, its nodes with it."""
    pool |= {"state": "deleting", "stateTransitionTime": iso(now)}

    def remove(due: int) -> None:
        for node in scaling.nodes_of(store, pool):
            scaling.remove_node(store, node, due)
        store.remove("pool", pool["id"])

    store.agenda.after(now, scaling.DELETE_SECONDS, remove)


def _change(store: Store, call: Call, pool: Json) -> Reply:
    """What the request holds replaces the pool's. A full replace puts what it leaves out back to what a new pool would have."""
    filled = fill(call.contract, call.request_model, call.body)
    change = stored({name: filled[name] for name in call.body})
    poolspec.check(store, change)
    if call.operation.update == "replace":
        initial = call.contract.models["PoolAddParameter"].properties
        change = {name: initial[name].default for name in call.contract.updatable(call.operation.id)} | change
    apply(pool, change)
    _platform_defaults(call.contract, pool)
    return touch(pool, call.now)


def _platform_defaults(contract: Contract, pool: Json) -> None:
    """What the service adds inside of the configuration, writes its own way, and hides from a GET when empty."""
    if "vmSize" in pool:
        pool["vmSize"] = pool["vmSize"].lower()
    for name in [name for name, value in pool.items() if value == []]:
        del pool[name]
    _complete_start_task(pool)
    image = pool.get("virtualMachineConfiguration", {}).get("imageReference", {})
    if "publisher" in image:
        image.setdefault("version", "latest")
    if "cloudServiceConfiguration" in pool:
        services = pool["cloudServiceConfiguration"]
        services["currentOSVersion"] = services.setdefault("osVersion", "*")


def _complete_start_task(pool: Json) -> None:
    """A start task that names no user shows the one it runs as (source: recording nodesdk-get-pool-reference, 2020-03-01.11.0,
    whose start task was sent with a command line only)."""
    if "startTask" in pool:
        pool["startTask"].setdefault("userIdentity", {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}})
