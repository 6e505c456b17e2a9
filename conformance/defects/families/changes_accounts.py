"""Accounts in the management plane: values that a PATCH does not set as they are sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from conformance.defects.managed import KIND, ONE, Account, afterwards, key_of, shown
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_PATCH = f"PATCH {ONE}"


def _identity_stays(account: Account) -> None:
    if account.was["identity"]["type"] != "None" and account.now["identity"]["type"] == "None":
        account.now["identity"] = account.was["identity"]


def _stays_disabled(account: Account) -> None:
    if account.was["properties"]["publicNetworkAccess"] == "Disabled":
        account.properties["publicNetworkAccess"] = "Disabled"


def _customer_key_stays(account: Account) -> None:
    if account.was["properties"]["encryption"]["keySource"] == "Microsoft.KeyVault" and account.now["identity"]["type"] != "None":
        account.properties["encryption"] = account.was["properties"]["encryption"]


def _first_mode(account: Account) -> None:
    account.properties["allowedAuthenticationModes"] = account.properties["allowedAuthenticationModes"][:1]


def _with_aad(account: Account) -> None:
    modes = account.properties["allowedAuthenticationModes"]
    account.properties["allowedAuthenticationModes"] = modes if "AAD" in modes else ["AAD", *modes]


def _in(member: str, change: Callable[[Json], Any]) -> Maker:
    """In what is stored of a property of an account."""

    def edit(account: Account) -> None:
        found = account.properties.get(member)
        if isinstance(found, dict):
            account.properties[member] = found = json.loads(json.dumps(found))
            change(found)

    return afterwards(_PATCH, edit)


def _plain_addresses(profile: Json) -> None:
    for endpoint in profile.values():
        for rule in endpoint.get("ipRules", ()):
            rule["value"] = rule["value"].partition("/")[0]


def _unversioned(encryption: Json) -> None:
    vault = encryption.get("keyVaultProperties")
    if vault:
        vault["keyIdentifier"] = "/".join(vault["keyIdentifier"].split("/")[:5])


def _local_sync(account: Json) -> None:
    storage = account["properties"].get("autoStorage")
    if storage:
        storage["lastKeySync"] = storage["lastKeySync"].rstrip("Z")


def _no_principal(account: Json) -> None:
    account.get("identity", {}).pop("principalId", None)


def _short_names(account: Json) -> None:
    identity = account.get("identity", {})
    users = identity.get("userAssignedIdentities")
    if users:
        identity["userAssignedIdentities"] = {name.rpartition("/")[2]: ids for name, ids in users.items()}


def _no_user_ids(account: Json) -> None:
    identity = account.get("identity", {})
    for ids in identity.get("userAssignedIdentities", {}).values():
        ids.clear()


def _only_with_aad(service: Service) -> Lie:
    """An account that does not allow AAD is not shown to who comes with a token of it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(f"GET {ONE}", asked) or answer.status != 200:
            return answer
        account = service.store.get(KIND, key_of(asked.path)) or {"properties": {"allowedAuthenticationModes": ["AAD"]}}
        if "AAD" in account["properties"]["allowedAuthenticationModes"]:
            return answer
        body = b'{"error":{"code":"Forbidden","message":"AAD is not allowed by the account."}}'
        kept = [header for header in answer.headers if header[0].lower() not in ("etag", "last-modified")]
        return WireAnswer(403, kept, body)

    return lie


