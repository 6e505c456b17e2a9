"""Values of an account's properties that differ from what the service would choose, and how to find them in an account."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Accounts, Blocked, Exchange, Expect, answered, error_code
from scenarios.support import Json

SYSTEM_IDENTITY: Json = {"type": "SystemAssigned"}
RULES = [{"action": "Allow", "value": "192.0.2.7"}, {"action": "Allow", "value": "198.51.100.0/24"}]
NETWORK: Json = {"accountAccess": {"defaultAction": "Deny", "ipRules": RULES}}
# a slug of the catalogue → the member of `properties`
PROPERTIES = {
    "auto-storage": "autoStorage",
    "public-network-access": "publicNetworkAccess",
    "encryption": "encryption",
    "network-profile": "networkProfile",
    "authentication-modes": "allowedAuthenticationModes",
}


def resource(accounts: Accounts, kind: str, name: str) -> str:
    """The id of a resource in the group of the target."""
    place = accounts.place
    return f"/subscriptions/{place.subscription}/resourceGroups/{place.resource_group}/providers/{kind}/{name}"


def storage(accounts: Accounts) -> Json:
    """Auto storage in the account that the target names; else in one that may not exist."""
    made_up = resource(accounts, "Microsoft.Storage/storageAccounts", "bcsstorage")
    return {"storageAccountId": accounts.place.storage_account or made_up}


def vault(accounts: Accounts) -> Json:
    return {"id": resource(accounts, "Microsoft.KeyVault/vaults", "bcsvault"), "url": "https://bcsvault.vault.azure.net/"}


def customer_key(version: str = "") -> Json:
    key = f"https://bcsvault.vault.azure.net/keys/bcskey{version}"
    return {"keySource": "Microsoft.KeyVault", "keyVaultProperties": {"keyIdentifier": key}}


def change(accounts: Accounts, slug: str) -> Json:
    """The body of a request that sets what a slug stands for."""
    if slug == "tags":
        return {"tags": {"BcsTag": "set"}}
    if slug == "identity":
        return {"identity": SYSTEM_IDENTITY}
    values: dict[str, Any] = {
        "auto-storage": storage(accounts),
        "public-network-access": "Disabled",
        "encryption": customer_key(),
        "network-profile": NETWORK,
        "authentication-modes": ["AAD"],
    }
    body: Json = {"properties": {PROPERTIES[slug]: values[slug]}}
    return {**body, "identity": SYSTEM_IDENTITY} if slug == "encryption" else body


def part(account: Json, slug: str) -> Any:
    """What an account shows of it."""
    return account.get("properties", {}).get(PROPERTIES[slug]) if slug in PROPERTIES else account.get(slug)


def has(accounts: Accounts, model: str, name: str) -> bool:
    """Whether a model has a property at the api-version under test."""
    return model in accounts.contract.models and name in accounts.contract.models[model].properties


def updatable(accounts: Accounts, name: str) -> bool:
    return has(accounts, "BatchAccountUpdateParametersProperties", name)


def patch(accounts: Accounts, name: str, body: Json) -> Json:
    """The account that a PATCH answers. Raises Blocked unless it is accepted: what it names may not exist in the subscription."""
    exchange = accounts.call("BatchAccount_Update", accountName=name, body=body)
    if exchange.response.status != 200:
        raise Blocked(f"PATCH answered {exchange.response.status} {error_code(exchange) or ''}".rstrip())
    shown: Json = answered(exchange)
    return shown


def refused(expect: Expect, requirement: str, exchange: Exchange) -> None:
    """The answer is an error that the client caused."""
    status, code = exchange.response.status, error_code(exchange)
    expect(requirement, 400 <= status < 500, expected="an error 4xx", actual=f"{status} {code or ''}".rstrip(), exchange=exchange)


def lasting(account: Json) -> Json:
    """The account without what moves with every request."""
    return {name: value for name, value in account.items() if name != "systemData"}
