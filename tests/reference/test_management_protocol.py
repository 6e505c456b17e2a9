"""The management plane's protocol: addresses, versions, credentials, errors, headers; and its place beside the data plane."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from arm_calls import GROUP, SUBSCRIPTION, VERSIONS, Plans, accounts

from conformance.reference.app import create_app
from conformance.reference.clock import ManualClock, SystemClock
from conformance.reference.settings import Settings

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OTHER = "0b5c1f0a-3f5e-4f6e-9d55-8a3c60a3a9d1"


@pytest.mark.parametrize(
    ("method", "path", "version", "status", "code"),
    [
        ("GET", accounts(), None, 400, "MissingApiVersionParameter"),
        ("GET", accounts(), "newest", 400, "InvalidApiVersionParameter"),
        ("GET", accounts(), "2024-02-01.19.0", 400, "InvalidApiVersionParameter"),
        ("GET", accounts(), "2011-11-11", 400, "NoRegisteredProviderFound"),
        ("GET", accounts("nowhere"), "", 404, "ResourceGroupNotFound"),
        ("GET", accounts().replace(SUBSCRIPTION, "abc"), "", 400, "InvalidSubscriptionId"),
        ("GET", accounts().replace(SUBSCRIPTION, OTHER), "", 404, "SubscriptionNotFound"),
        ("PUT", accounts(), "", 405, "MethodNotAllowed"),
        ("FROB", accounts(), "", 405, "MethodNotAllowed"),
        ("GET", accounts().replace("batchAccounts", "nothings"), "", 404, "InvalidResourceType"),
        ("GET", f"{accounts()}/one/operationResults/{OTHER}", "", 404, "ResourceNotFound"),
        ("GET", f"{accounts()}/%00", "", 404, "ResourceNotFound"),
        ("GET", "/providers/Microsoft.Batch/operations", "", 404, "InvalidResourceType"),
        ("GET", "/subscriptions/", "", 404, "InvalidResourceType"),
    ],
)
def test_the_gateway_refuses(method: str, path: str, version: str | None, status: int, code: str) -> None:
    answer = Plans().send(method, path, version=version)
    assert (answer.status, answer.code) == (status, code)
    assert answer.headers["x-ms-failure-cause"] == "gateway"
    assert "server" not in answer.headers
    assert answer.json["error"].keys() == {"code", "message"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"NaN", b'{"location": 1}', b"\xff", b'{"location": "\\ud800"}'])
def test_the_provider_refuses_a_body(content: bytes) -> None:
    answer = Plans().account("PUT", content=content)
    assert (answer.status, answer.code) == (400, "InvalidRequestBody")
    error = answer.json["error"]
    assert error["target"] == "BatchAccount"
    lines = error["message"].splitlines()
    assert lines[1] == f"RequestId:{answer.headers['x-ms-request-id']}"
    assert re.fullmatch(r"Time:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", lines[2])


@pytest.mark.parametrize(
    ("name", "status"), [("ab", 400), ("abc", 202), ("a" * 24, 202), ("a" * 25, 400), ("Abc", 400), ("a-c", 400)]
)
def test_names_of_accounts(name: str, status: int) -> None:
    assert Plans().account("PUT", name, {"location": "eastus"}).status == status


def test_older_versions_permit_other_names() -> None:
    assert Plans("2019-08-01").account("PUT", "A-b_c.d", {"location": "eastus"}).status == 202


@pytest.mark.parametrize("version", VERSIONS)
def test_headers_of_every_answer(version: str) -> None:
    plans = Plans(version)
    for answer in (plans.send("GET", accounts()), plans.account("PATCH", body={"tags": 1}), plans.account("GET")):
        headers = answer.headers
        assert (headers["cache-control"], headers["pragma"], headers["expires"]) == ("no-cache", "no-cache", "-1")
        assert GUID.fullmatch(headers["x-ms-request-id"])
        assert GUID.fullmatch(headers["x-ms-correlation-request-id"])
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert ("x-content-type-options" in headers) is (version != "2015-12-01")
        assert ("request-id" in headers) is (version == "2015-12-01")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer secret", 200),
        ("bearer secret", 200),
        ("Bearer other", 401),
        ("SharedKey a:secret", 401),
        ("secret", 401),
        ("", 401),
    ],
)
def test_a_token_is_asked_for_where_there_is_one(given: str, status: int) -> None:
    plans = Plans(management_token="secret")
    assert plans.send("GET", accounts(), headers={"Authorization": given} if given else {}).status == status
    assert Plans(key="a2V5", token="of the data plane").send("GET", accounts()).status == 200


def test_the_advice_when_to_ask_again_is_in_the_time_of_the_client() -> None:
    assert Plans().account("PUT", body={"location": "eastus"}).headers["retry-after"] == "15"
    assert ManualClock().real(15) == 15
    assert SystemClock(500).real(15) == 0.03


def test_deleting_nothing() -> None:
    assert Plans().account("DELETE").status == 204
    assert Plans("2017-01-01").account("DELETE").status == 404


def test_both_planes_live_in_one_application() -> None:
    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(create_app(Settings(resource_groups=("mine",))))
        async with httpx.AsyncClient(transport=transport, base_url="https://batch.example") as client:
            return [
                await client.put(f"{accounts('mine')}/one?api-version=2024-02-01", json={"location": "eastus"}),
                await client.get("/pools?api-version=2024-02-01.19.0"),
                await client.head(f"{accounts(GROUP)}/one?api-version=2024-02-01"),
            ]

    put, pools, head = asyncio.run(ask())
    assert put.status_code == 202
    assert put.headers["location"].startswith("https://batch.example/subscriptions/")
    assert put.headers["retry-after"] == "15"
    assert pools.json()["value"] == []
    assert (head.status_code, head.content) == (405, b"")
