"""Accounts in the management plane: the form of bodies and errors."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from conformance.defects.answers import answered, body, with_body
from conformance.defects.managed import EVERY, ONE, shown
from conformance.defects.model import Defect, Maker
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ERRORS = range(400, 500)


def _bare(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return with_body(answer, lambda document: document.get("error", document))


def _other_line(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    changed = re.sub(rb"RequestId:[0-9a-f-]+", b"RequestId:11111111-2222-4333-8444-555555555555", answer.body)
    return replace(answer, body=changed)


def _crashing(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    told = b'{"error":{"code":"InternalServerError","message":"list index out of range"}}'
    kept = [pair for pair in answer.headers if pair[0].lower() not in ("etag", "last-modified")]
    return replace(answer, status=500, headers=kept, body=told)


def _wrapped(document: Json) -> Any:
    return [document]


def _told(name: str, value: Any) -> Maker:
    """A member of `properties` is shown with that value; a function makes it of what is there."""

    def change(account: Json) -> None:
        if name in account["properties"]:
            account["properties"][name] = value(account["properties"][name]) if callable(value) else value

    return shown(change)


def _sync(account: Json) -> None:
    storage = account["properties"].get("autoStorage")
    if storage:
        storage["lastKeySync"] = storage["lastKeySync"].replace("T", " ")


def _detector_id(document: Json) -> None:
    document["id"] = document["id"].replace("/detectors/", "/detector/")


def _no_domains(document: Json) -> None:
    for one in document["value"]:
        for endpoint in one.get("endpoints", ()):
            endpoint.pop("domainName", None)


def _portal(account: Json) -> None:
    account["properties"]["portalUrl"] = "https://portal.example/"


def _unsynchronized(account: Json) -> None:
    account["properties"].get("autoStorage", {}).pop("lastKeySync", None)


DEFECTS = (
    Defect(
        "account-detector-in-array",
        "A detector is answered in an array.",
        "schema",
        ("accounts.management-body.json",),
        "A query answers rows.",
        body(f"GET {ONE}/detectors/{{}}", _wrapped),
    ),
    Defect(
        "account-portal-members",
        "An account has a member that no api-version knows.",
        "schema",
        ("accounts.management-body.no-unknown-property",),
        "What the portal shows of it.",
        shown(_portal),
    ),
    Defect(
        "account-null-storage",
        "An account without auto storage shows autoStorage: null.",
        "schema",
        ("accounts.management-body.no-null",),
        "JSON libraries write what is empty as null.",
        shown(lambda account: account["properties"].setdefault("autoStorage", None)),
    ),
    Defect(
        "account-mode-unknown",
        "publicNetworkAccess is shown as Open instead of Enabled.",
        "schema",
        ("accounts.management-body.enum-values",),
        "Words of another service.",
        _told("publicNetworkAccess", lambda value: "Open" if value == "Enabled" else value),
        consequences=(
            "accounts.create.*public-network-access",
            "accounts.update.*network-access",
            "accounts.trace.*",
        ),
    ),
    Defect(
        "account-times-plain",
        "lastKeySync is shown with a blank instead of T.",
        "schema",
        ("accounts.management-body.times",),
        "As databases write a time.",
        shown(_sync),
    ),
    Defect(
        "account-error-bare",
        "Errors of the management plane lack the member error around them, as those of the data plane do.",
        "envelope",
        ("accounts.management-errors.envelope",),
        "One error handler for both planes.",
        answered(EVERY, _bare, statuses=_ERRORS),
    ),
    Defect(
        "account-error-request-id",
        "The RequestId line of errors is always the same.",
        "envelope",
        ("accounts.management-errors.request-id-line",),
        "A message that was copied.",
        answered(EVERY, _other_line, statuses=_ERRORS),
    ),
    Defect(
        "account-detectors-500",
        "The detectors of an account are answered 500.",
        "trouble",
        ("accounts.management-errors.no-5xx",),
        "The first element of an empty list.",
        answered(f"GET {ONE}/detectors", _crashing),
    ),
    Defect(
        "account-detector-id",
        "A detector that is read alone has another id than in the list.",
        "management",
        ("accounts.get-detector.as-listed", "accounts.management-body.resource-id"),
        "A path that is written twice.",
        body(f"GET {ONE}/detectors/{{}}", _detector_id),
    ),
    Defect(
        "account-outbound-bare",
        "Outbound dependencies have no domain names.",
        "management",
        ("accounts.list-outbound-network-dependencies-endpoints.has-categories",),
        "A nested list that is not filled.",
        body(f"GET {ONE}/outboundNetworkDependenciesEndpoints", _no_domains),
    ),
    Defect(
        "account-sync-absent",
        "Auto storage does not show when its keys were last synchronized.",
        "schema",
        ("accounts.management-body.required-present", "accounts.update.storage-sync-time"),
        "Nothing is synchronized.",
        shown(_unsynchronized),
        consequences=("accounts.synchronize-keys.moves-last-sync",),
    ),
)
