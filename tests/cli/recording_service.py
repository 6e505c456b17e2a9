"""`serve`, but every request that comes in is written to a file first: what a service saw, whatever the suite says it sent.

Use: recording_service.py FILE [options of serve…]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from conformance.cli import main
from conformance.reference import serve
from conformance.reference.app import create_app

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]


def recording(app: _App, path: str) -> _App:
    async def record(scope: _Message, receive: _Receive, send: _Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        with open(path, "a", encoding="utf-8") as stream:
            line = {"method": scope["method"], "path": scope["path"], "body": body.decode("utf-8", "replace")}
            stream.write(json.dumps(line) + "\n")
        whole = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> _Message:
            return whole.pop() if whole else await receive()

        await app(scope, again, send)

    return record


if __name__ == "__main__":
    setattr(serve, "create_app", lambda settings: recording(create_app(settings), sys.argv[1]))  # noqa: B010
    main(["serve", "--port", "0", *sys.argv[2:]])
