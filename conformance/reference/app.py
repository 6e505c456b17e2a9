"""The service as an ASGI application: Starlette carries bytes in and out, the service does the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from conformance.reference.management.plane import Management
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest

_BODILESS = frozenset({204, 304})


class Planes:
    """The service and the management plane beside it: each request is answered by the one whose path it has."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._management = Management(service.store)

    def answer(self, wire: WireRequest) -> WireAnswer:
        """With its length, where an answer has one."""
        self._service.settings.clock.asked(f"{wire.method} {wire.path}?{wire.query}")
        plane = self._management if self._management.owns(wire.path) else self._service
        answer = plane.answer(wire)
        length = [("content-length", str(len(answer.body)))] if _needs_length(answer) else []
        return replace(answer, headers=[*answer.headers, *length])


class Endpoint:
    """Takes every path and verb: a class, because Starlette limits the verbs of a function."""

    def __init__(self, service: Service) -> None:
        self._latency = service.settings.latency
        self._planes = Planes(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        wire = _request(request, await request.body())
        if self._latency:
            await asyncio.sleep(self._latency)
        await _response(self._planes.answer(wire))(scope, receive, send)


def create_app(settings: Settings | None = None) -> Starlette:
    """An application with an empty account of its own, and the management plane beside it."""
    service = Service(settings or Settings())
    app = Starlette(routes=[Route("/{path:path}", Endpoint(service))])
    app.state.service = service
    return app


def _request(request: Request, body: bytes) -> WireRequest:
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    host = request.headers.get("host") or "localhost"
    return WireRequest(
        method=request.method,
        path=raw_path.partition(b"?")[0].decode("latin-1"),
        query=request.scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]],
        body=body,
        base=f"{request.scope['scheme']}://{host}",
    )


def _needs_length(answer: WireAnswer) -> bool:
    """A HEAD states the length of a body that it does not have."""
    return answer.status not in _BODILESS and not any(name.lower() == "content-length" for name, _ in answer.headers)


def _response(answer: WireAnswer) -> Response:
    response = Response(answer.body or None, status_code=answer.status)
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    return response
