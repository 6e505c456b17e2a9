"""The shape of pools, nodes, files, certificates and applications, and of their lists."""

from __future__ import annotations

from conformance.defects.answers import body, member
from conformance.defects.model import Defect
from conformance.defects.poolparts import each
from conformance.defects.where import lacks
from conformance.reference.wire import Json

_POOLS = "GET /pools, GET /pools/{}"
_NODE = "GET /pools/{}/nodes/{}"
_FILES = "GET /pools/{}/nodes/{}/files, GET /jobs/{}/tasks/{}/files"
_CERTIFICATES = "GET /certificates, GET /certificates({})"
_APPLICATIONS = "GET /applications, GET /applications/{}"
_REST = f"{_NODE}, {_FILES}, {_CERTIFICATES}, {_APPLICATIONS}"
_SHORT_LISTS = "GET /pools/{}/nodes/{}/files, GET /jobs/{}/tasks/{}/files, GET /applications"
_LISTS = "GET /pools/{}/nodes, GET /certificates"
_ROW = "Columns of a table store leak."
_TEXT = "Everything comes as text from a table store."


def _internal(resource: Json) -> None:
    resource["partitionKey"] = "0"


def _keyed(resource: Json) -> None:
    resource["accountKey"] = "bm90IGEgcmVhbCBrZXk="


def _as_text(resource: Json) -> None:
    for name in ("taskSlotsPerNode", "runningTasksCount", "isDirectory", "isDedicated"):
        if name in resource:
            resource[name] = str(resource[name]).lower()
    for name in ("versions", "publicData"):
        if name in resource:
            resource[name] = 1


def _bare(resource: Json) -> None:
    """Without what is required and a client seldom asks for."""
    for part, name in (
        ("virtualMachineConfiguration", "nodeAgentSKUId"),
        ("nodeAgentInfo", "version"),
        ("properties", "contentLength"),
    ):
        resource.get(part, {}).pop(name, None)
    for name in ("versions", "thumbprintAlgorithm"):
        resource.pop(name, None)


def _without_state(resource: Json) -> None:
    for name in ("stateTransitionTime", "vmSize", "url"):
        resource.pop(name, None)


def _elsewhere(resource: Json) -> None:
    if "url" in resource:
        resource["url"] += "/$value"


def _renamed_states(resource: Json) -> None:
    for name, was in (("state", "active"), ("state", "idle")):
        if str(resource.get(name)).lower() == was:
            resource[name] = "ready"


def _seconds(pool: Json) -> None:
    if "resizeTimeout" in pool:
        pool["resizeTimeout"] = "900"


def _twice(document: Json) -> None:
    document["value"] = [*document["value"][:1], *document["value"]]


