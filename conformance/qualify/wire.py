"""The reference service behind httpx, without a socket."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from conformance.defects.direct import Break, Direct, Silence
from conformance.reference.wire import WireAnswer, WireRequest

Heard = Callable[[WireRequest, WireAnswer], None]


class Wire(httpx.BaseTransport):
    """Hands each request to the service in this process. `heard` is told what was asked and answered."""

    def __init__(self, direct: Direct, heard: Heard | None = None) -> None:
        self._direct = direct
        self._heard = heard

    def close(self) -> None:
        self._direct.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ReadTimeout for a silence, at once: nobody has to wait to know what it means."""
        asked = _asked(request)
        try:
            answer = self._direct.answer(asked)
        except Silence:
            raise httpx.ReadTimeout("the service is silent", request=request) from None
        except Break:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request) from None
        if self._heard is not None:
            self._heard(asked, answer)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)


def _asked(request: httpx.Request) -> WireRequest:
    path, _, query = request.url.raw_path.partition(b"?")
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw]
    base = f"{request.url.scheme}://{request.headers['host']}"
    return WireRequest(request.method, path.decode("latin-1"), query.decode("latin-1"), headers, request.read(), base)
