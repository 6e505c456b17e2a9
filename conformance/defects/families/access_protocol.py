"""Who is let in, and who is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from conformance.defects.answers import REFUSED, answered, member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.protocoled import Guard, kept_out, let_in
from conformance.defects.signing import Signer
from conformance.defects.where import EVERYTHING
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_SIGNATURE = re.compile(r"SharedKey [^:\s]+:[A-Za-z0-9+/]{43}=", re.IGNORECASE)


_QUARTER = timedelta(minutes=15)


def _malformed(asked: WireRequest, guard: Guard) -> bool:
    given = asked.header("authorization")
    return bool(given) and not _SIGNATURE.fullmatch(given or "")


def _within_an_hour(asked: WireRequest, guard: Guard) -> bool:
    age = guard.age(asked, "ocp-date", "date")
    return age is not None and _QUARTER < age < timedelta(hours=1) and guard.signed(asked)


def _older_than_five(asked: WireRequest, guard: Guard) -> bool:
    age = guard.age(asked, "ocp-date", "date")
    return age is not None and age > timedelta(minutes=5)


def _stale_date(asked: WireRequest, guard: Guard) -> bool:
    """Its Date is stale, whatever its ocp-date says."""
    age = guard.age(asked, "date")
    return age is not None and age > _QUARTER


def _date_only(asked: WireRequest, guard: Guard) -> bool:
    return not asked.header("ocp-date") and bool(asked.header("date"))


def _undated(asked: WireRequest, guard: Guard) -> bool:
    return bool(asked.header("authorization")) and not (asked.header("ocp-date") or asked.header("date"))


def _too_late(service: Service) -> Lie:
    """What is refused with 403 has been done."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status == 403 and asked.method in ("POST", "PUT", "PATCH", "DELETE"):
            await ask(Signer(service.settings).force(asked))
        return answer

    return lie


def _no_values(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return (
        replace(answer, body=re.sub(rb',"values":\[.*\]', b"", answer.body))
        if b"MissingRequiredHeader" in answer.body
        else answer
    )


DEFECTS = (
    Defect(
        "auth-code-other",
        "Who brings no signature, or a wrong one, is refused with a code for something else.",
        "error-codes",
        ("protocol.auth.missing-code", "protocol.auth.wrong-signature-code", "protocol.auth.malformed-code"),
        "Another family of services calls it so.",
        member(
            EVERYTHING,
            "code",
            lambda code: {
                "MissingRequiredHeader": "InvalidHeaderValue",
                "InvalidAuthenticationInfo": "InvalidInput",
                "AuthenticationFailed": "Forbidden",
            }.get(code, code),
            statuses=REFUSED,
        ),
    ),
    Defect(
        "auth-any-form",
        "An Authorization that is no signature is taken as one.",
        "authentication",
        ("protocol.auth.malformed-refused",),
        "What cannot be parsed is left to somebody else.",
        let_in(_malformed),
    ),
    Defect(
        "auth-unnamed-header",
        "The refusal of a request without Authorization does not say which header it lacks.",
        "envelope",
        ("protocol.auth.missing-header-named",),
        "A message is enough for people.",
        answered(EVERYTHING, _no_values, statuses=range(400, 401)),
    ),
    Defect(
        "auth-stale-hour",
        "A signature is good for an hour.",
        "authentication",
        ("protocol.auth.stale-date-refused",),
        "Tokens live that long.",
        let_in(_within_an_hour),
    ),
    Defect(
        "auth-five-minutes",
        "A signature is good for five minutes only.",
        "authentication",
        ("protocol.auth.recent-date-accepted",),
        "Clocks are synchronized, think those who guard.",
        kept_out(_older_than_five),
    ),
    Defect(
        "auth-date-counts",
        "Of Date and ocp-date together, Date has to be fresh, too.",
        "authentication",
        ("protocol.auth.ocp-date-wins",),
        "HTTP's own header is looked at first.",
        kept_out(_stale_date),
    ),
    Defect(
        "auth-ocp-date-only",
        "A request that is dated by Date alone is refused.",
        "authentication",
        ("protocol.auth.shared-key-accepted",),
        "The libraries send ocp-date.",
        kept_out(_date_only),
    ),
    Defect(
        "auth-undated",
        "A signed request without date is served.",
        "authentication",
        ("protocol.auth.no-date-refused",),
        "What is not there is not stale.",
        let_in(_undated),
    ),
    Defect(
        "auth-after-write",
        "Writes with a wrong signature are refused when they have been carried out.",
        "authentication",
        ("protocol.auth.refusal-changes-nothing",),
        "The signature is checked where the answer is written.",
        _too_late,
    ),
)
