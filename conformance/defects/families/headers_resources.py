"""Headers of answers about pools, nodes, files and certificates."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import Edit, answered, header, header_of, no_header, with_header
from conformance.defects.model import Defect
from conformance.reference.wire import WireAnswer, WireRequest


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


DEFECTS = (
    Defect(
        "pool-etag-absent",
        "Answers about pools have no ETag and no Last-Modified.",
        "headers",
        ("pools.responses.etag-present", "pools.responses.last-modified-present"),
        "Emulators answer with the headers of their framework alone.",
        answered("* /pools...", _without_headers("etag", "last-modified")),
        consequences=("files.responses.last-modified-present",),
    ),
    Defect(
        "file-headers-absent",
        "Files come without the headers about their times, kind and URL.",
        "headers",
        ("files.responses.documented-headers", "files.get-properties.no-directory", "files.responses.last-modified-present"),
        "A file server knows none of them.",
        answered(
            "GET|HEAD /pools/{}/nodes/{}/files/..., GET|HEAD /jobs/{}/tasks/{}/files/...",
            _without_headers("ocp-", "last-modified"),
        ),
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
        consequences=("pools.responses.data-service-id-is-location",),
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
        consequences=(
            "certificates.responses.data-service-id-is-location",
            "nodes.responses.data-service-id-is-location",
        ),
    ),
)
