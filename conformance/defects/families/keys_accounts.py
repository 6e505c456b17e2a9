"""Accounts in the management plane: their keys."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import answered, body, status, with_body
from conformance.defects.managed import KIND, ONE, key_of
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import sent_body
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_KEYS = f"POST {ONE}/listKeys"
_RENEW = f"POST {ONE}/regenerateKeys"
_SYNC = f"POST {ONE}/syncAutoStorageKeys"


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


def _made_up(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    keys = {"accountName": asked.path.split("/")[-2], "primary": "bWFkZSB1cA==", "secondary": "bWFkZSB1cCB0b28="}
    return replace(answer, status=200, body=json.dumps(keys).encode())


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


def _primary(document: Json) -> None:
    if str(document.get("keyName")).lower() not in ("primary", "secondary"):
        document["keyName"] = "Primary"


DEFECTS = (
    Defect(
        "account-sync-ignored",
        "Synchronizing the keys of auto storage changes nothing.",
        "management",
        ("accounts.synchronize-keys.moves-last-sync",),
        "A stub that says yes.",
        _no_sync,
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
            "accounts.trace.reads-agree",
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
        consequences=(
            "accounts.management-body.resource-id",
            "accounts.regenerate-key.listed",
        ),
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
        "account-keys-renewed-nowhere",
        "regenerateKeys of an account that is not there answers keys.",
        "management",
        ("accounts.regenerate-key.missing-refused",),
        "A key needs no account to be made at random.",
        answered(_RENEW, _made_up, statuses=range(404, 405)),
    ),
    Defect(
        "account-synchronized-nowhere",
        "syncAutoStorageKeys of an account that is not there is answered as done.",
        "management",
        ("accounts.synchronize-keys.missing-refused",),
        "Nothing to do is done already.",
        status(_SYNC, was=404, told=204),
    ),
)
