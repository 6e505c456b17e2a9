"""Certificates as the live service showed them: what the recordings hold comes back from ours."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from service_calls import BASE, Account
from test_certificates import body, path

from conformance.exchange import Exchange, read_cassette

SHARED = os.environ.get("BATCH_SHARED", "")
MOMENTS = frozenset({"stateTransitionTime"})
TELLING = frozenset({"etag", "last-modified", "location", "dataserviceid"})
OF_ONE = re.compile(r"(?<=Thumbprint=)[0-9a-f]{40}")


def recorded(method: str) -> Iterator[Any]:
    """Every exchange about certificates of the data plane."""
    if not SHARED:
        reason = "BATCH_SHARED is not set: the recordings of the real service are not at hand"
        yield pytest.param(None, marks=pytest.mark.skip(reason=reason))
        return
    for file in sorted((Path(SHARED) / "real-traffic" / "dataplane").glob("*/*.yaml")):
        for number, exchange in enumerate(read_cassette(file)):
            if exchange.request.path.startswith("/certificates") and exchange.request.method == method:
                yield pytest.param(exchange, id=f"{file.stem}-{number}")


def headers(exchange: Exchange) -> dict[str, str]:
    """Those that say what was written or read."""
    fields = {name.lower(): value for name, value in exchange.response.headers.fields}
    return {name: value for name, value in fields.items() if name in TELLING}


def shown(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The certificates of an answer; `url` without its host."""
    found = [dict(each) for each in answer.get("value", [answer])]
    for each in found:
        each.pop("odata.metadata", None)
        each["url"] = urlsplit(each["url"]).path
    return found


def added(account: Account, recorded: dict[str, Any]) -> None:
    data = recorded["publicData"]
    assert hashlib.sha1(base64.b64decode(data), usedforsecurity=False).hexdigest() == recorded["thumbprint"]
    sent = {"thumbprint": recorded["thumbprint"], "thumbprintAlgorithm": "sha1", "data": data, "certificateFormat": "cer"}
    answer = account.send("POST", "/certificates", sent)
    assert answer.status == 201, answer.wire


def fixed(certificate: dict[str, Any]) -> list[tuple[str, Any]]:
    """The members in their order, those that tell a time without their value."""
    return [(name, "" if name in MOMENTS else value) for name, value in certificate.items()]


@pytest.mark.parametrize("exchange", list(recorded("GET")))
def test_a_recorded_certificate_is_shown_as_the_live_service_showed_it(exchange: Exchange) -> None:
    account = Account(exchange.request.query["api-version"])
    before = shown(exchange.response.json)
    for each in before:
        added(account, each)
    answer = account.send("GET", exchange.request.path)
    assert answer.status == exchange.response.status == 200
    assert [fixed(each) for each in shown(answer.json)] == [fixed(each) for each in before]
    assert headers(exchange) == {} and not TELLING & answer.headers.keys()
    fragment = exchange.response.json["odata.metadata"].partition("#")[2]
    assert answer.json["odata.metadata"] == f"{BASE}/$metadata#{fragment}"


@pytest.mark.parametrize("exchange", list(recorded("POST")))
def test_a_recorded_write_is_answered_as_the_live_service_did(exchange: Exchange) -> None:
    account = Account(exchange.request.query["api-version"])
    cancelling = exchange.request.path.endswith("/canceldelete")
    if cancelling:
        account.send("POST", "/certificates", body())
        account.send("DELETE", path())
    answer = account.send("POST", f"{path()}/canceldelete" if cancelling else "/certificates", None if cancelling else body())
    assert answer.status == exchange.response.status
    assert answer.code == (exchange.response.json["code"] if cancelling else "")
    theirs = {name: OF_ONE.sub("", urlsplit(value).path) for name, value in headers(exchange).items()}
    assert {name: OF_ONE.sub("", urlsplit(answer.headers[name]).path) for name in TELLING & answer.headers.keys()} == theirs
