"""Requests that a service cannot bear: 500, broken off, never answered."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.trouble import breaks, fails, hangs
from conformance.defects.where import has, sends
from conformance.reference.wire import WireRequest


def _beyond_latin(asked: WireRequest) -> bool:
    """In the body, as it is or escaped."""
    return b"\\u" in asked.body or any(byte > 127 for byte in asked.body)


DEFECTS = (
    Defect(
        "unicode-500",
        "A job whose body has a letter beyond ASCII is answered 500.",
        "trouble",
        ("protocol.errors.no-undocumented-5xx", "protocol.errors.json", "protocol.robustness.no-server-error"),
        "Text encoded as ASCII for a log.",
        fails("POST|PUT|PATCH /jobs...", _beyond_latin),
        consequences=(
            "*.display-name-*",
            "*.job-display-name-kept",
            "protocol.errors.*",
            "protocol.headers.no-resource-headers",
        ),
    ),
    Defect(
        "empty-metadata-500",
        "An update of a pool with an empty list of metadata is answered 500.",
        "trouble",
        (
            "protocol.errors.no-undocumented-5xx",
            "protocol.errors.json",
        ),
        "The first element of an empty list.",
        fails("PATCH /pools/{}, POST /pools/{}/updateproperties", sends("metadata", [])),
        consequences=(
            "certificates.pool.unknown-refused-in-update",
            "pools.patch.empty-metadata-removes",
            "pools.update-properties.*",
            "protocol.headers.no-resource-headers",
            "protocol.robustness.no-server-error",
        ),
    ),
    Defect(
        "empty-collection-crash",
        "A collection without tasks makes the service close the connection.",
        "trouble",
        ("protocol.robustness.answers",),
        "A worker process that dies.",
        breaks("POST /jobs/{}/addtaskcollection", sends("value", [])),
    ),
    Defect(
        "expand-hangs",
        "A list of jobs that asks for statistics is never answered.",
        "trouble",
        ("protocol.robustness.answers",),
        "A lock that is taken twice.",
        hangs("GET /jobs", has("$expand")),
    ),
)
