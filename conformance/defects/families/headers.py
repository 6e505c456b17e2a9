"""Headers that are absent, wrong or constant."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from conformance.defects.answers import header, no_header
from conformance.defects.model import Defect
from conformance.defects.where import EVERYTHING

_CONSTANT_ID = "11111111-2222-4333-8444-555555555555"


def _iso(date: str) -> str:
    return parsedate_to_datetime(date).strftime("%Y-%m-%dT%H:%M:%SZ")


DEFECTS = (
    Defect(
        "request-id-absent",
        "No answer has a request-id.",
        "headers",
        ("protocol.headers.request-id", "protocol.headers.request-id-differs"),
        "Emulators answer with the headers of their framework alone.",
        no_header(EVERYTHING, "request-id"),
        panel=True,
    ),
    Defect(
        "last-modified-iso",
        "Last-Modified is written as dates in JSON are, not as dates in headers.",
        "headers",
        ("protocol.headers.last-modified-format", "accounts.management-headers.last-modified-format"),
        "One function writes every date.",
        header(EVERYTHING, "Last-Modified", _iso),
        panel=True,
    ),
    Defect(
        "request-id-constant",
        "Every answer has the same request-id.",
        "headers",
        (
            "protocol.headers.request-id-differs",
            "protocol.errors.request-id-line",
        ),
        "An id that is made once, when the process starts.",
        header(EVERYTHING, "request-id", lambda value: _CONSTANT_ID),
    ),
    Defect(
        "etag-quoted",
        "The ETag header is in quotes, as HTTP wants it and this service does not write it.",
        "headers",
        (
            "protocol.headers.etag-format",
            "protocol.consistency.etag",
        ),
        "Frameworks and proxies quote an ETag.",
        header(EVERYTHING, "ETag", lambda value: f'"{value}"'),
        consequences=(
            "accounts.management-headers.etag-format",
            "*.moves-etag",
            "*.new-etag",
            "protocol.etag.still-on-transition",
            "tasks.run.etag-stays",
        ),
    ),
    Defect(
        "location-relative",
        "The Location of a new job is a path, not a URL.",
        "headers",
        (
            "jobs.responses.location",
            "jobs.responses.data-service-id-is-location",
        ),
        "Frameworks write a relative Location.",
        header("POST /jobs", "Location", lambda value: "/" + value.split("/", 3)[3]),
    ),
    Defect(
        "hsts-absent",
        "No answer has Strict-Transport-Security.",
        "headers",
        ("protocol.headers.hsts", "accounts.management-headers.hsts"),
        "A header that the front of the service adds, and nobody who writes the service behind it.",
        no_header(EVERYTHING, "Strict-Transport-Security"),
    ),
)
