"""What every operation goes through: api-version, verbs, query, headers, bodies, conditions, error envelope."""

from __future__ import annotations

import re

import pytest
from service_calls import BASE, VERSION, Account

from conformance.reference.registry import HANDLERS

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def account() -> Account:
    made = Account()
    made.add_pool()
    return made


@pytest.mark.parametrize(
    ("method", "path", "query", "version", "status", "code"),
    [
        ("GET", "/pools", "", None, 400, "MissingRequiredQueryParameter"),
        ("GET", "/pools", "", "2022", 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", "", "1999-01-01.1.0", 400, "UnsupportedRequestVersion"),
        ("GET", "/nothing", "", VERSION, 400, "InvalidUri"),
        ("PUT", "/pools", "", VERSION, 405, "UnsupportedHttpVerb"),
        ("FROB", "/pools", "", VERSION, 400, "InvalidHttpVerb"),
        ("GET", "/pools", "colour=red", VERSION, 400, "UnsupportedQueryParameter"),
        ("GET", "/pools", "maxresults=ten", VERSION, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", "maxresults=0", VERSION, 400, "OutOfRangeQueryParameterValue"),
        ("GET", "/pools", "maxresults=1001", VERSION, 400, "OutOfRangeQueryParameterValue"),
        ("GET", "/pools", "timeout=x", VERSION, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", "$filter=id%20is%20x", VERSION, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools", "$skiptoken=forged", VERSION, 400, "InvalidQueryParameterValue"),
        ("GET", "/pools/absent", "", VERSION, 404, "PoolNotFound"),
    ],
)
def test_a_refusal_names_its_reason(
    account: Account, method: str, path: str, query: str, version: str | None, status: int, code: str
) -> None:
    answer = account.send(method, path, query=query, version=version)
    assert (answer.status, answer.code) == (status, code)


def test_a_missing_api_version_is_named(account: Account) -> None:
    assert account.send("GET", "/pools", version=None).values == {"QueryParameterName": "api-version"}


def test_the_error_envelope(account: Account) -> None:
    answer = account.send("GET", "/pools/absent")
    assert list(answer.json) == ["odata.metadata", "code", "message"]
    assert answer.json["odata.metadata"].startswith(f"{BASE}/$metadata#Microsoft.Azure.Batch.Protocol.Entities")
    assert answer.json["message"]["lang"] == "en-US"
    sentence, request, time = answer.json["message"]["value"].split("\n")
    assert sentence == "The specified pool does not exist."
    assert request == f"RequestId:{answer.headers['request-id']}"
    assert re.fullmatch(r"Time:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", time)
    assert answer.headers["content-type"] == "application/json;odata=minimalmetadata"
    assert not {"etag", "last-modified", "dataserviceid", "location"} & answer.headers.keys()


def test_an_error_of_head_has_no_body(account: Account) -> None:
    answer = account.send("HEAD", "/pools/absent")
    assert (answer.status, answer.wire.body) == (404, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/pools"), ("GET", "/pools/absent"), ("HEAD", "/pools/pool")])
def test_the_headers_of_every_answer(account: Account, method: str, path: str) -> None:
    headers = account.send(method, path).headers
    assert GUID.fullmatch(headers["request-id"])
    assert headers["dataserviceversion"] == "3.0"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["date"].endswith(" GMT")


@pytest.mark.parametrize(("asked", "echoed"), [("true", True), ("True", True), ("false", False), (None, False)])
def test_the_client_request_id_comes_back_when_asked_for(account: Account, asked: str | None, echoed: bool) -> None:
    sent = {"client-request-id": "6a1f5a2c-4a80-4b5e-a6c5-5b90a7d1a3a1"}
    if asked:
        sent["return-client-request-id"] = asked
    assert account.send("GET", "/pools", headers=sent).headers.get("client-request-id") == (
        sent["client-request-id"] if echoed else None
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("client-request-id", "no-guid"), ("ocp-date", "yesterday"), ("return-client-request-id", "perhaps")],
)
def test_a_malformed_header_is_refused(account: Account, name: str, value: str) -> None:
    answer = account.send("GET", "/pools", headers={name: value})
    assert (answer.status, answer.code, answer.values["HeaderName"]) == (400, "InvalidHeaderValue", name)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"id": NaN}', b'{"id": "\\ud800"}', b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(account: Account, content: bytes) -> None:
    answer = account.send("POST", "/pools", content=content)
    assert (answer.status, answer.code) == (400, "InvalidRequestBody")


def test_a_pair_of_surrogates_is_text(account: Account) -> None:
    body = b'{"metadata": [{"name": "a", "value": "\\ud83d\\ude00"}]}'
    assert account.send("PATCH", "/pools/pool", content=body).status == 200
    assert account.pool()["metadata"] == [{"name": "a", "value": "\U0001f600"}]


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"vmSize": 1}, "InvalidPropertyValue", "vmSize"),
        ({"vmSize": None}, "MissingRequiredProperty", "vmSize"),
        ({"colour": "red"}, "UnsupportedProperty", "colour"),
        ({"startTask": {"commandLine": "x", "colour": 1}}, "UnsupportedProperty", "startTask.colour"),
        ({"startTask": {}}, "MissingRequiredProperty", "startTask.commandLine"),
        ({"resizeTimeout": "PT4M59S"}, "InvalidPropertyValue", "resizeTimeout"),
    ],
)
def test_a_wrong_property_is_named(account: Account, change: dict[str, object], code: str, name: str) -> None:
    answer = account.send("POST", "/pools", account.pool_body("other", **change))
    assert (answer.status, answer.code, answer.values["PropertyName"]) == (400, code, name)
    assert account.send("GET", "/pools/other").status == 404


