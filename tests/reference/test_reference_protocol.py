"""What every operation has in common, against the protocol's facts and what recordings show."""

from __future__ import annotations

import re

import pytest
from reference_client import BASE, NEWEST, Answer, Client, pool_body

from conformance.contract import Operation, at, errors, versions

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CLIENT_ID = "9c4d50ee-2d56-4cd3-8152-34347dc9f2b0"


def example_path(operation: Operation) -> str:
    values = {p.name: "x" for p in operation.parameters_in("path")}
    return operation.path.format(**values)


@pytest.mark.parametrize("version", [v.name for v in versions()])
def test_every_operation_gives_a_documented_answer(version: str) -> None:
    client = Client(version)
    for operation in at(version).operations.values():
        answer = client(operation.method, example_path(operation), {} if operation.request else None)
        assert answer.status < 500, (operation.id, answer.body)
        if answer.status >= 400 and operation.method != "HEAD":
            assert answer.status in errors()[answer.code].statuses, (operation.id, answer.body)
        assert GUID.fullmatch(answer.headers["request-id"])


def test_an_error_has_the_envelope_of_the_live_service() -> None:
    answer = Client()("GET", "/pools/none")
    body = answer.json
    assert list(body) == ["odata.metadata", "code", "message"]
    assert body["odata.metadata"] == f"{BASE}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"
    assert (answer.status, body["code"], body["message"]["lang"]) == (404, "PoolNotFound", "en-US")
    first, request_id, time = body["message"]["value"].split("\n")
    assert first == "The specified pool does not exist."
    assert request_id == f"RequestId:{answer.headers['request-id']}"
    assert re.fullmatch(r"Time:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", time)
    assert answer.headers["content-type"] == "application/json;odata=minimalmetadata"
    assert "etag" not in answer.headers


def test_a_head_error_has_no_body() -> None:
    answer = Client()("HEAD", "/pools/none")
    assert (answer.status, answer.body) == (404, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "query", "status", "code"),
    [
        ("GET", "/pools", {"api-version": None}, 400, "MissingRequiredQueryParameter"),
        ("GET", "/pools", {"api-version": "2023-11-01.99.9"}, 400, "UnsupportedRequestVersion"),
        ("GET", "/pools", {"api-version": "latest"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/puddles", {}, 400, "InvalidUri"),
        ("PUT", "/pools/x", {}, 405, "UnsupportedHttpVerb"),
        ("FETCH", "/pools", {}, 400, "InvalidHttpVerb"),
        ("GET", "/pools", {"colour": "blue"}, 400, "UnsupportedQueryParameter"),
        ("GET", "/pools", {"maxresults": "0"}, 400, "OutOfRangeQueryParameterValue"),
        ("GET", "/pools", {"maxresults": "1001"}, 400, "OutOfRangeQueryParameterValue"),
        ("GET", "/pools", {"maxresults": "many"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", {"timeout": "soon"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", {"$filter": "colour eq 'blue'"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", {"$select": "colour"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", {"$expand": "colour"}, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", {"$skiptoken": "made-up"}, 400, "InvalidQueryParameterValue"),
    ],
)
def test_refusals_of_the_url(method: str, path: str, query: dict[str, object], status: int, code: str) -> None:
    answer = Client()(method, path, **query)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "InvalidRequestBody"),
        (b"", "InvalidRequestBody"),
        (b"[]", "InvalidRequestBody"),
        (pool_body(colour="blue"), "UnsupportedProperty"),
        (pool_body(vmSize=None), "MissingRequiredProperty"),
        (pool_body(vmSize=7), "InvalidPropertyValue"),
        (pool_body(id="no spaces"), "InvalidPropertyValue"),
        (pool_body(id="x" * 65), "InvalidPropertyValue"),
        (pool_body(metadata=[{"name": "", "value": "v"}]), "EmptyMetadataKey"),
        (pool_body(taskSchedulingPolicy={"nodeFillType": "heap"}), "InvalidPropertyValue"),
    ],
)
def test_refusals_of_the_body(body: object, code: str) -> None:
    answer = Client()("POST", "/pools", body)
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client-request-id", "not-a-guid"),
        ("return-client-request-id", "perhaps"),
        ("ocp-date", "yesterday"),
        ("If-Modified-Since", "yesterday"),
    ],
)
def test_refusals_of_headers(name: str, value: str) -> None:
    answer = Client()("DELETE", "/pools/x", headers={name: value})
    assert (answer.status, answer.code) == (400, "InvalidHeaderValue")


