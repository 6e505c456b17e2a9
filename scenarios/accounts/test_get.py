"""GET of an account, and what watches over it."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Blocked, Expect
from scenarios.accounts.samples import lasting, refused
from scenarios.support import json_object


@pytest.mark.requirement(
    "accounts.get.identity-of-account",
    "accounts.get.location",
    "accounts.get.endpoint",
    "accounts.get.quotas",
    "accounts.get.family-quotas",
    "accounts.get.node-management-endpoint",
)
def test_get(accounts: Accounts, expect: Expect, readable: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=readable)
    account = json_object(exchange)
    path = accounts.path("BatchAccount_Get", accountName=readable)
    shown = [str(account.get(member)).lower() for member in ("id", "name", "type")]
    wanted = [path.lower(), readable, "microsoft.batch/batchaccounts"]
    expect.equal("accounts.get.identity-of-account", shown, wanted, exchange, "id, name, type")
    location, made = (str(name or "").replace(" ", "").lower() for name in (account.get("location"), accounts.place.location))
    holds = location == made if accounts.permitted else bool(location)
    expect("accounts.get.location", holds, expected=made, actual=location, exchange=exchange)
    properties = account["properties"]
    host = str(properties.get("accountEndpoint"))
    holds = host.lower().startswith(f"{readable}.") and "/" not in host
    expect("accounts.get.endpoint", holds, expected=f"{readable}.…", actual=host, exchange=exchange)
    quotas = [properties.get(member) for member in ("poolQuota", "activeJobAndJobScheduleQuota")]
    expect("accounts.get.quotas", None not in quotas, expected="both quotas", actual=quotas, exchange=exchange)
    families = properties.get("dedicatedCoreQuotaPerVMFamily") or []
    strange = [one for one in families if not one.get("name") or not isinstance(one.get("coreQuota"), int)]
    expect.equal("accounts.get.family-quotas", strange, [], exchange, "quotas without name or number")
    nodes = properties.get("nodeManagementEndpoint")
    expect("accounts.get.node-management-endpoint", bool(nodes), expected="a host name", actual=nodes, exchange=exchange)


@pytest.mark.requirement("accounts.get.name-case")
def test_name_case(accounts: Accounts, expect: Expect, readable: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=readable.upper())
    expect.status("accounts.get.name-case", exchange, 200)


@pytest.mark.requirement("accounts.get.missing", "accounts.get.missing-refused")
def test_missing(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=accounts.new_name())
    refused(expect, "accounts.get.missing-refused", exchange)
    expect.status("accounts.get.missing", exchange, 404)


@pytest.mark.requirement("accounts.get-detector.as-listed")
def test_detectors(accounts: Accounts, expect: Expect, readable: str) -> None:
    listed = json_object(accounts.call("BatchAccount_ListDetectors", accountName=readable)).get("value") or []
    if not listed:
        raise Blocked("the account has no detectors")
    exchange = accounts.call("BatchAccount_GetDetector", accountName=readable, detectorId=str(listed[0].get("name")))
    shown = lasting(json_object(exchange))
    expect.equal("accounts.get-detector.as-listed", shown.get("id"), listed[0].get("id"), exchange, "id")


@pytest.mark.requirement("accounts.list-outbound-network-dependencies-endpoints.has-categories")
def test_outbound(accounts: Accounts, expect: Expect, readable: str) -> None:
    exchange = accounts.call("BatchAccount_ListOutboundNetworkDependenciesEndpoints", accountName=readable)
    listed = json_object(exchange).get("value") or []
    holds = bool(listed) and all(one.get("category") and _names(one) for one in listed)
    requirement = "accounts.list-outbound-network-dependencies-endpoints.has-categories"
    expect(requirement, holds, expected="categories with domain names", actual=listed, exchange=exchange)


def _names(dependency: dict[str, list[dict[str, object]]]) -> bool:
    return all(endpoint.get("domainName") for endpoint in dependency.get("endpoints") or [{}])


@pytest.mark.requirement("accounts.get.core-quotas")
def test_core_quotas(accounts: Accounts, expect: Expect, readable: str) -> None:
    exchange = accounts.call("BatchAccount_Get", accountName=readable)
    properties = json_object(exchange)["properties"]
    if properties.get("poolAllocationMode") == "UserSubscription":
        raise Blocked("the cores of this account are counted in its subscription")
    quotas = [properties.get(name) for name in ("dedicatedCoreQuota", "lowPriorityCoreQuota")]
    holds = all(isinstance(quota, int) for quota in quotas)
    expect("accounts.get.core-quotas", holds, expected="both quotas of cores", actual=quotas, exchange=exchange)
