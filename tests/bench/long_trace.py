"""A long trace of one account: pools that are created, changed, read and listed, as a well-behaved service answers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from conformance.exchange import Exchange, Headers, Request, Response

VERSION = "2023-11-01.18.0"
HOST = "https://account.region.batch.azure.com"
_BEGIN = 638_000_000_000_000_000
_COMMON = {
    "Content-Type": "application/json;odata=minimalmetadata",
    "Server": "Microsoft-HTTPAPI/2.0",
    "DataServiceVersion": "3.0",
}
_REQUEST = Headers({"Content-Type": "application/json", "Accept": "application/json"})
_START_TASK = {"commandLine": "hostname", "waitForSuccess": True}
_SHOWN_START_TASK = {
    **_START_TASK,
    "maxTaskRetryCount": 0,
    "userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}},
}
_ADDED = {
    "state": "active",
    "allocationState": "steady",
    "resizeTimeout": "PT15M",
    "currentDedicatedNodes": 0,
    "currentLowPriorityNodes": 0,
    "targetLowPriorityNodes": 0,
    "enableAutoScale": False,
    "enableInterNodeCommunication": False,
    "taskSlotsPerNode": 1,
    "taskSchedulingPolicy": {"nodeFillType": "Spread"},
    "targetNodeCommunicationMode": "default",
    "startTask": _SHOWN_START_TASK,
}


class LongTrace:
    """`length` exchanges on `resources` pools; the same every time."""

    def __init__(self, length: int, resources: int) -> None:
        self._length = length
        self._ids = [f"pool-{number}" for number in range(resources)]
        self._random = random.Random(7)
        self._pools: dict[str, dict[str, Any]] = {}
        self._ticks = _BEGIN
        self._told = 0

    def __iter__(self) -> Iterator[Exchange]:
        while self._told < self._length:
            self._ticks += self._random.randrange(10**6, 10**8)
            name = self._random.choice(self._ids)
            if name not in self._pools:
                yield self._create(name)
                continue
            kind = self._random.random()
            yield self._patch(name) if kind < 0.15 else self._list() if kind < 0.18 else self._get(name)

    def _create(self, name: str) -> Exchange:
        image = {
            "imageReference": {"publisher": "canonical", "offer": "ubuntu", "sku": "22_04"},
            "nodeAgentSKUId": "ubuntu 22.04",
        }
        body = {
            "id": name,
            "vmSize": "standard_d1_v2",
            "virtualMachineConfiguration": image,
            "targetDedicatedNodes": 0,
            "metadata": [{"name": "a", "value": "1"}],
            "startTask": _START_TASK,
        }
        now = _iso(self._ticks)
        times = {"creationTime": now, "stateTransitionTime": now, "allocationStateTransitionTime": now}
        self._pools[name] = {**body, "url": f"{HOST}/pools/{name}", **_ADDED, **times, **self._edition()}
        place = {"Location": f"{HOST}/pools/{name}", "DataServiceId": f"{HOST}/pools/{name}"}
        return self._exchange("POST", "/pools", 201, {**self._written(), **place}, body)

    def _patch(self, name: str) -> Exchange:
        body = {"metadata": [{"name": "a", "value": str(self._told)}]}
        self._pools[name] |= {**body, **self._edition()}
        return self._exchange("PATCH", f"/pools/{name}", 200, {**self._written(), "DataServiceId": f"{HOST}/pools/{name}"}, body)

    def _get(self, name: str) -> Exchange:
        shown = self._pools[name]
        headers = {"ETag": str(shown["eTag"]), "Last-Modified": _http(int(str(shown["eTag"]), 16))}
        return self._exchange("GET", f"/pools/{name}", 200, headers, shown=_element("pools/@Element", shown))

    def _list(self) -> Exchange:
        page = [self._pools[name] for name in sorted(self._pools)[:20]]
        link = f"{HOST}/pools?api-version={VERSION}&maxresults=20&$skiptoken=x"
        shown = _element("pools", {"value": page, "odata.nextLink": link})
        return self._exchange("GET", "/pools?maxresults=20", 200, {}, shown=shown)

    def _edition(self) -> dict[str, str]:
        return {"eTag": f"0x{self._ticks:015X}", "lastModified": _iso(self._ticks)}

    def _written(self) -> dict[str, str]:
        return {"ETag": f"0x{self._ticks:015X}", "Last-Modified": _http(self._ticks)}

    def _exchange(
        self, method: str, path: str, status: int, headers: Mapping[str, str], sent: Any = None, shown: Any = None
    ) -> Exchange:
        url = f"{HOST}{path}{'&' if '?' in path else '?'}api-version={VERSION}"
        request = Request(method, url, _REQUEST, json.dumps(sent).encode() if sent is not None else b"")
        name = {"request-id": f"6b2a7b4e-0000-4000-8000-{self._told:012x}"}
        fields = Headers({**_COMMON, **name, "Date": _http(self._ticks), **headers})
        response = Response(status, fields, json.dumps(shown).encode() if shown is not None else b"")
        self._told += 1
        return Exchange(request, response, index=self._told - 1, source="trace")


def _element(fragment: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    return {"odata.metadata": f"{HOST}/$metadata#{fragment}", **shown}


def _instant(ticks: int) -> datetime:
    return datetime(1, 1, 1) + timedelta(microseconds=ticks // 10)


def _iso(ticks: int) -> str:
    return f"{_instant(ticks):%Y-%m-%dT%H:%M:%S}.{ticks % 10_000_000:07d}".rstrip("0").rstrip(".") + "Z"


def _http(ticks: int) -> str:
    return f"{_instant(ticks):%a, %d %b %Y %H:%M:%S} GMT"
