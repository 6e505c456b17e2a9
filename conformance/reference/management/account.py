"""What an account is: how it begins, what a change makes of it, what an answer of some api-version shows of it."""

from __future__ import annotations

import base64

from conformance.reference.instants import iso
from conformance.reference.management.checks import check, check_location
from conformance.reference.shapes import fill, shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json

TYPE = "Microsoft.Batch/batchAccounts"
_MODES = ("SharedKey", "AAD", "TaskAuthenticationToken")
_FAMILIES = ("standardDv3Family", "standardDSv3Family", "standardEv3Family", "standardFSv2Family")
_TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
# An account whose pools are allocated in the subscription of its owner has the quotas of that subscription.
_CORE_QUOTAS = ("coreQuota", "dedicatedCoreQuota", "dedicatedCoreQuotaPerVMFamily", "lowPriorityCoreQuota")


def new_key(store: Store) -> str:
    return base64.b64encode(bytes.fromhex(store.hex(128))).decode()


def path_of(subscription: str, group: str, name: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{TYPE}/{name}"


def new(store: Store, call: Call, group: str) -> Json:
    """The account that a PUT asks for, not stored yet. Raises ArmProblem when it cannot be."""
    name, body = call.path["accountName"], fill(call.contract, call.request_model, call.body)
    asked = body.get("properties", {})
    location = str(body["location"]).replace(" ", "").lower()
    check_location(location)
    account: Json = {
        "id": path_of(call.path["subscriptionId"], group, name),
        "name": name,
        "type": TYPE,
        "location": location,
        "properties": {**_given(store, name, location), **_stated(asked)},
        "_keys": {"primary": new_key(store), "secondary": new_key(store)},
    }
    _change(store, call, account, body)
    if account["properties"]["poolAllocationMode"] == "UserSubscription":
        for quota in _CORE_QUOTAS:
            del account["properties"][quota]
    check(account)
    return account


def changed(store: Store, call: Call, account: Json) -> Json:
    """What the account is to become: what the request states is replaced as a whole, all else stays. Raises ArmProblem."""
    body = fill(call.contract, call.request_model, call.body)
    asked = {name: value for name, value in body.get("properties", {}).items() if name in call.body.get("properties", {})}
    after = {**account, "properties": {**account["properties"], **_stated(asked)}}
    _change(store, call, after, call.body | {"properties": asked})
    check(after)
    return after


def touch(account: Json, now: int, *, created: bool = False) -> None:
    """A client changed it: ETag and `systemData` move."""
    account["_modified"] = max(now, account.get("_modified", 0) + 1)
    who = {"By": "reference@conformance.example", "ByType": "User", "At": iso(account["_modified"])}
    times = {f"{when}{what}": value for when in ("created", "lastModified") for what, value in who.items()}
    kept = {name: value for name, value in account.get("systemData", {}).items() if name.startswith("created")}
    account["systemData"] = times if created else times | kept


def present(call: Call, account: Json) -> Json:
    """What the call's api-version shows."""
    return shown(call.contract, call.contract.models["BatchAccount"], account)


def _given(store: Store, name: str, location: str) -> Json:
    """What the service decides."""
    return {
        "accountEndpoint": f"{name}.{location}.batch.azure.com",
        "nodeManagementEndpoint": f"{store.guid()}.{location}.service.batch.azure.com",
        "coreQuota": 100,
        "dedicatedCoreQuota": 100,
        "dedicatedCoreQuotaPerVMFamily": [{"name": family, "coreQuota": 100} for family in _FAMILIES],
        "dedicatedCoreQuotaPerVMFamilyEnforced": True,
        "lowPriorityCoreQuota": 100,
        "poolQuota": 100,
        "activeJobAndJobScheduleQuota": 300,
        "poolAllocationMode": "BatchService",
        "publicNetworkAccess": "Enabled",
        "encryption": {"keySource": "Microsoft.Batch"},
        "allowedAuthenticationModes": list(_MODES),
    }


def _stated(asked: Json) -> Json:
    return {name: value for name, value in asked.items() if name != "autoStorage"}


def _change(store: Store, call: Call, account: Json, body: Json) -> None:
    """What is more than a value: an identity gets ids, storage keys are fetched, an empty set of tags is none."""
    if "identity" in body or "identity" not in account:
        account["identity"] = _identity(store, account.get("identity", {}), body.get("identity", {"type": "None"}))
    if "tags" in body:
        account["tags"] = dict(body["tags"])
    if not account.get("tags"):
        account.pop("tags", None)
    storage = body.get("properties", {}).get("autoStorage")
    if storage is not None:
        account["properties"]["autoStorage"] = {**storage, "lastKeySync": iso(call.now)}
    if account["properties"]["publicNetworkAccess"] == "Disabled":
        account["properties"].setdefault("privateEndpointConnections", [])


def _identity(store: Store, before: Json, wanted: Json) -> Json:
    kind = wanted["type"]
    if kind == "SystemAssigned":
        return before if before.get("type") == kind else {"principalId": store.guid(), "tenantId": _TENANT, "type": kind}
    if kind == "UserAssigned":
        users = {
            name: {"principalId": store.guid(), "clientId": store.guid()} for name in wanted.get("userAssignedIdentities", {})
        }
        return {"type": kind, "userAssignedIdentities": users}
    return {"type": kind}
