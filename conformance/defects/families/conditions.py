"""Conditional requests and ETags; two who change the same."""

from __future__ import annotations

from conformance.defects.answers import header
from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_header
from conformance.defects.stored import Changed, after

_RESOURCES = "/pools/..., {0} /jobs/..., {0} /jobschedules/..."
_WRITES = "PATCH|PUT|POST|DELETE"
_EVERY_WRITE = f"{_WRITES} " + _RESOURCES.format(_WRITES)
_EVERY_READ = "GET|HEAD " + _RESOURCES.format("GET|HEAD")


def _keep_etag(changed: Changed) -> None:
    changed.restore("_modified", "eTag", "lastModified")


DEFECTS = (
    Defect(
        "write-if-match-ignored",
        "Writes are carried out whatever If-Match says: of two who change the same, one loses what they wrote.",
        "concurrency",
        (
            "protocol.conditional.write-if-match-unmet",
            "*.honours-conditions",
            "pools.*.honours-if-match",
            "*.trace.condition-unmet",
        ),
        "Emulators leave out conditions first.",
        deaf_to_header(_EVERY_WRITE, "If-Match"),
        consequences=("protocol.conditional.match-decides", "protocol.conditional.other-pairs-refused"),
        panel=True,
    ),
    Defect(
        "read-if-none-match-ignored",
        "Reads are answered in full whatever If-None-Match says.",
        "conditions",
        (
            "protocol.conditional.read-if-none-match-unmet",
            "protocol.conditional.not-modified-empty",
            "*.honours-conditions",
            "*.trace.condition-unmet",
        ),
        "Emulators leave out conditions first.",
        deaf_to_header(_EVERY_READ, "If-None-Match"),
        consequences=(
            "protocol.conditional.none-match-decides",
            "protocol.conditional.other-pairs-refused",
        ),
        panel=True,
    ),
    Defect(
        "if-unmodified-since-ignored",
        "Reads and writes are answered whatever If-Unmodified-Since says.",
        "conditions",
        ("protocol.conditional.write-if-unmodified-since-unmet", "protocol.conditional.read-if-unmodified-since-unmet"),
        "Conditions about ETags are there, those about dates are forgotten.",
        deaf_to_header("* /...", "If-Unmodified-Since"),
        consequences=(
            "*.honours-conditions",
            "*.trace.condition-unmet",
            "protocol.conditional.*",
            "protocol.errors.bad-header-value",
            "files.get.unmodified-since",
            "pools.remove-nodes.honours-if-match",
            "pools.stop-resize.honours-if-match",
        ),
    ),
    Defect(
        "job-patch-keeps-etag",
        "PATCH of a job changes it and leaves its ETag.",
        "conditions",
        (
            "jobs.patch.moves-etag",
            "jobs.trace.etag-answered",
            "jobs.trace.modified-forward",
            "protocol.etag.write-answers-new",
        ),
        "The ETag is made at creation.",
        after("PATCH /jobs/{}", _keep_etag),
        consequences=("jobs.trace.etag-transition",),
    ),
    Defect(
        "etag-weak",
        "ETags are marked as weak.",
        "headers",
        (
            "protocol.headers.etag-format",
            "protocol.consistency.etag",
        ),
        "A proxy that compresses marks them so.",
        header("* /...", "ETag", lambda value: f"W/{value}"),
        consequences=(
            "*.moves-etag",
            "*.new-etag",
            "protocol.etag.still-on-transition",
            "tasks.run.etag-stays",
        ),
    ),
)