@pytest.mark.parametrize(("asked", "echoed"), [("true", True), ("false", False), (None, False)])
def test_the_client_request_id_comes_back_only_when_asked(asked: str | None, echoed: bool) -> None:
    headers = {"client-request-id": CLIENT_ID} | ({"return-client-request-id": asked} if asked else {})
    answer = Client()("GET", "/pools", headers=headers)
    assert (answer.headers.get("client-request-id") == CLIENT_ID) is echoed


def test_enums_are_read_without_case_and_odata_members_are_ignored() -> None:
    client = Client()
    body = pool_body(taskSchedulingPolicy={"nodeFillType": "PACK"}) | {"odata.metadata": "x"}
    assert client("POST", "/pools", body).status == 201
    assert client.get()["taskSchedulingPolicy"] == {"nodeFillType": "Pack"}


def test_an_error_inside_is_a_documented_500(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    client = Client()
    monkeypatch.setattr(client.service.store, "all", lambda kind: 1 / 0)
    answer = client("GET", "/pools")
    assert (answer.status, answer.code) == (500, "InternalError")
    assert "ZeroDivisionError" in capsys.readouterr().err


class TestLists:
    """Pages, filters and selections together."""

    @staticmethod
    def _client() -> Client:
        client = Client()
        for number in range(5):
            client.pool(f"p{number}", displayName=f"pool {number}")
        return client

    def test_pages_are_complete_and_keep_the_query(self) -> None:
        client, ids, pages = self._client(), [], 1
        answer = client("GET", "/pools", maxresults=2, **{"$select": "id", "$filter": "startswith(id, 'p')"})
        while True:
            ids += [item["id"] for item in answer.json["value"]]
            assert all(set(item) == {"id"} for item in answer.json["value"])
            if "odata.nextLink" not in answer.json:
                break
            link = answer.json["odata.nextLink"]
            assert link.startswith(f"{BASE}/pools?") and "maxresults=2" in link and "$skiptoken=" in link
            answer, pages = client.follow(link), pages + 1
        assert (ids, pages) == ([f"p{n}" for n in range(5)], 3)

    def test_an_exact_page_has_no_next_link(self) -> None:
        assert "odata.nextLink" not in self._client()("GET", "/pools", maxresults=5).json

    def test_a_filter_takes_what_matches(self) -> None:
        found = self._client()("GET", "/pools", **{"$filter": "id ge 'p3' and allocationState eq 'steady'"}).json["value"]
        assert [item["id"] for item in found] == ["p3", "p4"]

    def test_expanded_statistics_come_only_when_asked(self) -> None:
        client = self._client()
        assert "stats" not in client.get("p1")
        assert "startTime" in client.get("p1", **{"$expand": "stats"})["stats"]

    def test_an_element_equals_the_get(self) -> None:
        client = self._client()
        single = client.get("p2")
        del single["odata.metadata"]
        assert client("GET", "/pools").json["value"][2] == single


def _signed_answer(headers: dict[str, str], **settings: str) -> Answer:
    return Client(**settings)("GET", "/pools", headers=headers)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "MissingRequiredHeader"),
        ({"Authorization": "Basic eDp5"}, 400, "InvalidAuthenticationInfo"),
        ({"Authorization": "Bearer wrong"}, 403, "AuthenticationFailed"),
    ],
)
def test_who_may_not_call(headers: dict[str, str], status: int, code: str) -> None:
    answer = _signed_answer(headers, token="secret-token")
    assert (answer.status, answer.code) == (status, code)


def test_who_may_call() -> None:
    assert _signed_answer({"Authorization": "Bearer secret-token"}, token="secret-token").status == 200
    assert _signed_answer({}).status == 200


def test_the_newest_version_is_known() -> None:
    assert NEWEST in {v.name for v in versions()}
