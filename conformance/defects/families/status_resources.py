"""Answers about pools, nodes, files, certificates and applications with another status."""

from __future__ import annotations

from conformance.defects.answers import status
from conformance.defects.model import Defect
from conformance.defects.where import has

_POOLS = "GET /pools, GET /pools/{}"
_NODE = "GET /pools/{}/nodes/{}"
_FILES = "GET /pools/{}/nodes/{}/files, GET /jobs/{}/tasks/{}/files"
_CERTIFICATES = "GET /certificates, GET /certificates({})"
_APPLICATIONS = "GET /applications, GET /applications/{}"
_REST = f"{_NODE}, {_FILES}, {_CERTIFICATES}, {_APPLICATIONS}"
_FRAMEWORK = "Frameworks answer 200 unless told otherwise."


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
        consequences=(
            "pools.remove-nodes.removes",
            "pools.resize.timeout-minimum-accepted",
        ),
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
        consequences=(
            "files.delete-from-compute-node.answers-200",
            "files.delete.recursive",
            "nodes.upload-batch-service-logs.answers-200",
            "pools.disable-auto-scale.turns-off",
            "pools.enable-auto-scale.applies",
            "pools.evaluate-auto-scale.answers-200",
            "pools.evaluate-auto-scale.answers-result",
            "pools.evaluate-auto-scale.reports-errors",
            "pools.patch.empty-body-changes-nothing",
            "protocol.conditional.match-decides",
        ),
    ),
    Defect(
        "pool-replace-200",
        "The operation updateproperties, and cancelling the deletion of a certificate, answer 200 instead of 204.",
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
        consequences=(
            "files.delete.recursive",
            "files.get.modified-since",
            "files.get.range",
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
        consequences=(
            "certificates.add.cer",
            "certificates.add.pfx",
            "nodes.delete-user.name-free-again",
        ),
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
        consequences=("protocol.expand.stats-accepted",),
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
        "filtered-nodes-206",
        "Nodes that were listed with $filter are answered 206, as a part.",
        "status",
        ("nodes.list.answers-200",),
        "A part of the content is Partial Content.",
        status("GET /pools/{}/nodes", 200, 206, has("$filter")),
        consequences=("nodes.list.filter-start-task",),
    ),
)