DEFECTS = (
    Defect(
        "account-identity-stays",
        "The identity of an account cannot be taken away.",
        "partial-update",
        ("accounts.update.identity-none-removes",),
        "None is read as nothing to do.",
        afterwards(_PATCH, _identity_stays),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.customer-key-needs-identity",
            "accounts.update.sets-identity",
            "accounts.update.system-identity-ids",
        ),
    ),
    Defect(
        "account-access-stays-off",
        "publicNetworkAccess cannot be enabled again.",
        "partial-update",
        ("accounts.update.sets-each-network-access",),
        "Enabled is the default, and a default is not looked at.",
        afterwards(_PATCH, _stays_disabled),
        consequences=(
            "accounts.update.keeps-omitted-public-network-access",
            "accounts.trace.sent-shown",
            "accounts.update.sets-public-network-access",
        ),
    ),
    Defect(
        "account-customer-key-stays",
        "An account with a key of the customer cannot be set back to keys of the service.",
        "partial-update",
        ("accounts.update.service-key",),
        "Microsoft.Batch is the default, and a default is not looked at.",
        afterwards(_PATCH, _customer_key_stays),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-encryption",
        ),
    ),
    Defect(
        "account-one-mode",
        "Only the first of allowedAuthenticationModes is kept.",
        "partial-update",
        ("accounts.update.sets-several-authentication-modes",),
        "A list in the request, one column in the table.",
        afterwards(_PATCH, _first_mode),
        consequences=(
            "accounts.trace.kept",
            "accounts.trace.sent-shown",
            "accounts.update.keeps-omitted-authentication-modes",
            "accounts.update.sets-authentication-modes",
        ),
    ),
    Defect(
        "account-always-aad",
        "AAD is always among allowedAuthenticationModes.",
        "partial-update",
        ("accounts.update.sets-each-authentication-mode",),
        "Nobody shall lock himself out.",
        afterwards(_PATCH, _with_aad),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-authentication-modes",
        ),
    ),
    Defect(
        "account-modes-for-all",
        "allowedAuthenticationModes without AAD closes the management plane, too.",
        "authentication",
        ("accounts.update.modes-leave-management-plane",),
        "One check of credentials for both planes.",
        _only_with_aad,
    ),
    Defect(
        "account-storage-keys-only",
        "Auto storage has authenticationMode StorageKeys, whatever was sent.",
        "partial-update",
        ("accounts.update.storage-mode-identity",),
        "There was one mode when it was written.",
        _in("autoStorage", lambda storage: storage.update(authenticationMode="StorageKeys")),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-auto-storage",
        ),
    ),
    Defect(
        "account-node-identity-lost",
        "The node identity of auto storage is not kept.",
        "partial-update",
        ("accounts.update.storage-node-identity",),
        "A nested object that no column is there for.",
        _in("autoStorage", lambda storage: storage.pop("nodeIdentityReference", None)),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-auto-storage",
        ),
    ),
    Defect(
        "account-sync-local",
        "lastKeySync is shown without its time zone.",
        "schema",
        ("accounts.update.storage-sync-time",),
        "Dates without a zone are what many a language writes.",
        shown(_local_sync),
        consequences=("accounts.management-body.times",),
    ),
    Defect(
        "account-nodes-access-lost",
        "The profile of the endpoint for node management is not kept.",
        "partial-update",
        ("accounts.update.network-defaults",),
        "It is told apart from accountAccess nowhere.",
        _in("networkProfile", lambda profile: profile.pop("nodeManagementAccess", None)),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-network-profile",
        ),
    ),
    Defect(
        "account-cidr-lost",
        "Rules for a range of addresses are kept as rules for the first one.",
        "partial-update",
        ("accounts.update.network-rules",),
        "A library for addresses parses it, and writes an address.",
        _in("networkProfile", _plain_addresses),
        consequences=(
            "accounts.trace.kept",
            "accounts.trace.sent-shown",
            "accounts.update.keeps-omitted-network-profile",
            "accounts.update.sets-network-profile",
        ),
    ),
    Defect(
        "account-key-version-lost",
        "The identifier of a customer's key is kept without the version of the key.",
        "partial-update",
        ("accounts.update.customer-key",),
        "The newest version is what one mostly wants.",
        _in("encryption", _unversioned),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-encryption",
        ),
    ),
    Defect(
        "account-principal-hidden",
        "An identity is shown without its principalId.",
        "schema",
        ("accounts.update.system-identity-ids",),
        "There is no directory in which it could be.",
        shown(_no_principal),
    ),
    Defect(
        "account-user-identity-short",
        "User-assigned identities are shown by the last segment of their names.",
        "schema",
        ("accounts.update.user-identity",),
        "A name is nicer than a path.",
        shown(_short_names),
    ),
    Defect(
        "account-user-identity-ids",
        "User-assigned identities are shown as they are sent: as empty objects.",
        "schema",
        ("accounts.update.user-identity-ids",),
        "What was stored is told.",
        shown(_no_user_ids),
    ),
)
