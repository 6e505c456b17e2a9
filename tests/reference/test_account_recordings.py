"""The live service's accounts again: what a recording asked is asked of the reference service, and both answers are compared."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance.contract import Plane, at
from conformance.exchange import Exchange, read_cassette
from conformance.reference.clock import ManualClock
from conformance.reference.management.plane import Management
from conformance.reference.settings import Settings
from conformance.reference.store import Store
from conformance.reference.wire import WireRequest

SHARED = os.environ.get("BATCH_SHARED", "")
needs_recordings = pytest.mark.skipif(not SHARED, reason="BATCH_SHARED (the folder with the recordings) is not set")
BASE = "https://management.azure.com"
# members whose values depend on the subscription and the moment
OWN = frozenset({"dedicatedCoreQuota", "lowPriorityCoreQuota", "poolQuota", "activeJobAndJobScheduleQuota", "coreQuota"})
OWN |= {"principalId", "tenantId", "lastKeySync", "primary", "secondary", "dedicatedCoreQuotaPerVMFamilyEnforced", "message"}
HEADERS = ("etag", "last-modified", "location", "content-type", "cache-control", "pragma", "expires", "x-content-type-options")


def recordings() -> Iterator[Any]:
    """Recordings that begin with an account and hold the bodies of their requests."""
    for path in sorted(Path(SHARED, "real-traffic", "arm").rglob("py*.yaml")) if SHARED else ():
        first = next(iter(read_cassette(path)))
        if first.request.method == "PUT" and first.request.path.rpartition("/")[0].endswith("/batchAccounts"):
            yield pytest.param(path, id=path.stem)


class Live:
    """The reference service with every resource group of the recording."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        paths = [exchange.request.path.split("/") for exchange in exchanges]
        groups = tuple({path[4] for path in paths if path[3:4] == ["resourceGroups"]})
        self.clock = ManualClock()
        self._management = Management(Store(Settings(clock=self.clock, resource_groups=groups)))
        self._address = ""

    def ask(self, exchange: Exchange) -> tuple[int, dict[str, str], Any]:
        """A poll goes to where our own service said; it has as much time as the live one took."""
        request = exchange.request
        path, query = request.path, urlsplit(request.url).query
        if "perationResults/" in path:
            path = urlsplit(self._address).path
            self.clock.advance(120 if exchange.response.status != 202 else 1)
        headers = [(name, value) for name, value in request.headers.fields if name.lower() == "content-type"]
        answer = self._management.answer(WireRequest(request.method, path, query, headers, request.body, BASE))
        found = {name.lower(): value for name, value in answer.headers}
        self._address = found.get("location", self._address)
        return answer.status, found, json.loads(answer.body) if answer.body else None


def about_accounts(exchange: Exchange) -> bool:
    request = exchange.request
    match = at(request.query["api-version"], Plane.MANAGEMENT).match(request.method, request.path)
    return match is not None or "accountOperationResults/" in request.path or "/operationResults/" in request.path


@needs_recordings
def test_there_are_recordings() -> None:
    assert len(list(recordings())) >= 7


@pytest.mark.parametrize("path", list(recordings()) or [pytest.param(None, marks=needs_recordings)])
def test_a_recording_is_answered_as_the_live_service_did(path: Path) -> None:
    exchanges = [exchange for exchange in read_cassette(path) if about_accounts(exchange)]
    live = Live(exchanges)
    for exchange in exchanges:
        status, headers, body = live.ask(exchange)
        where = f"{exchange.index} {exchange.request.method} {exchange.request.path}"
        recorded = exchange.response
        assert status == recorded.status, where
        assert {name for name in HEADERS if name in headers} == {name for name in HEADERS if name in recorded.headers}, where
        assert list(differences(recorded.json if recorded.body else None, body)) == [], where


def differences(recorded: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Members that only one of the two has, and values that differ though they should not."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        yield from (f"{path}: only one has {name}" for name in recorded.keys() ^ ours.keys())
        for name in recorded.keys() & ours.keys() - OWN:
            yield from differences(recorded[name], ours[name], f"{path}.{name}")
    elif isinstance(recorded, list) and isinstance(ours, list):
        # families of machines differ in number; their first ones stand for all
        yield from differences(sorted(recorded[0]), sorted(ours[0]), path) if recorded and isinstance(recorded[0], dict) else ()
    elif _plain(recorded) != _plain(ours):
        yield f"{path}: recorded {recorded!r}, ours {ours!r}"


def _plain(value: Any) -> Any:
    """One recorder took the run's digits out of some names, not of all."""
    return re.sub(r"(?<=batch)[0-9a-f]{8}", "", value) if isinstance(value, str) else value
