"""Headers, content types and the form of bodies; timeouts and statistics."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from conformance.defects.answers import (
    OK,
    REFUSED,
    answered,
    body,
    header,
    header_of,
    no_header,
    status,
    with_header,
)
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.protocoled import second_try, without_parameter
from conformance.defects.requests import deaf_to_parameter
from conformance.defects.where import When, has, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_POOLS = "* /pools, * /pools/{}, POST /pools/{}/..."
_POOL = "GET /pools/{}"
_READS = f"GET /pools, {_POOL}"
_LISTS = "GET /pools, GET /jobs, GET /jobschedules, GET /jobs/{}/tasks"


def _all(*makers: Maker) -> Maker:
    def make(service: Service) -> Lie:
        lies = [maker(service) for maker in makers]

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            for one in lies:
                ask = _through(one, ask)
            return await ask(asked)

        return lie

    return make


def _through(lie: Lie, ask: Ask) -> Ask:
    async def tell(asked: WireRequest) -> WireAnswer:
        return await lie(asked, ask)

    return tell


def _echoed(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    sent = asked.header("client-request-id")
    return with_header(answer, "client-request-id", sent) if sent else answer


def _etag(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    tagged = with_header(answer, "ETag", "0x8DE48B4E2C8A001")
    return with_header(tagged, "Last-Modified", header_of(answer, "Date"))


def _accepted_body(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    labelled = [*answer.headers, ("Content-Type", "application/json;odata=minimalmetadata")]
    return replace(answer, headers=labelled, body=b'{"status":"Accepted"}')


def _last(document: Json) -> Json:
    metadata = document.pop("odata.metadata", None)
    return {**document, **({"odata.metadata": metadata} if metadata else {})}


def _offset(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    """As Python writes a time in UTC."""
    return replace(answer, body=re.sub(rb'"(creationTime|stateTransitionTime)":"([^"]+)Z"', rb'"\1":"\2+00:00"', answer.body))


def _other_set(document: Json) -> None:
    document["odata.metadata"] = document["odata.metadata"].replace("#pools", "#jobs")


def _later(date: str) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(hours=2), usegmt=True)


def _a_second(date: str) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(seconds=1), usegmt=True)


def _hashed(tag: str) -> str:
    """Fifteen digits that no time can be read from."""
    return f"0x{int(tag, 16) * 0x9E3779B97F4A7C15 % 16**15:015X}"


def _hash_etags(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    tag = header_of(answer, "ETag")
    told = with_header(answer, "ETag", _hashed(tag)) if tag else answer

    def hashed(found: re.Match[bytes]) -> bytes:
        return b'"eTag":"%s"' % _hashed(found[1].decode()).encode()

    return replace(told, body=re.sub(rb'"eTag":"(0x[0-9A-F]+)"', hashed, told.body))


def _born_late(document: Json) -> None:
    if "creationTime" in document:
        document["creationTime"] = re.sub(r"^\d{4}", lambda year: str(int(year[0]) + 1), document["creationTime"])


def _untimed(document: Json) -> None:
    message = document.get("message")
    if isinstance(message, dict):
        message["value"] = re.sub(r"\n?Time:.*", "", message["value"])


def _timeout(wrong: Any) -> When:
    def so(asked: WireRequest) -> bool:
        value = asked.parameters().get("timeout", "")
        return value.isdecimal() and bool(wrong(int(value)))

    return so


def _not_decimal(asked: WireRequest) -> bool:
    return not asked.parameters().get("timeout", "0").isdecimal()


def _strange(asked: WireRequest) -> bool:
    given = asked.parameters()
    return not given.keys() <= _KNOWN or given.get("$expand", "stats") != "stats"


_KNOWN = {"api-version", "timeout", "maxresults", "$filter", "$select", "$expand", "$skiptoken"}
_STATS = {"startTime": "2020-01-01T00:00:00Z", "lastUpdateTime": "2020-01-01T00:00:00Z"}


def _with_stats(document: Json) -> None:
    for pool in document.get("value", [document]):
        pool["stats"] = {**_STATS, "url": f"{pool.get('url', '')}/lifetimepoolstats"}


DEFECTS = (
    Defect(
        "client-request-id-never",
        "The client-request-id is never repeated.",
        "headers",
        ("protocol.headers.client-request-id-echoed", "protocol.headers.client-request-id-echoed-when-asked"),
        "A header that only logs are for.",
        no_header("* /...", "client-request-id"),
    ),
    Defect(
        "client-request-id-always",
        "The client-request-id is repeated whether the request asks for it or not.",
        "headers",
        ("protocol.headers.client-request-id-only-when-asked", "protocol.headers.client-request-id-not-by-default"),
        "Once it is there, why not.",
        answered(_POOLS, _echoed),
    ),
    Defect(
        "bare-server",
        "Answers about pools have neither Date nor X-Content-Type-Options nor DataServiceVersion.",
        "headers",
        ("protocol.headers.date", "protocol.headers.nosniff", "protocol.headers.data-service-version"),
        "A bare HTTP server.",
        _all(*(no_header(_POOLS, name) for name in ("Date", "X-Content-Type-Options", "DataServiceVersion"))),
    ),
    Defect(
        "list-with-etag",
        "Lists of pools have an ETag and Last-Modified.",
        "headers",
        ("protocol.headers.no-resource-headers",),
        "A proxy that caches adds them.",
        answered("GET /pools", _etag, statuses=OK),
        consequences=("protocol.consistency.etag-ticks",),
    ),
    Defect(
        "error-text-json",
        "Errors are labelled text/json.",
        "headers",
        ("protocol.content.json-type",),
        "Errors come from another layer.",
        answered(_POOLS, lambda asked, answer: with_header(answer, "Content-Type", "text/json"), statuses=REFUSED),
        consequences=("protocol.content.minimal-metadata",),
    ),
    Defect(
        "plain-json",
        "JSON is labelled application/json without odata=minimalmetadata.",
        "headers",
        ("protocol.content.minimal-metadata",),
        "Frameworks label it so.",
        header(_POOLS, "Content-Type", lambda value: "application/json"),
    ),
    Defect(
        "delete-with-body",
        "202 of the deletion of a pool has a body.",
        "schema",
        ("protocol.content.no-body",),
        "Frameworks answer an object.",
        answered("DELETE /pools/{}", _accepted_body, statuses=range(202, 203)),
    ),
    Defect(
        "get-in-array",
        "A job that is read alone is answered in an array.",
        "schema",
        ("protocol.body.json",),
        "A query answers rows.",
        body("GET /jobs/{}", lambda document: [document]),
        consequences=("job*", "tasks.*", "protocol.*"),
    ),
    Defect(
        "metadata-last",
        "odata.metadata is the last member of a pool.",
        "envelope",
        ("protocol.body.metadata-first",),
        "A library sorts the members, or adds its own last.",
        body(_POOL, _last),
    ),
    Defect(
        "metadata-of-jobs",
        "odata.metadata of pools names jobs.",
        "envelope",
        ("protocol.body.metadata-fragment",),
        "Copied from the handler of jobs.",
        body("GET /pools, GET /pools/{}", _other_set),
    ),
    Defect(
        "dates-with-offset",
        "Times of a pool end in +00:00 instead of Z.",
        "schema",
        ("protocol.body.dates-utc",),
        "Python writes a time in UTC so.",
        answered("GET /pools, GET /pools/{}", _offset, statuses=OK),
        consequences=("pools.add.times-agree",),
    ),
    Defect(
        "last-modified-ahead",
        "Last-Modified of a pool is a second later than its lastModified.",
        "headers",
        ("protocol.consistency.last-modified",),
        "Rounded up, not cut off.",
        header(_POOL, "Last-Modified", _a_second),
        consequences=("protocol.consistency.date", "protocol.consistency.etag-ticks"),
    ),
    Defect(
        "last-modified-zone",
        "Last-Modified of a job is in local time and says GMT.",
        "headers",
        ("protocol.consistency.date",),
        "A machine that is not set to UTC.",
        header("* /jobs/{}, POST /jobs", "Last-Modified", _later),
        consequences=(
            "jobs.*.honours-conditions",
            "jobs.trace.modified-forward",
            "protocol.consistency.last-modified",
            "protocol.consistency.etag-ticks",
        ),
    ),
    Defect(
        "etag-hashed",
        "ETags of pools are hashes, of the same form as those that count ticks.",
        "headers",
        ("protocol.consistency.etag-ticks",),
        "An ETag is a hash in most services.",
        answered("* /pools, * /pools/{}, POST /pools/{}/...", _hash_etags),
        consequences=("pools.trace.condition-*", "protocol.conditional.*", "pools.*.honours-conditions"),
    ),
    Defect(
        "born-after-change",
        "The creationTime of a pool is a year later than it was created.",
        "schema",
        ("protocol.consistency.times",),
        "An off by one in a formatter of dates: the year of the week.",
        body(_POOL, _born_late),
        consequences=("pools.*",),
    ),
    Defect(
        "error-without-time",
        "The message of an error has no Time line.",
        "envelope",
        ("protocol.errors.time-line",),
        "A message is a sentence.",
        body(_POOLS, _untimed, statuses=REFUSED),
    ),
    Defect(
        "timeout-unsupported",
        "A timeout of 30 seconds or more is refused, as the server's own is 30.",
        "limits",
        ("protocol.timeout.accepted", "protocol.timeout.large-accepted"),
        "Off by one in a limit that is no refusal.",
        refuses("* /pools/{}", _timeout(lambda seconds: seconds >= 30), "OutOfRangeQueryParameterValue"),
    ),
    Defect(
        "timeout-unread",
        "A timeout that is no number is ignored.",
        "queries",
        ("protocol.timeout.not-a-number-refused",),
        "Nobody looks at the parameter.",
        deaf_to_parameter("* /pools/{}", "timeout", _not_decimal),
    ),
    Defect(
        "stats-always",
        "Pools show statistics whether $expand asks for them or not.",
        "queries",
        ("protocol.expand.stats-only-when-asked",),
        "One query joins them all.",
        body("GET /pools, GET /pools/{}", _with_stats, lacks("$select")),
        consequences=("pools.*",),
    ),
    Defect(
        "expand-refused",
        "$expand is refused on pools.",
        "queries",
        ("protocol.expand.stats-accepted",),
        "There are no statistics to expand.",
        refuses("GET /pools, GET /pools/{}", has("$expand"), "UnsupportedQueryParameter"),
        consequences=("protocol.expand.unknown-refused",),
    ),
    Defect(
        "parameters-unchecked",
        "Query parameters of pools that are not known, or an $expand of what is not there, are ignored.",
        "queries",
        ("protocol.errors.unknown-query-parameter", "protocol.expand.unknown-refused"),
        "Frameworks ignore what a handler does not name.",
        second_try(
            "GET /pools, GET /pools/{}", ("UnsupportedQueryParameter", "InvalidQueryParameterValue"), without_parameter, _strange
        ),
    ),
    Defect(
        "head-missing-410",
        "HEAD of a pool that does not exist is answered 410.",
        "status",
        ("protocol.errors.status-documented",),
        "It was there once, perhaps.",
        status("HEAD /pools/{}", 404, 410),
        consequences=("pools.exists.*",),
    ),
)
