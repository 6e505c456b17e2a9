"""The lists of a subscription and of a resource group."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Blocked, Exchange, Expect
from scenarios.accounts.samples import lasting
from scenarios.support import Json, json_object

_MOST_PAGES = 100


def _whole(accounts: Accounts, operation: str) -> tuple[list[Json], Exchange]:
    """Every element, and the exchange of the last page."""
    exchange = accounts.call(operation)
    found = list(json_object(exchange).get("value") or [])
    for _ in range(_MOST_PAGES):
        link = str(json_object(exchange).get("nextLink") or "")
        if not link:
            break
        exchange = accounts.send("GET", "/" + link.partition("://")[2].partition("/")[2])
        found += json_object(exchange).get("value") or []
    return found, exchange


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param("BatchAccount_List", marks=pytest.mark.requirement("accounts.list.has-account")),
        pytest.param(
            "BatchAccount_ListByResourceGroup", marks=pytest.mark.requirement("accounts.list-by-resource-group.has-account")
        ),
    ],
)
def test_has_account(accounts: Accounts, expect: Expect, readable: str, operation: str) -> None:
    found, exchange = _whole(accounts, operation)
    names = [str(one.get("name")).lower() for one in found]
    kind = "list" if operation == "BatchAccount_List" else "list-by-resource-group"
    expect(f"accounts.{kind}.has-account", readable in names, expected=readable, actual=names, exchange=exchange)


@pytest.fixture
def elsewhere(accounts: Accounts) -> str:
    """The other resource group, with an account in it where the target has such a group and permits accounts."""
    group = accounts.place.other_resource_group
    if group and accounts.permitted:
        name = accounts.new_name()
        accounts.finish(accounts.call("BatchAccount_Create", body=accounts.body(), accountName=name, resourceGroupName=group))
    return group


@pytest.mark.requirement("accounts.list-by-resource-group.only-its-own")
def test_only_the_group(accounts: Accounts, expect: Expect, elsewhere: str) -> None:
    found, exchange = _whole(accounts, "BatchAccount_ListByResourceGroup")
    group = f"/resourcegroups/{accounts.place.resource_group.lower()}/"
    strange = [one.get("id") for one in found if group not in str(one.get("id")).lower()]
    expect.equal("accounts.list-by-resource-group.only-its-own", strange, [], exchange, "accounts of other groups")


@pytest.mark.requirement("accounts.list.element-as-get")
def test_element(accounts: Accounts, expect: Expect, readable: str) -> None:
    _same(accounts, expect, "BatchAccount_ListByResourceGroup", readable)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.list.element-as-get")
@pytest.mark.parametrize("operation", ["BatchAccount_List", "BatchAccount_ListByResourceGroup"])
def test_full_element(accounts: Accounts, expect: Expect, full: str, stored: str, operation: str) -> None:
    """Of accounts that say nearly everything."""
    _same(accounts, expect, operation, full, stored)


def _same(accounts: Accounts, expect: Expect, operation: str, *names: str) -> None:
    found, exchange = _whole(accounts, operation)
    for name in names:
        listed = next((one for one in found if str(one.get("name")).lower() == name), None)
        if listed is None:
            raise Blocked("the account is not in the list")
        shown = accounts.get(name)
        expect.equal("accounts.list.element-as-get", lasting(listed), lasting(shown), exchange, "the element and a GET")
