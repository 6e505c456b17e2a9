"""A management plane whose clock stands still until a test moves it, and short calls to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import service_calls

from conformance import contract
from conformance.contract import Plane
from conformance.reference.clock import ManualClock
from conformance.reference.management.plane import Management
from conformance.reference.settings import Settings
from conformance.reference.store import Store
from conformance.reference.wire import WireRequest

BASE = "http://management.example"
VERSION = "2024-02-01"
VERSIONS = tuple(version.name for version in contract.versions(Plane.MANAGEMENT))
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = "conformance"


class Answer(service_calls.Answer):
    """An answer with ARM's envelope for errors."""

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"]) if self.status >= 400 else ""


class Plans:
    """One subscription at one api-version."""

    def __init__(self, version: str = VERSION, **settings: Any) -> None:
        self.clock = ManualClock()
        self.version = version
        self.management = Management(Store(Settings(clock=self.clock, **settings)))

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        version: str | None = "",
    ) -> Answer:
        """`version` None leaves the parameter out; `content` is sent as it is."""
        query = f"api-version={version or self.version}" if version is not None else ""
        data = content if content is not None else b"" if body is None else json.dumps(body).encode()
        given = {"content-type": "application/json", **(headers or {})}
        return Answer(self.management.answer(WireRequest(method, path, query, list(given.items()), data, BASE)))

    def account(self, method: str, name: str = "one", body: object = None, action: str = "", **options: Any) -> Answer:
        return self.send(method, f"{accounts(options.pop('group', GROUP))}/{name}{action}", body, **options)

    def follow(self, answer: Answer, version: str = "") -> Answer:
        """What stands where a 202 says that the result will be."""
        path = answer.headers["location"].removeprefix(BASE).partition("?")[0]
        return self.send("GET", path, version=version)

    def create(self, name: str = "one", **body: Any) -> Answer:
        """The result of a creation."""
        answer = self.account("PUT", name, {"location": "eastus", **body})
        assert answer.status == 202, answer.wire
        self.clock.advance(60)
        return self.follow(answer)

    def shown(self, name: str = "one", version: str = "") -> dict[str, Any]:
        answer = self.account("GET", name, version=version)
        assert answer.status == 200, answer.wire
        return dict(answer.json)

    def patch(self, name: str = "one", **body: Any) -> Answer:
        return self.account("PATCH", name, body)


def accounts(group: str = GROUP) -> str:
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts"
