"""An ASGI application before another one: lies see each request and each answer, and may change either."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conformance.defects.model import Ask, Break, Lie, Silence
from conformance.defects.signing import Signer
from conformance.reference.wire import WireAnswer, WireRequest

_BODILESS = frozenset({204, 304})
_LENGTH = "content-length"


class Liar:
    """`lies` are told one through the other: the first one has the last word."""

    def __init__(self, app: ASGIApp, lies: Sequence[Lie], signer: Signer) -> None:
        self._app = app
        self._lies = lies
        self._signer = signer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _asked(scope, await Request(scope, receive).body())
        try:
            answer = await self._through_lies(scope, asked)(asked)
        except Silence:
            await _until_gone(receive)
        except Break:
            await _hang_up(send)
        else:
            await _send(as_sent(answer, asked), send)

    def _through_lies(self, scope: Scope, original: WireRequest) -> Ask:
        async def ask_service(asked: WireRequest) -> WireAnswer:
            return await _forward(self._app, scope, self._signer.signed(asked, original))

        return told_through(self._lies, ask_service)


def told_through(lies: Sequence[Lie], ask: Ask) -> Ask:
    """What is asked and answered through all of them: the first one has the last word."""
    for lie in reversed(lies):
        ask = _told(lie, ask)
    return ask


def _told(lie: Lie, ask: Ask) -> Ask:
    async def tell(asked: WireRequest) -> WireAnswer:
        return await lie(asked, ask)

    return tell


def _asked(scope: Scope, body: bytes) -> WireRequest:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    host = next((value for name, value in headers if name == "host"), "localhost")
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw_path.partition(b"?")[0].decode("latin-1")
    return WireRequest(
        scope["method"], path, scope["query_string"].decode("latin-1"), headers, body, f"{scope['scheme']}://{host}"
    )


async def _forward(app: ASGIApp, scope: Scope, asked: WireRequest) -> WireAnswer:
    path = asked.path.encode("latin-1")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers]
    changed = {"method": asked.method, "raw_path": path, "query_string": asked.query.encode("latin-1"), "headers": headers}
    answer = WireAnswer(500, [])

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def keep(message: Message) -> None:
        nonlocal answer
        if message["type"] == "http.response.start":
            sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
            answer = WireAnswer(message["status"], sent)
        else:
            answer = replace(answer, body=answer.body + message.get("body", b""))

    await app({**scope, **changed}, receive, keep)
    return answer


def as_sent(answer: WireAnswer, asked: WireRequest) -> WireAnswer:
    """With the body and the length that belong to its status and the request's verb."""
    if asked.method == "HEAD":
        return replace(answer, body=b"")
    kept = [(name, value) for name, value in answer.headers if name.lower() != _LENGTH]
    if answer.status in _BODILESS:
        return replace(answer, headers=kept, body=b"")
    return replace(answer, headers=[*kept, (_LENGTH, str(len(answer.body)))])


async def _send(answer: WireAnswer, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _hang_up(send: Send) -> None:
    """uvicorn offers no way to close a connection without an answer, except that `send` belongs to what holds it."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the service closed the connection without an answer")
    transport.abort()
    await asyncio.sleep(0)  # uvicorn learns of it before it looks for the answer
