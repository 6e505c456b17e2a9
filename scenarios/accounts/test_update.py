"""PATCH: what it sets, and that it leaves alone what it does not name, one property at a time."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Accounts, Blocked, Expect
from scenarios.accounts.samples import NETWORK, change, lasting, part, patch, updatable
from scenarios.pools.samples import covers
from scenarios.support import Json, json_object

pytestmark = pytest.mark.creates_accounts
KEPT = ("tags", "identity", "auto-storage", "public-network-access", "encryption", "network-profile", "authentication-modes")
# what can be changed beside a property, in the same object, without any effect on it
_BESIDE: dict[str, Any] = {"publicNetworkAccess": "Enabled", "encryption": {"keySource": "Microsoft.Batch"}}
_BESIDE_OF = {"public-network-access": "encryption", "encryption": "publicNetworkAccess"}


def _others(accounts: Accounts, slug: str) -> list[Json]:
    """Changes of something else: in another member of the body, and beside the property where the api-version has a choice."""
    elsewhere: Json = {"tags": {"BcsOther": "changed"}} if slug != "tags" else {"properties": {}}
    beside = _BESIDE_OF.get(slug, "publicNetworkAccess")
    inside = [{"properties": {beside: _BESIDE[beside]}}] if updatable(accounts, beside) else []
    return [elsewhere, *inside]


@pytest.mark.parametrize(
    "slug", [pytest.param(slug, marks=pytest.mark.requirement(f"accounts.update.keeps-omitted-{slug}")) for slug in KEPT]
)
def test_keeps_omitted(accounts: Accounts, expect: Expect, account: str, slug: str) -> None:
    patch(accounts, account, change(accounts, slug))
    before = part(accounts.get(account), slug)
    if not before:
        raise Blocked(f"{slug} did not survive the PATCH that set it")
    for other in _others(accounts, slug):
        patch(accounts, account, other)
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    after = part(json_object(exchange), slug)
    requirement = f"accounts.update.keeps-omitted-{slug}"
    if slug == "public-network-access":
        expect(requirement, after in {before, "Enabled"}, expected=f"{before}, or Enabled", actual=after, exchange=exchange)
    else:
        expect.equal(requirement, after, before, exchange, slug)


@pytest.mark.requirement("accounts.update.keeps-omitted-public-network-access")
def test_stays_open(accounts: Accounts, expect: Expect, account: str) -> None:
    """Whichever of the two a service does with what a PATCH leaves out: what was Enabled is Enabled."""
    if not updatable(accounts, "publicNetworkAccess"):
        raise Blocked("no PATCH sets publicNetworkAccess at this api-version")
    patch(accounts, account, {"properties": {"publicNetworkAccess": "Enabled"}})
    patch(accounts, account, {"tags": {"BcsOther": "changed"}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "public-network-access")
    expect.equal("accounts.update.keeps-omitted-public-network-access", shown, "Enabled", exchange)


@pytest.mark.requirement("accounts.update.keeps-the-rest")
def test_keeps_the_rest(accounts: Accounts, expect: Expect, account: str, untouched: Json) -> None:
    """Compared with what it was before any PATCH: what the first one spoils, the next ones leave so."""
    before = untouched
    patch(accounts, account, change(accounts, "tags"))
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    after = json_object(exchange)
    for name in ("id", "name", "type", "location"):
        expect.equal("accounts.update.keeps-the-rest", after.get(name), before.get(name), exchange, name)
    for name in ("accountEndpoint", "poolAllocationMode", "poolQuota", "activeJobAndJobScheduleQuota", "provisioningState"):
        shown, was = after["properties"].get(name), before["properties"].get(name)
        expect.equal("accounts.update.keeps-the-rest", shown, was, exchange, name)


@pytest.mark.requirement("accounts.update.empty-body-changes-nothing")
@pytest.mark.parametrize("body", [{}, {"properties": {}}], ids=["nothing", "no-properties"])
def test_empty_body(accounts: Accounts, expect: Expect, account: str, body: Json) -> None:
    patch(accounts, account, change(accounts, "tags"))
    before = accounts.get(account)
    written = accounts.call("BatchAccount_Update", accountName=account, body=body)
    expect.status("accounts.update.empty-body-changes-nothing", written, {200, 400})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    after = lasting(json_object(exchange))
    expect.equal("accounts.update.empty-body-changes-nothing", after, lasting(before), exchange)


@pytest.mark.requirement("accounts.update.answers-account")
def test_answer(accounts: Accounts, expect: Expect, account: str) -> None:
    written = accounts.call("BatchAccount_Update", accountName=account, body=change(accounts, "tags"))
    answer = lasting(json_object(written))
    shown = lasting(accounts.get(account))
    expect.equal("accounts.update.answers-account", answer, shown, written, "the answer and the next GET")


@pytest.mark.parametrize(
    "slug", [pytest.param(slug, marks=pytest.mark.requirement(f"accounts.update.sets-{slug}")) for slug in KEPT]
)
def test_sets(accounts: Accounts, expect: Expect, account: str, slug: str) -> None:
    body = change(accounts, slug)
    patch(accounts, account, body)
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown, sent = part(json_object(exchange), slug), part(body, slug)
    expect(f"accounts.update.sets-{slug}", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.tag-name-case")
def test_tag_names(accounts: Accounts, expect: Expect, account: str) -> None:
    sent = {"bcsLower": "Value", "BCSUPPER": "value"}
    patch(accounts, account, {"tags": sent})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = json_object(exchange).get("tags")
    expect("accounts.update.tag-name-case", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)


@pytest.mark.requirement("accounts.update.tags-whole-or-merged")
def test_tags_replaced(accounts: Accounts, expect: Expect, account: str) -> None:
    patch(accounts, account, {"tags": {"BcsOld": "one"}})
    patch(accounts, account, {"tags": {"BcsNew": "two"}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = json_object(exchange).get("tags") or {}
    merged = shown.get("BcsOld") == "one"
    holds = shown.get("BcsNew") == "two" and (merged or "BcsOld" not in shown)
    actual = ("merged" if merged else "replaced as a whole") if holds else shown
    expect("accounts.update.tags-whole-or-merged", holds, expected="the new tag", actual=actual, exchange=exchange)


@pytest.mark.requirement("accounts.update.nested-objects")
def test_nested(accounts: Accounts, expect: Expect, account: str) -> None:
    nodes = {"nodeManagementAccess": {"defaultAction": "Deny"}}
    patch(accounts, account, {"properties": {"networkProfile": {**NETWORK, **nodes}}})
    patch(accounts, account, {"properties": {"networkProfile": {"accountAccess": {"defaultAction": "Allow"}}}})
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    shown = part(json_object(exchange), "network-profile") or {}
    merged = covers(shown, nodes)
    # whoever replaces the profile may show the default of what is left out
    replaced = shown.get("nodeManagementAccess", {}).get("defaultAction", "Allow") == "Allow"
    holds = covers(shown, {"accountAccess": {"defaultAction": "Allow"}}) and (merged or replaced)
    actual = ("merged" if merged else "replaced as a whole") if holds else shown
    expect("accounts.update.nested-objects", holds, expected="the new accountAccess", actual=actual, exchange=exchange)
