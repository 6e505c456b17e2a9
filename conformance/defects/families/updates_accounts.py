"""Accounts in the management plane: what a PATCH makes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.defects.answers import with_body
from conformance.defects.managed import KIND, ONE, Account, afterwards, key_of, reading, shown
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import deaf_to_member
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_PATCH = f"PATCH {ONE}"
_OPTIONAL = ("autoStorage", "networkProfile")


def _as_new(account: Account) -> None:
    """What the request leaves out is as in a new account."""
    asked = account.sent.get("properties", {})
    for name in _OPTIONAL:
        if name not in asked:
            account.properties.pop(name, None)
    plain = {
        "publicNetworkAccess": "Enabled",
        "encryption": {"keySource": "Microsoft.Batch"},
        "allowedAuthenticationModes": ["SharedKey", "AAD", "TaskAuthenticationToken"],
    }
    account.properties.update({name: value for name, value in plain.items() if name not in asked})
    if "identity" not in account.sent:
        account.now["identity"] = {"type": "None"}
    if "tags" not in account.sent:
        account.now.pop("tags", None)


def _disabled(account: Account) -> None:
    """publicNetworkAccess that is left out is Disabled."""
    if "publicNetworkAccess" not in account.sent.get("properties", {}):
        account.properties["publicNetworkAccess"] = "Disabled"


def _smaller(account: Account) -> None:
    account.properties["poolQuota"] = 20


def _tagless(account: Account) -> None:
    if not account.sent or account.sent == {"properties": {}}:
        account.now.pop("tags", None)


def _lower_tags(account: Account) -> None:
    if account.now.get("tags"):
        account.now["tags"] = {name.lower(): value for name, value in account.now["tags"].items()}


def _first_tags(account: Account) -> None:
    """Tags are only set where there are none."""
    if account.was.get("tags") and account.now.get("tags"):
        account.now["tags"] = account.was["tags"]


def _first_profile(account: Account) -> None:
    if "networkProfile" in account.was.get("properties", {}):
        account.properties["networkProfile"] = account.was["properties"]["networkProfile"]


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


def _earlier(service: Service) -> Lie:
    """The answer shows the account as it was before."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if not fits(_PATCH, asked):
            return await ask(asked)
        before = await ask(reading(asked))
        answer = await ask(asked)
        return replace(answer, body=before.body) if answer.status == before.status == 200 else answer

    return lie


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


def _moving(service: Service) -> Lie:
    """With each PATCH an account moves on to another location."""
    changed: Counter[str] = Counter()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        path = asked.path.lower()
        if fits(_PATCH, asked) and answer.status == 200:
            changed[path] += 1
        if not changed[path] or not fits(f"GET|PATCH {ONE}", asked) or answer.status != 200:
            return answer
        location = f"westus{changed[path]}"
        return with_body(answer, lambda account: account.update(location=location))

    return lie


