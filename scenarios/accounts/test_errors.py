"""The management plane refuses what it cannot understand, and whom it does not know. Nothing is created here."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Blocked, Exchange, Expect
from scenarios.accounts.samples import refused

_UNKNOWN = "0b5c1f0a-3f5e-4f6e-9d55-8a3c60a3a9d1"


def _list(accounts: Accounts, api_version: str | None) -> Exchange:
    return accounts.send("GET", accounts.path("BatchAccount_ListByResourceGroup"), api_version=api_version)


@pytest.mark.requirement("accounts.errors.version-missing")
def test_no_version(accounts: Accounts, expect: Expect) -> None:
    refused(expect, "accounts.errors.version-missing", _list(accounts, None))


@pytest.mark.requirement("accounts.errors.version-malformed")
@pytest.mark.parametrize("version", ["newest", "2024", "2024-02-01.19.0"])
def test_malformed_version(accounts: Accounts, expect: Expect, version: str) -> None:
    refused(expect, "accounts.errors.version-malformed", _list(accounts, version))


@pytest.mark.requirement("accounts.errors.version-unknown")
def test_unknown_version(accounts: Accounts, expect: Expect) -> None:
    refused(expect, "accounts.errors.version-unknown", _list(accounts, "2011-11-11"))


@pytest.mark.requirement("accounts.errors.subscription-malformed")
def test_malformed_subscription(accounts: Accounts, expect: Expect) -> None:
    refused(expect, "accounts.errors.subscription-malformed", accounts.call("BatchAccount_List", subscriptionId="no-guid"))


@pytest.mark.requirement("accounts.errors.subscription-unknown")
def test_unknown_subscription(accounts: Accounts, expect: Expect) -> None:
    refused(expect, "accounts.errors.subscription-unknown", accounts.call("BatchAccount_List", subscriptionId=_UNKNOWN))


@pytest.mark.requirement("accounts.errors.group-unknown")
def test_unknown_group(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_ListByResourceGroup", resourceGroupName=f"{accounts.new_name()}-group")
    refused(expect, "accounts.errors.group-unknown", exchange)


@pytest.mark.requirement("accounts.errors.method")
def test_method(accounts: Accounts, expect: Expect) -> None:
    refused(expect, "accounts.errors.method", accounts.send("PUT", accounts.path("BatchAccount_ListByResourceGroup"), body={}))


@pytest.mark.requirement("accounts.errors.resource-type")
def test_resource_type(accounts: Accounts, expect: Expect) -> None:
    path = accounts.path("BatchAccount_ListByResourceGroup").replace("batchAccounts", "batchNothings")
    refused(expect, "accounts.errors.resource-type", accounts.send("GET", path))


@pytest.mark.requirement("accounts.errors.result-unknown")
def test_unknown_result(accounts: Accounts, expect: Expect) -> None:
    path = accounts.path("BatchAccount_Get", accountName=accounts.new_name())
    refused(expect, "accounts.errors.result-unknown", accounts.send("GET", f"{path}/operationResults/{_UNKNOWN}"))


def _guarded(accounts: Accounts) -> None:
    if accounts.auth == "none":
        raise Blocked("the target's management plane asks for no token")


@pytest.mark.requirement("accounts.authentication.token-required")
def test_no_token(accounts: Accounts, expect: Expect) -> None:
    _guarded(accounts)
    exchange = accounts.send("GET", accounts.path("BatchAccount_ListByResourceGroup"), authenticate=False)
    expect.status("accounts.authentication.token-required", exchange, {401, 403})


@pytest.mark.parametrize(
    ("slug", "credentials"),
    [
        pytest.param(slug, credentials, id=slug, marks=pytest.mark.requirement(f"accounts.authentication.{slug}"))
        for slug, credentials in (
            ("wrong-token", "Bearer bm9ib2R5IGdhdmUgdGhpcw.e30.bm8"),
            ("no-shared-key", "SharedKey testaccount:bm8gc2lnbmF0dXJlIG9mIGFueSByZXF1ZXN0LCBidXQgYXMgbG9uZw=="),
        )
    ],
)
def test_wrong_credentials(accounts: Accounts, expect: Expect, slug: str, credentials: str) -> None:
    _guarded(accounts)
    path = accounts.path("BatchAccount_ListByResourceGroup")
    exchange = accounts.send("GET", path, headers={"Authorization": credentials}, authenticate=False)
    expect.status(f"accounts.authentication.{slug}", exchange, {401, 403})
