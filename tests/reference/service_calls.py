"""A reference service whose clock stands still until a test moves it, and short calls to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance import contract
from conformance.reference.clock import ManualClock
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest

BASE = "http://account.example"
VERSION = "2022-01-01.15.0"
VERSIONS = tuple(version.name for version in contract.versions())


@dataclass(frozen=True)
class Answer:
    """An answer with its headers by name in lower case."""

    wire: WireAnswer

    @property
    def status(self) -> int:
        return self.wire.status

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.wire.headers}

    @property
    def json(self) -> Any:
        return json.loads(self.wire.body)

    @property
    def code(self) -> str:
        return str(self.json["code"]) if self.status >= 400 else ""

    @property
    def values(self) -> dict[str, str]:
        return {item["key"]: item["value"] for item in self.json.get("values", [])}


class Account:
    """One service at one api-version."""

    def __init__(self, version: str = VERSION, **settings: Any) -> None:
        self.clock = ManualClock()
        self.version = version
        self.contract = contract.at(version)
        self.service = Service(Settings(clock=self.clock, **settings))

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        version: str | None = "",
    ) -> Answer:
        """`version` None leaves the parameter out; `content` is sent as it is."""
        parts = [f"api-version={version or self.version}"] if version is not None else []
        data = content if content is not None else b"" if body is None else json.dumps(body).encode()
        given = {"content-type": "application/json; odata=minimalmetadata", **(headers or {})}
        whole = "&".join([*parts, query] if query else parts)
        return Answer(self.service.answer(WireRequest(method, path, whole, list(given.items()), data, BASE)))

    def pool_body(self, name: str = "pool", **properties: object) -> dict[str, Any]:
        """A pool of no nodes in the words of the api-version."""
        properties_known = self.contract.models["PoolAddParameter"].properties
        if "cloudServiceConfiguration" in properties_known:
            kind: dict[str, Any] = {"cloudServiceConfiguration": {"osFamily": "4"}}
        else:
            image = {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}
            kind = {"virtualMachineConfiguration": {"imageReference": image, "nodeAgentSKUId": "batch.node.ubuntu 22.04"}}
        size: dict[str, Any] = {} if properties.get("enableAutoScale") else {self.target: 0}
        return {"id": name, "vmSize": "STANDARD_D1_V2", **kind, **size, **properties}

    def add_pool(self, name: str = "pool", **properties: object) -> Answer:
        """The answer, a 201; the pool is steady."""
        answer = self.send("POST", "/pools", self.pool_body(name, **properties))
        assert answer.status == 201, answer.wire
        self.clock.advance(600)
        return answer

    def pool(self, name: str = "pool") -> dict[str, Any]:
        answer = self.send("GET", f"/pools/{name}")
        assert answer.status == 200, answer.wire
        return dict(answer.json)

    @property
    def target(self) -> str:
        """What the number of wanted nodes is called."""
        known = self.contract.models["PoolAddParameter"].properties
        return "targetDedicatedNodes" if "targetDedicatedNodes" in known else "targetDedicated"
