"""Requests that the contract forbids, one fault each, by the rule that knows it; and such as only look odd."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Protocol

from rule_samples import COMMON, HOST, JSON, NEW_POOL, POOL, RESOURCE, error, exchange, metadata

from conformance.exchange import Exchange

Json = dict[str, Any]


class Sender(Protocol):
    """Makes an exchange of a body, accepted or answered with the status."""

    def __call__(self, body: Any, code: int = ...) -> Exchange: ...


NEW_JOB: Json = {"id": "j", "poolInfo": {"poolId": "p1"}, "constraints": {"maxTaskRetryCount": 1, "maxWallClockTime": "PT1H"}}
SCHEDULE: Json = {"id": "s", "schedule": {"recurrenceInterval": "PT1H"}, "jobSpecification": {"poolInfo": {"poolId": "p1"}}}
TASK: Json = {"id": "t", "commandLine": "hostname"}


def _write(method: str, path: str, status: int, version: str = "2022-01-01.15.0") -> Sender:
    def send(body: Any, code: int = status) -> Exchange:
        target = f"{HOST}{path}"
        headers = COMMON | RESOURCE | {"DataServiceId": target} | ({"Location": target} if status == 201 else {})
        answer = (headers, None) if code < 400 else (COMMON | JSON, error("InvalidPropertyValue"))
        return exchange(method, path, code, *answer, request=body, version=version)

    return send


POOL_ADD, POOL_PATCH = _write("POST", "/pools", 201), _write("PATCH", "/pools/p1", 200)
JOB_ADD, JOB_UPDATE = _write("POST", "/jobs", 201), _write("PUT", "/jobs/j", 200)
SCHEDULE_ADD, TASK_ADD = _write("POST", "/jobschedules", 201), _write("POST", "/jobs/j/tasks", 201)
RESIZE, ENABLE = _write("POST", "/pools/p1/resize", 202), _write("POST", "/pools/p1/enableautoscale", 200)
REPLACE = _write("POST", "/pools/p1/updateproperties", 204)


def changed(body: Mapping[str, Any], **properties: Any) -> Json:
    """With these properties; None takes one away. `a__b` is b inside of a."""
    result = deepcopy(dict(body))
    for path, value in properties.items():
        *steps, last = path.split("__")
        inner = result
        for step in steps:
            inner = inner.setdefault(step, {})
        if value is None:
            inner.pop(last, None)
        else:
            inner[last] = value
    return result


def pool(**properties: Any) -> Json:
    return changed(NEW_POOL, **properties)


def job(**properties: Any) -> Json:
    return changed(NEW_JOB, **properties)


FORBIDDEN: list[tuple[str, str, Sender, Any]] = [
    ("request.no-body", "nothing", POOL_ADD, None),
    ("request.no-object", "a list", POOL_ADD, []),
    ("request.no-object", "a text", JOB_UPDATE, "x"),
    ("request.missing-property", "vmSize", POOL_ADD, pool(vmSize=None)),
    ("request.missing-property", "id", JOB_ADD, job(id=None)),
    ("request.missing-property", "poolInfo", JOB_UPDATE, {}),
    ("request.missing-nested-property", "in an object", POOL_ADD, pool(startTask__commandLine=None)),
    ("request.missing-nested-property", "in a list", POOL_ADD, pool(metadata=[{"name": "a"}])),
    ("request.unknown-property", "a stranger", POOL_ADD, pool(nonsense=1)),
    ("request.unknown-property", "of an older api-version", POOL_ADD, pool(maxTasksPerNode=1)),
    ("request.unknown-property", "of a newer api-version", POOL_ADD, pool(resourceTags={"a": "b"})),
    ("request.unknown-nested-property", "in an object", POOL_ADD, pool(startTask__nonsense=1)),
    ("request.unknown-nested-property", "in a list", POOL_ADD, pool(metadata=[{"name": "a", "value": "b", "nonsense": ""}])),
    ("request.fixed-property", "vmSize", POOL_PATCH, {"vmSize": "standard_a1"}),
    ("request.fixed-property", "displayName", JOB_UPDATE, {"poolInfo": {"poolId": "p"}, "displayName": "x"}),
    ("request.type", "a number for a text", POOL_ADD, pool(vmSize=5)),
    ("request.type", "a text for a number", POOL_ADD, pool(targetDedicatedNodes="many")),
    ("request.type", "a boolean for a number", POOL_ADD, pool(targetDedicatedNodes=True)),
    ("request.type", "a fraction for an integer", POOL_ADD, pool(targetDedicatedNodes=0.5)),
    ("request.type", "a text for a boolean", POOL_ADD, pool(enableInterNodeCommunication="perhaps")),
    ("request.type", "an object for a list", POOL_ADD, pool(metadata={"name": "a"})),
    ("request.type", "a list for an object", POOL_ADD, pool(startTask=[])),
    ("request.type", "a text for an element", POOL_ADD, pool(metadata=["a"])),
    ("request.type", "a number for a duration", POOL_ADD, pool(resizeTimeout=900)),
    ("request.type", "a list for an enumeration", POOL_ADD, pool(taskSchedulingPolicy={"nodeFillType": []})),
    ("request.enum", "no such value", POOL_ADD, pool(taskSchedulingPolicy={"nodeFillType": "sideways"})),
    ("request.enum", "in an action", RESIZE, {"targetDedicatedNodes": 0, "nodeDeallocationOption": "wait"}),
    ("request.too-long", "id", POOL_ADD, pool(id="a" * 65)),
    ("request.too-long", "displayName", TASK_ADD, {**TASK, "displayName": "é" * 1025}),
    ("request.too-short", "id", JOB_ADD, job(id="")),
    ("request.characters", "a blank", POOL_ADD, pool(id="a b")),
    ("request.characters", "a line break at the end", TASK_ADD, {**TASK, "id": "a\n"}),
    ("request.characters", "another script", POOL_ADD, pool(id="é")),
    ("request.below", "priority", JOB_ADD, job(priority=-1001)),
    ("request.below", "a negative target", RESIZE, {"targetDedicatedNodes": -1}),
    ("request.above", "priority", JOB_ADD, job(priority=1001)),
    ("request.above", "slots", POOL_ADD, pool(taskSlotsPerNode=257)),
    ("request.date-time", "in words", SCHEDULE_ADD, changed(SCHEDULE, schedule__doNotRunUntil="tomorrow")),
    ("request.duration", "in words", POOL_ADD, pool(resizeTimeout="ten minutes")),
    ("request.duration", "inside", JOB_ADD, job(constraints__maxWallClockTime="1h")),
    ("request.duration-below", "resizeTimeout", POOL_ADD, pool(resizeTimeout="PT4M59S")),
    ("request.duration-above", "an interval", ENABLE, {"autoScaleFormula": "$T=0;", "autoScaleEvaluationInterval": "P7DT1S"}),
    ("request.too-many", "packages", REPLACE, {"applicationPackageReferences": [{"applicationId": "a"}] * 11}),
    ("request.excluded-property", "two sources", JOB_ADD, job(poolInfo__autoPoolSpecification={"poolLifetimeOption": "job"})),
    ("request.excluded-property", "a formula without autoscale", POOL_ADD, pool(autoScaleFormula="$T=0;")),
    ("request.excluded-property", "a target with autoscale", POOL_ADD, pool(enableAutoScale=True, autoScaleFormula="$T=0;")),
    ("request.needed-property", "no source", JOB_ADD, job(poolInfo={})),
    ("request.needed-property", "no kind of user", POOL_ADD, pool(startTask__userIdentity={})),
    ("request.needed-property", "no formula", POOL_ADD, pool(enableAutoScale=True, targetDedicatedNodes=None)),
]
"""By rule: what is wrong, and the request."""

TOLERATED: dict[str, tuple[Sender, Any]] = {
    "a number as text, as the Azure CLI writes it": (POOL_ADD, pool(targetDedicatedNodes="0")),
    "a whole number with a point": (POOL_ADD, pool(targetDedicatedNodes=1.0)),
    "a boolean as text": (POOL_ADD, pool(enableInterNodeCommunication="True")),
    "another letter case of a value": (POOL_ADD, pool(taskSchedulingPolicy={"nodeFillType": "SPREAD"})),
    "an empty value": (POOL_ADD, pool(taskSchedulingPolicy={"nodeFillType": ""})),
    "the number of a value": (POOL_ADD, pool(taskSchedulingPolicy={"nodeFillType": "0"})),
    "another letter case of a name": (POOL_ADD, {"ID": "p1", **pool(id=None)}),
    "null for what is required": (POOL_ADD, {**pool(), "vmSize": None}),
    "null for a stranger": (POOL_ADD, {**pool(), "nonsense": None}),
    "null for one of two": (JOB_ADD, {**NEW_JOB, "poolInfo": {"poolId": "p1", "autoPoolSpecification": None}}),
    "annotations": (POOL_ADD, {"odata.metadata": "x", "id@odata.type": "Edm.String", **pool()}),
    "no lists in a full replace": (REPLACE, {}),
    "no targets": (POOL_ADD, pool(targetDedicatedNodes=None)),
    "autoscale as text": (POOL_ADD, pool(enableAutoScale="true", autoScaleFormula="$T=0;")),
    "a duration in years": (POOL_ADD, pool(resizeTimeout="P1Y")),
    "a duration in lower case": (POOL_ADD, pool(resizeTimeout="pt15m")),
    "a date without time": (SCHEDULE_ADD, changed(SCHEDULE, schedule__doNotRunUntil="2030-01-01")),
    "a date of another zone": (SCHEDULE_ADD, changed(SCHEDULE, schedule__doNotRunUntil="2030-01-01T00:00:00+02:00")),
    "1024 characters": (TASK_ADD, {**TASK, "displayName": "\U0001f600" * 1024}),
    "64 characters": (POOL_ADD, pool(id="a" * 64)),
    "the ends of a range": (JOB_ADD, job(priority=-1000, constraints__maxTaskRetryCount=-1)),
    "a name that answers have": (POOL_ADD, pool(currentDedicatedNodes=1)),
}


def raw_body(content: bytes, code: int) -> Exchange:
    """A pool's creation with a body that JSON does not know."""
    base = POOL_ADD(NEW_POOL, code)
    return replace(base, request=replace(base.request, body=content))


def asked_for(query: str, code: int, version: str | None = "2022-01-01.15.0") -> Exchange:
    """A list of pools, or its refusal."""
    answer = metadata("pools", {"value": [POOL]}) if code < 400 else error("InvalidQueryParameterValue")
    return _url(exchange("GET", "/pools", code, COMMON | JSON, answer), query, version)


def _url(base: Exchange, query: str, version: str | None) -> Exchange:
    parts = "&".join(part for part in (query, f"api-version={version}" if version is not None else "") if part)
    return replace(base, request=replace(base.request, url=f"{HOST}/pools?{parts}"))


def collection(tasks: list[Any], statuses: Mapping[str, str]) -> Exchange:
    value = [
        {"status": status, "taskId": name, "eTag": RESOURCE["ETag"], "location": f"{HOST}/jobs/j/tasks/{name}"}
        if status == "Success"
        else {"status": status, "taskId": name}
        for name, status in statuses.items()
    ]
    body = metadata("taskaddresult", {"value": value})
    return exchange("POST", "/jobs/j/addtaskcollection", 200, COMMON | JSON, body, request={"value": tasks})
