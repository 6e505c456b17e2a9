"""Who is let in, and what is told."""

from __future__ import annotations

import json

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.signing import Signer
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _any_signature(service: Service) -> Lie:
    signer = Signer(service.settings)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        genuine = (asked.header("authorization") or "").lower().startswith("sharedkey ")
        return await ask(signer.force(asked) if genuine else asked)

    return lie


def _nobody_asked(service: Service) -> Lie:
    signer = Signer(service.settings)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        dated = asked.header("ocp-date") or asked.header("date")
        return await ask(signer.force(asked) if dated and not asked.header("authorization") else asked)

    return lie


def _passwords(service: Service) -> Lie:
    """A pool shows its user accounts with the passwords that it was created with."""
    known: dict[str, list[Json]] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits("POST /pools", asked) and answer.status == 201:
            sent = json.loads(asked.body)
            known[f"/pools/{sent['id']}".lower()] = sent.get("userAccounts") or []
        accounts = known.get(asked.path.lower())
        if not accounts or asked.method != "GET" or answer.status != 200:
            return answer

        def show(document: Json) -> None:
            if "userAccounts" in document:
                document["userAccounts"] = accounts

        return with_body(answer, show)

    return lie


DEFECTS = (
    Defect(
        "any-signature-accepted",
        "Every signature is accepted, whoever made it.",
        "authentication",
        ("protocol.auth.wrong-signature-refused", "protocol.auth.other-account-refused", "protocol.auth.query-is-signed"),
        "Emulators take a well-known key, or any.",
        _any_signature,
        consequences=("protocol.auth.malformed-refused", "protocol.auth.refusal-changes-nothing"),
    ),
    Defect(
        "unsigned-accepted",
        "A request without Authorization is served.",
        "authentication",
        ("protocol.auth.missing-refused",),
        "Emulators run on the machine of who uses them.",
        _nobody_asked,
    ),
    Defect(
        "passwords-shown",
        "A pool shows the passwords of its user accounts.",
        "secrets",
        ("protocol.secrets.absent", "pools.responses.secrets"),
        "What was stored is told.",
        _passwords,
        consequences=("pools.add.user-account-*-hidden",),
    ),
)
