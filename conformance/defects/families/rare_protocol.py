"""What goes wrong for one answer of many only, and what leaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from conformance.defects.answers import answered, header_of, with_header
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_ARM = "* /subscriptions/..."


def _every(nth: int, where: str, edit: Callable[[WireAnswer, WireAnswer], WireAnswer]) -> Maker:
    """Each `nth` answer is edited; `edit` gets the one before it, too."""

    def make(service: Service) -> Lie:
        count, before = 0, WireAnswer(200, [])

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            nonlocal count, before
            answer = await ask(asked)
            if not fits(where, asked):
                return answer
            count, last, before = count + 1, before, answer
            return edit(answer, last) if count % nth == 0 else answer

        return lie

    return make


def _with_id_of(answer: WireAnswer, before: WireAnswer) -> WireAnswer:
    known, own = header_of(before, "request-id"), header_of(answer, "request-id")
    if known is None or own is None:
        return answer
    told = with_header(answer, "request-id", known)
    return replace(told, body=answer.body.replace(own.encode(), known.encode()))


def _earlier(answer: WireAnswer, before: WireAnswer) -> WireAnswer:
    date = header_of(answer, "Date")
    if date is None:
        return answer
    return with_header(answer, "Date", format_datetime(parsedate_to_datetime(date) - timedelta(minutes=10), usegmt=True))


def _leaking(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    given = asked.header("authorization")
    return with_header(answer, "x-forwarded-authorization", given) if given else answer


DEFECTS = (
    Defect(
        "date-back-at-times",
        "One in ten answers about pools is dated ten minutes before.",
        "headers",
        ("protocol.consistency.date",),
        "The clock of one of ten machines is late.",
        _every(10, "* /pools...", _earlier),
        consequences=(
            "protocol.consistency.times",
            "protocol.errors.time-of-answer",
        ),
    ),
    Defect(
        "request-id-lost-at-times",
        "One in twenty reads of a pool has no request-id.",
        "headers",
        ("protocol.headers.request-id",),
        "One of twenty machines has an older build.",
        _every(20, "GET /pools/{}", lambda answer, before: with_header(answer, "request-id", None)),
    ),
    Defect(
        "request-id-again-at-times",
        "One in twenty answers about pools has the request-id of the one before it.",
        "headers",
        ("protocol.headers.request-id-differs",),
        "A variable that threads share.",
        _every(20, "* /pools...", _with_id_of),
    ),
    Defect(
        "authorization-leaks",
        "Reads of a pool repeat the Authorization of their request.",
        "secrets",
        ("protocol.secrets.absent",),
        "A header of a proxy that somebody debugged.",
        answered("GET /pools/{}", _leaking),
        consequences=("pools.responses.secrets",),
    ),
    Defect(
        "token-leaks",
        "Answers of the management plane repeat the token of their request.",
        "secrets",
        ("accounts.management-secrets.absent",),
        "A header of a proxy that somebody debugged.",
        answered(_ARM, _leaking),
    ),
)
