"""Keys: only listKeys and regenerateKeys show them. No key gets into evidence: what is compared is whether they are the same."""

from __future__ import annotations

import pytest

from conformance.plugin import Accounts, Blocked, Expect
from scenarios.accounts.samples import lasting, patch, refused, storage
from scenarios.support import Json, json_object

_OTHER = {"primary": "secondary", "secondary": "primary"}


def _keys(accounts: Accounts, name: str) -> Json:
    keys = json_object(accounts.call("BatchAccount_GetKeys", accountName=name))
    if not (keys.get("primary") and keys.get("secondary")):
        raise Blocked("listKeys answered no keys")
    return keys


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.get-keys.both", "accounts.get-keys.name", "accounts.get-keys.stable")
def test_list_keys(accounts: Accounts, expect: Expect, playground: str) -> None:
    exchange = accounts.call("BatchAccount_GetKeys", accountName=playground)
    keys = json_object(exchange)
    pair = [keys.get("primary"), keys.get("secondary")]
    holds = all(pair) and pair[0] != pair[1]
    expect(
        "accounts.get-keys.both", holds, expected="two keys that differ", actual=f"{len(set(pair) - {None})}", exchange=exchange
    )
    expect.equal("accounts.get-keys.name", str(keys.get("accountName")).lower(), playground, exchange)
    same = _keys(accounts, playground) == keys
    expect("accounts.get-keys.stable", same, expected="the same keys", actual="other keys", exchange=exchange)


@pytest.mark.creates_accounts
@pytest.mark.parametrize(
    "which",
    [
        pytest.param(which, marks=pytest.mark.requirement(f"accounts.regenerate-key.{which}", "accounts.regenerate-key.listed"))
        for which in _OTHER
    ],
)
def test_regenerate(accounts: Accounts, expect: Expect, playground: str, which: str) -> None:
    before = _keys(accounts, playground)
    body = {"keyName": which.capitalize()}
    exchange = accounts.call("BatchAccount_RegenerateKey", accountName=playground, body=body)
    after, other = json_object(exchange), _OTHER[which]
    changed = [name for name in _OTHER if after.get(name) != before[name]]
    expect.equal(f"accounts.regenerate-key.{which}", changed, [which], exchange, f"changed keys; {other} has to stay")
    same = _keys(accounts, playground) == after
    expect("accounts.regenerate-key.listed", same, expected="the keys answered before", actual="other keys", exchange=exchange)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.regenerate-key.unknown-refused")
def test_unknown_key(accounts: Accounts, expect: Expect, playground: str) -> None:
    exchange = accounts.call("BatchAccount_RegenerateKey", accountName=playground, body={"keyName": "Tertiary"})
    refused(expect, "accounts.regenerate-key.unknown-refused", exchange)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.regenerate-key.name-required")
def test_no_key_name(accounts: Accounts, expect: Expect, playground: str) -> None:
    exchange = accounts.call("BatchAccount_RegenerateKey", accountName=playground, body={})
    refused(expect, "accounts.regenerate-key.name-required", exchange)


@pytest.mark.requirement("accounts.get-keys.missing-refused")
def test_missing(accounts: Accounts, expect: Expect) -> None:
    exchange = accounts.call("BatchAccount_GetKeys", accountName=accounts.new_name())
    refused(expect, "accounts.get-keys.missing-refused", exchange)


@pytest.mark.requirement("accounts.synchronize-keys.missing-refused", "accounts.regenerate-key.missing-refused")
def test_actions_on_missing(accounts: Accounts, expect: Expect) -> None:
    name = accounts.new_name()
    exchange = accounts.call("BatchAccount_SynchronizeAutoStorageKeys", accountName=name)
    refused(expect, "accounts.synchronize-keys.missing-refused", exchange)
    exchange = accounts.call("BatchAccount_RegenerateKey", accountName=name, body={"keyName": "Primary"})
    refused(expect, "accounts.regenerate-key.missing-refused", exchange)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.synchronize-keys.moves-last-sync")
def test_synchronize(accounts: Accounts, expect: Expect, account: str) -> None:
    patch(accounts, account, {"tags": {"BcsTag": "stays"}, "properties": {"autoStorage": storage(accounts)}})
    before = _last_sync(accounts, account)
    if accounts.call("BatchAccount_SynchronizeAutoStorageKeys", accountName=account).response.status != 204:
        raise Blocked("syncAutoStorageKeys was refused")
    exchange = accounts.call("BatchAccount_Get", accountName=account)
    after = _last_sync(accounts, account)
    moved = str(after)[:19] >= str(before)[:19] and after != before
    expect("accounts.synchronize-keys.moves-last-sync", moved, expected=f"after {before}", actual=after, exchange=exchange)


@pytest.mark.creates_accounts
@pytest.mark.requirement("accounts.regenerate-key.primary", "accounts.get-keys.stable", "accounts.trace.reads-agree")
def test_keys_and_the_rest(accounts: Accounts, expect: Expect, full: str) -> None:
    """Each new key is another one; keys do not move with the account, nor the account with its keys."""
    shown = accounts.get(full)
    seen = [_keys(accounts, full)["primary"]]
    for _ in range(2):
        exchange = accounts.call("BatchAccount_RegenerateKey", accountName=full, body={"keyName": "Primary"})
        seen.append(json_object(exchange).get("primary"))
    new = len(set(seen))
    expect.equal("accounts.regenerate-key.primary", new, 3, exchange, "different keys, of the first one and two new ones")
    after = accounts.get(full)
    expect.equal("accounts.trace.reads-agree", lasting(after), lasting(shown), exchange, "the account")
    before = _keys(accounts, full)
    patch(accounts, full, {"tags": shown.get("tags", {})})
    same = _keys(accounts, full) == before
    expect("accounts.get-keys.stable", same, expected="the keys as they were", actual="other keys", exchange=exchange)


def _last_sync(accounts: Accounts, name: str) -> object:
    return accounts.get(name)["properties"].get("autoStorage", {}).get("lastKeySync")