def _created_by_patch(service: Service) -> Lie:
    """A PATCH of what is not there makes it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_PATCH, asked) or answer.status != 404:
            return answer
        sent = {**json.loads(asked.body), "location": "eastus"}
        made = await ask(replace(asked, method="PUT", body=json.dumps(sent).encode()))
        return await ask(reading(asked)) if made.status == 202 else answer

    return lie


DEFECTS = (
    Defect(
        "account-patch-tags-only",
        "An update of an account looks at its tags only.",
        "partial-update",
        (
            "accounts.update.sets-identity",
            "accounts.update.sets-auto-storage",
            "accounts.update.sets-encryption",
            "accounts.update.sets-network-profile",
            "accounts.update.sets-authentication-modes",
            "accounts.update.sets-public-network-access",
        ),
        "Tags are what every resource of Azure lets one change.",
        deaf_to_member(_PATCH, "identity", "properties"),
        consequences=(
            "accounts.update.*",
            "accounts.versions.storage-mode",
        ),
    ),
    Defect(
        "account-patch-replaces",
        "What an update of an account leaves out is set back.",
        "partial-update",
        (
            "accounts.update.keeps-omitted-tags",
            "accounts.update.keeps-omitted-identity",
            "accounts.update.keeps-omitted-auto-storage",
            "accounts.update.keeps-omitted-encryption",
            "accounts.update.keeps-omitted-network-profile",
            "accounts.update.keeps-omitted-authentication-modes",
            "accounts.trace.kept",
        ),
        "PATCH by the handler of PUT.",
        afterwards(_PATCH, _as_new),
        consequences=("accounts.update.empty-body-changes-nothing",),
    ),
    Defect(
        "account-patch-closes",
        "An update that leaves out publicNetworkAccess closes the account.",
        "partial-update",
        ("accounts.update.keeps-omitted-public-network-access",),
        "A flag that is false unless it is sent.",
        afterwards(_PATCH, _disabled),
        consequences=("accounts.trace.kept",),
    ),
    Defect(
        "account-patch-quota",
        "An update of an account sets its quota of pools back to 20.",
        "partial-update",
        ("accounts.update.keeps-the-rest",),
        "The default of the model is written with the rest.",
        afterwards(_PATCH, _smaller),
    ),
    Defect(
        "account-patch-empty",
        "An update of an account with an empty body takes its tags away.",
        "partial-update",
        ("accounts.update.empty-body-changes-nothing",),
        "Absent and empty are one in many a language.",
        afterwards(_PATCH, _tagless),
        consequences=(
            "accounts.trace.kept",
            "accounts.update.keeps-omitted-tags",
        ),
    ),
    Defect(
        "account-patch-answers-old",
        "An update of an account answers it as it was before.",
        "partial-update",
        ("accounts.update.answers-account",),
        "The row was read before it was written.",
        _earlier,
        consequences=(
            "accounts.trace.*",
            "accounts.update.keeps-omitted-tags",
            "accounts.update.sets-*",
        ),
    ),
    Defect(
        "account-tags-lower",
        "Names of tags become lower case.",
        "partial-update",
        ("accounts.update.tag-name-case",),
        "Names of tags compare without letter case.",
        afterwards(_PATCH, _lower_tags),
        consequences=(
            "accounts.trace.sent-shown",
            "accounts.update.sets-tags",
            "accounts.update.tags-whole-or-merged",
        ),
    ),
    Defect(
        "account-tags-first",
        "Tags are set where there are none, and never replaced.",
        "partial-update",
        ("accounts.update.tags-whole-or-merged",),
        "A policy that adds tags where they are missing.",
        afterwards(_PATCH, _first_tags),
    ),
    Defect(
        "account-network-first",
        "networkProfile can be set, and not changed any more.",
        "partial-update",
        ("accounts.update.nested-objects",),
        "Merged the wrong way round.",
        afterwards(_PATCH, _first_profile),
        consequences=("accounts.update.network-*",),
    ),
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
    ),
    Defect(
        "account-one-mode",
        "Only the first of allowedAuthenticationModes is kept.",
        "partial-update",
        ("accounts.update.sets-several-authentication-modes",),
        "A list in the request, one column in the table.",
        afterwards(_PATCH, _first_mode),
    ),
    Defect(
        "account-always-aad",
        "AAD is always among allowedAuthenticationModes.",
        "partial-update",
        ("accounts.update.sets-each-authentication-mode",),
        "Nobody shall lock himself out.",
        afterwards(_PATCH, _with_aad),
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
    ),
    Defect(
        "account-node-identity-lost",
        "The node identity of auto storage is not kept.",
        "partial-update",
        ("accounts.update.storage-node-identity",),
        "A nested object that no column is there for.",
        _in("autoStorage", lambda storage: storage.pop("nodeIdentityReference", None)),
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
    ),
    Defect(
        "account-cidr-lost",
        "Rules for a range of addresses are kept as rules for the first one.",
        "partial-update",
        ("accounts.update.network-rules",),
        "A library for addresses parses it, and writes an address.",
        _in("networkProfile", _plain_addresses),
    ),
    Defect(
        "account-key-version-lost",
        "The identifier of a customer's key is kept without the version of the key.",
        "partial-update",
        ("accounts.update.customer-key",),
        "The newest version is what one mostly wants.",
        _in("encryption", _unversioned),
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
    Defect(
        "account-moves-on-patch",
        "With each update an account is in another location.",
        "partial-update",
        ("accounts.trace.identity", "accounts.update.keeps-the-rest"),
        "Whichever region is free.",
        _moving,
        consequences=(
            "accounts.trace.kept",
            "accounts.update.empty-body-changes-nothing",
        ),
    ),
    Defect(
        "account-upsert",
        "An update of an account that is not there makes it.",
        "partial-update",
        ("accounts.update.missing-refused",),
        "Upsert, as table stores do it.",
        _created_by_patch,
    ),
)
