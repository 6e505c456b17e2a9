"""The job schedules of real recordings, made anew on the reference service at their own hour: what it answers is the same.

Each schedule that a recording shows is created with what its creator must have said, less those values that the service fills
in by itself, when its creationTime says; then it lives through what its states tell. Everything recorded must come back, times
and ETag too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from test_observations import wanted

from conformance import contract
from conformance.exchange import read_cassette
from conformance.reference.clock import ManualClock
from conformance.reference.odata.instant import ticks
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireRequest

SHARED = os.environ.get("BATCH_SHARED")
PATH = re.compile(r"https://[^/]+/jobschedules(/[^/?]+)?\?")
UNLIMITED = "P10675199DT2H48M5.4775807S"
BASE = "https://account.region.batch.azure.com"
# What a creator need not say, wherever it stands; of a name with two values each is the default of its own place.
FILLED_IN: Mapping[str, tuple[object, ...]] = {
    "priority": (0,),
    "usesTaskDependencies": (False,),
    "onAllTasksComplete": ("noaction",),
    "onTaskFailure": ("noaction",),
    "maxWallClockTime": (UNLIMITED, "PT15M"),
    "retentionTime": (UNLIMITED,),
    "maxTaskRetryCount": (0,),
    "runElevated": (False,),
    "runExclusive": (True,),
    "waitForSuccess": (True, False),
    "rerunOnNodeRebootAfterSuccess": (True,),
    "keepAlive": (False,),
    "maxTasksPerNode": (1,),
    "taskSchedulingPolicy": ({"nodeFillType": "Spread"},),
    "resizeTimeout": ("PT15M",),
    "enableAutoScale": (False,),
    "enableInterNodeCommunication": (False,),
    "targetOSVersion": ("*",),
}
needs_recordings = pytest.mark.skipif(
    not SHARED, reason="BATCH_SHARED is not set: the recordings of the real service are not at hand"
)


def recorded() -> Iterator[Any]:
    """Every job schedule of the recordings, in each condition that they show once."""
    if not SHARED:
        return
    seen = set()
    for path in sorted((Path(SHARED) / "real-traffic" / "dataplane").glob("*/*schedule*.yaml")):
        for exchange in read_cassette(path):
            if exchange.request.method != "GET" or exchange.response.status != 200 or not PATH.match(exchange.request.url):
                continue
            body = exchange.response.json
            for schedule in body.get("value", [body]):
                if schedule["eTag"] not in seen:
                    seen.add(schedule["eTag"])
                    yield pytest.param(exchange.request.query["api-version"], schedule, id=f"{path.stem}-{schedule['id']}")


def said(value: Any) -> Any:
    """Without what the service fills in."""
    if isinstance(value, list):
        return [said(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    left = {name: said(member) for name, member in value.items() if member not in FILLED_IN.get(name, ())}
    return {name: member for name, member in left.items() if member != {}}


class Replayed:
    """An account at the hour of the recording."""

    def __init__(self, version: str, schedule: Mapping[str, Any]) -> None:
        self.clock = ManualClock(instant(schedule["creationTime"]))
        self._service = Service(Settings(clock=self.clock))
        self._version = version
        self._path = f"/jobschedules/{schedule['id']}"

    def send(self, method: str, path: str, status: int, body: object = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        headers = [("content-type", "application/json; odata=minimalmetadata")]
        answer = self._service.answer(WireRequest(method, path, f"api-version={self._version}", headers, content, BASE))
        assert answer.status == status, answer.body
        return json.loads(answer.body) if answer.body else None

    def act(self, action: str, moment: str, status: int = 204) -> None:
        self.until(moment)
        self.send("POST", f"{self._path}/{action}", status)

    def until(self, moment: str) -> None:
        self.clock.advance((instant(moment) - self.clock.now()) / 10_000_000)

    def get(self) -> Any:
        return self.send("GET", self._path, 200)


def instant(text: str) -> int:
    found = ticks(text)
    assert found is not None
    return found


def anew(version: str, schedule: Mapping[str, Any]) -> Any:
    found = contract.at(version)
    account = Replayed(version, schedule)
    full = said(wanted(found, found.models["JobScheduleAddParameter"], schedule))
    account.send("POST", "/jobschedules", 201, {"schedule": {}, **full})
    if schedule.get("previousState") == "disabled":
        account.act("disable", schedule["previousStateTransitionTime"])
        account.act("enable", schedule["stateTransitionTime"])
    elif schedule["state"] == "completed":
        account.send("POST", f"/jobs/{schedule['executionInfo']['recentJob']['id']}/terminate", 202)
        account.act("terminate", schedule["lastModified"], 202)
    elif schedule["lastModified"] != schedule["creationTime"]:
        account.until(schedule["lastModified"])
        same = {"schedule": full["schedule"], "jobSpecification": full["jobSpecification"]}
        account.send("PATCH", f"/jobschedules/{schedule['id']}", 200, same)
    return account.get()


def comparable(schedule: Mapping[str, Any]) -> Any:
    """Less the host; of a completed schedule, which took the live service 10 ms to complete, less these moments too."""
    whole = json.loads(re.sub(r"https://[^/\"]+/", "https://host/", json.dumps(schedule)))
    if whole["state"] == "completed":
        assert whole["executionInfo"]["endTime"] == whole["stateTransitionTime"]
        for place, name in ((whole["executionInfo"], "endTime"), (whole, "stateTransitionTime")):
            place[name] = "some time"
        whole["previousStateTransitionTime"] = "some time before"
    whole.pop("odata.metadata", None)  # a list says it once, beside its elements
    return whole


@needs_recordings
def test_there_are_recorded_job_schedules() -> None:
    assert len(list(recorded())) >= 6


@pytest.mark.parametrize(("version", "schedule"), list(recorded()) or [pytest.param("", {}, marks=needs_recordings)])
def test_a_recorded_job_schedule_comes_back_as_the_live_service_showed_it(version: str, schedule: Mapping[str, Any]) -> None:
    assert comparable(anew(version, schedule)) == comparable(schedule)
