"""SharedKey and bearer tokens. The vectors were signed by `SharedKeyCredentials` of azure-batch 14.2.0 with the key below."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import contract
from conformance.reference.auth import Authenticator, Refusal, SignedRequest, sign, string_to_sign
from conformance.reference.httpdate import parse_http_date

ACCOUNT = "testaccount"
KEY = base64.b64encode(b"a key for tests only, 32 bytes..").decode()
NOW = datetime(2024, 5, 1, 10, 0, tzinfo=UTC)
DATE = ("ocp-date", "Wed, 01 May 2024 10:00:00 GMT")
SERVICE = Authenticator(ACCOUNT, key=KEY, token="a token for tests")


def vectors() -> list[tuple[str, SignedRequest]]:
    read = json.loads((Path(__file__).parent / "shared_key_vectors.json").read_text(encoding="utf-8"))
    return [(v["name"], SignedRequest(v["method"], v["path"], v["query"], [(n, t) for n, t in v["headers"]])) for v in read]


REQUESTS = dict(vectors())


def signed(request: SignedRequest, account: str = ACCOUNT, key: str = KEY) -> SignedRequest:
    others = [(name, value) for name, value in request.headers if name.lower() != "authorization"]
    bare = replace(request, headers=others)
    signature = sign(string_to_sign(bare, account), key)
    return replace(bare, headers=[*others, ("Authorization", f"SharedKey {account}:{signature}")])


def plain(*headers: tuple[str, str], method: str = "GET", path: str = "/pools", query: str = "api-version=1") -> SignedRequest:
    return SignedRequest(method, path, query, headers)


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


@pytest.mark.parametrize("name", REQUESTS)
def test_what_the_sdk_signs_is_accepted(name: str) -> None:
    assert SERVICE.check(REQUESTS[name], NOW) is None


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_changed_after_signing_is_refused(name: str) -> None:
    request = REQUESTS[name]
    changes = {
        "method": replace(request, method="OPTIONS"),
        "path": replace(request, raw_path=request.raw_path + "x"),
        "query value": replace(request, raw_query=request.raw_query + "0"),
        "query name": replace(request, raw_query=request.raw_query + "&x=1"),
        "signed header": replace(request, headers=[*request.headers, ("Content-Language", "en")]),
        "ocp header": replace(request, headers=[*request.headers, ("OCP-other", "1")]),
    }
    for change, changed in changes.items():
        assert code(SERVICE.check(changed, NOW)) == "AuthenticationFailed", change
    assert code(replace(SERVICE, key=base64.b64encode(b"another").decode()).check(request, NOW)) == "AuthenticationFailed"
    assert code(replace(SERVICE, account="another").check(request, NOW)) == "AuthenticationFailed"


def test_headers_that_are_not_signed_may_change() -> None:
    request = REQUESTS["get with api-version"]
    assert SERVICE.check(replace(request, headers=[*request.headers, ("client-request-id", "1")]), NOW) is None


def test_the_string_to_sign_line_by_line() -> None:
    request = plain(
        DATE,
        ("ocp-Range", "bytes=0-1"),
        ("Content-Type", "application/json"),
        ("Content-Length", "2"),
        ("Date", "Wed, 01 May 2024 09:59:00 GMT"),
        ("If-Match", "0x1"),
        method="patch",
        path="/pools/a%20b",
        query="b=2&B=1&$filter=id%20eq+%27x%27&a=",
    )
    assert string_to_sign(request, ACCOUNT).split("\n") == [
        "PATCH", "", "", "2", "", "application/json", "", "", "0x1", "", "", "",
        "ocp-date:Wed, 01 May 2024 10:00:00 GMT", "ocp-range:bytes=0-1",
        "/testaccount/pools/a%20b", "$filter:id eq 'x'", "a:", "b:1,2",
    ]  # fmt: skip


def test_date_is_signed_when_there_is_no_ocp_date() -> None:
    request = plain(("Date", "Wed, 01 May 2024 09:59:00 GMT"))
    assert string_to_sign(request, ACCOUNT).split("\n")[6] == "Wed, 01 May 2024 09:59:00 GMT"
    assert SERVICE.check(signed(request), NOW) is None


@pytest.mark.parametrize("length", [[], [("Content-Length", "0")]])
def test_a_write_without_body_may_sign_an_empty_length_or_zero(length: list[tuple[str, str]]) -> None:
    request = plain(DATE, *length, method="POST")
    for signed_length in ("", "0"):
        text = string_to_sign(request, ACCOUNT, content_length=signed_length)
        header = ("Authorization", f"SharedKey {ACCOUNT}:{sign(text, KEY)}")
        assert SERVICE.check(replace(request, headers=[*request.headers, header]), NOW) is None
    read = replace(request, method="GET")
    text = string_to_sign(read, ACCOUNT, content_length="0")
    header = ("Authorization", f"SharedKey {ACCOUNT}:{sign(text, KEY)}")
    assert code(SERVICE.check(replace(read, headers=[*read.headers, header]), NOW)) == "AuthenticationFailed"


@pytest.mark.parametrize("lower_names", [True, False])
def test_the_names_of_the_query_may_be_signed_as_written(lower_names: bool) -> None:
    request = plain(DATE, query="api-version=1&timeOut=30")
    text = string_to_sign(request, ACCOUNT, lower_names=lower_names)
    assert ("timeOut:30" in text) is not lower_names
    header = ("Authorization", f"SharedKey {ACCOUNT}:{sign(text, KEY)}")
    assert SERVICE.check(replace(request, headers=[DATE, header]), NOW) is None


def test_the_length_of_a_body_is_signed() -> None:
    request = plain(DATE, ("Content-Length", "5"), method="POST")
    for signed_length, expected in (("5", None), ("", "AuthenticationFailed"), ("0", "AuthenticationFailed")):
        text = string_to_sign(request, ACCOUNT, content_length=signed_length)
        header = ("Authorization", f"SharedKey {ACCOUNT}:{sign(text, KEY)}")
        assert code(SERVICE.check(replace(request, headers=[*request.headers, header]), NOW)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, None), (900, None), (901, "AuthenticationFailed"), (-900, None), (-901, "AuthenticationFailed")]
)
def test_a_request_is_good_for_15_minutes(seconds: int, expected: str | None) -> None:
    assert code(SERVICE.check(signed(plain(DATE)), NOW + timedelta(seconds=seconds))) == expected


def test_ocp_date_decides_over_date() -> None:
    stale = ("Date", "Wed, 01 May 2024 01:00:00 GMT")
    assert SERVICE.check(signed(plain(DATE, stale)), NOW) is None
    old = plain(("ocp-date", stale[1]), ("Date", DATE[1]))
    assert code(SERVICE.check(signed(old), NOW)) == "AuthenticationFailed"


@pytest.mark.parametrize(
    ("headers", "expected", "values"),
    [
        ([], "MissingRequiredHeader", {"HeaderName": "Authorization"}),
        ([("Authorization", "")], "MissingRequiredHeader", {"HeaderName": "Authorization"}),
        ([("Authorization", f"SharedKey {ACCOUNT}:" + "A" * 43 + "=")], "MissingRequiredHeader", {"HeaderName": "ocp-date"}),
        (
            [("Authorization", f"SharedKey {ACCOUNT}:" + "A" * 43 + "="), ("Date", "2024-05-01")],
            "InvalidHeaderValue",
            {"HeaderName": "date", "HeaderValue": "2024-05-01"},
        ),
    ],
)
def test_what_is_missing_is_named(headers: list[tuple[str, str]], expected: str, values: dict[str, str]) -> None:
    refusal = SERVICE.check(plain(*headers), NOW)
    assert refusal == Refusal(expected, values)


@pytest.mark.parametrize(
    "authorization",
    ["x", "Basic dTpw", "SharedKey", "SharedKey x", "SharedKey testaccount:", "SharedKey :AAAA", "SharedKey testaccount:é",
     "Bearer", "SharedKey testaccount:AAAA", "SharedKeyLite testaccount:AAAA"],
)  # fmt: skip
def test_a_malformed_authorization(authorization: str) -> None:
    assert code(SERVICE.check(plain(DATE, ("Authorization", authorization)), NOW)) == "InvalidAuthenticationInfo"


def test_bearer_tokens() -> None:
    good, bad = (plain(("Authorization", f"Bearer {token}")) for token in ("a token for tests", "another é"))
    assert SERVICE.check(good, NOW) is None
    assert code(SERVICE.check(bad, NOW)) == "AuthenticationFailed"
    assert code(replace(SERVICE, token=None).check(good, NOW)) == "AuthenticationFailed"


def test_a_key_that_is_not_base64() -> None:
    with pytest.raises(ValueError, match="base64"):
        Authenticator(ACCOUNT, key="not base64!")


def test_a_service_without_key_refuses_signatures_and_one_without_credentials_lets_all_pass() -> None:
    request = REQUESTS["delete"]
    assert code(Authenticator(ACCOUNT, token="t").check(request, NOW)) == "AuthenticationFailed"
    assert Authenticator(ACCOUNT).check(plain(), NOW) is None


def test_every_code_is_documented_and_no_credential_shows() -> None:
    refusals = [
        SERVICE.check(plain(), NOW),
        SERVICE.check(plain(("Authorization", "x")), NOW),
        SERVICE.check(plain(("Authorization", "Bearer x")), NOW),
        SERVICE.check(REQUESTS["delete"], NOW + timedelta(days=1)),
        SERVICE.check(signed(plain(("ocp-date", "x"))), NOW),
    ]
    documented = contract.errors()
    assert {code(each) for each in refusals} <= documented.keys()
    assert KEY not in repr(SERVICE) + repr(refusals)
    assert "a token for tests" not in repr(SERVICE)


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(st.text(max_size=40), st.text(max_size=10))
def test_any_header_gets_an_answer(authorization: str, date: str) -> None:
    refusal = SERVICE.check(plain(("Authorization", authorization), ("ocp-date", date)), NOW)
    assert refusal is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Wednesday, 01-May-24 10:00:00 GMT", NOW),
        ("Sun Nov  6 08:49:37 1994", None),
        ("Sun, 06 Nov 1994 08:49:37 +0100", None),
        ("Sun, 31 Feb 1994 08:49:37 GMT", None),
        ("Sun, 06 Abc 1994 08:49:37 GMT", None),
        ("Sun, 06 Nov 0000 08:49:37 GMT", None),
        ("2024-05-01T10:00:00Z", None),
        ("", None),
    ],
)
def test_dates_of_headers(text: str, expected: datetime | None) -> None:
    assert parse_http_date(text) == expected
