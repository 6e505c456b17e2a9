"""PUT: what no account can be called, and bodies that make none."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Expect
from scenarios.accounts.samples import refused, vault
from scenarios.support import Json

pytestmark = pytest.mark.creates_accounts


@pytest.mark.parametrize(
    ("slug", "wrong"),
    [
        pytest.param(slug, wrong, id=slug, marks=pytest.mark.requirement(f"accounts.create.{slug}-name-refused"))
        for slug, wrong in (("short", "{:.2}"), ("long", "{:x<25}"), ("upper-case", "{}X"), ("odd", "{}-x"))
    ],
)
def test_name(accounts: Accounts, expect: Expect, slug: str, wrong: str) -> None:
    name = wrong.format(accounts.new_name())
    exchange = accounts.call("BatchAccount_Create", accountName=name, body=accounts.body())
    refused(expect, f"accounts.create.{slug}-name-refused", exchange)


@pytest.mark.requirement("accounts.create.no-json-refused")
@pytest.mark.parametrize("content", ["{", "location=eastus", "[]", '"eastus"'])
def test_no_json(accounts: Accounts, expect: Expect, content: str) -> None:
    path = accounts.path("BatchAccount_Create", accountName=accounts.new_name())
    refused(expect, "accounts.create.no-json-refused", accounts.send("PUT", path, content=content))


@pytest.mark.requirement("accounts.create.wrong-type-refused")
@pytest.mark.parametrize("tags", ["text", [1], 7])
def test_wrong_type(accounts: Accounts, expect: Expect, tags: object) -> None:
    exchange = accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body=accounts.body(tags=tags))
    refused(expect, "accounts.create.wrong-type-refused", exchange)


def _user_subscription(accounts: Accounts, reference: Json | None) -> Json:
    """A body for an account whose pools are made in the subscription of the user."""
    given = {} if reference is None else {"keyVaultReference": reference}
    return accounts.body(properties={"poolAllocationMode": "UserSubscription", **given})


@pytest.mark.requirement("accounts.create.user-subscription-needs-vault")
def test_no_vault(accounts: Accounts, expect: Expect) -> None:
    body = _user_subscription(accounts, None)
    exchange = accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body=body)
    expect.error("accounts.create.user-subscription-needs-vault", exchange, 400, "InvalidRequestBody")


@pytest.mark.requirement("accounts.create.vault-id-form")
def test_vault_id(accounts: Accounts, expect: Expect) -> None:
    body = _user_subscription(accounts, {**vault(accounts), "id": "abc"})
    exchange = accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body=body)
    expect.error("accounts.create.vault-id-form", exchange, 400, "LinkedInvalidPropertyId")


@pytest.mark.requirement("accounts.create.vault-url-required")
def test_vault_url(accounts: Accounts, expect: Expect) -> None:
    body = _user_subscription(accounts, {"id": vault(accounts)["id"]})
    exchange = accounts.call("BatchAccount_Create", accountName=accounts.new_name(), body=body)
    refused(expect, "accounts.create.vault-url-required", exchange)
