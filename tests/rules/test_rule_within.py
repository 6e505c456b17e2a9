"""What belongs together within one answer: a good exchange of each kind, and what a damaged recording makes of it."""

from __future__ import annotations

import pytest
from rule_samples import (
    COMMON,
    ETAG,
    GOOD,
    HOST,
    INSTANT,
    JSON,
    RESOURCE,
    TASK,
    Change,
    body,
    exchange,
    header,
    member,
    metadata,
    without,
)

from conformance.exchange import Exchange
from conformance.rules import context_for, findings

_NODE = {"nodeUrl": f"{HOST}/pools/p/nodes/n", "poolId": "p", "nodeId": "n"}
_RECENT = {"taskUrl": f"{HOST}/jobs/J/tasks/t", "jobId": "j", "taskId": "t", "taskState": "running"}
_NODES = [
    {
        "id": "n",
        "url": f"{HOST}/pools/p/nodes/n",
        "state": "idle",
        "stateTransitionTime": INSTANT,
        "affinityId": "a",
        "vmSize": "standard_a1",
        "recentTasks": [_RECENT],
        "allocationTime": INSTANT,
        "isDedicated": True,
        "runningTasksCount": 0,
        "schedulingState": "enabled",
        "totalTasksRun": 0,
        "totalTasksSucceeded": 0,
    }
]
_ADDRESS = "certificates(ThumbprintAlgorithm=sha1,Thumbprint=59833fd835f827e9ec693a4c82435a6360cc6271)"
_CERTIFICATE = {
    "thumbprint": "59833fd835f827e9ec693a4c82435a6360cc6271",
    "thumbprintAlgorithm": "sha1",
    "url": f"{HOST}/{_ADDRESS}",
    "state": "active",
    "stateTransitionTime": INSTANT,
    "publicData": "MIIB",
}
_SCHEDULE = {
    "id": "s",
    "url": f"{HOST}/jobschedules/s",
    "eTag": ETAG,
    "lastModified": INSTANT,
    "creationTime": INSTANT,
    "state": "active",
    "stateTransitionTime": INSTANT,
    "schedule": {},
    "jobSpecification": {"poolInfo": {"poolId": "p"}},
    "executionInfo": {"recentJob": {"id": "s:job-1", "url": f"{HOST}/jobs/s:job-1"}},
}
_LABEL = JSON["Content-Type"]
_ENDED = {
    **TASK,
    "state": "completed",
    "executionInfo": {
        "startTime": INSTANT,
        "endTime": INSTANT,
        "exitCode": 0,
        "result": "success",
        "retryCount": 0,
        "requeueCount": 0,
    },
}


def _old(good: Exchange) -> Exchange:
    """By a clock that goes an hour behind that of the answer."""
    return header("Last-Modified", "Sat, 21 Mar 2020 01:05:18 GMT")(header("ETag", "0x8D7CD33EC0B0E80")(good))


_GOOD = {
    "task-ended": exchange("GET", "/jobs/j/tasks/t", 200, COMMON | RESOURCE | JSON, metadata("tasks/@Element", _ENDED)),
    **GOOD,
    "task-get": member("nodeInfo", _NODE)(GOOD["task-get"]),
    "node-list": exchange("GET", "/pools/p/nodes", 200, COMMON | JSON, metadata("nodes", {"value": _NODES})),
    "certificate-list": exchange("GET", "/certificates", 200, COMMON | JSON, metadata("certificates", {"value": [_CERTIFICATE]})),
    "schedule-get": exchange(
        "GET", "/jobschedules/s", 200, COMMON | RESOURCE | JSON, metadata("jobschedules/@Element", _SCHEDULE)
    ),
}

