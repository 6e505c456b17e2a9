"""Batch accounts of the management plane: their life, at every api-version."""

from __future__ import annotations

from typing import Any

import pytest
from arm_calls import BASE, GROUP, SUBSCRIPTION, VERSIONS, Plans, accounts

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.rules import context_for, findings

STORAGE = {
    "storageAccountId": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/s"
}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_creation_ends_at_the_address_that_it_names(version: str) -> None:
    plans = Plans(version)
    accepted = plans.account("PUT", body={"location": "West Europe", "tags": {"A": "b"}})
    assert (accepted.status, accepted.wire.body) == (202, b"")
    address = accepted.headers["location"]
    assert address.startswith(f"{BASE}{accounts()}/one/operationResults/")
    assert address.endswith(f"?api-version={version}")
    assert accepted.headers["retry-after"] == "15"
    assert plans.shown()["properties"]["provisioningState"] == "Creating"
    waiting = plans.follow(accepted)
    assert (waiting.status, waiting.headers["location"]) == (202, address)
    plans.clock.advance(60)
    ended = plans.follow(accepted)
    assert ended.status == 200
    assert ended.json == plans.shown()
    assert ended.json["location"] == "westeurope"
    assert ended.json["properties"]["accountEndpoint"] == "one.westeurope.batch.azure.com"
    assert ended.json["properties"]["provisioningState"] == "Succeeded"
    assert ended.json["tags"] == {"A": "b"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_deletion_ends_at_the_address_that_it_names(version: str) -> None:
    plans = Plans(version)
    plans.create()
    accepted = plans.account("DELETE")
    assert (accepted.status, accepted.wire.body) == (202, b"")
    assert "/providers/Microsoft.Batch/locations/eastus/accountOperationResults/one-" in accepted.headers["location"]
    assert plans.shown()["properties"]["provisioningState"] == "Deleting"
    assert plans.follow(accepted).status == 202
    plans.clock.advance(60)
    ended = plans.follow(accepted)
    assert (ended.status, ended.wire.body) == (200, b"")
    assert plans.account("GET").code == "ResourceNotFound"
    assert plans.send("GET", accounts()).json == {"value": []}


def test_no_answer_shows_what_its_version_lacks() -> None:
    plans = Plans("2025-06-01")
    plans.create(identity={"type": "SystemAssigned"}, properties={"autoStorage": STORAGE, "publicNetworkAccess": "Disabled"})
    for version in VERSIONS:
        assert _strange(plans, version) == []


def _strange(plans: Plans, version: str) -> list[str]:
    """What the rules have against the bodies of a GET and a list."""
    found = []
    for path in (f"{accounts()}/one", accounts()):
        answer = plans.send("GET", path, version=version).wire
        request = Request("GET", f"{BASE}{path}?api-version={version}", Headers(()), b"")
        exchange = Exchange(request, Response(answer.status, Headers(tuple(answer.headers)), answer.body, ""))
        found += [
            f"{version}: {finding}"
            for finding in findings(context_for(exchange))
            if finding.rule.startswith("body.") and not finding.holds
        ]
    return found


def test_etags_are_bare_at_first_and_quoted_later() -> None:
    plans = Plans()
    plans.create()
    assert plans.account("GET", version="2015-12-01").headers["etag"].startswith("0x8")
    assert plans.account("GET", version="2017-01-01").headers["etag"].startswith('"0x8')
    assert "etag" not in plans.send("GET", accounts()).headers


@pytest.mark.parametrize("quirks", [frozenset({"result-etag"}), frozenset()])
def test_the_etag_of_a_result_is_that_of_the_moment(quirks: frozenset[str]) -> None:
    plans = Plans(quirks=quirks)
    ended = plans.create()
    assert (ended.headers["etag"] == plans.account("GET").headers["etag"]) is not bool(quirks)


def test_the_result_of_a_creation_beyond_the_quota_is_a_conflict() -> None:
    plans = Plans(account_quota=1)
    plans.create()
    second = plans.account("PUT", "two", {"location": "eastus"})
    assert second.status == 202
    plans.clock.advance(60)
    ended = plans.follow(second)
    assert (ended.status, ended.code) == (409, "SubscriptionQuotaExceeded")
    assert plans.account("GET", "two").status == 404


def test_a_put_leaves_an_account_that_is_there_alone() -> None:
    plans = Plans()
    plans.create(tags={"a": "b"})
    again = plans.account("PUT", body={"location": "eastus", "tags": {"c": "d"}})
    assert (again.status, again.json["tags"]) == (200, {"a": "b"})
    assert plans.account("PUT", body={"location": "westus"}).code == "InvalidResourceLocation"


def test_a_name_is_taken_in_its_region() -> None:
    plans = Plans()
    plans.create()
    assert plans.account("PUT", "one", {"location": "eastus"}, group="default").status == 409
    assert plans.account("PUT", "one", {"location": "westus"}, group="default").status == 202


def test_lists_are_of_a_group_or_of_the_subscription() -> None:
    plans = Plans()
    plans.create("two")
    plans.create("one")
    plans.account("PUT", "three", {"location": "westus"}, group="default")
    everything = plans.send("GET", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Batch/batchAccounts").json["value"]
    assert [account["name"] for account in everything] == ["one", "two", "three"]
    assert [account["name"] for account in plans.send("GET", accounts()).json["value"]] == ["one", "two"]
    assert [account["name"] for account in plans.send("GET", accounts("default")).json["value"]] == ["three"]
    assert plans.send("GET", accounts()).json["value"][0] == plans.shown("one")


def test_names_are_found_in_any_letter_case() -> None:
    plans = Plans()
    plans.create()
    assert plans.account("GET", "ONE").status == 200
    assert plans.send("GET", f"{accounts('Conformance')}/one".replace("batchAccounts", "BATCHACCOUNTS")).status == 200


@pytest.mark.parametrize("body", [None, {"keyName": "Primary"}, {"keyName": "secondary"}])
def test_keys_are_told_only_when_asked_for(body: dict[str, Any] | None) -> None:
    plans = Plans()
    plans.create()
    before = plans.account("POST", action="/listKeys").json
    if body is None:
        assert before == plans.account("POST", action="/listKeys").json
        assert before["primary"] != before["secondary"]
        assert before["primary"] not in str(plans.shown()) + str(plans.send("GET", accounts()).json)
        return
    after = plans.account("POST", body=body, action="/regenerateKeys").json
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {body["keyName"].lower()}
    assert plans.account("POST", action="/listKeys").json == after


def test_keys_name_their_account_from_2017_05_01_on() -> None:
    plans = Plans()
    plans.create()
    assert "accountName" not in plans.account("POST", action="/listKeys", version="2017-01-01").json
    assert plans.account("POST", action="/listKeys", version="2017-05-01").json["accountName"] == "one"


def test_keys_of_auto_storage_are_synchronized() -> None:
    plans = Plans()
    plans.create()
    assert plans.account("POST", action="/syncAutoStorageKeys").status == 409
    first = plans.patch(properties={"autoStorage": STORAGE}).json["properties"]["autoStorage"]["lastKeySync"]
    plans.clock.advance(5)
    assert plans.account("POST", action="/syncAutoStorageKeys").status == 204
    assert plans.shown()["properties"]["autoStorage"]["lastKeySync"] > first


def test_what_watches_over_an_account_is_listed() -> None:
    plans = Plans()
    plans.create()
    listed = plans.account("GET", action="/detectors").json["value"]
    assert plans.account("GET", action=f"/detectors/{listed[0]['name']}").json == listed[0]
    assert plans.account("GET", action="/detectors/nothing").status == 404
    outbound = plans.account("GET", action="/outboundNetworkDependenciesEndpoints").json["value"]
    assert {found["category"] for found in outbound} == {"Azure Batch", "Azure Storage"}
    assert plans.account("GET", action="/detectors", version="2021-06-01").code == "InvalidResourceType"
