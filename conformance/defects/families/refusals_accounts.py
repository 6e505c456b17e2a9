"""Accounts in the management plane: bodies and names that should be refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from conformance.defects.answers import answered
from conformance.defects.managed import KIND, ONE, forgiving, key_of, reading
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import ABSENT, sent
from conformance.defects.requests import heard
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_PUT, _PATCH = f"PUT {ONE}", f"PATCH {ONE}"


_WRITES = f"PUT|PATCH {ONE}"


_VAULT_ID = "/subscriptions/0/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"


_NAME = re.compile(r"[a-z0-9]{3,24}")


def _misnamed(other: Callable[[str], str | None]) -> Maker:
    """A wrong name that `other` gives a right one for is taken: it is made under the right one and then renamed."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            way, _, name = asked.path.rpartition("/")
            stand_in = other(name) if fits(_PUT, asked) and not _NAME.fullmatch(name) else None
            if stand_in is None:
                return await ask(asked)
            answer = await ask(replace(asked, path=f"{way}/{stand_in}"))
            account = service.store.get(KIND, key_of(f"{way}/{stand_in}")) if answer.status < 300 else None
            if account is not None:
                service.store.remove(KIND, key_of(f"{way}/{stand_in}"))
                account |= {"name": name, "id": f"{way}/{name}"}
                service.store.put(KIND, key_of(asked.path), account)
            return answer

        return lie

    return make


def _near(name: str) -> str | None:
    """One letter too short or too long."""
    return f"{name}000" if len(name) == 2 else name[:24] if len(name) == 25 else None


def _plain(name: str) -> str | None:
    plain = re.sub(r"[^a-z0-9]", "0", name)
    return plain if _NAME.fullmatch(plain) else None


def _no_json(asked: WireRequest) -> WireRequest:
    try:
        document = json.loads(asked.body)
    except ValueError:
        document = None
    if isinstance(document, dict):
        return asked
    return replace(asked, body=b'{"location":"eastus"}' if asked.method == "PUT" else b"{}")


def _same_location(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        return await ask(reading(asked)) if fits(_PUT, asked) and answer.status == 409 else answer

    return lie


def _made_up_keys(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    name = asked.path.split("/")[-2]
    keys = {"accountName": name, "primary": "bWFkZSB1cA==", "secondary": "bWFkZSB1cCB0b28="}
    return replace(answer, status=200, body=json.dumps(keys).encode())


def _unchecked(service: Service) -> Lie:
    creation = forgiving(_PUT, {"location": "eastus", "tags": {}}, _is_object)(service)
    update = forgiving(_PATCH, {"tags": {}, "properties.autoStorage": ABSENT}, _is_object)(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await creation(asked, lambda again: update(again, ask))

    return lie


def _is_object(asked: WireRequest) -> bool:
    return bool(sent(asked))


def _echoed(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    """As if it had been there."""
    name = asked.path.rpartition("/")[2]
    account = {"id": asked.path, "name": name, "type": "Microsoft.Batch/batchAccounts", "location": "eastus", **sent(asked)}
    return replace(answer, status=200, body=json.dumps(account).encode())


DEFECTS = (
    Defect(
        "account-name-2-25",
        "The name of an account may have 2 or 25 characters.",
        "limits",
        ("accounts.create.short-name-refused", "accounts.create.long-name-refused"),
        "Off by one, on both sides.",
        _misnamed(_near),
    ),
    Defect(
        "account-name-characters",
        "The name of an account may have any characters.",
        "limits",
        ("accounts.create.upper-case-name-refused", "accounts.create.odd-name-refused"),
        "A pattern in the description is not checked.",
        _misnamed(_plain),
    ),
    Defect(
        "account-body-optional",
        "A body that is no JSON object is taken as an empty one.",
        "management",
        ("accounts.create.no-json-refused", "accounts.update.no-json-refused"),
        "A parser that gives nothing when it fails.",
        heard(_WRITES, _no_json),
    ),
    Defect(
        "account-body-unchecked",
        "Required members and types of an account's body are not checked.",
        "management",
        (
            "accounts.create.location-required",
            "accounts.create.wrong-type-refused",
            "accounts.update.wrong-type-refused",
            "accounts.update.storage-id-required",
        ),
        "The body is stored as it came.",
        _unchecked,
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-tags",
            "accounts.create.other-location-refused",
        ),
    ),
    Defect(
        "account-vault-unchecked",
        "The vault of an account in UserSubscription mode is not checked.",
        "management",
        ("accounts.create.user-subscription-needs-vault", "accounts.create.vault-id-form", "accounts.create.vault-url-required"),
        "There is no vault to ask.",
        forgiving(_PUT, {"properties.keyVaultReference": {"id": _VAULT_ID, "url": "https://v.vault.azure.net/"}}),
    ),
    Defect(
        "account-network-unchecked",
        "Rules of a networkProfile are not checked.",
        "management",
        (
            "accounts.update.network-rule-form",
            "accounts.update.network-rule-action",
            "accounts.update.network-default-required",
        ),
        "There is no network to guard.",
        forgiving(_PATCH, {"properties.networkProfile": ABSENT}, _is_object),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-network-profile",
        ),
    ),
    Defect(
        "account-encryption-unchecked",
        "A key of the customer may lack its identifier, and the account an identity that may use it.",
        "management",
        (
            "accounts.update.customer-key-needs-identifier",
            "accounts.update.customer-key-needs-identity",
            "accounts.update.unknown-key-source-refused",
        ),
        "Nothing is encrypted.",
        forgiving(_PATCH, {"properties.encryption": ABSENT}, _is_object),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-encryption",
        ),
    ),
    Defect(
        "account-enums-unchecked",
        "Values that an enumeration lacks are accepted in an update, without effect.",
        "management",
        (
            "accounts.update.unknown-network-access-refused",
            "accounts.update.unknown-mode-refused",
            "accounts.update.unknown-identity-refused",
        ),
        "Enumerations are text to many a parser.",
        forgiving(
            _PATCH,
            {
                "properties.publicNetworkAccess": ABSENT,
                "properties.allowedAuthenticationModes": ABSENT,
                "identity": ABSENT,
            },
            _is_object,
        ),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-authentication-modes",
            "accounts.update.sets-identity",
            "accounts.update.sets-public-network-access",
        ),
    ),
    Defect(
        "account-other-location",
        "A PUT of an account that is there, with another location, is answered with the account.",
        "management",
        ("accounts.create.other-location-refused",),
        "PUT is idempotent, says a lazy shortcut.",
        _same_location,
    ),
    Defect(
        "account-keys-made-up",
        "listKeys of an account that is not there answers keys.",
        "management",
        ("accounts.get-keys.missing-refused",),
        "Emulators have a well-known key.",
        answered(f"POST {ONE}/listKeys", _made_up_keys, statuses=range(404, 405)),
    ),
    Defect(
        "account-patch-echo",
        "An update of an account that is not there is answered 200 with what was sent.",
        "management",
        ("accounts.update.odd-name-refused", "accounts.update.missing-refused"),
        "A stub that says yes.",
        answered(_PATCH, _echoed, statuses=range(404, 405)),
        consequences=("accounts.management-body.*",),
    ),
)
