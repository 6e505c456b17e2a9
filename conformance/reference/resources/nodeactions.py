"""What a client does to a node: reboot, reimage, deallocate, start; scheduling; access; logs."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import execution, folders, nodelife, nodework, preparation
from conformance.reference.resources.nodes import find
from conformance.reference.resources.poolaccess import find as find_pool
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

# Why a node in some state takes no action, by state.
_BUSY = {
    "creating": "NodeBeingCreated",
    "starting": "NodeBeingStarted",
    "rebooting": "NodeBeingRebooted",
    "reimaging": "NodeBeingReimaged",
    "unusable": "NodeStateUnusable",
}
_AT_WORK = frozenset({"idle", "running", "offline", "starttaskfailed", "waitingforstarttask"})
# what these wait for, or lack, scheduling does not bring
_NOT_STARTED = frozenset({"starttaskfailed", "waitingforstarttask"})
_RDP_PORT = 3389
_SSH_PORT = 22


def node_of(store: Store, call: Call) -> Json:
    return find(store, find_pool(store, call), call.path["nodeId"])


def _require(node: Json, states: frozenset[str]) -> None:
    if node["state"] not in states:
        raise BatchProblem(_BUSY.get(node["state"], "OperationInvalidForCurrentState"))


def _begin(store: Store, call: Call, state: str, course: nodelife.Course, needed: frozenset[str] = _AT_WORK) -> Reply:
    node = node_of(store, call)
    _require(node, needed)

    def stop(now: int) -> None:
        if state == "reimaging":
            folders.of(node).clear()
        preparation.forget(store, node, reimaged=state == "reimaging")
        nodelife.move(node, state, now)
        nodelife.follow(store, node, course, now)
        execution.kick(store, now)

    nodework.leave(store, node, _option(call), call.now, stop)
    return Reply()


def _option(call: Call) -> str:
    """What becomes of the tasks on the node: the one member that the bodies of these actions have."""
    return str(next(iter(call.body.values()), "requeue"))


@answers("ComputeNode_Reboot")
def reboot(store: Store, call: Call) -> Reply:
    return _begin(store, call, "rebooting", nodelife.REBOOT)


@answers("ComputeNode_Reimage")
def reimage(store: Store, call: Call) -> Reply:
    return _begin(store, call, "reimaging", nodelife.REIMAGE)


@answers("ComputeNode_Deallocate")
def deallocate(store: Store, call: Call) -> Reply:
    return _begin(store, call, "deallocating", nodelife.DEALLOCATE)


@answers("ComputeNode_Start")
def start(store: Store, call: Call) -> Reply:
    return _begin(store, call, "starting", nodelife.START, frozenset({"deallocated"}))


@answers("ComputeNode_DisableScheduling")
def disable_scheduling(store: Store, call: Call) -> Reply:
    return _schedule(store, call, "disabled", "offline")


@answers("ComputeNode_EnableScheduling")
def enable_scheduling(store: Store, call: Call) -> Reply:
    return _schedule(store, call, "enabled", "idle")


def _schedule(store: Store, call: Call, scheduling: str, state: str) -> Reply:
    node = node_of(store, call)
    if node["schedulingState"] == scheduling:
        raise BatchProblem("NodeAlreadyInTargetSchedulingState")
    _require(node, _AT_WORK)
    node["schedulingState"] = scheduling

    def settle(now: int) -> None:
        if node["state"] in _NOT_STARTED:
            return
        busy = scheduling == "enabled" and node["runningTasksCount"]
        nodelife.move(node, "running" if busy else state, now)
        execution.kick(store, now)

    if scheduling == "enabled":
        settle(call.now)
    else:
        nodework.leave(store, node, _option(call), call.now, settle)
    return Reply()


@answers("ComputeNode_GetRemoteLoginSettings")
def remote_login(store: Store, call: Call) -> Reply:
    endpoint = _endpoint(node_of(store, call))
    settings = {
        "remoteLoginIPAddress": endpoint["publicIPAddress"],
        "remoteLoginPort": endpoint["frontendPort"],
        "ipv6RemoteLoginIPAddress": "2001:db8::1",
        "ipv6RemoteLoginPort": endpoint["frontendPort"],
    }
    model = call.contract.models["ComputeNodeGetRemoteLoginSettingsResult"]
    return Reply(shown(call.contract, model, settings))


@answers("ComputeNode_GetRemoteDesktop")
def remote_desktop(store: Store, call: Call) -> Reply:
    endpoint = _endpoint(node_of(store, call))
    if endpoint["backendPort"] != _RDP_PORT:
        raise BatchProblem("OperationNotValidOnNode")
    address = f"full address:s:{endpoint['publicIPAddress']}:{endpoint['frontendPort']}"
    return Reply(file=f"{address}\r\nLoadBalanceInfo:s:Cookie: mstshash=TVM\r\n".encode())


@answers("ComputeNode_UploadBatchServiceLogs")
def upload_logs(store: Store, call: Call) -> Reply:
    node = node_of(store, call)
    _require(node, _AT_WORK)
    return Reply({"virtualDirectoryName": f"{node['_pool']}/{node['id']}/{store.guid()}", "numberOfFilesUploaded": 4})


def _endpoint(node: Json) -> Json:
    endpoints = node["endpointConfiguration"]["inboundEndpoints"]
    return next(each for each in endpoints if each["backendPort"] in (_RDP_PORT, _SSH_PORT))
