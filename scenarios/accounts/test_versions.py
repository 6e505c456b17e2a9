"""What an api-version of the management plane shows, and what the one before it does not know yet, of the same account."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Accounts, Blocked, Expect
from scenarios.accounts.samples import NETWORK, lasting, part, patch, refused, storage
from scenarios.support import Json, json_object

pytestmark = pytest.mark.creates_accounts
# the id without `accounts.versions.`, where the member stands, the first api-version that has it
ADDED: tuple[tuple[str, str, str], ...] = (
    ("identity", "identity", "2020-05-01"),
    ("allocation-mode", "properties.poolAllocationMode", "2017-01-01"),
    ("public-network-access", "properties.publicNetworkAccess", "2020-03-01"),
    ("encryption", "properties.encryption", "2020-03-01"),
    ("dedicated-cores", "properties.dedicatedCoreQuota", "2017-05-01"),
    ("low-priority-cores", "properties.lowPriorityCoreQuota", "2017-05-01"),
    ("family-quotas", "properties.dedicatedCoreQuotaPerVMFamilyEnforced", "2019-08-01"),
    ("authentication-modes", "properties.allowedAuthenticationModes", "2021-06-01"),
    ("network-profile", "properties.networkProfile", "2022-06-01"),
    ("node-management-endpoint", "properties.nodeManagementEndpoint", "2022-06-01"),
    ("system-data", "systemData", "2025-06-01"),
)


def _before(accounts: Accounts, version: str) -> str:
    return accounts.versions[accounts.versions.index(version) - 1]


def _at(found: Any, path: str) -> Any:
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


@pytest.mark.parametrize(
    ("slug", "path", "since"),
    [pytest.param(*known, id=known[0], marks=pytest.mark.requirement(f"accounts.versions.{known[0]}")) for known in ADDED],
)
def test_added(accounts: Accounts, expect: Expect, newest: str, slug: str, path: str, since: str) -> None:
    older = accounts.at(_before(accounts, since)).call("BatchAccount_Get", accountName=newest)
    shown = _at(json_object(older), path)
    expect(f"accounts.versions.{slug}", shown is None, expected=f"no {path}", actual=shown, exchange=older)
    newer = accounts.at(since).call("BatchAccount_Get", accountName=newest)
    shown = _at(json_object(newer), path)
    expect(f"accounts.versions.{slug}", shown is not None, expected=path, actual="absent", exchange=newer)
    if slug == "dedicated-cores":
        instead = (_at(json_object(older), "properties.coreQuota"), _at(json_object(newer), "properties.coreQuota"))
        holds = instead[0] is not None and instead[1] is None
        expect(f"accounts.versions.{slug}", holds, expected="coreQuota before only", actual=instead, exchange=newer)


@pytest.mark.requirement("accounts.versions.storage-mode")
def test_storage_mode(accounts: Accounts, expect: Expect, account: str) -> None:
    new, old = accounts.at("2021-06-01"), accounts.at(_before(accounts, "2021-06-01"))
    body: Json = {"properties": {"autoStorage": {**storage(accounts), "authenticationMode": "StorageKeys"}}}
    patch(new, account, body)
    for one, wanted in ((old, False), (new, True)):
        exchange = one.call("BatchAccount_Get", accountName=account)
        shown = (part(json_object(exchange), "auto-storage") or {}).get("authenticationMode")
        holds = (shown is not None) is wanted
        expect("accounts.versions.storage-mode", holds, expected=f"shown: {wanted}", actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.versions.keys-name")
def test_keys_name(accounts: Accounts, expect: Expect, newest: str) -> None:
    for version, wanted in ((_before(accounts, "2017-05-01"), False), ("2017-05-01", True)):
        exchange = accounts.at(version).call("BatchAccount_GetKeys", accountName=newest)
        holds = ("accountName" in json_object(exchange)) is wanted
        actual = "present" if holds is wanted else "absent"
        expect("accounts.versions.keys-name", holds, expected=f"shown: {wanted}", actual=actual, exchange=exchange)


@pytest.mark.requirement("accounts.versions.same-account")
def test_same_account(accounts: Accounts, expect: Expect, newest: str) -> None:
    wanted = _common(accounts.at(accounts.versions[-1]).get(newest))
    for version in accounts.versions:
        exchange = accounts.at(version).call("BatchAccount_Get", accountName=newest)
        expect.equal("accounts.versions.same-account", _common(json_object(exchange)), wanted, exchange, version)


def _common(account: Json) -> Json:
    return {name: account.get(name) for name in ("id", "name", "type", "location")}


@pytest.mark.requirement("accounts.versions.older-request-without-effect")
def test_older_request(accounts: Accounts, expect: Expect, account: str) -> None:
    new, old = accounts.at("2022-06-01"), accounts.at(_before(accounts, "2022-06-01"))
    before = lasting(new.get(account))
    exchange = old.call("BatchAccount_Update", accountName=account, body={"properties": {"networkProfile": NETWORK}})
    status = exchange.response.status
    after = lasting(new.get(account))
    holds = 400 <= status < 500 or part(after, "network-profile") == part(before, "network-profile")
    actual = f"{status}, and {part(after, 'network-profile')}"
    requirement = "accounts.versions.older-request-without-effect"
    expect(requirement, holds, expected="an error 4xx, or no effect", actual=actual, exchange=exchange)


@pytest.mark.requirement("accounts.versions.older-operation-refused")
@pytest.mark.parametrize(
    ("operation", "since"),
    [("BatchAccount_ListDetectors", "2022-01-01"), ("BatchAccount_ListOutboundNetworkDependenciesEndpoints", "2021-06-01")],
)
def test_older_operation(accounts: Accounts, expect: Expect, newest: str, operation: str, since: str) -> None:
    path = accounts.at(since).path(operation, accountName=newest)
    exchange = accounts.at(_before(accounts, since)).send("GET", path)
    if accounts.at(since).send("GET", path).response.status != 200:
        raise Blocked(f"{operation} is not answered at {since} either")
    refused(expect, "accounts.versions.older-operation-refused", exchange)
