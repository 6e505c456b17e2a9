"""The keys of an account: shown by no other answer than those of the operations that are for them."""

from __future__ import annotations

from conformance.reference.instants import iso
from conformance.reference.management import accounts
from conformance.reference.management.account import new_key
from conformance.reference.management.problem import wrong_state
from conformance.reference.management.registry import manages
from conformance.reference.management.rendering import ArmReply
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json


@manages("BatchAccount_GetKeys")
def list_keys(store: Store, call: Call) -> ArmReply:
    return _told(call, accounts.find(store, call, ready=True))


@manages("BatchAccount_RegenerateKey")
def regenerate(store: Store, call: Call) -> ArmReply:
    """Only the named key is replaced."""
    account = accounts.find(store, call, ready=True)
    account["_keys"] = {**account["_keys"], call.body["keyName"].lower(): new_key(store)}
    return _told(call, account)


@manages("BatchAccount_SynchronizeAutoStorageKeys")
def synchronize(store: Store, call: Call) -> ArmReply:
    """The keys of the storage account are fetched again."""
    account = accounts.find(store, call, ready=True)
    if "autoStorage" not in account["properties"]:
        raise wrong_state("the account has no auto-storage account")
    storage = {**account["properties"]["autoStorage"], "lastKeySync": iso(call.now)}
    account["properties"] = {**account["properties"], "autoStorage": storage}
    return ArmReply(204)


def _told(call: Call, account: Json) -> ArmReply:
    model = call.contract.models["BatchAccountKeys"]
    told = {"accountName": account["name"], **account["_keys"]}
    return ArmReply(200, {name: value for name, value in told.items() if name in model.properties})
