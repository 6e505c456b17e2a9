"""Lists of certificates, where they exist, and who may refer to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from service_calls import BASE, VERSIONS, Account
from test_certificates import body, path

from conformance import contract
from conformance.reference.instants import iso

WITH = [version for version in VERSIONS if "Certificate_Add" in contract.at(version).operations]
COUNT = 101


def reference() -> dict[str, Any]:
    return {"thumbprint": body()["thumbprint"], "thumbprintAlgorithm": "sha1"}


def crowd(account: Account, count: int = COUNT) -> None:
    """Many certificates, as if each had been added at a second of its own; every tenth is in deleteFailed."""
    start = account.clock.now()
    for number in range(count):
        thumbprint = f"{number:040x}"
        state = "deletefailed" if number % 10 == 0 else "active"
        moment = iso(start + number * 10_000_000)
        certificate = {"thumbprint": thumbprint, "thumbprintAlgorithm": "sha1", "publicData": "", "state": state}
        account.service.store.put("certificate", f"sha1/{thumbprint}", certificate | {"stateTransitionTime": moment})


def listed(account: Account, query: str = "") -> dict[str, Any]:
    answer = account.send("GET", "/certificates", query=query)
    assert answer.status == 200, answer.wire
    return dict(answer.json)


def filtered(account: Account, text: str) -> list[str]:
    return [each["thumbprint"] for each in listed(account, f"$filter={quote(text)}")["value"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_has_them_but_the_last(version: str) -> None:
    account = Account(version)
    answer = account.send("POST", "/certificates", body())
    assert (answer.status == 201) == (version in WITH) == (version != "2025-06-01")
    assert (account.send("GET", "/certificates").status == 200) == (version in WITH)


@pytest.mark.parametrize("query", ["", "maxresults=100"])
def test_a_page_holds_a_hundred(query: str) -> None:
    account = Account()
    crowd(account)
    first = listed(account, query)
    assert len(first["value"]) == COUNT - 1
    second = account.send("GET", "/certificates", query=urlsplit(first["odata.nextLink"]).query, version=None).json
    assert "odata.nextLink" not in second
    assert len({each["thumbprint"] for each in first["value"] + second["value"]}) == COUNT


@pytest.mark.parametrize("many", ["101", "1000", "0", "-1", "x"])
def test_no_page_holds_more(many: str) -> None:
    assert Account().send("GET", "/certificates", query=f"maxresults={many}").status == 400


def test_filters() -> None:
    account = Account()
    crowd(account, 20)
    start = account.clock.now()
    assert len(filtered(account, "state eq 'deletefailed'")) == 2
    assert len(filtered(account, "state ne 'deletefailed'")) == 18
    third = iso(start + 30_000_000)
    for operator, count in (("eq", 1), ("ne", 19), ("lt", 3), ("le", 4), ("gt", 16), ("ge", 17)):
        assert len(filtered(account, f"stateTransitionTime {operator} DateTime'{third}'")) == count
    assert len(filtered(account, f"state eq 'deletefailed' and stateTransitionTime gt DateTime'{third}'")) == 1


@pytest.mark.parametrize("text", ["thumbprint eq 'ab'", "state gt 'active'", "state eq"])
def test_other_filters_are_refused(text: str) -> None:
    assert Account().send("GET", "/certificates", query=f"$filter={quote(text)}").status == 400


def test_select() -> None:
    account = Account()
    account.send("POST", "/certificates", body())
    (one,) = listed(account, "$select=thumbprint,state")["value"]
    assert one == {"thumbprint": body()["thumbprint"], "state": "active"}
    alone = account.send("GET", path(), query="$select=publicData").json
    assert set(alone) == {"odata.metadata", "publicData"}


@pytest.mark.parametrize("version", [WITH[0], WITH[-1]])
def test_a_pool_refers_to_certificates_of_the_account_only(version: str) -> None:
    account = Account(version)
    account.add_pool("plain")
    references = {"certificateReferences": [reference()]}
    whole = {"metadata": [], "applicationPackageReferences": [], **references}
    requests = [
        ("POST", "/pools", account.pool_body("user", **references)),
        ("PATCH", "/pools/plain", references),
        ("POST", "/pools/plain/updateproperties", whole),
    ]
    for method, where, sent in requests:
        answer = account.send(method, where, sent)
        assert (answer.status, answer.values["PropertyName"]) == (400, "certificateReferences.thumbprint")
    assert account.send("POST", "/certificates", body()).status == 201
    assert [account.send(*request).status for request in requests] == [201, 200, 204]


def test_a_pool_cannot_begin_to_use_what_is_being_deleted() -> None:
    account = Account()
    account.send("POST", "/certificates", body())
    account.send("DELETE", path())
    answer = account.send("POST", "/pools", account.pool_body("user", certificateReferences=[reference()]))
    assert (answer.status, answer.code) == (409, "CertificateBeingDeleted")


def test_an_automatic_pool_is_not_made_with_certificates_that_the_account_lacks() -> None:
    """The job is taken all the same, as a job schedule was (source: recording jobschedule-list)."""
    account = Account()
    pool = {name: value for name, value in account.pool_body(certificateReferences=[reference()]).items() if name != "id"}
    job = {"id": "job", "poolInfo": {"autoPoolSpecification": {"poolLifetimeOption": "job", "pool": pool}}}
    assert account.send("POST", "/jobs", job).status == 201
    assert account.send("GET", "/pools").json["value"] == []
    account.clock.advance(1)
    shown = account.send("GET", "/jobs/job").json
    assert (shown["state"], shown["executionInfo"]["schedulingError"]["code"]) == ("completed", "InvalidCertificatesInAutoPool")
    account.send("POST", "/certificates", body())
    assert account.send("POST", "/jobs", {**job, "id": "other"}).status == 201
    assert len(account.send("GET", "/pools").json["value"]) == 1


def test_where_location_leads() -> None:
    account = Account()
    location = account.send("POST", "/certificates", body()).headers["location"]
    assert account.send("GET", location.removeprefix(BASE)).status == 200
