"""The service through Starlette: what the framework hands over, and who is let in."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from conformance.reference.app import create_app
from conformance.reference.clock import ManualClock
from conformance.reference.settings import Settings

VERSION = {"api-version": "2022-01-01.15.0"}


def ask(settings: Settings, method: str, url: str, **options: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(settings))
        async with httpx.AsyncClient(transport=transport, base_url="https://batch.example") as client:
            return await client.request(method, url, **options)

    return asyncio.run(once())


def test_urls_are_those_of_the_request() -> None:
    answer = ask(Settings(clock=ManualClock()), "GET", "/pools", params=VERSION, headers={"Host": "other.example:8443"})
    assert answer.json()["odata.metadata"] == "https://other.example:8443/$metadata#pools"


@pytest.mark.parametrize("path", ["/pools/a%2Fb", "/pools/%ff", "/pools/%00", "/pools/%25", "//pools", "/", "/pools/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "FROB"])
def test_odd_paths_and_verbs_get_a_batch_error(method: str, path: str) -> None:
    answer = ask(Settings(), method, path, params=VERSION)
    assert 400 <= answer.status_code < 500 or (method, path) == ("GET", "/pools/")
    assert "request-id" in answer.headers
    assert answer.headers["content-type"] == "application/json;odata=minimalmetadata"


def test_without_a_key_or_token_everybody_is_let_in() -> None:
    assert ask(Settings(), "GET", "/pools", params=VERSION).status_code == 200


def test_a_token_lets_in_who_has_it() -> None:
    settings = Settings(token="the-token")
    assert ask(settings, "GET", "/pools", params=VERSION, headers={"Authorization": "Bearer the-token"}).status_code == 200
    assert ask(settings, "GET", "/pools", params=VERSION, headers={"Authorization": "Bearer other"}).status_code in (401, 403)
    assert ask(settings, "GET", "/pools", params=VERSION).status_code in (400, 401, 403)


def test_a_key_refuses_who_does_not_sign() -> None:
    settings = Settings(key="a2V5")
    unsigned = ask(settings, "GET", "/pools", params=VERSION)
    assert 400 <= unsigned.status_code < 500
    forged = ask(settings, "GET", "/pools", params=VERSION, headers={"Authorization": "SharedKey testaccount:AAAA"})
    assert 400 <= forged.status_code < 500
    assert "a2V5" not in repr(settings)


def test_the_service_is_reachable_from_its_application() -> None:
    app = create_app(Settings(account="mine"))
    assert app.state.service.settings.account == "mine"
