"""PATCH of a Batch account: what it names is replaced, all else stays."""

from __future__ import annotations

from typing import Any

import pytest
from arm_calls import GROUP, SUBSCRIPTION, Plans

STORAGE = {
    "storageAccountId": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/s"
}
VAULT_KEY = {
    "keySource": "Microsoft.KeyVault",
    "keyVaultProperties": {"keyIdentifier": "https://v.vault.azure.net/keys/k/1"},
}
RULES = [{"action": "Allow", "value": "10.0.0.0/8"}]
NETWORK = {"accountAccess": {"defaultAction": "Deny", "ipRules": RULES}}
FULL: dict[str, Any] = {
    "tags": {"a": "b"},
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "autoStorage": STORAGE,
        "publicNetworkAccess": "Disabled",
        "encryption": VAULT_KEY,
        "networkProfile": NETWORK,
        "allowedAuthenticationModes": ["AAD"],
    },
}


@pytest.fixture
def plans() -> Plans:
    made = Plans()
    assert made.create(**FULL).status == 200
    return made


CHANGES: dict[str, dict[str, Any]] = {
    "tags": {"tags": {"c": "d"}},
    "identity": {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/1/x": {}}}},
    "autoStorage": {"properties": {"autoStorage": {**STORAGE, "authenticationMode": "BatchAccountManagedIdentity"}}},
    "publicNetworkAccess": {"properties": {"publicNetworkAccess": "Enabled"}},
    "encryption": {"properties": {"encryption": {"keySource": "Microsoft.Batch"}}},
    "networkProfile": {"properties": {"networkProfile": {"nodeManagementAccess": {"defaultAction": "Allow"}}}},
    "allowedAuthenticationModes": {"properties": {"allowedAuthenticationModes": ["SharedKey", "AAD"]}},
    "nothing": {},
}


def flat(account: dict[str, Any]) -> dict[str, Any]:
    return {**account, **account["properties"], "properties": None, "systemData": None}


@pytest.mark.parametrize("name", CHANGES)
def test_a_patch_changes_what_it_names_and_nothing_else(plans: Plans, name: str) -> None:
    before = flat(plans.shown())
    plans.clock.advance(1)
    answer = plans.patch(**CHANGES[name])
    assert answer.status == 200, answer.wire
    assert answer.json == plans.shown()
    after = flat(answer.json)
    assert {member for member in before | after if before.get(member) != after.get(member)} == {name} - {"nothing"}


def test_objects_are_replaced_as_a_whole(plans: Plans) -> None:
    plans.patch(**CHANGES["networkProfile"])
    assert plans.shown()["properties"]["networkProfile"] == {"nodeManagementAccess": {"defaultAction": "Allow"}}
    plans.patch(**CHANGES["tags"])
    assert plans.shown()["tags"] == {"c": "d"}
    plans.patch(tags={})
    assert "tags" not in plans.shown()


def test_what_an_object_leaves_out_gets_its_default(plans: Plans) -> None:
    shown = plans.patch(properties={"autoStorage": STORAGE}).json["properties"]["autoStorage"]
    assert shown["authenticationMode"] == "StorageKeys"


def test_an_identity_is_given_kept_and_taken_away(plans: Plans) -> None:
    first = plans.shown()["identity"]
    assert first.keys() == {"type", "principalId", "tenantId"}
    assert plans.patch(identity={"type": "SystemAssigned"}).json["identity"] == first
    plans.patch(**CHANGES["encryption"])
    assert plans.patch(identity={"type": "None"}).json["identity"] == {"type": "None"}


def ruled(**wrong: str) -> dict[str, Any]:
    return {"accountAccess": {"defaultAction": "Deny", "ipRules": [{**RULES[0], **wrong}]}}


WRONG: dict[str, dict[str, Any]] = {
    "a tag that is no text": {"tags": {"a": 1}},
    "an unknown identity": {"identity": {"type": "Somebody"}},
    "no names of identities": {"identity": {"type": "UserAssigned"}},
    "no identity for the customer's key": {"identity": {"type": "None"}},
    "no key": {"properties": {"encryption": {"keySource": "Microsoft.KeyVault"}}},
    "a key that is none": {
        "properties": {"encryption": {**VAULT_KEY, "keyVaultProperties": {"keyIdentifier": "https://v.vault.azure.net"}}}
    },
    "no address": {"properties": {"networkProfile": ruled(value="x")}},
    "a rule that denies": {"properties": {"networkProfile": ruled(action="Deny")}},
    "no default action": {"properties": {"networkProfile": {"accountAccess": {}}}},
    "an unknown mode": {"properties": {"allowedAuthenticationModes": ["Password"]}},
    "no storage": {"properties": {"autoStorage": {}}},
    "what cannot be changed": {"location": "westus"},
    "what nobody knows": {"properties": {"colour": "red"}},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_refused_changes_nothing(plans: Plans, what: str) -> None:
    before = plans.shown()
    answer = plans.patch(**WRONG[what])
    assert (answer.status, answer.code) == (400, "InvalidRequestBody")
    assert answer.json["error"]["details"][0]["code"] == "Reason"
    assert plans.shown() == before


def test_a_link_that_is_no_resource_id_is_refused_by_the_gateway(plans: Plans) -> None:
    answer = plans.patch(properties={"autoStorage": {"storageAccountId": "abc"}})
    assert (answer.status, answer.code) == (400, "LinkedInvalidPropertyId")
    assert answer.headers["x-ms-failure-cause"] == "gateway"


def test_an_account_on_its_way_is_not_changed() -> None:
    plans = Plans()
    plans.account("PUT", body={"location": "eastus"})
    assert plans.patch(tags={"a": "b"}).code == "OperationInvalidForCurrentState"
    plans.clock.advance(60)
    assert plans.patch(tags={"a": "b"}).status == 200
    plans.account("DELETE")
    assert plans.patch(tags={"a": "b"}).status == 409


@pytest.mark.parametrize(("version", "status"), [("2022-01-01", 400), ("2022-06-01", 200)])
def test_a_property_of_a_later_version_is_refused(plans: Plans, version: str, status: int) -> None:
    assert plans.account("PATCH", body={"properties": {"networkProfile": NETWORK}}, version=version).status == status


def test_pools_in_the_subscription_of_the_user_need_a_vault() -> None:
    plans = Plans()
    wanted: dict[str, Any] = {"poolAllocationMode": "UserSubscription"}
    refused = plans.account("PUT", body={"location": "eastus", "properties": wanted})
    assert (refused.status, refused.code) == (400, "InvalidRequestBody")
    assert "keyVaultReference must be set" in refused.json["error"]["details"][0]["message"]
    wanted["keyVaultReference"] = {"id": "abc", "url": "https://v.vault.azure.net/"}
    assert plans.account("PUT", body={"location": "eastus", "properties": wanted}).code == "LinkedInvalidPropertyId"
    wanted["keyVaultReference"]["id"] = f"/subscriptions/{SUBSCRIPTION}/x"
    shown = plans.create(properties=wanted).json["properties"]
    assert shown["keyVaultReference"] == wanted["keyVaultReference"]
    assert not shown.keys() & {"dedicatedCoreQuota", "lowPriorityCoreQuota", "dedicatedCoreQuotaPerVMFamily"}
