"""Accounts in the management plane: addresses, api-versions and tokens that should be refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from conformance.defects.answers import answered
from conformance.defects.managed import EVERY, GROUP, NEWEST
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import heard, with_parameter
from conformance.defects.where import fits, version
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest


def _at_newest(asked: WireRequest) -> WireRequest:
    if "api-version" not in asked.parameters():
        return replace(asked, query="&".join(part for part in (asked.query, f"api-version={NEWEST}") if part))
    return replace(asked, query=with_parameter(asked.query, "api-version", lambda value: NEWEST))


def _unknown(asked: WireRequest) -> bool:
    return not re.fullmatch(r"20(1[5-9]|2\d)-\d\d-\d\d", version(asked))


def _our_subscription(asked: WireRequest) -> WireRequest:
    steps = asked.path.split("/")
    return replace(asked, path="/".join([*steps[:2], Settings.subscription, *steps[3:]]))


def _empty_list(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return replace(answer, status=200, body=b'{"value":[]}') if b"ResourceGroupNotFound" in answer.body else answer


def _nothing(codes: tuple[bytes, ...]) -> Maker:
    """Such refusals are told as success without more."""

    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        return replace(answer, status=200, body=b"{}") if any(code in answer.body for code in codes) else answer

    return answered(EVERY, edit, statuses=range(400, 600))


def _let_in(these: Callable[[str], bool]) -> Maker:
    """Who comes with such an Authorization has the token."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            given = asked.header("authorization") or ""
            if not fits(EVERY, asked) or not these(given):
                return await ask(asked)
            kept = [(name, value) for name, value in asked.headers if name.lower() != "authorization"]
            genuine = f"Bearer {service.settings.management_token}"
            return await ask(replace(asked, headers=[*kept, ("authorization", genuine)]))

        return lie

    return make


DEFECTS = (
    Defect(
        "account-version-unchecked",
        "A management api-version that is missing, malformed or unknown is taken as the newest one.",
        "versions",
        ("accounts.errors.version-missing", "accounts.errors.version-malformed", "accounts.errors.version-unknown"),
        "Nobody looks at the parameter.",
        heard(EVERY, _at_newest, _unknown),
    ),
    Defect(
        "account-subscription-unchecked",
        "Every subscription is the one that the service has.",
        "management",
        ("accounts.errors.subscription-malformed", "accounts.errors.subscription-unknown"),
        "Emulators have one.",
        heard(EVERY, _our_subscription),
    ),
    Defect(
        "account-group-empty",
        "The list of a resource group that is not there is empty.",
        "management",
        ("accounts.errors.group-unknown",),
        "A query that finds nothing.",
        answered(f"GET {GROUP}", _empty_list, statuses=range(404, 405)),
    ),
    Defect(
        "account-routes-unknown",
        "What no route is there for is answered 200.",
        "management",
        ("accounts.errors.method", "accounts.errors.resource-type", "accounts.errors.result-unknown"),
        "A stub that catches all the rest.",
        _nothing((b"MethodNotAllowed", b"InvalidResourceType", b"The operation result does not exist")),
        consequences=("accounts.versions.older-operation-refused",),
    ),
    Defect(
        "account-token-any",
        "The management plane takes whatever stands in Authorization.",
        "authentication",
        ("accounts.authentication.wrong-token", "accounts.authentication.no-shared-key"),
        "Tokens are for the gateway to check.",
        _let_in(bool),
    ),
    Defect(
        "account-token-none",
        "The management plane serves who brings no token.",
        "authentication",
        ("accounts.authentication.token-required",),
        "Emulators run on the machine of who uses them.",
        _let_in(lambda given: not given),
    ),
)
