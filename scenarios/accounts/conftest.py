"""Accounts that many scenarios share: a real subscription takes only a few of them, and each takes its time."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Batch
from scenarios.accounts.samples import NETWORK, SYSTEM_IDENTITY, has, patch, storage, updatable
from scenarios.support import Json, json_object


@pytest.fixture(scope="session")
def fresh(accounts: Accounts) -> str:
    """An account that was made with a location only. Scenarios change nothing of it but its keys."""
    return accounts.create()


@pytest.fixture(scope="session")
def readable(batch: Batch, accounts: Accounts, request: pytest.FixtureRequest) -> str:
    """An account that scenarios only read: one of the run, or where the target permits none, its own if the group holds it."""
    if not accounts.permitted and batch.account:
        listed = json_object(accounts.call("BatchAccount_ListByResourceGroup")).get("value") or []
        if batch.account.lower() in {str(one.get("name")).lower() for one in listed}:
            return batch.account.lower()
    name: str = request.getfixturevalue("fresh")
    return name


@pytest.fixture(scope="session")
def full(accounts: Accounts) -> str:
    """An account that was made with everything that its api-version takes and that needs no other resource."""
    properties: Json = {"networkProfile": NETWORK, "allowedAuthenticationModes": ["AAD"]}
    known = {n: v for n, v in properties.items() if has(accounts, "BatchAccountCreateParametersProperties", n)}
    body: Json = {"tags": {"BcsTag": "made"}, **({"properties": known} if known else {})}
    if has(accounts, "BatchAccountCreateParameters", "identity"):
        body["identity"] = SYSTEM_IDENTITY
    return accounts.create(**body)


@pytest.fixture(scope="session")
def stored(accounts: Accounts) -> str:
    """An account that was made with auto storage, and without access from public networks where its api-version knows that."""
    properties: Json = {"autoStorage": storage(accounts)}
    if has(accounts, "BatchAccountCreateParametersProperties", "publicNetworkAccess"):
        properties["publicNetworkAccess"] = "Disabled"
    return accounts.create(properties=properties)


@pytest.fixture(scope="session")
def newest(accounts: Accounts) -> str:
    """An account that the newest api-version made, with what older ones do not know."""
    latest = accounts.at(accounts.versions[-1])
    return latest.create(identity=SYSTEM_IDENTITY, properties={"networkProfile": NETWORK})


@pytest.fixture(scope="session")
def playground(accounts: Accounts) -> str:
    """An account for scenarios that change one."""
    return accounts.create()


@pytest.fixture(scope="session")
def untouched(accounts: Accounts, playground: str) -> Json:
    """The playground as it was before its first PATCH."""
    return accounts.get(playground)


@pytest.fixture
def account(accounts: Accounts, playground: str, untouched: Json) -> str:
    """The playground, set back to what a new account has."""
    plain: Json = {"encryption": {"keySource": "Microsoft.Batch"}, "publicNetworkAccess": "Enabled"}
    known = {name: value for name, value in plain.items() if updatable(accounts, name)}
    body: Json = {"tags": {}, **({"properties": known} if known else {})}
    if has(accounts, "BatchAccountUpdateParameters", "identity"):
        body["identity"] = {"type": "None"}
    accounts.get(playground)  # what follows is compared with it
    patch(accounts, playground, body)
    return playground
