"""Answers about jobs with headers that are wrong, or not there."""

from __future__ import annotations

from conformance.defects.answers import header, no_header
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect

_ENABLE, _AUTO = "POST /jobs/{}/enable", "poolInfo.autoPoolSpecification"


def _host_only(url: str) -> str:
    return "/" + url.split("//", 1)[-1].partition("/")[2]


DEFECTS = (
    Defect(
        "job-writes-no-etag",
        "PUT of a job answers no ETag.",
        "headers",
        ("jobs.responses.etag-present",),
        "An ETag is for reads, thinks a framework.",
        no_header("PUT /jobs/{}", "ETag"),
    ),
    Defect(
        "job-writes-no-last-modified",
        "Enabling a job answers no Last-Modified.",
        "headers",
        ("jobs.responses.last-modified-present",),
        "It is for caches, and writes are not cached.",
        no_header(_ENABLE, "Last-Modified"),
    ),
    Defect(
        "job-location-relative",
        "The Location of a new job with an auto pool is a path without a host.",
        "headers",
        ("jobs.responses.location",),
        "Allowed by RFC 9110, and what frameworks do.",
        header("POST /jobs", "Location", _host_only, has_member(_AUTO)),
        consequences=("jobs.responses.data-service-id-is-location",),
    ),
    Defect(
        "job-data-service-id-collection",
        "The DataServiceId of a new job with a displayName is the URL of the collection.",
        "headers",
        ("jobs.responses.data-service-id-is-location",),
        "The URL of the request, as everywhere else.",
        header("POST /jobs", "DataServiceId", lambda url: url.rpartition("/")[0], has_member("displayName")),
    ),
    Defect(
        "job-writes-no-data-service-id",
        "PUT of a job answers no DataServiceId.",
        "headers",
        ("jobs.responses.data-service-id-present",),
        "A header that no client reads.",
        no_header("PUT /jobs/{}", "DataServiceId"),
    ),
    Defect(
        "job-data-service-id-query",
        "The DataServiceId of a job that is enabled has the query with it.",
        "headers",
        ("jobs.responses.data-service-id-is-request-url",),
        "The URL as the framework has it.",
        header(_ENABLE, "DataServiceId", lambda url: f"{url}?api-version=2022-01-01.15.0"),
    ),
)
