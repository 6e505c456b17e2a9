"""PATCH: what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Expect
from scenarios.accounts.samples import SYSTEM_IDENTITY, customer_key, refused
from scenarios.support import Json

_NETWORK_RULE = {"accountAccess": {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "value": "not an address"}]}}
_DENYING_RULE = {"accountAccess": {"defaultAction": "Deny", "ipRules": [{"action": "Deny", "value": "192.0.2.7"}]}}
_NO_DEFAULT = {"accountAccess": {"ipRules": [{"action": "Allow", "value": "192.0.2.7"}]}}
_VAULT = "Microsoft.KeyVault"
# the id without `accounts.update.`, the body
WRONG: tuple[tuple[str, Json], ...] = (
    ("storage-id-required", {"properties": {"autoStorage": {}}}),
    ("network-rule-form", {"properties": {"networkProfile": _NETWORK_RULE}}),
    ("network-rule-action", {"properties": {"networkProfile": _DENYING_RULE}}),
    ("network-default-required", {"properties": {"networkProfile": _NO_DEFAULT}}),
    ("customer-key-needs-identifier", {"identity": SYSTEM_IDENTITY, "properties": {"encryption": {"keySource": _VAULT}}}),
    ("customer-key-needs-identity", {"properties": {"encryption": customer_key()}}),
    ("unknown-network-access-refused", {"properties": {"publicNetworkAccess": "Sometimes"}}),
    ("unknown-mode-refused", {"properties": {"allowedAuthenticationModes": ["Password"]}}),
    ("unknown-identity-refused", {"identity": {"type": "Somebody"}}),
    ("unknown-key-source-refused", {"properties": {"encryption": {"keySource": "Microsoft.Nowhere"}}}),
    ("wrong-type-refused", {"tags": ["a", "b"]}),
)


@pytest.mark.creates_accounts
@pytest.mark.parametrize(
    ("slug", "body"),
    [pytest.param(*known, id=known[0], marks=pytest.mark.requirement(f"accounts.update.{known[0]}")) for known in WRONG],
)
def test_refused(accounts: Accounts, expect: Expect, account: str, slug: str, body: Json) -> None:
    exchange = accounts.call("BatchAccount_Update", accountName=account, body=body)
    refused(expect, f"accounts.update.{slug}", exchange)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.update.no-json-refused")
@pytest.mark.parametrize("content", ["{", "tags=1", "[]"])
def test_no_json(accounts: Accounts, expect: Expect, account: str, content: str) -> None:
    path = accounts.path("BatchAccount_Update", accountName=account)
    refused(expect, "accounts.update.no-json-refused", accounts.send("PATCH", path, content=content))


@pytest.mark.requirement("accounts.update.missing-refused", "accounts.update.creates-nothing")
def test_missing(accounts: Accounts, expect: Expect) -> None:
    name = accounts.new_name()
    exchange = accounts.call("BatchAccount_Update", accountName=name, body={"tags": {"a": "b"}})
    refused(expect, "accounts.update.missing-refused", exchange)
    refused(expect, "accounts.update.creates-nothing", accounts.call("BatchAccount_Get", accountName=name))


@pytest.mark.requirement("accounts.update.odd-name-refused")
def test_odd_name(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_Update", accountName=f"{accounts.new_name()}-x", body={"tags": {"a": "b"}})
    refused(expect, "accounts.update.odd-name-refused", exchange)
