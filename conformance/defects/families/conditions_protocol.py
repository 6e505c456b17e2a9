"""Conditional requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Final

from conformance.defects.answers import REFUSED, answered, member
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.refusals import code_of, refusal
from conformance.defects.requests import deaf_to_header, heard
from conformance.defects.where import fits
from conformance.reference.httpdate import parse_http_date
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_ALL: Final = "* /pools/{}, POST /pools/{}/{}"


_READS: Final = "GET|HEAD /pools/{}"


_WRITES: Final = "PATCH|DELETE /pools/{}, POST /pools/{}/{}"


_HEADERS: Final = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")


_ALLOWED: Final = ({"If-Match", "If-Unmodified-Since"}, {"If-None-Match", "If-Modified-Since"})


def _given(asked: WireRequest) -> list[str]:
    return [name for name in _HEADERS if asked.header(name) is not None]


def _changed(where: str, name: str, value: str | None) -> Maker:
    """Another value for a conditional header that is sent; None takes it away."""

    def edit(asked: WireRequest) -> WireRequest:
        if asked.header(name) is None:
            return asked
        kept = [pair for pair in asked.headers if pair[0].lower() != name.lower()]
        return replace(asked, headers=[*kept, (name, value)] if value is not None else kept)

    return heard(where, edit)


def _moved(where: str, name: str, hours: int) -> Maker:
    """The date of a conditional header, so many hours off."""

    def edit(asked: WireRequest) -> WireRequest:
        date = parse_http_date(asked.header(name) or "")
        if date is None:
            return asked
        kept = [pair for pair in asked.headers if pair[0].lower() != name.lower()]
        return replace(asked, headers=[*kept, (name, format_datetime(date + timedelta(hours=hours), usegmt=True))])

    return heard(where, edit)


def _deaf_to(which: int, pairs: bool) -> Maker:
    """To the first or the second of two conditional headers, that may come together or may not."""

    def edit(asked: WireRequest) -> WireRequest:
        given = _given(asked)
        if len(given) != 2 or (set(given) in _ALLOWED) is not pairs:
            return asked
        gone = given[which].lower()
        return replace(asked, headers=[pair for pair in asked.headers if pair[0].lower() != gone])

    return heard(_ALL, edit)


def _not_modified(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    late = asked.header("If-None-Match") or asked.header("If-Modified-Since")
    kept = [pair for pair in answer.headers if pair[0].lower() != "content-type"]
    return replace(answer, status=304, headers=kept, body=b"") if late else answer


def _done_all_the_same(service: Service) -> Lie:
    """A write that a condition stops is answered 412, and carried out."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status == 412 and fits(_WRITES, asked):
            gone = {name.lower() for name in _HEADERS}
            await ask(replace(asked, headers=[pair for pair in asked.headers if pair[0].lower() not in gone]))
        return answer

    return lie