DEFECTS = (
    Defect(
        "pool-duration-seconds",
        "Durations of a pool are written in seconds.",
        "schema",
        ("pools.responses.durations",),
        "A duration is a number of seconds in most languages.",
        body(_POOLS, each(_seconds)),
        consequences=(
            "pools.add.resize-timeout-default",
            "pools.add.resize-timeout-kept",
            "pools.add.resize-timeout-minimum-accepted",
            "pools.trace.defaults",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "columns-leak",
        "Pools show the partitionKey that they are stored under.",
        "schema",
        ("pools.responses.no-unknown-property",),
        _ROW,
        body(_POOLS, each(_internal), lacks("$select")),
    ),
    Defect(
        "columns-leak-elsewhere",
        "Nodes, files, certificates and applications show the partitionKey that they are stored under.",
        "schema",
        (
            "nodes.responses.no-unknown-property",
            "files.responses.no-unknown-property",
            "certificates.responses.no-unknown-property",
            "applications.responses.no-unknown-property",
        ),
        _ROW,
        body(_REST, each(_internal), lacks("$select")),
        consequences=("nodes.list.element-equals-get",),
    ),
    Defect(
        "values-text",
        "Numbers of pools are text.",
        "schema",
        ("pools.responses.types",),
        _TEXT,
        body(_POOLS, each(_as_text), lacks("$select")),
    ),
    Defect(
        "values-text-elsewhere",
        "Numbers and booleans of nodes and files are text; versions and data of others are numbers.",
        "schema",
        (
            "nodes.responses.types",
            "files.responses.types",
            "certificates.responses.types",
            "applications.responses.types",
        ),
        _TEXT,
        body(_REST, each(_as_text), lacks("$select")),
        consequences=(
            "certificates.add.public-data",
            "nodes.list.element-equals-get",
            "nodes.trace.identity",
        ),
    ),
    Defect(
        "states-unsaid",
        "Pools do not show their url, their size and since when they are in their state.",
        "schema",
        ("pools.responses.always-shown",),
        "What nobody asks for is not kept.",
        body(_POOLS, each(_without_state), lacks("$select")),
        consequences=(
            "pools.add.times-agree",
            "pools.responses.required-present",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "states-unsaid-elsewhere",
        "Nodes, files and certificates do not show their url, their size and since when they are in their state.",
        "schema",
        (
            "nodes.responses.always-shown",
            "files.responses.always-shown",
            "certificates.responses.always-shown",
        ),
        "What nobody asks for is not kept.",
        body(_REST, each(_without_state), lacks("$select")),
        consequences=(
            "certificates.states.time-moves",
            "nodes.get.size-of-pool",
            "nodes.list.element-equals-get",
        ),
    ),
    Defect(
        "urls-internal",
        "The url of pools ends as OData writes that of a stream.",
        "schema",
        ("pools.responses.url",),
        "OData calls the content of a resource so.",
        body(_POOLS, each(_elsewhere), lacks("$select")),
    ),
    Defect(
        "urls-internal-elsewhere",
        "The url of nodes, files and certificates ends as OData writes that of a stream.",
        "schema",
        (
            "nodes.responses.url",
            "files.responses.url",
            "certificates.responses.url",
        ),
        "OData calls the content of a resource so.",
        body(_REST, each(_elsewhere), lacks("$select")),
        consequences=(
            "nodes.list.element-equals-get",
            "nodes.trace.identity",
        ),
    ),
    Defect(
        "required-left-out",
        "Pools do not show the agent of their machines.",
        "schema",
        ("pools.responses.required-present",),
        "What nobody asks for is not kept.",
        body(_POOLS, each(_bare), lacks("$select")),
        consequences=(
            "pools.add.vm-configuration-kept",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "required-left-out-elsewhere",
        "Nodes, files, certificates and applications lack members that are required.",
        "schema",
        (
            "nodes.responses.required-present",
            "files.responses.required-present",
            "certificates.responses.required-present",
            "applications.responses.required-present",
        ),
        "What nobody asks for is not kept.",
        body(_REST, each(_bare), lacks("$select")),
        consequences=(
            "certificates.add.shown",
            "certificates.responses.always-shown",
            "certificates.trace.sent-shown",
            "nodes.list.element-equals-get",
        ),
        at="2024-07-01.20.0",
    ),
    Defect(
        "ids-qualified",
        "A pool that is read alone shows the account before its id.",
        "schema",
        ("pools.responses.id",),
        "The key of a table store.",
        member("GET /pools/{}", "id", lambda name: f"account:{name}"),
        consequences=(
            "pools.add.id-case-kept",
            "pools.delete.ends-not-found",
            "pools.list.element-equals-get",
            "pools.patch.keeps-identity-times",
            "pools.trace.identity",
            "pools.trace.list-agrees",
            "pools.trace.reads-agree",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "ids-qualified-elsewhere",
        "A node and an application that are read alone show the account before their id.",
        "schema",
        (
            "nodes.responses.id",
            "nodes.trace.identity",
            "applications.responses.id",
        ),
        "The key of a table store.",
        member(f"{_NODE}, GET /applications/{{}}", "id", lambda name: f"account:{name}"),
        consequences=(
            "applications.list.each-is-read",
            "nodes.list.element-equals-get",
            "nodes.trace.identity",
        ),
    ),
    Defect(
        "states-renamed",
        "Nodes that are idle are ready.",
        "schema",
        ("nodes.responses.enum-values",),
        "Other clouds call it so.",
        body(_NODE, each(_renamed_states), lacks("$select")),
        consequences=(
            "nodes.list.element-equals-get",
            "nodes.start-task.failure-ignored",
            "nodes.start-task.not-waited-for",
            "nodes.trace.state-times",
        ),
    ),
    Defect(
        "certificate-states-renamed",
        "Certificates that are active are ready.",
        "schema",
        ("certificates.responses.enum-values",),
        "Other clouds call it so.",
        body(_CERTIFICATES, each(_renamed_states), lacks("$select")),
        consequences=(
            "certificates.add.active",
            "certificates.cancel-deletion.active-again",
            "certificates.list.filter-state",
            "certificates.states.previous",
            "certificates.trace.actions-lead",
            "certificates.trace.list-filter",
            "certificates.trace.previous-state",
            "certificates.trace.states",
        ),
    ),
    Defect(
        "keys-leak",
        "Pools show the key of the storage account that they are kept in.",
        "secrets",
        ("pools.responses.secrets",),
        _ROW,
        body(_POOLS, each(_keyed), lacks("$select")),
        consequences=(
            "pools.responses.no-unknown-property",
            "protocol.secrets.absent",
        ),
    ),
    Defect(
        "keys-leak-elsewhere",
        "Nodes, files, certificates and applications show the key of the storage account that they are kept in.",
        "secrets",
        (
            "nodes.responses.secrets",
            "files.responses.secrets",
            "certificates.responses.secrets",
            "applications.responses.secrets",
        ),
        _ROW,
        body(_REST, each(_keyed), lacks("$select")),
        consequences=(
            "nodes.list.element-equals-get",
            "protocol.secrets.absent",
        ),
    ),
    Defect(
        "element-twice",
        "Lists of files and applications have their first element twice.",
        "paging",
        (
            "files.responses.paging",
            "applications.responses.paging",
            "files.trace.list-once",
            "applications.trace.list-once",
        ),
        "A join gives a row for each of its matches.",
        body(_SHORT_LISTS, _twice, lacks("$skiptoken")),
        consequences=(
            "files.list.filter",
            "protocol.paging.limits-page",
            "protocol.paging.page-size",
            "protocol.paging.unique-on-page",
        ),
    ),
    Defect(
        "element-twice-elsewhere",
        "Lists of nodes and certificates have their first element twice.",
        "paging",
        (
            "nodes.responses.paging",
            "certificates.responses.paging",
            "nodes.trace.list-once",
            "certificates.trace.list-once",
        ),
        "A join gives a row for each of its matches.",
        body(_LISTS, _twice, lacks("$skiptoken")),
        consequences=(
            "certificates.list.has-it",
            "certificates.list.pages",
            "nodes.get.becomes-idle",
            "protocol.paging.page-size",
            "protocol.paging.unique-on-page",
        ),
    ),
)
