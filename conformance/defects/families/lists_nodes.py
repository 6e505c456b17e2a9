"""Nodes and their lists: where they are found, and what else is told of them."""

from __future__ import annotations

from conformance.defects.answers import REFUSED, body, member, no_member
from conformance.defects.leniency import refuses
from conformance.defects.model import Defect
from conformance.defects.nodereads import (
    empty_when_missing,
    found_anywhere,
    listed_anywhere,
    missing_when_empty,
    without_content,
)
from conformance.defects.requests import deaf_to_parameter, parameter
from conformance.defects.where import before
from conformance.reference.wire import Json

_LIST = "GET /pools/{}/nodes"
_ONE = "GET /pools/{}/nodes/{}"
_READS = f"{_LIST}, {_ONE}"
_LOGS = "2018-03-01.6.1"


def _other_url(document: Json) -> None:
    for node in document["value"]:
        if "url" in node:
            node["url"] = node["url"].replace("/nodes/", "/computenodes/")


DEFECTS = (
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
        consequences=(
            "protocol.paging.maxresults-above-refused",
            "protocol.paging.maxresults-zero-refused",
            "protocol.paging.page-size",
        ),
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
        consequences=("nodes.list.filter-start-task",),
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
        consequences=(
            "protocol.select.only-selected",
            "protocol.select.list-hides-others",
        ),
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
        consequences=("nodes.list.filter-start-task",),
    ),
    Defect(
        "node-of-any-pool",
        "A node is found under every pool.",
        "queries",
        ("nodes.get.node-of-other-pool-refused",),
        "The id of a node is unique, so that nobody looks at the pool.",
        found_anywhere,
        consequences=("nodes.responses.url",),
    ),
    Defect(
        "node-list-of-any-pool",
        "A pool without nodes lists those of another one.",
        "queries",
        ("nodes.list.only-own-nodes", "nodes.list.empty-pool"),
        "A condition that is left out when it is empty.",
        listed_anywhere,
        consequences=("nodes.responses.url",),
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
        ("nodes.list.element-equals-get", "nodes.responses.url"),
        "Two places where the URL is made.",
        body(_LIST, _other_url),
        consequences=("nodes.trace.identity",),
    ),
)