def _old_form_refused(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        for name in _HEADERS[2:]:
            value = asked.header(name) or ""
            if "day, " in value and fits(_ALL, asked):
                return refusal(service, asked, "InvalidHeaderValue", {"HeaderName": name, "HeaderValue": value})
        return await ask(asked)

    return lie


def _unread_dates(service: Service) -> Lie:
    """A date that cannot be read is as if it had not been sent, as HTTP has it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if code_of(answer) != "InvalidHeaderValue":
            return answer
        gone = {name.lower() for name in _HEADERS}
        return await ask(replace(asked, headers=[pair for pair in asked.headers if pair[0].lower() not in gone]))

    return lie


DEFECTS = (
    Defect(
        "read-if-match-ignored",
        "Reads of a pool are answered whatever If-Match says.",
        "conditions",
        ("protocol.conditional.read-if-match-unmet",),
        "If-Match is for writes.",
        deaf_to_header(_READS, "If-Match"),
        consequences=("protocol.conditional.*",),
    ),
    Defect(
        "if-modified-since-ignored",
        "Pools are read and written whatever If-Modified-Since says.",
        "conditions",
        (
            "protocol.conditional.read-if-modified-since-unmet",
            "protocol.conditional.write-if-modified-since-unmet",
            "protocol.conditional.rfc850-date",
        ),
        "Conditions about ETags are there, those about dates are forgotten.",
        deaf_to_header(_ALL, "If-Modified-Since"),
        consequences=(
            "pools.trace.condition-unmet",
            "protocol.conditional.*",
            "protocol.errors.bad-header-value",
            "pools.*.honours-conditions",
            "pools.remove-nodes.honours-if-match",
            "pools.stop-resize.honours-if-match",
        ),
    ),
    Defect(
        "write-if-none-match-ignored",
        "Pools are written whatever If-None-Match says.",
        "conditions",
        ("protocol.conditional.write-if-none-match-unmet",),
        "If-None-Match is for reads.",
        deaf_to_header(_WRITES, "If-None-Match"),
        consequences=(
            "pools.trace.condition-unmet",
            "protocol.conditional.*",
            "pools.*.honours-conditions",
            "pools.remove-nodes.honours-if-match",
            "pools.stop-resize.honours-if-match",
        ),
    ),
    Defect(
        "write-unmet-304",
        "A write whose If-None-Match or If-Modified-Since is not met is answered 304.",
        "status",
        (
            "protocol.conditional.write-if-none-match-unmet",
            "protocol.conditional.write-if-modified-since-unmet",
            "protocol.conditional.not-modified-only-when-asked",
        ),
        "One function answers reads and writes.",
        answered(_WRITES, _not_modified, statuses=range(412, 413)),
        consequences=("protocol.conditional.*", "pools.*.honours-conditions"),
    ),
    Defect(
        "if-match-never",
        "If-Match on a pool is never met.",
        "conditions",
        ("protocol.conditional.read-if-match-met", "protocol.conditional.write-if-match-met"),
        "The ETag is kept in quotes and compared with one that has none.",
        _changed(_ALL, "If-Match", "0x0"),
        consequences=("pools.trace.condition-met", "protocol.conditional.match-decides", "pools.*.honours-conditions"),
    ),
    Defect(
        "if-none-match-never",
        "If-None-Match on a pool is never met, whatever ETag it names.",
        "conditions",
        ("protocol.conditional.read-if-none-match-met", "protocol.conditional.write-if-none-match-met"),
        "Any value is read as *.",
        _changed(_ALL, "If-None-Match", "*"),
        consequences=("pools.trace.condition-met", "protocol.conditional.none-match-decides", "pools.*.honours-conditions"),
    ),
    Defect(
        "if-modified-since-zone",
        "The date of If-Modified-Since is read as two hours later than it is.",
        "conditions",
        ("protocol.conditional.read-if-modified-since-met", "protocol.conditional.write-if-modified-since-met"),
        "Dates of headers are taken as local time.",
        _moved(_ALL, "If-Modified-Since", 2),
        consequences=("pools.trace.condition-met", "protocol.conditional.rfc850-date", "pools.*.honours-conditions"),
    ),
    Defect(
        "if-unmodified-since-zone",
        "The date of If-Unmodified-Since is read as two hours earlier than it is.",
        "conditions",
        ("protocol.conditional.read-if-unmodified-since-met", "protocol.conditional.write-if-unmodified-since-met"),
        "Dates of headers are taken as local time.",
        _moved(_ALL, "If-Unmodified-Since", -2),
        consequences=(
            "pools.trace.condition-met",
            "pools.*.honours-conditions",
        ),
    ),
    Defect(
        "unmet-written",
        "A write to a pool that a condition stops is answered 412, and carried out.",
        "conditions",
        ("protocol.conditional.unmet-write-changes-nothing",),
        "The condition is looked at when the answer is written.",
        _done_all_the_same,
        consequences=(
            "pools.*",
            "protocol.conditional.write-if-none-match-unmet",
            "protocol.etag.stable-on-read",
        ),
    ),
    Defect(
        "unmet-code",
        "A condition that is not met is told as PreconditionFailed.",
        "error-codes",
        ("protocol.conditional.condition-not-met-code", "protocol.errors.code-documented"),
        "The name that HTTP has for 412.",
        member(_ALL, "code", lambda code: "PreconditionFailed" if code == "ConditionNotMet" else code, statuses=REFUSED),
        consequences=("nodes.*", "pools.*"),
    ),
    Defect(
        "pair-second-decides",
        "Of two conditional headers that may come together the second one decides.",
        "conditions",
        ("protocol.conditional.match-decides", "protocol.conditional.none-match-decides"),
        "The last one that is looked at wins.",
        _deaf_to(0, True),
    ),
    Defect(
        "pair-forbidden-taken",
        "Of two conditional headers that may not come together the first one decides.",
        "conditions",
        ("protocol.conditional.other-pairs-refused",),
        "Nobody thinks of pairs.",
        _deaf_to(1, False),
        consequences=("protocol.conditional.unmet-write-changes-nothing",),
    ),
    Defect(
        "pair-code",
        "Two conditional headers that may not come together are refused as InvalidHeaderValue.",
        "error-codes",
        ("protocol.conditional.other-pairs-code",),
        "One code for whatever is wrong with headers.",
        member(
            _ALL,
            "code",
            lambda code: "InvalidHeaderValue" if code == "MultipleConditionHeadersNotSupported" else code,
            statuses=REFUSED,
        ),
    ),
    Defect(
        "rfc850-refused",
        "A date in the form of RFC 850 is refused.",
        "conditions",
        ("protocol.conditional.rfc850-date",),
        "Libraries parse one form of dates.",
        _old_form_refused,
    ),
    Defect(
        "bad-date-ignored",
        "A conditional header whose date cannot be read is ignored.",
        "conditions",
        ("protocol.conditional.malformed-date", "protocol.errors.bad-header-value"),
        "HTTP has it so.",
        _unread_dates,
    ),
)
