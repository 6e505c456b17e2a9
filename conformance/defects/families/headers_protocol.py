"""Headers and content types."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from conformance.defects.answers import (
    OK,
    REFUSED,
    answered,
    header,
    header_of,
    no_header,
    status,
    with_header,
)
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_POOLS = "* /pools, * /pools/{}, POST /pools/{}/..."


_POOL = "GET /pools/{}"


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


_EXTRA = ("Date", "X-Content-Type-Options", "Strict-Transport-Security", "DataServiceVersion")

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
        "Answers about pools have no Date, no DataServiceVersion and none of the headers that browsers look at.",
        "headers",
        ("protocol.headers.date", "protocol.headers.nosniff", "protocol.headers.data-service-version", "protocol.headers.hsts"),
        "A bare HTTP server.",
        _all(*(no_header(_POOLS, name) for name in _EXTRA)),
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
        "head-missing-410",
        "HEAD of a pool that does not exist is answered 410.",
        "status",
        ("protocol.errors.status-documented",),
        "It was there once, perhaps.",
        status("HEAD /pools/{}", 404, 410),
        consequences=("pools.exists.*",),
    ),
)
