"""Nodes as they are read: what is missing, mixed up, or of another api-version."""

from __future__ import annotations

from conformance.defects.answers import body
from conformance.defects.model import Defect
from conformance.defects.poolparts import each
from conformance.defects.where import before, lacks
from conformance.reference.wire import Json

_LIST = "GET /pools/{}/nodes"
_ONE = "GET /pools/{}/nodes/{}"
_READS = f"{_LIST}, {_ONE}"
_EVERY_VERSION = "The newest form for every api-version."


def _never_idle(node: Json) -> None:
    if node.get("state") == "idle":
        node["state"] = "waitingforstarttask"


def _offline(node: Json) -> None:
    if "schedulingState" in node:
        node["schedulingState"] = "disabled"


def _other_size(node: Json) -> None:
    if "vmSize" in node:
        node["vmSize"] = "standard_a1_v2"


def _all_dedicated(node: Json) -> None:
    if "isDedicated" in node:
        node["isDedicated"] = True


def _unplaced(node: Json) -> None:
    for name in ("ipAddress", "affinityId"):
        node.pop(name, None)


def _silent(node: Json) -> None:
    for name in ("nodeAgentInfo", "virtualMachineInfo", "isDedicated"):
        node.pop(name, None)


def _talkative(node: Json) -> None:
    node.setdefault("isDedicated", True)
    node.setdefault("nodeAgentInfo", {"version": "1.9.29", "lastUpdateTime": "2026-01-01T00:00:00Z"})
    node.setdefault("virtualMachineInfo", {"imageReference": {"publisher": "canonical", "offer": "ubuntuserver"}})


def _without_last(document: Json) -> None:
    del document["value"][-1:]


def _short(document: Json) -> None:
    for node in document["value"]:
        node.pop("endpointConfiguration", None)


def _stale(document: Json) -> None:
    for node in document["value"]:
        if "stateTransitionTime" in node:
            node["stateTransitionTime"] = node.get("allocationTime", node["stateTransitionTime"])


DEFECTS = (
    Defect(
        "node-never-idle",
        "A node that is idle is shown as waiting for its start task.",
        "life-cycles",
        ("nodes.get.becomes-idle",),
        "States mapped by position from another list.",
        body(_READS, each(_never_idle), lacks("$select")),
        consequences=(
            "nodes.start-task.failure-ignored",
            "nodes.start-task.not-waited-for",
        ),
    ),
    Defect(
        "node-born-disabled",
        "A new node is shown with its scheduling disabled.",
        "defaults",
        ("nodes.get.scheduling-enabled",),
        "An enumeration whose first value is another.",
        body(_READS, each(_offline), lacks("$select")),
        consequences=("nodes.enable-scheduling.shows-enabled",),
    ),
    Defect(
        "node-other-size",
        "A node shows the smallest size, whatever its pool has.",
        "schema",
        ("nodes.get.size-of-pool",),
        "Emulators have one kind of machine.",
        body(_READS, each(_other_size), lacks("$select")),
    ),
    Defect(
        "node-always-dedicated",
        "Every node shows that it is dedicated.",
        "schema",
        ("nodes.get.dedicated",),
        "Emulators have one kind of machine.",
        body(_READS, each(_all_dedicated), lacks("$select")),
        consequences=("nodes.list.lists-all",),
    ),
    Defect(
        "node-without-address",
        "Nodes show no address and no affinityId.",
        "schema",
        ("nodes.get.affinity", "nodes.responses.always-shown"),
        "Emulators have no network.",
        body(_READS, each(_unplaced), lacks("$select")),
    ),
    Defect(
        "node-without-agent",
        "Nodes show neither agent nor image, and not whether they are dedicated.",
        "versions",
        (
            "nodes.get.agent-info",
            "nodes.get.machine-info",
            "nodes.get.dedicated",
            "nodes.versions.is-dedicated",
            "nodes.versions.node-agent-info",
            "nodes.versions.virtual-machine-info",
        ),
        "The oldest form for every api-version.",
        body(_READS, each(_silent), lacks("$select")),
        consequences=(
            "nodes.responses.always-shown",
            "nodes.list.lists-all",
        ),
    ),
    Defect(
        "node-newest-form",
        "Older api-versions show agent and image of a node, and whether it is dedicated.",
        "versions",
        (
            "nodes.versions.is-dedicated",
            "nodes.versions.node-agent-info",
            "nodes.versions.virtual-machine-info",
            "nodes.responses.no-unknown-property",
        ),
        _EVERY_VERSION,
        body(_READS, each(_talkative), lambda asked: lacks("$select")(asked) and before("2021-06-01.14.0")(asked)),
    ),
    Defect(
        "node-list-shorter",
        "Nodes in a list lack their endpoints, which they show alone.",
        "schema",
        ("nodes.list.element-equals-get",),
        "The list is made by another query.",
        body(_LIST, _short, lacks("$select")),
    ),
    Defect(
        "node-list-stale-times",
        "Nodes in a list show the time of their allocation as that of their state.",
        "life-cycles",
        ("nodes.list.element-equals-get", "nodes.trace.state-times"),
        "Read from a replica that lags behind.",
        body(_LIST, _stale, lacks("$select")),
    ),
)
