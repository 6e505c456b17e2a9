"""The service as an ASGI application: Starlette carries bytes in and out, the service does the rest."""

from __future__ import annotations

import asyncio

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


class Endpoint:
    """Takes every path and verb: a class, because Starlette limits the verbs of a function."""

    def __init__(self, service: Service, management: Management) -> None:
        self._service = service
        self._management = management

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        wire = _request(request, await request.body())
        if self._service.settings.latency:
            await asyncio.sleep(self._service.settings.latency)
        self._service.settings.clock.asked(f"{wire.method} {wire.path}?{wire.query}")
        plane = self._management if self._management.owns(wire.path) else self._service
        await _response(plane.answer(wire))(scope, receive, send)


def create_app(settings: Settings | None = None) -> Starlette:
    """An application with an empty account of its own, and the management plane beside it."""
    service = Service(settings or Settings())
    app = Starlette(routes=[Route("/{path:path}", Endpoint(service, Management(service.store)))])
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
    length = [(b"content-length", str(len(answer.body)).encode())] if _needs_length(answer) else []
    response.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers] + length
    return response
