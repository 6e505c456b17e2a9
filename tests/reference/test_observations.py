"""The pools of real recordings, made anew on the reference service: what it answers has the same members, values and types.

Each pool that a recording shows is created with what its creator must have said: the members that a creation may set, less those
values that the service fills in by itself. Then everything that the recording shows must come back.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance import contract
from conformance.contract import Contract, Model
from conformance.exchange import Exchange, read_cassette
from conformance.reference.clock import ManualClock
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireRequest

SHARED = os.environ.get("BATCH_SHARED")
NODES_PATH = re.compile(r"https://[^/]+/pools/[^/?]+/nodes(\?|$)")
POOL_PATH = re.compile(r"https://[^/]+/pools/[^/?]+(\?|$)")
BASE = "https://account.region.batch.azure.com"
# What the service fills in (seen in the recordings whose requests are known).
FILLED_IN: Mapping[str, object] = {
    "resizeTimeout": "PT15M",
    "targetLowPriorityNodes": 0,
    "enableAutoScale": False,
    "autoScaleEvaluationInterval": "PT15M",
    "enableInterNodeCommunication": False,
    "maxTasksPerNode": 1,
    "taskSlotsPerNode": 1,
    "taskSchedulingPolicy": {"nodeFillType": "Spread"},
    "startTask.runElevated": False,
    "startTask.maxTaskRetryCount": 0,
    "startTask.userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "nonadmin"}},
    "virtualMachineConfiguration.imageReference.version": "latest",
    "cloudServiceConfiguration.targetOSVersion": "*",
    "cloudServiceConfiguration.osVersion": "*",
}
LINUX = {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts", "version": "latest"}
# Seconds after its pool was made at which a node of the reference service is in a state.
SECONDS_UNTIL = {"creating": 61, "starting": 100, "idle": 3600}
# What differs from one pool to the next: only its form is compared.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z")
FORMS: Mapping[str, re.Pattern[str]] = {
    "odata.metadata": re.compile(r"https://[^/]+/\$metadata#pools/@Element"),
    "url": POOL_PATH,
    "eTag": re.compile(r"0x[0-9A-F]{15}"),
    "message": re.compile(r".+"),
    "allocationState": re.compile(r"steady|resizing|stopping"),
    **dict.fromkeys(
        ("lastModified", "creationTime", "stateTransitionTime", "allocationStateTransitionTime", "timestamp"), MOMENT
    ),
}
# An empty list is left where a pool once had an element (nodesdk-get-pool-reference had a certificate); ours never had one.
BY_HISTORY = frozenset({"certificateReferences"})
COUNTS = frozenset({"currentDedicated", "currentDedicatedNodes", "currentLowPriorityNodes", "targetDedicated"})


needs_recordings = pytest.mark.skipif(
    not SHARED, reason="BATCH_SHARED is not set: the recordings of the real service are not at hand"
)


def recorded_pools() -> Iterator[Any]:
    """One exchange of each kind of body that the recordings hold."""
    if not SHARED:
        return
    seen = set()
    for path in sorted((Path(SHARED) / "real-traffic" / "dataplane").glob("*/*.yaml")):
        for exchange in read_cassette(path):
            if exchange.request.method == "GET" and exchange.response.status == 200 and POOL_PATH.match(exchange.request.url):
                kind = (exchange.request.query["api-version"], *shape(exchange.response.json))
                if kind not in seen:
                    seen.add(kind)
                    yield pytest.param(exchange, id=f"{path.stem}-{exchange.index}")


def shape(value: Any, path: str = "") -> Iterator[str]:
    """Every member with its path and type."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from shape(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from shape(item, f"{path}[]")
    else:
        yield f"{path}:{type(value).__name__}"


