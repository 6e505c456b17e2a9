"""What the service answers in the same process is what it answers over a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from conformance.defects import DEFECTS, Defect, defective
from conformance.defects.answers import simply
from conformance.defects.direct import Break, Direct, Silence
from conformance.defects.model import Ask
from conformance.qualify.wire import Wire
from conformance.reference.app import create_app
from conformance.reference.clock import ManualClock
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest

VERSION = "api-version=2022-01-01.15.0"
HEADERS = {"Content-Type": "application/json; odata=minimalmetadata"}
POOL = {"id": "one", "vmSize": "standard_d2s_v3", "cloudServiceConfiguration": {"osFamily": "6"}, "targetDedicatedNodes": 0}
CALLS = [
    ("POST", f"/pools?{VERSION}", POOL),
    ("POST", f"/pools?{VERSION}", POOL),
    ("GET", f"/pools/one?{VERSION}", None),
    ("HEAD", f"/pools/one?{VERSION}", None),
    ("HEAD", f"/pools/two?{VERSION}", None),
    ("GET", f"/pools?$select=id&{VERSION}", None),
    ("DELETE", f"/pools/one?{VERSION}", None),
    (
        "GET",
        "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Batch/batchAccounts?api-version=2022-01-01",
        None,
    ),
    ("GET", f"/nothing%20of%20ours?{VERSION}", None),
]


def settings() -> Settings:
    return Settings(seed=7, clock=ManualClock())


def told(client: httpx.Client) -> Iterator[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    for method, path, body in CALLS:
        answer = client.request(method, path, headers=HEADERS, json=body)
        yield answer.status_code, sorted((name.lower(), value) for name, value in answer.headers.raw), answer.content


def over_asgi(defects: list[Defect]) -> list[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    app = defective(defects, settings()) if defects else create_app(settings())

    async def ask() -> list[tuple[int, list[tuple[bytes, bytes]], bytes]]:
        found = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            for method, path, body in CALLS:
                answer = await client.request(method, path, headers=HEADERS, json=body)
                headers = sorted((name.lower(), value) for name, value in answer.headers.raw)
                found.append((answer.status_code, headers, answer.content))
        return found

    return asyncio.run(ask())


@pytest.mark.parametrize("names", [[], ["request-id-absent"], ["pool-without-creation-time", "pool-delete-200"]])
def test_the_same_requests_get_the_same_answers(names: list[str]) -> None:
    defects = [DEFECTS[name] for name in names]
    with httpx.Client(transport=Wire(Direct(settings(), defects)), base_url="http://x") as client:
        assert list(told(client)) == over_asgi(defects)


async def _silent(asked: WireRequest, ask: Ask) -> WireAnswer:
    raise Silence


async def _broken(asked: WireRequest, ask: Ask) -> WireAnswer:
    raise Break


@pytest.mark.parametrize(("lie", "error"), [(_silent, httpx.ReadTimeout), (_broken, httpx.RemoteProtocolError)])
def test_no_answer_is_told_as_httpx_tells_it(lie: object, error: type[Exception]) -> None:
    defect = Defect("a-lie", "It lies.", "trouble", (), "", simply(lie))  # type: ignore[arg-type]
    with httpx.Client(transport=Wire(Direct(settings(), [defect])), base_url="http://x") as client, pytest.raises(error):
        client.get(f"/pools?{VERSION}")


def test_how_a_lie_broke_first_is_remembered() -> None:
    errors = [KeyError("one"), Break(), ValueError("two")]

    async def breaks(asked: WireRequest, ask: Ask) -> WireAnswer:
        raise errors.pop()

    direct = Direct(settings(), [Defect("a-lie", "It lies.", "trouble", (), "", simply(breaks))])
    with httpx.Client(transport=Wire(direct), base_url="http://x") as client:
        for error in (ValueError, httpx.RemoteProtocolError, KeyError):
            with pytest.raises(error):
                client.get(f"/pools?{VERSION}")
    assert direct.broke == "the lie broke at GET /pools: ValueError: two"


def test_what_was_asked_and_answered_is_heard() -> None:
    heard: list[tuple[str, str, int]] = []

    def hear(asked: WireRequest, answer: WireAnswer) -> None:
        heard.append((asked.method, asked.path, answer.status))

    with httpx.Client(transport=Wire(Direct(settings()), hear), base_url="http://x") as client:
        list(told(client))
    assert [(method, path) for method, path, _ in heard] == [(method, path.partition("?")[0]) for method, path, _ in CALLS]
    assert [status for _, _, status in heard] == [201, 409, 200, 200, 404, 200, 202, 200, 400]
