"""Runs the service under uvicorn in this process until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from conformance.reference.app import create_app
from conformance.reference.settings import Settings


class PortTaken(Exception):
    """The address cannot be listened on. The message says why."""


class _Server(uvicorn.Server):
    """Says that it is ready only when it handles signals itself: whoever hears it may interrupt it at once."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def serve(settings: Settings, host: str, port: int, ready: Callable[[dict[str, str]], None], app: ASGIApp | None = None) -> None:
    """Serve until SIGINT or SIGTERM. Port 0 takes a free one. `ready` gets the URL, the account and what the
    management plane knows before the first request. `app` answers instead of that service alone.

    Raises:
        PortTaken: the address cannot be listened on.
    """
    # the protocol is named because asyncio turns off Nagle's delay only then; without it each answer takes 40 ms
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port}: cannot listen: {error.strerror}") from error
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app or create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,  # who asked what is never answered may still be waiting
    )
    told = {"url": f"http://{shown}:{listener.getsockname()[1]}", "account": settings.account}
    told |= {"subscription": settings.subscription, "resource_groups": ",".join(settings.resource_groups)}
    try:
        _Server(config, lambda: ready(told)).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn has shut down and hands the signal on
        pass
    finally:
        listener.close()
