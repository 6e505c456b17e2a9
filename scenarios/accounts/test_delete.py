"""DELETE: an account goes in the background, and is gone then."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Expect
from scenarios.accounts.samples import refused
from scenarios.support import json_object


@pytest.mark.creates_accounts
@pytest.mark.requirement(
    "accounts.delete.accepted",
    "accounts.delete.deleting",
    "accounts.delete.result",
    "accounts.delete.gone",
    "accounts.delete.not-listed",
)
def test_delete(accounts: Accounts, expect: Expect) -> None:
    name = accounts.create()
    accepted = accounts.call("BatchAccount_Delete", accountName=name)
    expect.status("accounts.delete.accepted", accepted, {200, 202})
    between = accounts.call("BatchAccount_Get", accountName=name)
    shown = json_object(between)["properties"].get("provisioningState") if between.response.status == 200 else "404"
    wanted = "Deleting" if between.response.status == 200 else "404"
    expect("accounts.delete.deleting", shown == wanted, expected=wanted, actual=shown, exchange=between)
    ended = accounts.finish(accepted)
    holds = ended.response.status in {200, 204} and not ended.response.body
    actual = f"{ended.response.status} with {len(ended.response.body)} bytes"
    expect("accounts.delete.result", holds, expected="200 or 204 without body", actual=actual, exchange=ended)
    refused(expect, "accounts.delete.gone", accounts.call("BatchAccount_Get", accountName=name))
    exchange = accounts.call("BatchAccount_ListByResourceGroup")
    names = [str(one.get("name")).lower() for one in json_object(exchange).get("value") or []]
    expect("accounts.delete.not-listed", name not in names, expected=f"no {name}", actual=names, exchange=exchange)


@pytest.mark.requirement("accounts.delete.missing")
def test_missing(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_Delete", accountName=accounts.new_name())
    status = exchange.response.status
    expect("accounts.delete.missing", status in {204, 404}, expected="204, or 404", actual=str(status), exchange=exchange)
