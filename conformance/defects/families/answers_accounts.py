"""Accounts in the management plane: headers, envelope and members of answers; keys; what each api-version shows."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from conformance.defects.answers import answered, body, header, no_header, status, with_body
from conformance.defects.managed import EVERY, KIND, LISTS, NEWEST, ONE, key_of, shown
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import parameter, sent_body
from conformance.defects.where import before, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ERRORS = range(400, 500)
_READS = f"GET {ONE}/detectors, GET {ONE}/outboundNetworkDependenciesEndpoints, POST {ONE}/listKeys, {LISTS}"
_KEYS = f"POST {ONE}/listKeys"
_RENEW = f"POST {ONE}/regenerateKeys"


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


def _tells_success(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    labelled = [*answer.headers, ("Content-Type", "application/json; charset=utf-8")]
    return replace(answer, status=200, headers=labelled, body=b'{"result":"ok"}')


def _tells_progress(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    labelled = [*answer.headers, ("Content-Type", "application/json; charset=utf-8")]
    return replace(answer, headers=labelled, body=b'{"status":"InProgress"}')


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


def _later(date: str) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(hours=2), usegmt=True)


def _same_keys(document: Json) -> None:
    document["secondary"] = document["primary"]


def _keys_change(service: Service) -> Lie:
    told = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal told
        answer = await ask(asked)
        if not fits(_KEYS, asked) or answer.status != 200:
            return answer
        told += 1
        return with_body(answer, lambda document: document.update(primary=f"{told:04d}{document['primary'][4:]}"))

    return lie


def _both_keys(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_RENEW, asked) or answer.status != 200:
            return answer
        other = {"primary": "Secondary", "secondary": "Primary"}[json.loads(asked.body)["keyName"].lower()]
        return await ask(replace(asked, body=json.dumps({"keyName": other}).encode()))

    return lie


def _not_kept(service: Service) -> Lie:
    """The new key is told, and the old one stays."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if not fits(_RENEW, asked):
            return await ask(asked)
        account = service.store.get(KIND, key_of(asked.path))
        was = dict(account["_keys"]) if account else {}
        answer = await ask(asked)
        if account is not None:
            account["_keys"] = was
        return answer

    return lie


def _keys_named(document: Json) -> None:
    if "accountName" in document:
        document["accountName"] = "devstoreaccount1"


