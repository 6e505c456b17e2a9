"""PATCH: every value that a property of an account can take, and what belongs together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conformance.plugin import Accounts, Expect
from scenarios.accounts.samples import SYSTEM_IDENTITY, customer_key, part, patch, resource, storage
from scenarios.pools.samples import covers
from scenarios.support import Json, json_object

pytestmark = pytest.mark.creates_accounts


@pytest.mark.requirement("accounts.update.sets-each-authentication-mode", "accounts.update.modes-leave-management-plane")
@pytest.mark.parametrize("mode", ["AAD", "SharedKey", "TaskAuthenticationToken"])
def test_modes(accounts: Accounts, expect: Expect, account: str, mode: str) -> None:
    patch(accounts, account, {"properties": {"allowedAuthenticationModes": [mode]}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    expect.status("accounts.update.modes-leave-management-plane", exchange, 200)
    shown = part(json_object(exchange), "authentication-modes")
    expect.equal("accounts.update.sets-each-authentication-mode", shown, [mode], exchange)


@pytest.mark.requirement("accounts.update.storage-mode-identity")
def test_storage_mode(accounts: Accounts, expect: Expect, account: str) -> None:
    sent = {**storage(accounts), "authenticationMode": "BatchAccountManagedIdentity"}
    patch(accounts, account, {"identity": SYSTEM_IDENTITY, "properties": {"autoStorage": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = (part(json_object(exchange), "auto-storage") or {}).get("authenticationMode")
    expect.equal("accounts.update.storage-mode-identity", shown, "BatchAccountManagedIdentity", exchange)


@pytest.mark.requirement("accounts.update.storage-node-identity")
def test_node_identity(accounts: Accounts, expect: Expect, account: str) -> None:
    user = {"resourceId": resource(accounts, "Microsoft.ManagedIdentity/userAssignedIdentities", "bcsnodes")}
    sent = {**storage(accounts), "authenticationMode": "BatchAccountManagedIdentity", "nodeIdentityReference": user}
    patch(accounts, account, {"identity": SYSTEM_IDENTITY, "properties": {"autoStorage": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = (part(json_object(exchange), "auto-storage") or {}).get("nodeIdentityReference")
    expect("accounts.update.storage-node-identity", covers(shown, user), expected=user, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.storage-sync-time")
def test_sync_time(accounts: Accounts, expect: Expect, account: str) -> None:
    patch(accounts, account, {"properties": {"autoStorage": storage(accounts)}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = str((part(json_object(exchange), "auto-storage") or {}).get("lastKeySync"))
    expect("accounts.update.storage-sync-time", _is_utc(shown), expected="a date-time in UTC", actual=shown, exchange=exchange)


def _is_utc(text: str) -> bool:
    try:
        # the seventh digit of a second is more than Python reads
        return datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00").utcoffset() == timedelta(0) and text.endswith("Z")
    except ValueError:
        return False


@pytest.mark.requirement("accounts.update.network-defaults")
@pytest.mark.parametrize("endpoint", ["accountAccess", "nodeManagementAccess"])
@pytest.mark.parametrize("action", ["Allow", "Deny"])
def test_network_defaults(accounts: Accounts, expect: Expect, account: str, endpoint: str, action: str) -> None:
    sent: Json = {endpoint: {"defaultAction": action}}
    patch(accounts, account, {"properties": {"networkProfile": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "network-profile")
    expect("accounts.update.network-defaults", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.network-rules")
@pytest.mark.parametrize("value", ["192.0.2.7", "198.51.100.0/24"])
def test_network_rules(accounts: Accounts, expect: Expect, account: str, value: str) -> None:
    sent: Json = {"accountAccess": {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "value": value}]}}
    patch(accounts, account, {"properties": {"networkProfile": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "network-profile")
    expect("accounts.update.network-rules", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.identity-none-removes")
def test_identity_removed(accounts: Accounts, expect: Expect, account: str) -> None:
    patch(accounts, account, {"identity": SYSTEM_IDENTITY})
    patch(accounts, account, {"identity": {"type": "None"}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = json_object(exchange).get("identity", {"type": "None"})
    expect.equal("accounts.update.identity-none-removes", shown, {"type": "None"}, exchange, "identity")


@pytest.mark.requirement("accounts.update.system-identity-ids")
def test_identity_ids(accounts: Accounts, expect: Expect, account: str) -> None:
    for sent, wanted in ((SYSTEM_IDENTITY, ["principalId", "tenantId"]), ({"type": "None"}, [])):
        patch(accounts, account, {"identity": sent})
        exchange = accounts.call("BatchAccount_Get", accountName=account)
        identity = json_object(exchange).get("identity", {})
        shown = [name for name in ("principalId", "tenantId") if identity.get(name)]
        expect.equal("accounts.update.system-identity-ids", shown, wanted, exchange, f"ids of {sent['type']}")


@pytest.mark.requirement("accounts.update.user-identity", "accounts.update.user-identity-ids")
def test_user_identity(accounts: Accounts, expect: Expect, account: str) -> None:
    """Blocked where the identity, which the suite does not make, is refused."""
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    names = [resource(accounts, kind, name) for name in ("bcsidentity", "bcsother")]
    patch(accounts, account, {"identity": {"type": "UserAssigned", "userAssignedIdentities": {name: {} for name in names}}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    identity = json_object(exchange).get("identity", {})
    shown = sorted(one.lower() for one in identity.get("userAssignedIdentities") or {})
    expect.equal("accounts.update.user-identity", shown, [name.lower() for name in names], exchange, "names of identities")
    for ids in identity["userAssignedIdentities"].values():
        known = {member for member in ("principalId", "clientId") if ids.get(member)}
        expect.equal("accounts.update.user-identity-ids", known, {"principalId", "clientId"}, exchange, "ids of the identity")


@pytest.mark.requirement("accounts.update.customer-key")
@pytest.mark.parametrize("version", ["", "/6a0c1fbe6de04e3f9d1b7e0a5c2d4f86"], ids=["newest", "versioned"])
def test_customer_key(accounts: Accounts, expect: Expect, account: str, version: str) -> None:
    """Blocked where the key, which the suite does not make, is refused."""
    sent = customer_key(version)
    patch(accounts, account, {"identity": SYSTEM_IDENTITY, "properties": {"encryption": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "encryption")
    expect("accounts.update.customer-key", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.service-key")
def test_service_key(accounts: Accounts, expect: Expect, account: str) -> None:
    """From a key of the customer, where the target takes one: a real service refuses a key that is not there."""
    body = {"identity": SYSTEM_IDENTITY, "properties": {"encryption": customer_key()}}
    accounts.call("BatchAccount_Update", accountName=account, body=body)
    sent = {"keySource": "Microsoft.Batch"}
    patch(accounts, account, {"properties": {"encryption": sent}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "encryption")
    expect("accounts.update.service-key", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.sets-each-network-access")
def test_network_access(accounts: Accounts, expect: Expect, account: str) -> None:
    for access in ("Disabled", "Enabled"):
        patch(accounts, account, {"properties": {"publicNetworkAccess": access}})
        exchange = accounts.call("BatchAccount_Get", accountName=account)
        shown = part(json_object(exchange), "public-network-access")
        expect.equal("accounts.update.sets-each-network-access", shown, access, exchange, "publicNetworkAccess")


@pytest.mark.requirement("accounts.update.sets-several-authentication-modes")
def test_several_modes(accounts: Accounts, expect: Expect, account: str) -> None:
    modes = ["AAD", "SharedKey"]
    patch(accounts, account, {"properties": {"allowedAuthenticationModes": modes}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "authentication-modes") or []
    expect.equal("accounts.update.sets-several-authentication-modes", sorted(shown), modes, exchange, "modes")
