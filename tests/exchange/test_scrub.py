"""Secrets stay out of what is written, and their place stays visible."""

from __future__ import annotations

import base64
import json
import shlex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.exchange import Exchange, Headers, Request, Response, curl, scrub_exchange, scrub_text

KEY = base64.b64encode(bytes(range(64))).decode()
SECRET = "hunter2hunter2"

LEAKS = {
    "shared access signature": (f"https://s.blob.core.windows.net/c?sv=2020&sig={SECRET}%3D&se=2030", "sig=SCRUBBED&se=2030"),
    "password": (json.dumps({"name": "u", "password": SECRET}), '"name": "u", "password": "SCRUBBED"'),
    "password with quotes": (json.dumps({"password": 'a"' + SECRET}), '{"password": "SCRUBBED"}'),
    "password in a message": (json.dumps(json.dumps({"password": SECRET})), r"\"password\": \"SCRUBBED\""),
    "password in Python's text": (str({"password": SECRET}), "{'password': 'SCRUBBED'}"),
    "certificate": (json.dumps({"thumbprint": "ab", "data": SECRET}), '"data": "SCRUBBED"'),
    "account keys": (json.dumps({"accountName": "a", "primary": SECRET}), '"primary": "SCRUBBED"'),
    "a key by its form": (f"the key {KEY} is wrong", "the key SCRUBBED is wrong"),
    "connection string": (f"AccountName=a;AccountKey={SECRET};End", "AccountKey=SCRUBBED;End"),
    "bearer": (f"Authorization: Bearer {SECRET}", "Bearer SCRUBBED"),
    "shared key": (f"SharedKey acct:{SECRET}=", "SharedKey acct:SCRUBBED"),
    "token": ("see eyJhbGciOi.eyJzdWIi.c2ln for more", "see SCRUBBED for more"),
    "user in a URL": (f"see https://user:{SECRET}@h/p?x=1 for more", "see https://SCRUBBED@h/p?x=1 for more"),
    "user with signs in a URL": (f"https://u:p@{SECRET}@h/p", "https://SCRUBBED@h/p"),
    "list": (json.dumps({"secondary": [SECRET, {"x": SECRET}], "name": "n"}), '["SCRUBBED", {"x": "SCRUBBED"}], "name": "n"}'),
    "object": (json.dumps({"password": {"a": {"b": [SECRET]}}, "c": [1]}), '{"a": {"b": ["SCRUBBED"]}}, "c": [1]}'),
    "list in a message": (json.dumps(json.dumps({"primary": [SECRET], "a": "b"})), r"[\"SCRUBBED\"], \"a\": \"b\"}"),
    "list in Python's text": (str({"password": [SECRET], "a": 1}), "{'password': ['SCRUBBED'], 'a': 1}"),
    "cut off": (json.dumps({"password": SECRET})[:-3], '{"password": "SCRUBBED"'),
    "cut off in a list": (json.dumps({"password": ["x", SECRET]})[:-4], '["SCRUBBED", "SCRUBBED"'),
    "private key": (f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY----- x", "SCRUBBED x"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_text_loses_its_secret_only(name: str) -> None:
    text, kept = LEAKS[name]
    clean = scrub_text(text)
    assert SECRET not in clean and KEY not in clean
    assert kept in clean
    assert scrub_text(clean) == clean


def test_a_secret_that_is_a_number_is_one_too() -> None:
    assert scrub_text('{"password": 123456, "count": 7}') == '{"password": "SCRUBBED", "count": 7}'


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "p", "metadata": [{"name": "key", "value": "x"}], "dataDisks": []}',
        "The specified pool does not exist.",
        "status=404 code=PoolNotFound",
        '{"primary": [], "secondary": {}, "data": null, "password": true}',
        "write to a@b.example or see https://b.example/a?mail=a@b.example",
        "W/\"datetime'2024-03-05T10%3A00%3A00.000Z'\"",
        '{"allocationState": "steady", "taskSchedulingPolicy": {"nodeFillType": "Spread"}}',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert scrub_text(text) == text


def _exchange(secret: str = SECRET) -> Exchange:
    body = json.dumps({"id": "u", "password": secret}).encode()
    headers = Headers({"authorization": f"SharedKey a:{secret}", "Cookie": secret, "If-Match": "0x1", "Content-Length": "5"})
    request = Request("POST", f"https://a.batch.azure.com/pools?sig={secret}&api-version=1", headers, body)
    return Exchange(request, Response(200, Headers({"Set-Cookie": secret}), body), index=3, source="s")


def test_an_exchange_loses_its_secrets_only() -> None:
    clean = scrub_exchange(_exchange())
    assert SECRET not in repr(clean)
    assert clean.request.headers["Authorization"] == "SCRUBBED"
    assert clean.request.headers["if-match"] == "0x1"
    assert clean.request.json == {"id": "u", "password": "SCRUBBED"}
    assert (clean.index, clean.source, clean.response.status) == (3, "s", 200)


def test_a_known_secret_is_found_anywhere() -> None:
    exchange = Exchange(Request("GET", "https://a/x?y=tiny"), Response(200, Headers({"z": "tiny"}), b"a tiny text"))
    assert "tiny" not in repr(scrub_exchange(exchange, known=["tiny", ""]))


def test_the_bytes_of_a_file_stay() -> None:
    body = b"\xff\xfepassword=x"
    assert scrub_exchange(Exchange(Request("GET", "https://a/x"), Response(200, body=body))).response.body == body


def test_curl_sends_the_request_again_without_secrets() -> None:
    line = curl(_exchange())
    assert SECRET not in line
    assert shlex.split(line) == [
        *("curl", "-i", "-X", "POST", "https://a.batch.azure.com/pools?sig=SCRUBBED&api-version=1"),
        *("-H", "If-Match: 0x1", "-H", "Authorization: $AUTHORIZATION"),
        *("--data-binary", '{"id": "u", "password": "SCRUBBED"}'),
    ]


@pytest.mark.parametrize(
    ("request_", "part"),
    [
        (Request("HEAD", "https://a/x"), "curl -I https://a/x"),
        (Request("PUT", "https://a/x", body=b"\xff"), "--data-binary @body # 1 bytes that are not text"),
        (Request("PUT", "https://a/x", body=b"x" * 9000), "--data-binary @body.json # 9000 bytes"),
        (Request("PUT", "https://a/x", body_known=False), "# the recording lacks the request's body"),
    ],
    ids=["head", "binary", "long", "unknown"],
)
def test_curl_says_what_it_cannot_show(request_: Request, part: str) -> None:
    assert part in curl(Exchange(request_, Response(200)))


# a busy machine is slow, and that is no failure
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=40).map("s3cr3t".__add__))
def test_no_secret_survives(secret: str) -> None:
    exchange = scrub_exchange(_exchange(secret))
    assert secret not in repr(exchange)
    assert secret not in curl(_exchange(secret))
