"""Good exchanges, one of each kind that a rule can look at, and the changes that make a mutant of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from conformance.exchange import Exchange, Headers, Request, Response

Change = Callable[[Exchange], Exchange]

HOST = "https://acme.westeurope.batch.azure.com"
ARM_HOST = "https://management.azure.com"
ACCOUNT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/acme"
VERSION = "2022-01-01.15.0"
ARM_VERSION = "2021-01-01"
REQUEST_ID = "c6dafc13-ea15-45e3-9cd7-480252d67b42"
CLIENT_ID = "0f0f0f0f-1111-2222-3333-444444444444"
# an ETag, the instant that it counts, and that instant as a header shows it
ETAG, INSTANT, DAY = "0x8D7CD3C4DCF7680", "2020-03-21T02:05:18.3388288Z", "Sat, 21 Mar 2020 02:05:18 GMT"

COMMON = {
    "request-id": REQUEST_ID,
    "DataServiceVersion": "3.0",
    "Date": "Sat, 21 Mar 2020 02:05:19 GMT",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
RESOURCE = {"ETag": ETAG, "Last-Modified": DAY}
JSON = {"Content-Type": "application/json;odata=minimalmetadata"}
ARM_COMMON = {
    "x-ms-request-id": REQUEST_ID,
    "x-ms-correlation-request-id": REQUEST_ID,
    "Date": COMMON["Date"],
    "Strict-Transport-Security": COMMON["Strict-Transport-Security"],
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
}
ARM_JSON = {"Content-Type": "application/json; charset=utf-8"}

POOL = {
    "id": "p1",
    "url": f"{HOST}/pools/p1",
    "eTag": ETAG,
    "lastModified": INSTANT,
    "creationTime": INSTANT,
    "state": "active",
    "stateTransitionTime": "2020-03-21T02:05:18Z",
    "allocationState": "steady",
    "allocationStateTransitionTime": INSTANT,
    "vmSize": "standard_a1",
    "resizeTimeout": "PT15M",
    "currentDedicatedNodes": 0,
    "targetDedicatedNodes": 0,
    "currentLowPriorityNodes": 0,
    "targetLowPriorityNodes": 0,
    "enableAutoScale": False,
    "enableInterNodeCommunication": False,
    "taskSlotsPerNode": 1,
    "taskSchedulingPolicy": {"nodeFillType": "Spread"},
    "virtualMachineConfiguration": {
        "imageReference": {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts", "version": "latest"},
        "nodeAgentSKUId": "batch.node.ubuntu 18.04",
    },
    "userAccounts": [{"name": "worker", "elevationLevel": "nonadmin"}],
    "metadata": [{"name": "a", "value": "b"}],
}

TASK = {
    "id": "t",
    "url": f"{HOST}/jobs/j/tasks/t",
    "eTag": ETAG,
    "lastModified": INSTANT,
    "creationTime": INSTANT,
    "state": "running",
    "stateTransitionTime": "2020-03-21T02:05:19Z",
    "previousState": "active",
    "previousStateTransitionTime": INSTANT,
    "commandLine": "ls",
    "constraints": {"maxWallClockTime": "PT1H", "retentionTime": "P7D", "maxTaskRetryCount": 0},
    "executionInfo": {"startTime": "2020-03-21T02:05:19Z", "retryCount": 0, "requeueCount": 0},
}

NEW_POOL = {
    "id": "p1",
    "vmSize": "standard_a1",
    "virtualMachineConfiguration": POOL["virtualMachineConfiguration"],
    "targetDedicatedNodes": 0,
    "resizeTimeout": "PT15M",
    "metadata": [{"name": "a", "value": "b"}],
    "startTask": {"commandLine": "hostname", "userIdentity": {"username": "worker"}},
}


def metadata(fragment: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"odata.metadata": f"{HOST}/$metadata#{fragment}", **body}


def exchange(
    method: str,
    target: str,
    status: int,
    headers: Mapping[str, str],
    body: object = None,
    *,
    version: str = VERSION,
    sent: Mapping[str, str] | None = None,
    request: object = None,
) -> Exchange:
    host = ARM_HOST if "/providers/" in target else HOST
    url = f"{host}{target}{'&' if '?' in target else '?'}api-version={version}"
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    asked_for = b"" if request is None else json.dumps(request).encode()
    return Exchange(
        Request(method, url, Headers(sent or {"Accept": "application/json"}), asked_for),
        Response(status, Headers(headers), content),
    )


def error(code: str, **more: object) -> dict[str, Any]:
    text = f"The specified pool does not exist.\nRequestId:{REQUEST_ID}\nTime:2020-03-21T02:05:16.3760939Z"
    fragment = "Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element"
    return metadata(fragment, {"code": code, "message": {"lang": "en-US", "value": text}, **more})


def _arm_error() -> dict[str, Any]:
    text = f"The quota has been reached.\nRequestId:{REQUEST_ID}\nTime:2020-03-21T02:05:16.3760939Z"
    return {"error": {"code": "SubscriptionQuotaExceeded", "message": text, "target": "BatchAccount"}}


_FILE = {
    "Last-Modified": DAY,
    "ocp-creation-time": DAY,
    "ocp-batch-file-isdirectory": "False",
    "ocp-batch-file-url": "https%3A%2F%2Facme%2Fjobs%2Fj%2Ftasks%2Ft%2Ffiles%2Fa.txt",
    "Content-Type": "application/octet-stream",
}
_SECOND = {**POOL, "id": "p2", "url": f"{HOST}/pools/p2"}
_FILES = [
    {"name": "wd", "url": f"{HOST}/jobs/j/tasks/t/files/wd", "isDirectory": True},
    {
        "name": "stdout.txt",
        "url": f"{HOST}/jobs/j/tasks/t/files/stdout.txt",
        "isDirectory": False,
        "properties": {"lastModified": INSTANT, "contentLength": "13", "contentType": "text/plain"},
    },
]
_ADDED = {"taskId": "t1", "status": "Success", "eTag": ETAG, "lastModified": INSTANT, "location": f"{HOST}/jobs/j/tasks/t1"}
_NOT_ADDED = {"taskId": "t2", "status": "clienterror", "error": error("TaskExists")}
_COUNTS = {"active": 1, "running": 0, "completed": 3, "succeeded": 2, "failed": 1}
_NEXT = f"{HOST}/pools?$skiptoken=WATV2%3Ap2&api-version={VERSION}"
_ACCOUNT_BODY = {
    "id": ACCOUNT,
    "name": "acme",
    "type": "Microsoft.Batch/batchAccounts",
    "location": "westeurope",
    "properties": {"provisioningState": "Succeeded", "poolAllocationMode": "BatchService", "poolQuota": 100},
    "identity": {"type": "None"},
}
_ASKED = {"client-request-id": CLIENT_ID, "return-client-request-id": "true"}

GOOD: Mapping[str, Exchange] = {
    "pool-get": exchange("GET", "/pools/p1", 200, COMMON | RESOURCE | JSON, metadata("pools/@Element", POOL)),
    "pool-get-echo": exchange(
        "GET",
        "/pools/p1",
        200,
        COMMON | RESOURCE | JSON | {"client-request-id": CLIENT_ID},
        metadata("pools/@Element", POOL),
        sent=_ASKED,
    ),
    "pool-get-selected": exchange(
        "GET",
        "/pools/p1?$select=id,state",
        200,
        COMMON | RESOURCE | JSON,
        metadata("pools/@Element", {"id": "p1", "state": "active"}),
    ),
    "pool-get-not-modified": exchange("GET", "/pools/p1", 304, COMMON, sent={"If-None-Match": ETAG}),
    "pool-list": exchange("GET", "/pools", 200, COMMON | JSON, metadata("pools", {"value": [POOL, _SECOND]})),
    "pool-list-page": exchange(
        "GET", "/pools?maxresults=2", 200, COMMON | JSON, metadata("pools", {"value": [POOL, _SECOND], "odata.nextLink": _NEXT})
    ),
    "pool-list-selected": exchange("GET", "/pools?$select=id", 200, COMMON | JSON, metadata("pools", {"value": [{"id": "p1"}]})),
    "pool-add": exchange(
        "POST",
        "/pools",
        201,
        COMMON | RESOURCE | {"Location": f"{HOST}/pools/p1", "DataServiceId": f"{HOST}/pools/p1"},
        request=NEW_POOL,
    ),
    "pool-patch": exchange(
        "PATCH", "/pools/p1", 200, COMMON | RESOURCE | {"DataServiceId": f"{HOST}/pools/p1"}, request={"metadata": []}
    ),
    "pool-patch-read-only": exchange(
        "PATCH", "/pools/p1", 400, COMMON | JSON, error("UnsupportedProperty"), request={"state": "active", "metadata": []}
    ),
    "pool-delete": exchange("DELETE", "/pools/p1", 202, COMMON),
    "pool-exists": exchange("HEAD", "/pools/p1", 200, COMMON | RESOURCE),
    "pool-missing": exchange("GET", "/pools/p9", 404, COMMON | JSON, error("PoolNotFound", values=[{"key": "k", "value": "v"}])),
    "pool-delete-missing": exchange("DELETE", "/pools/p9", 404, COMMON | JSON, error("PoolNotFound")),
    "pool-head-missing": exchange("HEAD", "/pools/p9", 404, COMMON),
    "file-get": exchange("GET", "/jobs/j/tasks/t/files/a.txt", 200, COMMON | _FILE, b"hello"),
    "file-list": exchange("GET", "/jobs/j/tasks/t/files", 200, COMMON | JSON, metadata("files", {"value": _FILES})),
    "unknown": exchange("GET", "/nonsense", 400, COMMON | JSON, error("InvalidUri")),
    "other-version": exchange("GET", "/lifetimepoolstats", 400, COMMON | JSON, error("InvalidUri"), version="2023-05-01.17.0"),
    "tasks-add": exchange(
        "POST",
        "/jobs/j/addtaskcollection",
        200,
        COMMON | JSON,
        metadata("taskaddresult", {"value": [_ADDED, _NOT_ADDED]}),
        request={"value": [{"id": "t1", "commandLine": "ls"}, {"id": "t2", "commandLine": "ls"}]},
    ),
    "task-get": exchange("GET", "/jobs/j/tasks/t", 200, COMMON | RESOURCE | JSON, metadata("tasks/@Element", TASK)),
    "task-counts": exchange(
        "GET",
        "/jobs/j/taskcounts",
        200,
        COMMON | JSON,
        metadata("taskcounts/@Element", {"taskCounts": _COUNTS, "taskSlotCounts": _COUNTS}),
    ),
    "account-get": exchange(
        "GET", ACCOUNT, 200, ARM_COMMON | ARM_JSON | {"ETag": '"0x8D7CD3C4DCF7680"'}, _ACCOUNT_BODY, version=ARM_VERSION
    ),
    "account-create": exchange(
        "PUT",
        ACCOUNT,
        202,
        ARM_COMMON | {"Location": f"{ARM_HOST}{ACCOUNT}/operationResults/1", "Retry-After": "15"},
        version=ARM_VERSION,
    ),
    "account-list": exchange(
        "GET",
        ACCOUNT.rpartition("/")[0],
        200,
        ARM_COMMON | ARM_JSON,
        {"value": [_ACCOUNT_BODY], "nextLink": f"{ARM_HOST}/more"},
        version=ARM_VERSION,
    ),
    "account-keys": exchange(
        "POST",
        f"{ACCOUNT}/listKeys",
        200,
        ARM_COMMON | ARM_JSON,
        {"accountName": "acme", "primary": "SCRUBBED", "secondary": "SCRUBBED"},
        version=ARM_VERSION,
    ),
    "account-refused": exchange(
        "PUT",
        ACCOUNT,
        400,
        ARM_COMMON | ARM_JSON,
        {"error": {"code": "InvalidRequestBody", "message": "The specified Request Body is not syntactically valid."}},
        version=ARM_VERSION,
    ),
    "account-error": exchange("PUT", ACCOUNT, 409, ARM_COMMON | ARM_JSON, _arm_error(), version=ARM_VERSION),
}


def header(name: str, value: str | None) -> Change:
    """Set a response header; None removes it."""

    def change(base: Exchange) -> Exchange:
        kept = tuple(field for field in base.response.headers.fields if field[0].lower() != name.lower())
        added = () if value is None else ((name, value),)
        return replace(base, response=replace(base.response, headers=Headers(kept + added)))

    return change


def status(code: int) -> Change:
    return lambda base: replace(base, response=replace(base.response, status=code))


def raw(body: bytes) -> Change:
    return lambda base: replace(base, response=replace(base.response, body=body))


def body(edit: Callable[[dict[str, Any]], object]) -> Change:
    """Edit the JSON body in place."""

    def change(base: Exchange) -> Exchange:
        value = json.loads(base.response.body)
        edit(value)
        return raw(json.dumps(value).encode())(base)

    return change


def member(path: str, value: object) -> Change:
    """Set the member at a path like `a/0/b` of the JSON body."""

    def edit(tree: Any) -> None:
        *steps, last = path.split("/")
        for step in steps:
            tree = tree[int(step)] if isinstance(tree, list) else tree[step]
        tree[last] = value

    return body(edit)


def without(path: str) -> Change:
    def edit(tree: Any) -> None:
        *steps, last = path.split("/")
        for step in steps:
            tree = tree[int(step)] if isinstance(tree, list) else tree[step]
        del tree[last]

    return body(edit)


def asked(**headers: str) -> Change:
    """Replace the request's headers; `_` stands for `-`."""
    sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return lambda base: replace(base, request=replace(base.request, headers=sent))


def url(old: str, new: str) -> Change:
    return lambda base: replace(base, request=replace(base.request, url=base.request.url.replace(old, new)))


def chain(*changes: Change) -> Change:
    def change(base: Exchange) -> Exchange:
        for one in changes:
            base = one(base)
        return base

    return change
