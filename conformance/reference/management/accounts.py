"""Batch accounts: created and deleted in the background, read, changed and listed at once."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.management import account as accounts
from conformance.reference.management.problem import ArmProblem, by_gateway, no_such_account, wrong_state
from conformance.reference.management.registry import manages
from conformance.reference.management.rendering import ArmReply
from conformance.reference.management.results import Result, accept, failed
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json

CREATE_SECONDS = 20.0
DELETE_SECONDS = 30.0
_KIND = "batch-account"


def find(store: Store, call: Call, *, ready: bool = False) -> Json:
    """The account that the path names; `ready`: it must be neither on its way in nor out. Raises ArmProblem."""
    group, name = call.path["resourceGroupName"], call.path["accountName"]
    account = store.get(_KIND, f"{group}/{name}")
    if account is None:
        raise no_such_account(name, group)
    state = account["properties"]["provisioningState"]
    if ready and state != "Succeeded":
        raise wrong_state(f"the provisioning state of the account is {state}")
    return account


@manages("BatchAccount_Create")
def create(store: Store, call: Call) -> ArmReply:
    group, name = call.path["resourceGroupName"], call.path["accountName"]
    account = accounts.new(store, call, group)
    there = store.get(_KIND, f"{group}/{name}")
    if there is not None:
        return _again(there, call, account["location"])
    for other in store.all(_KIND):
        if other["name"].lower() == name.lower() and other["location"] == account["location"]:
            raise ArmProblem(409, "AccountAlreadyExists", "The specified account already exists.")
    account["properties"]["provisioningState"] = "Creating"
    accounts.touch(account, call.now, created=True)
    store.put(_KIND, f"{group}/{name}", account)
    operation = store.guid()
    reply, result = accept(store, call, f"{account['id']}/operationResults/{operation}")
    store.agenda.after(call.now, CREATE_SECONDS, _creation(store, account, f"{group}/{name}", result))
    return reply


def _again(account: Json, call: Call, location: str) -> ArmReply:
    """A PUT does not change an account that is there."""
    if account["location"] != location:
        message = (
            f"The resource '{account['name']}' already exists in location '{account['location']}' in resource group "
            f"'{call.path['resourceGroupName']}'. A resource with the same name cannot be created in location '{location}'. "
            "Please select a new resource name."
        )
        raise by_gateway(409, "InvalidResourceLocation", message)
    if account["properties"]["provisioningState"] == "Deleting":
        raise wrong_state("the account is being deleted")
    return ArmReply(200, accounts.present(call, account), account["_modified"])


def _creation(store: Store, account: Json, key: str, result: Result) -> Callable[[int], None]:
    def end(now: int) -> None:
        beside = [other for other in store.all(_KIND) if other["location"] == account["location"]]
        if len(beside) > store.settings.account_quota:
            store.remove(_KIND, key)
            message = "The regional Batch account quota for the specified subscription has been reached."
            result.outcome = failed(ArmProblem(409, "SubscriptionQuotaExceeded", message))
            return
        account["properties"]["provisioningState"] = "Succeeded"
        result.outcome = made

    def made(poll: Call) -> ArmReply:
        modified = poll.now if "result-etag" in store.settings.quirks else account["_modified"]
        return ArmReply(200, accounts.present(poll, account), modified)

    return end


@manages("BatchAccount_Get")
def get(store: Store, call: Call) -> ArmReply:
    account = find(store, call)
    return ArmReply(200, accounts.present(call, account), account["_modified"])


@manages("BatchAccount_Update")
def update(store: Store, call: Call) -> ArmReply:
    account = find(store, call, ready=True)
    after = accounts.changed(store, call, account)
    account.clear()
    account.update(after)
    accounts.touch(account, call.now)
    return ArmReply(200, accounts.present(call, account), account["_modified"])


@manages("BatchAccount_Delete")
def delete(store: Store, call: Call) -> ArmReply:
    group, name = call.path["resourceGroupName"], call.path["accountName"]
    account = store.get(_KIND, f"{group}/{name}")
    if account is None:
        if 204 in call.operation.success:
            return ArmReply(204)
        raise no_such_account(name, group)
    path = f"/subscriptions/{call.path['subscriptionId']}/providers/Microsoft.Batch/locations/{account['location']}"
    reply, result = accept(store, call, f"{path}/accountOperationResults/{account['name']}-{store.guid()}")
    account["properties"] = {**account["properties"], "provisioningState": "Deleting"}
    store.agenda.after(call.now, DELETE_SECONDS, _removal(store, account, f"{group}/{name}", result))
    return reply


def _removal(store: Store, account: Json, key: str, result: Result) -> Callable[[int], None]:
    def end(now: int) -> None:
        if store.get(_KIND, key) is account:
            store.remove(_KIND, key)
        result.outcome = lambda _: ArmReply(200)

    return end


@manages("BatchAccount_List")
def list_all(store: Store, call: Call) -> ArmReply:
    return _listed(call, list(store.all(_KIND)))


@manages("BatchAccount_ListByResourceGroup")
def list_group(store: Store, call: Call) -> ArmReply:
    inside = f"/resourcegroups/{call.path['resourceGroupName'].lower()}/"
    return _listed(call, [account for account in store.all(_KIND) if inside in account["id"].lower()])


def _listed(call: Call, found: list[Json]) -> ArmReply:
    found.sort(key=lambda account: str(account["id"]).lower())
    return ArmReply(200, {"value": [accounts.present(call, account) for account in found]})
