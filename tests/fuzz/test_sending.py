"""How a plan's steps become requests: tokens, versions, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.send import NotSent, send
from conformance.plugin.driver import DEFAULT
from conformance.plugin.fuzzing import _Wire
from conformance.plugin.requests import with_query


def _exchange(method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None) -> Exchange:
    request = Request(method, f"http://host{path}", Headers(()), b"")
    content = json.dumps(body).encode() if body is not None else b""
    return Exchange(request, Response(200, Headers(tuple((headers or {}).items())), content, "OK"))


@dataclass
class Wire:
    """Remembers what was sent; `refused` paths are not sent."""

    answers: dict[str, tuple[dict[str, str], Any]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    sent: list[tuple[str, str, dict[str, str], dict[str, str], bytes | None, bool]] = field(default_factory=list)

    def send(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], content: bytes | None, versioned: bool
    ) -> Exchange:
        if path in self.refused:
            raise NotSent(path)
        self.sent.append((method, path, dict(query), dict(headers), content, versioned))
        told, body = self.answers.get(path, ({}, None))
        return _exchange(method, path, told, body)

    def follow(self, path_and_query: str) -> Exchange:
        self.sent.append(("FOLLOW", path_and_query, {}, {}, None, False))
        return _exchange("GET", path_and_query)

    def name(self, kind: str, number: int) -> str:
        return f"our {kind}/{number}"


def _sent(wire: Wire, *steps: Step) -> int:
    return send(Plan("pools", steps), wire, lambda number: None).skipped


def test_names_stand_wherever_their_token_does() -> None:
    wire = Wire()
    _sent(
        wire, Step("x", "POST", "/pools/<<pool:1>>", query={"q": "<<pool:1>>"}, body={"id": "<<pool:1>>x", "l": ["<<pool:2>>"]})
    )
    method, path, query, _, content, _ = wire.sent[0]
    assert (method, path, query) == ("POST", "/pools/our%20pool%2F1", {"q": "our pool/1"})
    assert json.loads(content or b"") == {"id": "our pool/1x", "l": ["our pool/2"]}


def test_what_an_answer_told_is_stated_later() -> None:
    wire = Wire({"/pools/p": ({"ETag": '"1"', "Last-Modified": "then"}, None)})
    headers = {"If-Match": "<<etag:0>>", "If-Modified-Since": "<<modified:0>>"}
    assert _sent(wire, Step("x", "GET", "/pools/p"), Step("x", "PATCH", "/pools/p", headers=headers)) == 0
    assert wire.sent[1][3] == {"If-Match": '"1"', "If-Modified-Since": "then"}


def test_what_no_answer_told_is_not_sent() -> None:
    wire = Wire()
    steps = [Step("x", "GET", "/pools/p"), Step("x", "PATCH", "/pools/p", headers={"If-Match": "<<etag:0>>"})]
    assert _sent(wire, *steps, Step("x", "GET", "<<next:0>>", versioned=False)) == 2
    assert len(wire.sent) == 1


def test_a_page_is_asked_for_where_the_answer_says_but_of_the_target_only() -> None:
    wire = Wire({"/pools": ({}, {"value": [], "odata.nextLink": "https://elsewhere/pools?$skiptoken=t&api-version=v"})})
    assert _sent(wire, Step("x", "GET", "/pools"), Step("x", "GET", "<<next:0>>", versioned=False)) == 0
    assert wire.sent[1][1] == "/pools?$skiptoken=t&api-version=v"


@pytest.mark.parametrize("link", ["", "no path", 7, None, "//host?x"])
def test_a_link_that_leads_nowhere_is_not_followed(link: object) -> None:
    wire = Wire({"/pools": ({}, {"odata.nextLink": link})})
    assert _sent(wire, Step("x", "GET", "/pools"), Step("x", "GET", "<<next:0>>", versioned=False)) == 1


def test_what_is_not_permitted_is_left_out() -> None:
    wire = Wire(refused=frozenset({"/pools"}))
    assert _sent(wire, Step("x", "POST", "/pools", body={}), Step("x", "GET", "/jobs")) == 1
    assert [path for _, path, *_ in wire.sent] == ["/jobs"]


def test_content_is_sent_as_it_is() -> None:
    wire = Wire()
    _sent(wire, Step("x", "POST", "/pools", body={"a": 1}, content="{<<pool:1>>"))
    assert wire.sent[0][4] == b"{our pool/1"


@pytest.mark.parametrize(
    ("versioned", "query", "stated"),
    [(True, {"a": "b"}, ["own"]), (False, {"api-version": "1999-01-01.0.0"}, ["1999-01-01.0.0"]), (False, {}, None)],
)
def test_a_request_states_the_version_that_its_plan_says(
    versioned: bool, query: dict[str, str], stated: list[str] | None
) -> None:
    urls: list[str] = []

    def sending(method: str, path: str, *, query: Mapping[str, str], api_version: str | None, **more: Any) -> Exchange:
        urls.append(with_query(path, {**query, "api-version": "own" if api_version == DEFAULT else api_version}))
        return _exchange(method, path)

    process: Any = SimpleNamespace(batch=SimpleNamespace(send=sending))
    _Wire(process, {}).send("GET", "/pools", query, {}, None, versioned)
    assert parse_qs(urlsplit(urls[0]).query).get("api-version") == stated
