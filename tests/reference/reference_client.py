"""A client of the service without a network: one call, one answer, a clock that tests move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from conformance.reference.clock import ManualClock
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireRequest

BASE = "https://account.region.batch.azure.com"
NEWEST = "2024-02-01.19.0"
IMAGE = {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class Client:
    """`version` is the api-version of every call that does not say another."""

    def __init__(self, version: str = NEWEST, **settings: Any) -> None:
        self.clock = ManualClock()
        self.service = Service(Settings(clock=self.clock, **settings))
        self.version = version

    def __call__(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, **query: object
    ) -> Answer:
        given = {"api-version": self.version, **{name.replace("_", "$", 1): value for name, value in query.items()}}
        text = urlencode({name: value for name, value in given.items() if value is not None})
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = WireRequest(method, path, text, list((headers or {}).items()), content, BASE)
        return self._send(request)

    def follow(self, url: str) -> Answer:
        parts = urlsplit(url)
        return self._send(WireRequest("GET", parts.path, parts.query, [], b"", BASE))

    def _send(self, request: WireRequest) -> Answer:
        answer = self.service.answer(request)
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)

    def pool(self, name: str = "p", *, steady: bool = True, **properties: object) -> str:
        """Create a pool, of no nodes unless told otherwise; wait until it is steady."""
        answer = self("POST", "/pools", pool_body(name, **properties))
        assert answer.status == 201, answer.body
        if steady:
            self.clock.advance(600)
        return name

    def get(self, name: str = "p", **query: object) -> Any:
        answer = self("GET", f"/pools/{name}", **query)
        assert answer.status == 200, answer.body
        return answer.json


def pool_body(name: str = "p", **properties: object) -> dict[str, object]:
    """A creation that succeeds; a property given as None is left out."""
    body: dict[str, object] = {
        "id": name,
        "vmSize": "STANDARD_D1_V2",
        "virtualMachineConfiguration": {"imageReference": IMAGE, "nodeAgentSKUId": "batch.node.ubuntu 18.04"},
        "targetDedicatedNodes": 0,
    }
    return {key: value for key, value in {**body, **properties}.items() if value is not None}
