"""Answers about pools, nodes, files, certificates and applications that are wrong in the same way: status, headers, shape."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import Edit, answered, body, header, header_of, member, no_header, status, with_header
from conformance.defects.model import Defect
from conformance.defects.poolparts import each
from conformance.defects.where import has, lacks
from conformance.reference.wire import Json, WireAnswer, WireRequest

_POOLS = "GET /pools, GET /pools/{}"
_NODE = "GET /pools/{}/nodes/{}"
_FILES = "GET /pools/{}/nodes/{}/files, GET /jobs/{}/tasks/{}/files"
_CERTIFICATES = "GET /certificates, GET /certificates({})"
_APPLICATIONS = "GET /applications, GET /applications/{}"
_REST = f"{_NODE}, {_FILES}, {_CERTIFICATES}, {_APPLICATIONS}"
_SHORT_LISTS = "GET /pools/{}/nodes/{}/files, GET /jobs/{}/tasks/{}/files, GET /applications"
_LISTS = "GET /pools/{}/nodes, GET /certificates"
_FRAMEWORK = "Frameworks answer 200 unless told otherwise."
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
        resource["url"] = resource["url"].replace("://", "://internal/api/", 1)


def _with_query(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    value = header_of(answer, "DataServiceId")
    return with_header(answer, "DataServiceId", f"{value}?{asked.query}") if value and answer.status != 201 else answer


def _pathless(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    value = header_of(answer, "DataServiceId")
    return with_header(answer, "DataServiceId", f"{value}/") if value and answer.status == 201 else answer


def _without_headers(*beginnings: str) -> Edit:
    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        return replace(answer, headers=[pair for pair in answer.headers if not pair[0].lower().startswith(beginnings)])

    return edit


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
        "pool-actions-200",
        "Actions on pools and nodes that take a while answer 200 instead of 202.",
        "status",
        (
            "pools.remove-nodes.answers-202",
            "pools.resize.answers-202",
            "pools.stop-resize.answers-202",
            "nodes.reboot.answers-202",
            "nodes.reimage.answers-202",
            "nodes.deallocate.answers-202",
            "nodes.start.answers-202",
        ),
        _FRAMEWORK,
        status("POST /pools/{}/...", 202, 200),
        at="2024-07-01.20.0",
    ),
    Defect(
        "pool-updates-204",
        "Updates and actions on pools and nodes that are done at once answer 204 instead of 200.",
        "status",
        (
            "pools.patch.answers-200",
            "pools.enable-auto-scale.answers-200",
            "pools.disable-auto-scale.answers-200",
            "nodes.update-user.answers-200",
            "nodes.delete-user.answers-200",
            "nodes.disable-scheduling.answers-200",
            "nodes.enable-scheduling.answers-200",
        ),
        "There is nothing in the answer.",
        status("PATCH /pools/{}, POST|PUT|DELETE /pools/{}/...", 200, 204),
    ),
    Defect(
        "pool-replace-200",
        "updateproperties, and cancelling the deletion of a certificate, answer 200 instead of 204.",
        "status",
        ("pools.update-properties.answers-204", "certificates.cancel-deletion.answers-204"),
        _FRAMEWORK,
        status("POST /pools/{}/updateproperties, POST /certificates({})/canceldelete", 204, 200),
        consequences=(
            "certificates.cancel-deletion.active-again",
            "pools.update-properties.clears-omitted-certificates",
            "pools.update-properties.clears-omitted-metadata",
            "pools.update-properties.clears-omitted-packages",
        ),
    ),
    Defect(
        "head-204",
        "HEAD of a pool, and of a file, is answered 204.",
        "status",
        (
            "pools.exists.answers-200",
            "pools.exists.present",
            "files.get-properties-from-task.answers-200",
            "files.get-properties-from-compute-node.answers-200",
        ),
        "There is nothing in the answer.",
        status("HEAD /pools/..., HEAD /jobs/{}/tasks/{}/files/...", 200, 204),
        consequences=(
            "files.get-properties.same-as-list",
            "protocol.conditional.read-if-match-met",
            "protocol.conditional.read-if-modified-since-met",
            "protocol.conditional.read-if-none-match-met",
            "protocol.conditional.read-if-unmodified-since-met",
        ),
    ),
    Defect(
        "computed-202",
        "What has to be computed is answered 202: statistics, metrics, evaluations, logins, logs.",
        "status",
        (
            "pools.evaluate-auto-scale.answers-200",
            "pools.get-all-lifetime-statistics.answers-200",
            "pools.list-usage-metrics.answers-200",
            "pools.usage-metrics.lists",
            "nodes.get-remote-login-settings.answers-200",
            "nodes.get-remote-desktop.answers-200",
            "nodes.upload-batch-service-logs.answers-200",
            "nodes.extensions-get.answers-200",
        ),
        "A job queue answers for it.",
        status(
            "POST /pools/{}/evaluateautoscale, GET /lifetimepoolstats, GET /poolusagemetrics, GET /pools/{}/nodes/{}/..., "
            "POST /pools/{}/nodes/{}/uploadbatchservicelogs",
            200,
            202,
            lambda asked: "/files" not in asked.path and not asked.path.endswith("/extensions"),
        ),
        consequences=(
            "pools.evaluate-auto-scale.answers-result",
            "pools.evaluate-auto-scale.reports-errors",
        ),
    ),
    Defect(
        "files-202",
        "Files are deleted, read and listed with 202.",
        "status",
        (
            "files.delete-from-task.answers-200",
            "files.delete-from-compute-node.answers-200",
            "files.get-from-task.answers-200",
            "files.get-from-compute-node.answers-200",
            "files.list-from-task.answers-200",
            "files.list-from-compute-node.answers-200",
            "nodes.extensions-list.answers-200",
        ),
        "A gateway that asks the node answers before the node does.",
        status(
            "GET|DELETE /pools/{}/nodes/{}/files..., GET|DELETE /jobs/{}/tasks/{}/files..., GET /pools/{}/nodes/{}/extensions",
            200,
            202,
        ),
    ),
    Defect(
        "certificate-delete-200",
        "DELETE of a certificate answers 200 instead of 202.",
        "status",
        ("certificates.delete.answers-202",),
        _FRAMEWORK,
        status("DELETE /certificates({})", 202, 200),
        consequences=("certificates.delete.again",),
    ),
    Defect(
        "pool-etag-absent",
        "Answers about pools have no ETag and no Last-Modified.",
        "headers",
        ("pools.responses.etag-present", "pools.responses.last-modified-present", "files.responses.last-modified-present"),
        "Emulators answer with the headers of their framework alone.",
        answered("* /pools..., GET|HEAD /jobs/{}/tasks/{}/files/...", _without_headers("etag", "last-modified")),
    ),
    Defect(
        "file-headers-absent",
        "Files come without the headers about their creation, kind and URL.",
        "headers",
        ("files.responses.documented-headers", "files.get-properties.no-directory"),
        "A file server knows none of them.",
        answered("GET|HEAD /pools/{}/nodes/{}/files/..., GET|HEAD /jobs/{}/tasks/{}/files/...", _without_headers("ocp-")),
    ),
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
            "pools.trace.defaults",
            "pools.trace.sent-shown",
            "pools.trace.writes-shown",
        ),
    ),
    Defect(
        "pool-add-200",
        "The creation of a pool answers 200 instead of 201.",
        "status",
        ("pools.add.answers-201",),
        _FRAMEWORK,
        status("POST /pools", 201, 200),
    ),
    Defect(
        "user-add-200",
        "Creations of users and certificates answer 200 instead of 201.",
        "status",
        (
            "nodes.add-user.answers-201",
            "certificates.add.answers-201",
        ),
        _FRAMEWORK,
        status("POST /pools/{}/nodes/{}/users, POST /certificates", 201, 200),
    ),
    Defect(
        "service-id-absent",
        "Writes to pools have no DataServiceId.",
        "headers",
        ("pools.responses.data-service-id-present",),
        "Nobody reads it.",
        no_header("POST /pools, PATCH /pools/{}, POST /pools/{}/updateproperties", "DataServiceId"),
    ),
    Defect(
        "service-id-absent-elsewhere",
        "Writes to nodes and certificates have no DataServiceId.",
        "headers",
        (
            "nodes.responses.data-service-id-present",
            "certificates.responses.data-service-id-present",
        ),
        "Nobody reads it.",
        no_header("* /pools/{}/nodes/..., * /certificates...", "DataServiceId"),
    ),
    Defect(
        "service-id-with-query",
        "DataServiceId of updates of pools is the URL of the request with its query.",
        "headers",
        ("pools.responses.data-service-id-is-request-url",),
        "The URL as the framework has it.",
        answered("PATCH /pools/{}, POST /pools/{}/updateproperties", _with_query),
    ),
    Defect(
        "service-id-with-query-elsewhere",
        "DataServiceId of actions on nodes and certificates is the URL of the request with its query.",
        "headers",
        (
            "nodes.responses.data-service-id-is-request-url",
            "certificates.responses.data-service-id-is-request-url",
        ),
        "The URL as the framework has it.",
        answered("* /pools/{}/nodes/..., * /certificates...", _with_query),
    ),
    Defect(
        "service-id-slashed",
        "DataServiceId of a new pool ends with a slash, and Location does not.",
        "headers",
        ("pools.responses.data-service-id-is-location",),
        "Two places where the URL is made.",
        answered("POST /pools", _pathless),
    ),
    Defect(
        "service-id-slashed-elsewhere",
        "DataServiceId of new users and certificates ends with a slash, and Location does not.",
        "headers",
        (
            "nodes.responses.data-service-id-is-location",
            "certificates.responses.data-service-id-is-location",
        ),
        "Two places where the URL is made.",
        answered("POST /pools/{}/nodes/{}/users, POST /certificates", _pathless),
    ),
    Defect(
        "locations-relative",
        "Location of a new pool is a path, not a URL.",
        "headers",
        ("pools.responses.location",),
        "Frameworks write a relative Location.",
        header("POST /pools", "Location", lambda value: "/" + value.split("/", 3)[3]),
    ),
    Defect(
        "locations-relative-elsewhere",
        "Location of users of nodes and certificates is a path, not a URL.",
        "headers",
        (
            "nodes.responses.location",
            "certificates.responses.location",
        ),
        "Frameworks write a relative Location.",
        header("POST /pools/{}/nodes/{}/users, POST /certificates", "Location", lambda value: "/" + value.split("/", 3)[3]),
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
    ),
    Defect(
        "keys-leak",
        "Pools show the key of the storage account that they are kept in.",
        "secrets",
        ("pools.responses.secrets",),
        _ROW,
        body(_POOLS, each(_keyed), lacks("$select")),
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
    ),
    Defect(
        "states-unsaid",
        "Pools do not show their url, their size and since when they are in their state.",
        "schema",
        ("pools.responses.always-shown",),
        "What nobody asks for is not kept.",
        body(_POOLS, each(_without_state), lacks("$select")),
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
    ),
    Defect(
        "urls-internal",
        "The url of pools is the one behind the gateway.",
        "schema",
        ("pools.responses.url",),
        "A service that does not know from where it is asked.",
        body(_POOLS, each(_elsewhere), lacks("$select")),
    ),
    Defect(
        "urls-internal-elsewhere",
        "The url of nodes, files and certificates is the one behind the gateway.",
        "schema",
        (
            "nodes.responses.url",
            "files.responses.url",
            "certificates.responses.url",
        ),
        "A service that does not know from where it is asked.",
        body(_REST, each(_elsewhere), lacks("$select")),
    ),
    Defect(
        "required-left-out",
        "Pools do not show the agent of their machines.",
        "schema",
        ("pools.responses.required-present",),
        "What nobody asks for is not kept.",
        body(_POOLS, each(_bare), lacks("$select")),
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
        at="2024-07-01.20.0",
    ),
    Defect(
        "ids-qualified",
        "A pool that is read alone shows the account before its id.",
        "schema",
        ("pools.responses.id",),
        "The key of a table store.",
        member("GET /pools/{}", "id", lambda name: f"account:{name}"),
    ),
    Defect(
        "ids-qualified-elsewhere",
        "A node and an application that are read alone show the account before their id.",
        "schema",
        (
            "nodes.responses.id",
            "applications.responses.id",
        ),
        "The key of a table store.",
        member(f"{_NODE}, GET /applications/{{}}", "id", lambda name: f"account:{name}"),
    ),
    Defect(
        "selected-206",
        "Pools that were read with $expand are answered 206, as a part.",
        "status",
        (
            "pools.get.answers-200",
            "pools.list.answers-200",
        ),
        "A part of the content is Partial Content.",
        status(_POOLS, 200, 206, has("$expand")),
    ),
    Defect(
        "selected-206-elsewhere",
        "Nodes and certificates that were read with $select are answered 206, as a part.",
        "status",
        (
            "nodes.get.answers-200",
            "certificates.get.answers-200",
            "certificates.list.answers-200",
        ),
        "A part of the content is Partial Content.",
        status(_REST, 200, 206, has("$select")),
    ),
    Defect(
        "states-renamed",
        "Nodes and certificates that are active or idle are ready.",
        "schema",
        ("nodes.responses.enum-values", "certificates.responses.enum-values"),
        "Other clouds call it so.",
        body(f"{_NODE}, {_CERTIFICATES}", each(_renamed_states), lacks("$select")),
    ),
    Defect(
        "application-203",
        "An application is answered 203, as a proxy does that changed something.",
        "status",
        ("applications.get.answers-200",),
        "Non-Authoritative Information, from a cache.",
        status("GET /applications/{}", 200, 203),
    ),
    Defect(
        "applications-202",
        "The list of applications is answered 202.",
        "status",
        ("applications.list.answers-200",),
        "A job queue answers for it.",
        status("GET /applications", 200, 202),
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
    ),
)
