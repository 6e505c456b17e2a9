"""Lists: pages, filters, selections, and what the account tells of itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from service_calls import BASE, VERSIONS, Account


@pytest.fixture(scope="module")
def account() -> Account:
    """Only read by the tests here."""
    made = Account()
    for number in range(7):
        made.add_pool(f"Pool-{number}", metadata=[{"name": "n", "value": str(number)}])
    return made


def pages(account: Account, query: str) -> list[list[dict[str, Any]]]:
    """Every page, by following the links."""
    answer = account.send("GET", "/pools", query=query).json
    found = [answer["value"]]
    while "odata.nextLink" in answer:
        link = urlsplit(answer["odata.nextLink"])
        assert f"{link.scheme}://{link.netloc}{link.path}" == f"{BASE}/pools"
        assert parse_qs(link.query)["api-version"] == [account.version]
        following = link.query.replace(f"api-version={account.version}", "").strip("&")
        answer = account.send("GET", "/pools", query=following).json
        found.append(answer["value"])
    return found


def ids(page: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in page]


@pytest.mark.parametrize("size", [1, 3, 6, 7, 8, 1000])
def test_pages_hold_every_pool_once_in_order(account: Account, size: int) -> None:
    found = pages(account, f"maxresults={size}")
    assert [name for page in found for name in ids(page)] == [f"Pool-{number}" for number in range(7)]
    assert [len(page) for page in found] == [min(size, 7 - start) for start in range(0, 7, size)]


def test_the_next_page_keeps_filter_and_selection(account: Account) -> None:
    condition = quote("startswith(id, 'Pool-') and state eq 'active'")
    found = pages(account, f"maxresults=3&$filter={condition}&$select=id,state")
    assert [len(page) for page in found] == [3, 3, 1]
    assert all(set(item) == {"id", "state"} for page in found for item in page)


def test_a_token_serves_only_the_list_that_gave_it(account: Account) -> None:
    link = account.send("GET", "/pools", query="maxresults=2").json["odata.nextLink"]
    token = quote(parse_qs(urlsplit(link).query)["$skiptoken"][0])
    condition = quote("state eq 'active'")
    other = account.send("GET", "/pools", query=f"$skiptoken={token}&$filter={condition}")
    assert other.code == "InvalidQueryParameterValue"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("id eq 'Pool-3'", ["Pool-3"]),
        ("id lt 'Pool-2'", ["Pool-0", "Pool-1"]),
        ("allocationState eq 'steady' and id ge 'Pool-5'", ["Pool-5", "Pool-6"]),
        ("id eq 'Pool-1' or id eq 'Pool-4'", ["Pool-1", "Pool-4"]),
        ("state eq 'deleting'", []),
        ("creationTime lt DateTime'2000-01-01T00:00:00Z'", []),
    ],
)
def test_a_filter(account: Account, condition: str, expected: list[str]) -> None:
    answer = account.send("GET", "/pools", query=f"$filter={quote(condition)}")
    assert (answer.status, ids(answer.json["value"])) == (200, expected)


def test_a_selection_of_one_pool(account: Account) -> None:
    answer = account.send("GET", "/pools/Pool-1", query="$select=id,metadata")
    assert answer.json.keys() == {"odata.metadata", "id", "metadata"}
    assert "etag" in answer.headers


@pytest.mark.parametrize("path", ["/pools", "/pools/Pool-1"])
def test_an_unknown_selection_or_expansion_is_refused(account: Account, path: str) -> None:
    assert account.send("GET", path, query="$select=colour").code == "InvalidQueryParameterValue"
    assert account.send("GET", path, query="$expand=colour").code == "InvalidQueryParameterValue"


def test_statistics_come_only_when_asked_for(account: Account) -> None:
    assert "stats" not in account.pool("Pool-1")
    assert "stats" in account.send("GET", "/pools/Pool-1", query="$expand=stats").json
    assert all("stats" in item for item in account.send("GET", "/pools", query="$expand=stats").json["value"])


@pytest.mark.parametrize("version", VERSIONS)
def test_the_lists_of_the_account(version: str) -> None:
    account = Account(version)
    for operation in account.contract.operations.values():
        if operation.id not in ("Account_ListSupportedImages", "Account_ListNodeAgentSkus", "Application_List"):
            continue
        answer = account.send("GET", operation.path)
        assert answer.status == 200
        assert answer.json["odata.metadata"] == f"{BASE}/$metadata#{operation.metadata}"
        model = account.contract.item_model(operation)
        assert model is not None
        for item in answer.json["value"]:
            assert item.keys() <= model.properties.keys()


def test_nodes_are_counted_by_state() -> None:
    account = Account()
    account.add_pool("a", targetDedicatedNodes=2)
    account.add_pool("b", targetLowPriorityNodes=1)
    found = {item["poolId"]: item for item in account.send("GET", "/nodecounts").json["value"]}
    assert (found["a"]["dedicated"]["idle"], found["a"]["dedicated"]["total"], found["a"]["lowPriority"]["total"]) == (2, 2, 0)
    assert (found["b"]["dedicated"]["total"], found["b"]["lowPriority"]["idle"]) == (0, 1)
