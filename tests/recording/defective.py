"""A reference service with one defect, as a process: `defective.py DEFECT [options of serve…]`.

Each defect is a function from the service's own answer to a wrong one; what breaks the connection, or never answers, is one too.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from conformance.cli import main
from conformance.reference import serve
from conformance.reference.app import create_app

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]


@dataclass
class Seen:
    """A request, and the answer that it would get."""

    method: str
    path: str
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    missing: int = 0


async def clean(seen: Seen) -> None:
    """Nothing is wrong."""


async def wrong_status(seen: Seen) -> None:
    """The list of applications answers 202."""
    if seen.path == "/applications":
        seen.status = 202


async def missing_member(seen: Seen) -> None:
    """The list of applications has no list."""
    if seen.path == "/applications":
        seen.body = seen.body.replace(b'"value"', b'"values"')


_patched: set[str] = set()


async def forgetful(seen: Seen) -> None:
    """PATCH drops the metadata that it does not name."""
    if seen.method == "PATCH":
        _patched.add(seen.path)
    elif seen.method == "GET" and seen.path in _patched and seen.status == 200:
        shown = json.loads(seen.body)
        shown.pop("metadata", None)
        seen.body = json.dumps(shown).encode()


async def stuck(seen: Seen) -> None:
    """A pool never comes to rest."""
    if seen.method == "GET" and seen.path.startswith("/pools/"):
        seen.body = seen.body.replace(b'"steady"', b'"resizing"')


async def hanging(seen: Seen) -> None:
    """PATCH is never answered."""
    if seen.method == "PATCH":
        await asyncio.sleep(60)


async def breaking(seen: Seen) -> None:
    """PATCH breaks off in the middle of its answer."""
    if seen.method == "PATCH":
        seen.missing = 100


async def telling(seen: Seen) -> None:
    """A pool is shown with the account key, in a form that no pattern knows."""
    if seen.method == "GET" and seen.path.startswith("/pools/") and seen.status == 200:
        shown = json.loads(seen.body)
        shown["displayName"] = base64.b64encode(f"x{serve_key()}".encode()).decode()
        seen.body = json.dumps(shown).encode()


DEFECTS = {f.__name__: f for f in (clean, wrong_status, missing_member, forgetful, stuck, hanging, breaking, telling)}


def serve_key() -> str:
    return sys.argv[sys.argv.index("--key") + 1]


def spoiled(app: _App, defect: Callable[[Seen], Awaitable[None]]) -> _App:
    async def answer(scope: _Message, receive: _Receive, send: _Send) -> None:
        seen = Seen(scope["method"], scope["path"])

        async def keep(message: _Message) -> None:
            if message["type"] == "http.response.start":
                seen.status, seen.headers = message["status"], list(message.get("headers", []))
            else:
                seen.body += message.get("body", b"")

        await app(scope, receive, keep)
        await defect(seen)
        length = str(len(seen.body) + seen.missing).encode()
        headers = [(n, length if n.lower() == b"content-length" else v) for n, v in seen.headers]
        await send({"type": "http.response.start", "status": seen.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if seen.method == "HEAD" else seen.body})

    return answer


if __name__ == "__main__":
    setattr(serve, "create_app", lambda settings: spoiled(create_app(settings), DEFECTS[sys.argv[1]]))  # noqa: B010
    main(["serve", "--port", "0", "--clock", "requests", *sys.argv[2:]])