DAMAGED = [
    (
        "consistency.times",
        "pool-get",
        "changed later",
        member("allocationStateTransitionTime", "2031-03-21T02:05:18Z"),
    ),
    ("consistency.times", "task-get", "began before it was there", member("executionInfo/startTime", "2019-03-21T02:05:18Z")),
    ("consistency.state", "task-get", "nobody knows since when it was before", without("previousStateTransitionTime")),
    ("headers.no-resource-headers", "pool-get", "a read says where", header("Location", f"{HOST}/pools/p1")),
    ("headers.no-resource-headers", "pool-list", "a list says where", header("Location", f"{HOST}/pools")),
    ("headers.no-resource-headers", "pool-delete-missing", "a refusal has an id", header("DataServiceId", f"{HOST}/pools/p9")),
    ("headers.no-resource-headers", "tasks-add", "a collection says where", header("Location", f"{HOST}/jobs/j/tasks")),
    ("body.type", "pool-get", "fewer nodes than none", member("currentDedicatedNodes", -1)),
    ("body.type", "pool-get", "more nodes than fit", member("currentDedicatedNodes", 2**31)),
    ("body.type", "pool-get", "fewer slots than may be asked for", member("taskSlotsPerNode", 0)),
    ("body.type", "task-get", "fewer retries than none", member("executionInfo/retryCount", -1)),
    ("body.type", "task-get", "fewer retries than unlimited", member("constraints/maxTaskRetryCount", -2)),
    ("body.duration", "pool-get", "a duration with a sign", member("resizeTimeout", "-PT15M")),
    ("arm.resource-id", "account-get", "another type", member("type", "Microsoft.Batch/batchAccounts/pools")),
    ("arm.resource-id", "account-list", "a type of another provider", member("value/0/type", "Microsoft.Compute/batchAccounts")),
    ("arm.resource-id", "account-keys", "the keys of another account", member("accountName", "other")),
    ("arm.retry-after", "account-create", "no number", header("Retry-After", "soon")),
    ("arm.retry-after", "account-create", "below nothing", header("Retry-After", "-1")),
    ("body.always-shown", "pool-get", "nobody knows how many nodes it has", without("currentLowPriorityNodes")),
    ("body.always-shown", "node-list", "nobody knows whether it takes tasks", without("value/0/schedulingState")),
    ("body.always-shown", "schedule-get", "nobody knows when", without("schedule")),
    ("body.always-shown", "certificate-list", "nothing to encrypt with", without("value/0/publicData")),
    ("body.unknown-property", "pool-list", "a link of OData 4", member("@odata.nextLink", f"{HOST}/pools?$skiptoken=p2")),
    ("headers.documented", "file-get", "a time of another form", header("ocp-creation-time", INSTANT)),
    ("headers.documented", "file-get", "neither a folder nor none", header("ocp-batch-file-isdirectory", "no")),
    ("headers.documented", "file-get", "another file", header("ocp-batch-file-url", "https%3A%2F%2Facme%2Ffiles%2Fb.txt")),
    ("arm.error-envelope", "account-error", "details that are no list", member("error/details", {"code": "Reason"})),
    ("content.odata-metadata", "pool-get", "another charset", header("Content-Type", f"{_LABEL};charset=iso-8859-1")),
    ("consistency.date", "pool-add", "created long ago", _old),
    ("consistency.times", "pool-get", "a time that nobody set", member("creationTime", "0001-01-01T00:00:00Z")),
    ("consistency.state", "task-ended", "a failure without a reason", member("executionInfo/result", "failure")),
    (
        "consistency.state",
        "task-ended",
        "a reason without a failure",
        member("executionInfo/failureInfo", {"category": "UserError"}),
    ),
    ("body.url", "pool-get", "a relative url", member("url", "/pools/p1")),
    ("body.url", "pool-list", "the url of a query", member("value/1/url", f"{HOST}/pools/p2?api-version=1")),
    ("body.url", "task-get", "the url of another node", member("nodeInfo", {**_NODE, "nodeUrl": f"{HOST}/pools/p/nodes/other"})),
    ("body.url", "node-list", "the url of another task", member("value/0/recentTasks/0/taskUrl", f"{HOST}/jobs/j/tasks/u")),
    ("body.url", "certificate-list", "the url of another thumbprint", member("value/0/thumbprint", "0" * 40)),
    ("body.url", "schedule-get", "the url of another job", member("executionInfo/recentJob/url", f"{HOST}/jobs/s:job-2")),
    ("consistency.etag-ticks", "tasks-add", "an added task of another instant", member("value/0/eTag", "0x8D7CD3C4DCF7681")),
    ("consistency.etag-format", "tasks-add", "an added task with a quoted ETag", member("value/0/eTag", '"0x8D7CD3C4DCF7680"')),
]


def _broken(name: str, change: Change) -> set[str]:
    return {f.rule for f in findings(context_for(change(_GOOD[name]))) if not f.holds}


@pytest.mark.parametrize(("rule", "base", "what", "change"), DAMAGED, ids=[f"{d[0]}:{d[2]}".replace(" ", "-") for d in DAMAGED])
def test_what_does_not_belong_together(rule: str, base: str, what: str, change: Change) -> None:
    assert _broken(base, lambda good: good) == set()
    assert _broken(base, change) == {rule}


def test_clocks_may_differ_by_seconds() -> None:
    assert _broken("pool-get", member("allocationStateTransitionTime", "2020-03-21T02:05:22Z")) == set()
    assert _broken("pool-get", member("allocationStateTransitionTime", INSTANT)) == set()


def test_an_exit_code_may_be_negative() -> None:
    ended = {
        "state": "completed",
        "executionInfo": {"startTime": INSTANT, "endTime": INSTANT, "exitCode": -1073741819, "retryCount": 0, "requeueCount": 0},
    }
    assert _broken("task-get", body(lambda task: task.update(ended))) == set()
    assert "body.type" in _broken("task-get", member("executionInfo/exitCode", 2**31))