def test_odata_members_of_a_body_are_no_properties(account: Account) -> None:
    body = {"odata.metadata": "http://x/$metadata#pools/@Element", **account.pool_body("other")}
    assert account.send("POST", "/pools", body).status == 201


def test_etag_and_last_modified_agree_with_the_body(account: Account) -> None:
    answer = account.send("GET", "/pools/pool")
    assert next(iter(answer.json)) == "odata.metadata"
    assert answer.headers["etag"] == answer.json["eTag"]
    assert re.fullmatch(r"0x[0-9A-F]{15}", answer.json["eTag"])
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.json["lastModified"] == "2023-11-14T22:13:20Z"


SEEN, OTHER = "seen", "0x8DFFFFFFFFFFFFF"
EARLIER, LATER = "Mon, 13 Nov 2023 00:00:00 GMT", "Wednesday, 15-Nov-23 00:00:00 GMT"


@pytest.mark.parametrize(
    ("sent", "read", "write"),
    [
        ({"If-Match": SEEN}, 200, 200),
        ({"If-Match": "*"}, 200, 200),
        ({"If-Match": OTHER}, 412, 412),
        ({"If-None-Match": OTHER}, 200, 200),
        ({"If-None-Match": SEEN}, 304, 412),
        ({"If-None-Match": "*"}, 304, 412),
        ({"If-Modified-Since": EARLIER}, 200, 200),
        ({"If-Modified-Since": LATER}, 304, 412),
        ({"If-Unmodified-Since": LATER}, 200, 200),
        ({"If-Unmodified-Since": EARLIER}, 412, 412),
        ({"If-Match": SEEN, "If-Unmodified-Since": EARLIER}, 200, 200),
        ({"If-Match": OTHER, "If-Unmodified-Since": LATER}, 412, 412),
        ({"If-None-Match": OTHER, "If-Modified-Since": LATER}, 200, 200),
        ({"If-None-Match": SEEN, "If-Modified-Since": EARLIER}, 304, 412),
        ({"If-Match": SEEN, "If-None-Match": OTHER}, 400, 400),
        ({"If-Match": SEEN, "If-Modified-Since": EARLIER}, 400, 400),
        ({"If-None-Match": OTHER, "If-Unmodified-Since": LATER}, 400, 400),
        ({"If-Modified-Since": EARLIER, "If-Unmodified-Since": LATER}, 400, 400),
        ({"If-Modified-Since": "yesterday"}, 400, 400),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH"])
def test_conditions(account: Account, method: str, sent: dict[str, str], read: int, write: int) -> None:
    seen = account.pool()["eTag"]
    headers = {name: seen if value == SEEN else value for name, value in sent.items()}
    body = {"metadata": [{"name": "a", "value": "b"}]} if method == "PATCH" else None
    answer = account.send(method, "/pools/pool", body, headers=headers)
    assert answer.status == (write if method == "PATCH" else read)
    if answer.status in (304, 412):
        assert "etag" not in answer.headers
    if answer.status == 304:
        assert answer.wire.body == b""
    elif answer.status == 412 and method != "HEAD":
        assert answer.code == "ConditionNotMet"
    changed = "metadata" in account.pool()
    assert changed is (method == "PATCH" and answer.status == 200)


def test_a_condition_does_not_hide_a_missing_pool(account: Account) -> None:
    assert account.send("GET", "/pools/absent", headers={"If-Match": "*"}).code == "PoolNotFound"


def test_a_fault_of_the_service_is_a_documented_error(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("seeded by the test")

    monkeypatch.setitem(HANDLERS, "Pool_List", broken)
    answer = account.send("GET", "/pools")
    assert (answer.status, answer.code) == (500, "InternalError")
    assert "seeded by the test" not in answer.wire.body.decode()
    assert "seeded by the test" in capsys.readouterr().err


def test_a_fault_of_what_falls_due_is_a_documented_error(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: int) -> None:
        raise ZeroDivisionError("seeded by the test")

    account.service.store.agenda.after(account.clock.now(), 1, broken)
    account.clock.advance(2)
    assert account.send("GET", "/pools").code == "InternalError"
    assert account.send("GET", "/pools").status == 200
    assert "seeded by the test" in capsys.readouterr().err
