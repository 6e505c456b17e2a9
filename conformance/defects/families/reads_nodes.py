"""Nodes and their lists as they are read: what is missing, mixed up, of another pool or of another api-version."""

from __future__ import annotations

from conformance.defects.answers import REFUSED, body, member, no_member
from conformance.defects.leniency import refuses
from conformance.defects.model import Defect
from conformance.defects.nodereads import (
    empty_when_missing,
    every_third,
    found_anywhere,
    listed_anywhere,
    missing_when_empty,
    without_content,
)
from conformance.defects.poolparts import each
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import before, lacks
from conformance.reference.wire import Json

_LIST = "GET /pools/{}/nodes"
_ONE = "GET /pools/{}/nodes/{}"
_READS = f"{_LIST}, {_ONE}"
_LOGS = "2018-03-01.6.1"
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


def _other_url(document: Json) -> None:
    for node in document["value"]:
        if "url" in node:
            node["url"] = node["url"].replace("/nodes/", "/computenodes/")


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
        "node-list-loses-one",
        "Every third list of nodes lacks its last node.",
        "paging",
        ("nodes.list.lists-all",),
        "One of three instances behind a balancer lags behind.",
        every_third(_LIST, _without_last),
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
    Defect(
        "node-maxresults-ignored",
        "The list of nodes does not look at maxresults.",
        "paging",
        (
            "nodes.list.pages",
            "nodes.responses.paging",
            "nodes.list.maxresults-above-refused",
            "certificates.list.above-hundred-refused",
            "certificates.list.pages",
            "certificates.responses.paging",
        ),
        "Emulators have few nodes.",
        deaf_to_parameter(f"{_LIST}, GET /certificates, GET /applications, GET /pools/{{}}/nodes/{{}}/files", "maxresults"),
    ),
    Defect(
        "node-filter-ignored",
        "The list of nodes does not look at $filter.",
        "queries",
        (
            "nodes.list.filter-state",
            "nodes.list.filter-times",
            "nodes.list.filter-bad-refused",
            "nodes.trace.list-filter",
        ),
        "OData filters need a parser, which takes a while to write.",
        deaf_to_parameter(_LIST, "$filter"),
    ),
    Defect(
        "node-filter-own-members",
        "The list of nodes refuses filters on the start task.",
        "queries",
        ("nodes.list.filter-start-task",),
        "A parser that knows no paths.",
        refuses(_LIST, lambda asked: "startTaskInfo" in asked.query, "InvalidQueryParameterValue"),
    ),
    Defect(
        "node-select-ignored",
        "$select of a node is not looked at.",
        "queries",
        ("nodes.get.select",),
        "Clients do not notice more than they asked for.",
        deaf_to_parameter(_READS, "$select"),
        consequences=("protocol.select.only-selected",),
    ),
    Defect(
        "node-missing-code",
        "A node that does not exist is answered 404 with the code ResourceNotFound.",
        "error-codes",
        (
            "nodes.get.missing-node-refused",
            "nodes.get.node-of-other-pool-refused",
            "nodes.actions.missing-node-refused",
            "nodes.users.missing-node-refused",
        ),
        "One code for everything that is not there.",
        member("* /pools/...", "code", lambda code: "ResourceNotFound" if code == "NodeNotFound" else code, statuses=REFUSED),
    ),
    Defect(
        "node-pool-missing-code",
        "A node of a pool that does not exist is answered 404 with the code ResourceNotFound.",
        "error-codes",
        (
            "nodes.get.missing-pool-refused",
            "nodes.actions.missing-pool-refused",
            "nodes.list.missing-pool-refused",
        ),
        "One code for everything that is not there.",
        member(
            "* /pools/{}/nodes...", "code", lambda code: "ResourceNotFound" if code == "PoolNotFound" else code, statuses=REFUSED
        ),
    ),
    Defect(
        "node-list-missing-empty",
        "The nodes of a pool that does not exist are an empty list.",
        "paging",
        ("nodes.list.missing-pool-refused",),
        "A query for the nodes of that pool finds none.",
        empty_when_missing(_LIST, "nodes"),
    ),
    Defect(
        "node-list-empty-404",
        "The nodes of a pool without nodes are answered 404.",
        "paging",
        ("nodes.list.empty-pool",),
        "Nothing was found.",
        missing_when_empty(_LIST),
    ),
    Defect(
        "node-of-any-pool",
        "A node is found under every pool.",
        "queries",
        ("nodes.get.node-of-other-pool-refused",),
        "The id of a node is unique, so that nobody looks at the pool.",
        found_anywhere,
    ),
    Defect(
        "node-list-of-any-pool",
        "A pool without nodes lists those of another one.",
        "queries",
        ("nodes.list.only-own-nodes", "nodes.list.empty-pool"),
        "A condition that is left out when it is empty.",
        listed_anywhere,
    ),
    Defect(
        "node-login-without-port",
        "Remote login settings name the port 0.",
        "schema",
        ("nodes.get-remote-login-settings.address",),
        "Emulators have no network.",
        member("GET /pools/{}/nodes/{}/remoteloginsettings", "remoteLoginPort", 0),
    ),
    Defect(
        "node-desktop-json",
        "The remote desktop file names no address.",
        "schema",
        ("nodes.get-remote-desktop.is-rdp-file",),
        "Emulators have no network.",
        without_content("GET /pools/{}/nodes/{}/rdp"),
    ),
    Defect(
        "node-logs-nameless",
        "An upload of logs does not name the directory.",
        "schema",
        ("nodes.upload-batch-service-logs.names-directory", "nodes.responses.required-present"),
        "A stub that says yes.",
        no_member("POST /pools/{}/nodes/{}/uploadbatchservicelogs", "virtualDirectoryName"),
    ),
    Defect(
        "node-logs-early",
        "The logs of a node can be uploaded at every api-version.",
        "versions",
        ("nodes.versions.upload-logs",),
        "One router for every api-version.",
        parameter("POST /pools/{}/nodes/{}/uploadbatchservicelogs", "api-version", lambda given: _LOGS, before(_LOGS)),
        consequences=("protocol.version.other-version-operation-refused",),
    ),
    Defect(
        "node-extensions-none",
        "A node has no extensions.",
        "schema",
        ("nodes.extensions-list.shows-those-of-pool",),
        "Emulators install nothing.",
        body("GET /pools/{}/nodes/{}/extensions", lambda document: document["value"].clear()),
    ),
    Defect(
        "node-extension-other",
        "An extension that is read alone does not show how its installation went.",
        "schema",
        ("nodes.extensions-get.equals-element",),
        "The list is made by another query.",
        no_member("GET /pools/{}/nodes/{}/extensions/{}", "provisioningState"),
    ),
    Defect(
        "node-list-other-url",
        "A node in a list shows another url than it does alone.",
        "schema",
        ("nodes.trace.identity", "nodes.list.element-equals-get", "nodes.responses.url"),
        "Two places where the URL is made.",
        body(_LIST, _other_url),
    ),
)
