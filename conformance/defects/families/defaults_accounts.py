"""Accounts in the management plane: what they have unless told otherwise."""

from __future__ import annotations

from typing import Any

from conformance.defects.managed import ONE, Account, afterwards, shown
from conformance.defects.model import Defect, Maker
from conformance.reference.wire import Json


def _without(*names: str) -> Maker:
    def change(account: Json) -> None:
        for name in names:
            account["properties"].pop(name, None)

    return shown(change)


def _unless_sent(path: str, value: Any) -> Maker:
    """A new account has that value, unless the request had one."""

    def change(account: Account) -> None:
        if account.was:
            return
        if path == "tags":
            account.now.setdefault("tags", value)
        elif path not in account.sent.get("properties", {}) and path not in account.sent:
            (account.now if path == "identity" else account.properties)[path] = value

    return afterwards(f"PUT {ONE}", change)


def _storage_mode(account: Account) -> None:
    storage = account.properties.get("autoStorage")
    if storage is not None:
        given = account.sent["properties"]["autoStorage"]
        account.properties["autoStorage"] = {**storage, "authenticationMode": "BatchAccountManagedIdentity", **given}


def _key_source(account: Json) -> None:
    encryption = account["properties"].get("encryption")
    if encryption == {"keySource": "Microsoft.Batch"}:
        account["properties"].pop("encryption")


DEFECTS = (
    Defect(
        "account-public-access-off",
        "A new account has no access from public networks, unless asked for.",
        "defaults",
        ("accounts.create.default-public-network-access",),
        "Secure by default is what newer services are.",
        _unless_sent("publicNetworkAccess", "Disabled"),
    ),
    Defect(
        "account-default-identity",
        "A new account has an identity of its own, unless asked otherwise.",
        "defaults",
        ("accounts.create.default-identity",),
        "Templates of the portal add one.",
        _unless_sent(
            "identity",
            {
                "type": "SystemAssigned",
                "principalId": "4d1e3a6f-0b57-4c5a-9be0-0c6d2b1e7f11",
                "tenantId": "72f988bf-86f1-41af-91ab-2d7cd011db47",
            },
        ),
    ),
    Defect(
        "account-default-tags",
        "A new account without tags gets one.",
        "defaults",
        ("accounts.create.no-tags",),
        "Policies of a subscription write tags.",
        _unless_sent("tags", {"createdBy": "emulator"}),
    ),
    Defect(
        "account-default-storage-mode",
        "Auto storage without authenticationMode gets BatchAccountManagedIdentity.",
        "defaults",
        ("accounts.create.default-storage-mode",),
        "Keys are out of fashion.",
        afterwards(f"PUT {ONE}", _storage_mode),
    ),
    Defect(
        "account-plain-encryption-hidden",
        "An account whose keys the service manages shows no encryption.",
        "defaults",
        ("accounts.create.default-encryption", "accounts.update.service-key", "accounts.versions.encryption"),
        "A default is not worth to be shown.",
        shown(_key_source),
        consequences=("accounts.trace.sent-shown", "accounts.update.sets-encryption"),
    ),
    Defect(
        "account-allocation-mode-hidden",
        "An account shows no poolAllocationMode.",
        "schema",
        ("accounts.create.default-allocation-mode", "accounts.versions.allocation-mode"),
        "What is the same for all is not stored.",
        _without("poolAllocationMode"),
        consequences=("accounts.trace.sent-shown",),
    ),
)