def _shown_keys(service: Service) -> Lie:
    """An account shows the keys that it has."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(f"GET {ONE}", asked) or answer.status != 200:
            return answer
        account = service.store.get(KIND, key_of(asked.path)) or {}
        return with_body(answer, lambda document: document.update(keys=account.get("_keys")))

    return lie


def _no_sync(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if not fits(f"POST {ONE}/syncAutoStorageKeys", asked):
            return await ask(asked)
        account = service.store.get(KIND, key_of(asked.path))
        was = account["properties"].get("autoStorage") if account else None
        answer = await ask(asked)
        if account is not None and was is not None:
            account["properties"] = {**account["properties"], "autoStorage": was}
        return answer

    return lie


def _newest_at(where: str) -> Maker:
    """An api-version that the service knows is taken as the newest one."""
    return parameter(where, "api-version", lambda value: NEWEST if re.fullmatch(r"20\d\d-\d\d-\d\d", value) else value)


def _lost_now_and_then(service: Service) -> Lie:
    """One in ten reads of an account finds nothing."""
    read = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal read
        answer = await ask(asked)
        if not fits(f"GET {ONE}", asked) or answer.status != 200:
            return answer
        read += 1
        if read % 10:
            return answer
        kept = [pair for pair in answer.headers if pair[0].lower() not in ("etag", "last-modified")]
        return WireAnswer(404, kept, b'{"error":{"code":"ResourceNotFound","message":"The account was not found."}}')

    return lie


def _detector_id(document: Json) -> None:
    document["id"] = document["id"].replace("/detectors/", "/detector/")


def _no_domains(document: Json) -> None:
    for one in document["value"]:
        for endpoint in one.get("endpoints", ()):
            endpoint.pop("domainName", None)


def _as_old(account: Json) -> None:
    account["name"] = account["name"].upper()


def _closed(account: Json) -> None:
    if "publicNetworkAccess" in account["properties"]:
        account["properties"]["publicNetworkAccess"] = "Disabled"


def _portal(account: Json) -> None:
    account["properties"]["portalUrl"] = "https://portal.example/"
    account["properties"].pop("poolQuota", None)


def _primary(document: Json) -> None:
    if str(document.get("keyName")).lower() not in ("primary", "secondary"):
        document["keyName"] = "Primary"


def _both(first: Lie, second: Lie) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await first(asked, lambda again: second(again, ask))

    return lie


DEFECTS = (
    Defect(
        "account-reads-203",
        "Lists of accounts, keys, detectors and outbound dependencies are answered 203.",
        "status",
        (
            "accounts.get-keys.answers-200",
            "accounts.list.answers-200",
            "accounts.list-by-resource-group.answers-200",
            "accounts.list-detectors.answers-200",
            "accounts.list-outbound-network-dependencies-endpoints.answers-200",
        ),
        "A proxy that transforms says so.",
        status(_READS, 200, 203),
    ),
    Defect(
        "account-one-203",
        "A detector and regenerated keys are answered 203.",
        "status",
        ("accounts.get-detector.answers-200", "accounts.regenerate-key.answers-200"),
        "A proxy that transforms says so.",
        status(f"GET {ONE}/detectors/{{}}, {_RENEW}", 200, 203),
    ),
    Defect(
        "account-update-202",
        "The update of an account is answered 202 with the account.",
        "status",
        ("accounts.update.answers-200",),
        "Other services update in the background.",
        status(f"PATCH {ONE}", 200, 202),
        consequences=("accounts.management-headers.location", "accounts.management-headers.retry-after"),
    ),
    Defect(
        "account-sync-200",
        "Synchronizing the keys of auto storage is answered 200 with a body.",
        "status",
        ("accounts.synchronize-auto-storage-keys.answers-204",),
        "Every action tells how it went.",
        answered(f"POST {ONE}/syncAutoStorageKeys", _tells_success, statuses=range(204, 205)),
    ),
    Defect(
        "account-sync-ignored",
        "Synchronizing the keys of auto storage changes nothing.",
        "management",
        ("accounts.synchronize-keys.moves-last-sync",),
        "A stub that says yes.",
        _no_sync,
    ),
    Defect(
        "account-request-id-absent",
        "Answers of the management plane have no x-ms-request-id.",
        "headers",
        ("accounts.management-headers.request-id",),
        "Emulators answer with the headers of their framework alone.",
        no_header(EVERY, "x-ms-request-id"),
    ),
    Defect(
        "account-request-id-number",
        "x-ms-request-id is a number that counts.",
        "headers",
        ("accounts.management-headers.request-id-format",),
        "A counter is an id, too.",
        header(EVERY, "x-ms-request-id", lambda value: str(int(value[:6], 16))),
        consequences=("accounts.management-errors.request-id-line",),
    ),
    Defect(
        "account-no-retry-after",
        "202 does not say how long to wait.",
        "headers",
        ("accounts.management-headers.retry-after",),
        "Clients have a default.",
        no_header(EVERY, "Retry-After"),
    ),
    Defect(
        "account-cached",
        "Answers of the management plane may be cached for a minute.",
        "headers",
        ("accounts.management-headers.cache-control", "accounts.management-headers.no-cache"),
        "A proxy that is set up to spare its origin.",
        lambda service: _both(
            header(EVERY, "Cache-Control", lambda value: "max-age=60")(service), no_header(EVERY, "Pragma")(service)
        ),
    ),
    Defect(
        "account-etag-version",
        "The ETag of an account is a number that counts.",
        "headers",
        ("accounts.management-headers.etag-format",),
        "Frameworks count versions.",
        header(EVERY, "ETag", lambda value: "1"),
    ),
    Defect(
        "account-modified-later",
        "Last-Modified of an account is in local time and says GMT.",
        "headers",
        ("accounts.management-headers.etag-ticks",),
        "A machine that is not set to UTC.",
        header(EVERY, "Last-Modified", _later),
    ),
    Defect(
        "account-no-date",
        "Answers of the management plane have neither Date nor X-Content-Type-Options.",
        "headers",
        ("accounts.management-headers.date", "accounts.management-headers.nosniff"),
        "A bare HTTP server.",
        lambda service: _both(no_header(EVERY, "Date")(service), no_header(EVERY, "X-Content-Type-Options")(service)),
    ),
    Defect(
        "account-text-json",
        "JSON of the management plane is labelled text/json.",
        "headers",
        ("accounts.management-content.json-type", "accounts.management-content.charset"),
        "An old framework.",
        header(EVERY, "Content-Type", lambda value: "text/json"),
    ),
    Defect(
        "account-accepted-body",
        "202 of a deletion has a body.",
        "management",
        ("accounts.management-content.no-body",),
        "It tells the operation, as newer ones of Azure do.",
        answered(
            f"DELETE {ONE}",
            lambda asked, answer: replace(
                answer,
                headers=[*answer.headers, ("Content-Type", "application/json; charset=utf-8")],
                body=b'{"status":"InProgress"}',
            ),
            statuses=range(202, 203),
        ),
    ),
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
        "An account has a member that no api-version knows, and lacks its quota of pools.",
        "schema",
        ("accounts.management-body.no-unknown-property", "accounts.management-body.required-present"),
        "What the portal shows of it.",
        shown(_portal),
        consequences=(
            "accounts.management-body.always-shown",
            "accounts.get.quotas",
        ),
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
        "account-keys-shown",
        "A GET of an account shows its keys.",
        "secrets",
        ("accounts.management-secrets.absent",),
        "What was stored is told.",
        _shown_keys,
        consequences=(
            "accounts.create.result-as-get",
            "accounts.list.element-as-get",
            "accounts.update.answers-account",
            "accounts.management-body.no-unknown-property",
        ),
    ),
    Defect(
        "account-keys-same",
        "Both keys of an account are the same.",
        "secrets",
        ("accounts.get-keys.both",),
        "Emulators have one well-known key.",
        body(_KEYS, _same_keys),
        consequences=("accounts.regenerate-key.*",),
    ),
    Defect(
        "account-keys-change",
        "The primary key is another one each time that it is asked for.",
        "secrets",
        ("accounts.get-keys.stable", "accounts.regenerate-key.listed"),
        "A key is made when it is asked for.",
        _keys_change,
        consequences=("accounts.regenerate-key.secondary",),
    ),
    Defect(
        "account-keys-name",
        "listKeys names another account.",
        "secrets",
        ("accounts.get-keys.name",),
        "A constant of an example.",
        body(_KEYS, _keys_named),
        consequences=("accounts.regenerate-key.listed",),
    ),
    Defect(
        "account-keys-both-new",
        "regenerateKeys makes both keys new.",
        "secrets",
        ("accounts.regenerate-key.primary", "accounts.regenerate-key.secondary"),
        "One function makes the pair.",
        _both_keys,
    ),
    Defect(
        "account-key-not-kept",
        "A regenerated key is told, and not kept.",
        "secrets",
        ("accounts.regenerate-key.listed",),
        "A stub that says yes.",
        _not_kept,
    ),
    Defect(
        "account-key-name-any",
        "regenerateKeys without a known keyName makes the primary key new.",
        "secrets",
        ("accounts.regenerate-key.unknown-refused", "accounts.regenerate-key.name-required"),
        "What is not secondary is primary.",
        sent_body(_RENEW, _primary),
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
        "account-newest-shown",
        "Every management api-version answers as the newest one does.",
        "versions",
        (
            "accounts.versions.identity",
            "accounts.versions.allocation-mode",
            "accounts.versions.public-network-access",
            "accounts.versions.encryption",
            "accounts.versions.dedicated-cores",
            "accounts.versions.low-priority-cores",
            "accounts.versions.family-quotas",
            "accounts.versions.authentication-modes",
            "accounts.versions.network-profile",
            "accounts.versions.node-management-endpoint",
            "accounts.versions.storage-mode",
            "accounts.versions.system-data",
            "accounts.versions.keys-name",
            "accounts.versions.older-request-without-effect",
            "accounts.versions.older-operation-refused",
            "accounts.management-body.no-unknown-property",
        ),
        "One model serves every version.",
        _newest_at(EVERY),
        consequences=(
            "accounts.errors.version-unknown",
            "accounts.management-body.required-present",
        ),
    ),
    Defect(
        "account-older-differs",
        "Before 2020-03-01 an account shows its name in upper case.",
        "versions",
        ("accounts.versions.same-account",),
        "The old model is served by another store.",
        shown(_as_old, f"GET {ONE}", before("2020-03-01")),
    ),
    Defect(
        "account-older-access",
        "Before 2022-01-01 an account shows publicNetworkAccess as Disabled.",
        "versions",
        ("accounts.trace.version-same",),
        "The old model is served by another store.",
        shown(_closed, f"GET {ONE}", before("2022-01-01")),
    ),
    Defect(
        "account-lost-at-times",
        "One in ten reads of an account finds nothing.",
        "management",
        ("accounts.trace.found",),
        "One of ten replicas is empty.",
        _lost_now_and_then,
    ),
)