def wanted(found: Contract, model: Model, body: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """What the creator must have said."""
    said: dict[str, Any] = {}
    for name, value in body.items():
        known = model.properties.get(name)
        if known is None or known.read_only or FILLED_IN.get(path + name, known) == value:
            continue
        inner = found.models.get(known.ref or known.items or "")
        said[name] = wanted_value(found, inner, value, f"{path}{name}.") if inner else value
    # what is never shown was said all the same
    return said | {name: "secret" for name, known in model.properties.items() if known.secret and known.required}


def wanted_value(found: Contract, model: Model, value: Any, path: str) -> Any:
    if isinstance(value, list):
        return [wanted_value(found, model, item, path) for item in value]
    return wanted(found, model, value, path) if isinstance(value, Mapping) else value


class Account:
    """An account of the reference service, whose clock stands still."""

    def __init__(self, version: str) -> None:
        self.clock = ManualClock()
        self._service = Service(Settings(clock=self.clock))
        self._version = version

    def send(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        headers = [("content-type", "application/json; odata=minimalmetadata")]
        content = b"" if body is None else json.dumps(body).encode()
        answer = self._service.answer(WireRequest(method, path, f"api-version={self._version}", headers, content, BASE))
        assert answer.status == status, answer.body
        return json.loads(answer.body) if answer.body else None


def anew(exchange: Exchange) -> Any:
    """The recorded pool, made on the reference service and brought to the recorded state."""
    recorded = exchange.response.json
    version = exchange.request.query["api-version"]
    found = contract.at(version)
    body = wanted(found, found.models[found.operations["Pool_Add"].request or ""], recorded)
    if recorded["enableAutoScale"]:
        body.pop("targetDedicated", None)
    account = Account(version)
    account.send("POST", "/pools", body, status=201)
    path = f"/pools/{recorded['id']}"
    if recorded["allocationState"] != "resizing":
        account.clock.advance(3600)
    if "resizeError" in recorded:
        account.send("POST", f"{path}/resize", {"targetDedicated": recorded["targetDedicated"] + 1}, status=202)
        account.send("POST", f"{path}/stopresize", status=202)
        account.clock.advance(3600)
    return account.send("GET", path)


def differences(recorded: Any, ours: Any, path: str = "pool", name: str = "") -> Iterator[str]:
    """What is not alike, member by member. `name` is that of the innermost member."""
    if type(recorded) is not type(ours):
        yield f"{path}: recorded {recorded!r}, ours {ours!r}"
    elif isinstance(recorded, dict):
        if recorded.keys() != ours.keys():
            yield f"{path}: only recorded {recorded.keys() - ours.keys()}, only ours {ours.keys() - recorded.keys()}"
        for each in recorded.keys() & ours.keys():
            yield from differences(recorded[each], ours[each], f"{path}.{each}", each)
    elif isinstance(recorded, list):
        if len(recorded) != len(ours):
            yield f"{path}: recorded {len(recorded)} elements, ours {len(ours)}"
        for first, second in zip(recorded, ours, strict=False):
            yield from differences(first, second, path, name)
    elif not alike(name, recorded, ours):
        yield f"{path}: recorded {recorded!r}, ours {ours!r}"


def alike(name: str, recorded: Any, ours: Any) -> bool:
    """Whether two values of one type agree, as far as they can in different pools."""
    if name in FORMS:
        return all(FORMS[name].match(value) for value in (recorded, ours))
    return name in COUNTS or bool(recorded == ours)


@needs_recordings
def test_there_are_recorded_pools() -> None:
    assert len(list(recorded_pools())) >= 7


@pytest.mark.parametrize("exchange", list(recorded_pools()) or [pytest.param(None, marks=needs_recordings)])
def test_a_recorded_pool_comes_back_as_the_live_service_showed_it(exchange: Exchange) -> None:
    recorded = {name: value for name, value in exchange.response.json.items() if name not in BY_HISTORY or value}
    assert list(differences(recorded, anew(exchange))) == []


def recorded_nodes() -> Iterator[Any]:
    """One node of each kind that the recordings hold, in the states that the reference service has."""
    if not SHARED:
        return
    seen = set()
    for path in sorted((Path(SHARED) / "real-traffic" / "dataplane").glob("*/*.yaml")):
        for exchange in read_cassette(path):
            if exchange.request.method != "GET" or not NODES_PATH.match(exchange.request.url):
                continue
            version = exchange.request.query["api-version"]
            for node in exchange.response.json["value"]:
                kind = (version, node["state"], *shape(node))
                if node["state"] in SECONDS_UNTIL and kind not in seen:
                    seen.add(kind)
                    yield pytest.param(version, node, id=f"{path.stem}-{node['state']}-{len(seen)}")


def node_anew(version: str, recorded: Mapping[str, Any]) -> Any:
    """A node on the reference service, of a pool like that of the recorded one and in its state."""
    found = contract.at(version)
    image = recorded.get("virtualMachineInfo", {}).get("imageReference", LINUX)
    machine = {"imageReference": {name: image[name] for name in LINUX}, "nodeAgentSKUId": "batch.node.ubuntu 18.04"}
    windows = {"cloudServiceConfiguration": {"osFamily": "4"}}
    body: dict[str, Any] = {"id": "p", "vmSize": "standard_d1_v2"} | (
        windows if "cmd" in str(recorded) else {"virtualMachineConfiguration": machine}
    )
    body |= {
        name: 1 for name in ("targetDedicated", "targetDedicatedNodes") if name in found.models["PoolAddParameter"].properties
    }
    if "startTask" in recorded:
        body["startTask"] = wanted(found, found.models["StartTask"], recorded["startTask"], "startTask.")
    account = Account(version)
    account.send("POST", "/pools", body, status=201)
    account.clock.advance(SECONDS_UNTIL[recorded["state"]])
    (node,) = account.send("GET", "/pools/p/nodes")["value"]
    return node


@pytest.mark.parametrize(("version", "recorded"), list(recorded_nodes()) or [pytest.param("", {}, marks=needs_recordings)])
def test_a_recorded_node_has_the_members_of_ours(version: str, recorded: Mapping[str, Any]) -> None:
    ours = node_anew(version, recorded)
    expected = {name: value for name, value in recorded.items() if name not in BY_HISTORY | {"recentTasks"}}
    assert set(shape(ours)) == set(shape(expected))
    for name in ("state", "schedulingState", "isDedicated"):
        assert ours.get(name) == expected.get(name)
    assert ours.get("startTask") == expected.get("startTask")
