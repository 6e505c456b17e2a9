"""PUT: an account is made in the background, with what the request says and what the service chooses."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Blocked, Expect
from scenarios.accounts.samples import lasting, part, refused, storage, vault
from scenarios.pools.samples import covers
from scenarios.support import Json, json_object

pytestmark = pytest.mark.creates_accounts


@pytest.mark.requirement(
    "accounts.create.accepted",
    "accounts.create.creating",
    "accounts.create.result",
    "accounts.create.result-as-get",
    "accounts.create.succeeded",
)
def test_create(accounts: Accounts, expect: Expect) -> None:
    name = accounts.new_name()
    accepted = accounts.call("BatchAccount_Create", accountName=name, body=accounts.body())
    expect.status("accounts.create.accepted", accepted, {200, 202})
    between = accounts.call("BatchAccount_Get", accountName=name)
    shown = json_object(between)["properties"].get("provisioningState") if between.response.status == 200 else "404"
    wanted = {"Creating", "Succeeded"} if between.response.status == 200 else {"404"}
    expect("accounts.create.creating", shown in wanted, expected=wanted, actual=shown, exchange=between)
    ended = accounts.finish(accepted)
    expect.status("accounts.create.result", ended, {200, 201})
    exchange = accounts.call("BatchAccount_Get", accountName=name)
    found = json_object(exchange)
    expect.equal("accounts.create.succeeded", found["properties"].get("provisioningState"), "Succeeded", exchange)
    result = json_object(ended)
    expect.equal("accounts.create.result-as-get", lasting(result), lasting(found), ended, "the result and the next GET")


@pytest.mark.parametrize(
    ("slug", "sent"),
    [
        pytest.param("tags", {"BcsTag": "made"}, marks=pytest.mark.requirement("accounts.create.shows-tags")),
        pytest.param("identity", {"type": "SystemAssigned"}, marks=pytest.mark.requirement("accounts.create.shows-identity")),
        pytest.param(
            "network-profile",
            {"accountAccess": {"defaultAction": "Deny"}},
            marks=pytest.mark.requirement("accounts.create.shows-network-profile"),
        ),
        pytest.param(
            "authentication-modes", ["AAD"], marks=pytest.mark.requirement("accounts.create.shows-authentication-modes")
        ),
    ],
)
def test_shows(accounts: Accounts, expect: Expect, full: str, slug: str, sent: object) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=full)
    shown = part(json_object(exchange), slug)
    expect(f"accounts.create.shows-{slug}", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.create.shows-auto-storage", "accounts.create.default-storage-mode")
def test_shows_storage(accounts: Accounts, expect: Expect, stored: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=stored)
    shown = part(json_object(exchange), "auto-storage") or {}
    sent = storage(accounts)["storageAccountId"]
    expect.equal("accounts.create.shows-auto-storage", str(shown.get("storageAccountId")).lower(), sent.lower(), exchange)
    mode = shown.get("authenticationMode", "StorageKeys")
    expect.equal("accounts.create.default-storage-mode", mode, "StorageKeys", exchange)


@pytest.mark.requirement("accounts.create.shows-public-network-access")
def test_shows_network_access(accounts: Accounts, expect: Expect, stored: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=stored)
    shown = part(json_object(exchange), "public-network-access")
    expect.equal("accounts.create.shows-public-network-access", shown, "Disabled", exchange)


@pytest.mark.requirement(
    "accounts.create.default-public-network-access",
    "accounts.create.default-encryption",
    "accounts.create.default-identity",
    "accounts.create.default-allocation-mode",
    "accounts.create.no-tags",
)
def test_defaults(accounts: Accounts, expect: Expect, fresh: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=fresh)
    account = json_object(exchange)
    properties = account["properties"]
    access = properties.get("publicNetworkAccess")
    expect.equal("accounts.create.default-public-network-access", access, "Enabled", exchange)
    source = properties.get("encryption", {}).get("keySource")
    expect.equal("accounts.create.default-encryption", source, "Microsoft.Batch", exchange)
    kind = account.get("identity", {}).get("type", "None")
    expect.equal("accounts.create.default-identity", kind, "None", exchange)
    mode = properties.get("poolAllocationMode")
    expect.equal("accounts.create.default-allocation-mode", mode, "BatchService", exchange)
    expect.equal("accounts.create.no-tags", account.get("tags") or {}, {}, exchange)


@pytest.mark.requirement("accounts.create.user-subscription-shows-vault", "accounts.create.user-subscription-without-core-quotas")
def test_user_subscription(accounts: Accounts, expect: Expect) -> None:
    """Blocked where the vault, which the suite does not make, is refused."""
    sent = vault(accounts)
    name = accounts.create(properties={"poolAllocationMode": "UserSubscription", "keyVaultReference": sent})
    exchange = accounts.call("BatchAccount_Get", accountName=name)
    properties = json_object(exchange)["properties"]
    shown = {member: str(value).lower() for member, value in (properties.get("keyVaultReference") or {}).items()}
    wanted = {member: value.lower() for member, value in sent.items()}
    expect.equal("accounts.create.user-subscription-shows-vault", shown, wanted, exchange)
    quotas = [member for member in properties if member in _CORE_QUOTAS]
    expect.equal("accounts.create.user-subscription-without-core-quotas", quotas, [], exchange)


_CORE_QUOTAS = frozenset({"dedicatedCoreQuota", "dedicatedCoreQuotaPerVMFamily", "lowPriorityCoreQuota"})


@pytest.mark.requirement("accounts.create.other-location-refused")
def test_other_location(accounts: Accounts, expect: Expect, fresh: str) -> None:
    here = accounts.get(fresh)["location"]
    body: Json = {"location": "westus2" if here != "westus2" else "eastus2"}
    exchange = accounts.call("BatchAccount_Create", accountName=fresh, body=body)
    ended = accounts.finish(exchange)
    if ended.response.status in {401, 403}:
        raise Blocked(f"not permitted there: {ended.response.status}")
    expect.status("accounts.create.other-location-refused", ended, 409)


@pytest.mark.requirement("accounts.create.location-required")
def test_no_location(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body={"tags": {"a": "b"}})
    refused(expect, "accounts.create.location-required", exchange)
