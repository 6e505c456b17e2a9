"""The size of a pool: resize, stop, remove nodes; the allocation state and the simulated nodes that follow the clock."""

from __future__ import annotations

from conformance.reference.instants import iso
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import nodelife, nodework
from conformance.reference.resources.lifecycle import touch
from conformance.reference.resources.machines import machine
from conformance.reference.resources.poolaccess import find
from conformance.reference.shapes import stored
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

# Seconds of the service's life. A resize that adds or removes nodes takes longer than one that does not.
EMPTY_RESIZE_SECONDS = 2.0
RESIZE_SECONDS = 60.0
STOP_SECONDS = 5.0
DELETE_SECONDS = 5.0
_KINDS = (("targetDedicatedNodes", "currentDedicatedNodes", True), ("targetLowPriorityNodes", "currentLowPriorityNodes", False))


def nodes_of(store: Store, pool: Json) -> list[Json]:
    return [node for node in store.all("node") if node["_pool"] == pool["id"].lower()]


def require_steady(pool: Json) -> None:
    if pool["allocationState"] != "steady":
        raise BatchProblem("PoolBeingResized")


def require_manual(pool: Json) -> None:
    if pool.get("enableAutoScale"):
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The pool scales automatically."})


def resize(store: Store, pool: Json, now: int) -> None:
    """Begin to bring the pool to its targets."""
    _set_allocation(pool, "resizing", now)
    pool.pop("resizeErrors", None)
    pool["_resize"] = token = pool.get("_resize", 0) + 1
    wanted = [pool.get(target, 0) for target, _, _ in _KINDS]
    present = [pool[current] for _, current, _ in _KINDS]
    seconds = EMPTY_RESIZE_SECONDS if wanted == present else RESIZE_SECONDS

    def finish(due: int) -> None:
        # a pool that was deleted meanwhile must not leave nodes to the next pool of its name
        if pool.get("_resize") == token and pool["allocationState"] == "resizing" and pool["state"] != "deleting":
            held = [node for node in nodes_of(store, pool) if _waits(node)]
            for node in held:
                node["_then"] = finish
            if not held:
                _allocate(store, pool, due)

    store.agenda.after(now, seconds, finish)


@answers("Pool_Resize")
def resize_pool(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    require_manual(pool)
    require_steady(pool)
    body = stored(call.body)
    pool["targetDedicatedNodes"] = body.get("targetDedicatedNodes", 0)
    pool["targetLowPriorityNodes"] = body.get("targetLowPriorityNodes", 0)
    pool["resizeTimeout"] = body.get("resizeTimeout", "PT15M")
    resize(store, pool, call.now)
    return touch(pool, call.now)


@answers("Pool_StopResize")
def stop_resize(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    if pool["allocationState"] != "resizing":
        raise BatchProblem("OperationInvalidForCurrentState", {"Reason": "The pool is not being resized."})
    _set_allocation(pool, "stopping", call.now)
    token = pool["_resize"]

    def stopped(due: int) -> None:
        if pool["_resize"] == token and pool["allocationState"] == "stopping":
            pool["resizeErrors"] = [{"code": "ResizeStopped", "message": "The user stopped the resize."}]
            _set_allocation(pool, "steady", due)

    store.agenda.after(call.now, STOP_SECONDS, stopped)
    return touch(pool, call.now)


@answers("Pool_RemoveNodes")
def remove_nodes(store: Store, call: Call) -> Reply:
    pool = find(store, call, changing=True)
    require_manual(pool)
    require_steady(pool)
    known = {node["id"].lower(): node for node in nodes_of(store, pool)}
    leaving = [known.get(name.lower()) for name in call.body["nodeList"]]
    if any(node is None for node in leaving):
        raise BatchProblem("NodeNotFound")
    for node in leaving:
        assert node is not None
        node["_deallocation"] = call.body.get("nodeDeallocationOption", "requeue")
        nodelife.move(node, "leavingpool", call.now)
    for target, _, dedicated in _KINDS:
        gone = {node["id"] for node in leaving if node and node["isDedicated"] is dedicated}
        pool[target] = max(0, pool.get(target, 0) - len(gone))
    resize(store, pool, call.now)
    return touch(pool, call.now)


def _waits(node: Json) -> bool:
    return node["state"] == "leavingpool" and nodework.waits(node, node.get("_deallocation", "requeue"))


def _set_allocation(pool: Json, state: str, now: int) -> None:
    pool |= {"allocationState": state, "allocationStateTransitionTime": iso(now)}


def _allocate(store: Store, pool: Json, now: int) -> None:
    """The resize ends: nodes come or go, as far as the quota lets them."""
    for target, current, dedicated in _KINDS:
        nodes = [node for node in nodes_of(store, pool) if node["isDedicated"] is dedicated]
        leaving = [node for node in nodes if node["state"] == "leavingpool"]
        staying = [node for node in nodes if node["state"] != "leavingpool"]
        wanted = min(pool.get(target, 0), store.settings.core_quota)
        for node in leaving + staying[wanted:]:
            remove_node(store, node, now)
        for position in range(len(staying), wanted):
            _start_node(store, pool, dedicated, position, now)
        pool[current] = wanted
        if wanted < pool.get(target, 0):
            pool.setdefault("resizeErrors", []).append(_quota_error(dedicated))
    _set_allocation(pool, "steady", now)


def remove_node(store: Store, node: Json, now: int) -> None:
    """A node goes; the tasks that ran on it wait for another."""
    node["state"] = "leavingpool"
    nodework.drop(store, node, node.get("_deallocation", "requeue"), now)
    store.remove("node", f"{node['_pool']}/{node['id']}")


def _quota_error(dedicated: bool) -> Json:
    kind = "core" if dedicated else "low-priority core"
    return {
        "code": "AccountCoreQuotaReached" if dedicated else "AccountLowPriorityCoreQuotaReached",
        "message": f"The {kind} quota of the account has been reached.",
    }


def _start_node(store: Store, pool: Json, dedicated: bool, position: int, now: int) -> None:
    kind = "d" if dedicated else "p"
    name = f"tvm-{store.hex(8)}_{position + 1}-{kind}"
    time = iso(now)
    node: Json = {
        "id": name,
        "_pool": pool["id"].lower(),
        "state": "creating",
        "schedulingState": "enabled",
        "stateTransitionTime": time,
        "allocationTime": time,
        "ipAddress": f"10.0.{position // 250}.{position % 250 + 4}",
        "ipv6Address": f"fd00::{position + 4:x}",
        "affinityId": f"TVM:{name}",
        "vmSize": pool.get("vmSize", ""),
        "totalTasksRun": 0,
        "runningTasksCount": 0,
        "runningTaskSlotsCount": 0,
        "totalTasksSucceeded": 0,
        "isDedicated": dedicated,
        **machine(pool, position),
    }
    if "startTask" in pool:
        node["startTask"] = pool["startTask"]
    store.put("node", f"{pool['id']}/{name}", node)
    nodelife.follow(store, node, nodelife.FIRST_BOOT, now)
