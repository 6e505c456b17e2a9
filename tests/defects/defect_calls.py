"""Short calls to an ASGI application with one service behind it, and a walk that every defect shows itself on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from starlette.types import ASGIApp, Message

from conformance.defects import Defect, defective
from conformance.defects.signing import Signer
from conformance.plugin.certificates import MadeCertificate, make
from conformance.reference.app import create_app
from conformance.reference.clock import ManualClock
from conformance.reference.instants import http_date
from conformance.reference.settings import Settings
from conformance.reference.wire import WireRequest

VERSION = "2022-01-01.15.0"
MANAGEMENT = "2022-01-01"
BASE = "http://account.example"
KEY = "a2V5IG9mIHRoZSBhY2NvdW50"
BROKEN, SILENT = "broken", "silent"


@dataclass(frozen=True)
class Answer:
    """`trouble` is set when there was none. Headers by name in lower case."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


class Caller:
    """Signs what it sends, unless told otherwise. Its clock stands still until it is moved."""

    def __init__(self, defects: Iterable[Defect | str] | None = None) -> None:
        """`defects` None: the service itself, with nothing before it."""
        self.clock = ManualClock()
        self.settings = Settings(clock=self.clock, key=KEY)
        self.app: ASGIApp = create_app(self.settings) if defects is None else defective(defects, self.settings)
        self.signer = Signer(self.settings)
        self.answers: list[Answer] = []

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        version: str = VERSION,
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
    ) -> Answer:
        bare, _, query = path.partition("?")
        query = "&".join(part for part in (query, f"api-version={version}" if "api-version=" not in query else "") if part)
        content = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        sent = {"host": "account.example", "ocp-date": http_date(self.clock.now())}
        sent |= {"content-type": "application/json; odata=minimalmetadata"} if content else {}
        sent |= {"content-length": str(len(content))} if content else {}
        asked = WireRequest(method, bare, query, list({**sent, **(headers or {})}.items()), content, BASE)
        answer = asyncio.run(_call(self.app, self.signer.force(asked) if signed else asked))
        self.answers.append(answer)
        return answer

    def wait(self, seconds: float = 60) -> None:
        self.clock.advance(seconds)

    @property
    def transcript(self) -> list[tuple[int, dict[str, str], bytes, str]]:
        """What two walks are compared by."""
        return [(answer.status, dict(answer.headers), answer.body, answer.trouble) for answer in self.answers]


async def _call(app: ASGIApp, asked: WireRequest) -> Answer:
    status, headers, body = 0, {}, b""
    waiting = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status, headers, body
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            body += message["body"]

    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode("latin-1"),
        "query_string": asked.query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers],
    }
    try:
        await app(scope, receive, send)
    except ConnectionResetError:
        return Answer(trouble=BROKEN)
    return Answer(status, headers, body) if status else Answer(trouble=SILENT)


@cache
def certificate() -> MadeCertificate:
    return make("bcs-defects", "cer")
