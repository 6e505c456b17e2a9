"""Good traces, at least one for each kind of resource: nothing in them contradicts anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oracle_bodies import (
    FOREVER,
    NEW_POOL,
    PRINT,
    STARTED,
    STARTING,
    WEEK,
    account,
    certificate,
    job,
    passed,
    pool,
    schedule,
    task,
)
from oracle_tapes import ACCOUNTS, ARM_HOST, ARM_VERSION, HOST, OLD_VERSION, Tape, day, etag, instant

from conformance.exchange import Exchange


def new_pool(**more: Any) -> Tape:
    return Tape().ask("add", "POST", "/pools", 201, sent={**NEW_POOL, **more}, edition=1)


def _pool() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1)).get("again", "/pools/p", pool(1))
    resizing = {"allocationState": "resizing", "allocationStateTransitionTime": instant(90)}
    return tape.get("resizing", "/pools/p", pool(1, **resizing))


def _pool_patched() -> Tape:
    tape = new_pool(startTask=STARTING).get("read", "/pools/p", pool(1, startTask=STARTED))
    changed: dict[str, Any] = {"metadata": [{"name": "c", "value": "d"}], "startTask": {"commandLine": "ls"}}
    shown = {**changed, "startTask": {"commandLine": "ls", "maxTaskRetryCount": 0, "waitForSuccess": True}}
    tape.ask("patch", "PATCH", "/pools/p", 200, sent=changed, edition=2)
    return tape.get("patched", "/pools/p", pool(2, **shown))


def _pool_replaced() -> Tape:
    tape = new_pool(startTask=STARTING, targetNodeCommunicationMode="simplified")
    tape.get("read", "/pools/p", pool(1, startTask=STARTED, targetNodeCommunicationMode="simplified"))
    properties: dict[str, Any] = {
        "startTask": {"commandLine": "ls"},
        "metadata": [],
        "certificateReferences": [],
        "applicationPackageReferences": [{"applicationId": "app", "version": "1"}],
    }
    tape.ask("replace", "POST", "/pools/p/updateproperties", 204, sent=properties, edition=2)
    task = {"commandLine": "ls", "maxTaskRetryCount": 0, "waitForSuccess": True}
    packages = properties["applicationPackageReferences"]
    tape.get("replaced", "/pools/p", pool(2, metadata=None, startTask=task, applicationPackageReferences=packages))
    properties = {"metadata": [], "certificateReferences": [], "applicationPackageReferences": []}
    tape.ask("clear", "POST", "/pools/p/updateproperties", 204, sent=properties, edition=3)
    return tape.get("cleared", "/pools/p", pool(3, metadata=None))


def _pool_scaled() -> Tape:
    """An action, and writes that no read separates."""
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("scale", "POST", "/pools/p/enableautoscale", 200, sent={"autoScaleFormula": "$TargetDedicatedNodes=0"}, edition=2)
    scaled: dict[str, Any] = {
        "enableAutoScale": True,
        "autoScaleFormula": "$TargetDedicatedNodes=0",
        "autoScaleEvaluationInterval": "PT15M",
    }
    tape.get("scaled", "/pools/p", pool(2, **scaled))
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": [{"name": "x", "value": "y"}]}, edition=3)
    tape.ask("patch again", "PATCH", "/pools/p", 200, sent={"targetNodeCommunicationMode": "classic"}, edition=4)
    last = {**scaled, "metadata": [{"name": "x", "value": "y"}], "targetNodeCommunicationMode": "classic"}
    return tape.get("patched", "/pools/p", pool(4, **last))


def _pool_conditions() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("same", "GET", "/pools/p", 304, asks={"If-None-Match": etag(1)})
    tape.get("met", "/pools/p", pool(1), asks={"If-Match": etag(1)})
    tape.ask("early", "GET", "/pools/p", 304, asks={"If-Modified-Since": day(2)})
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": []}, edition=2, asks={"If-Match": etag(1)})
    return tape.ask("stale", "PATCH", "/pools/p", 412, sent={"metadata": []}, asks={"If-Match": etag(1)})


def _pool_deleted() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("exists", "HEAD", "/pools/p", 200, edition=1)
    tape.ask("add again", "POST", "/pools", 409, {"code": "PoolExists"}, sent=NEW_POOL)
    tape.ask("delete", "DELETE", "/pools/p", 202)
    tape.ask("refused", "PATCH", "/pools/p", 409, {"code": "PoolBeingDeleted"}, sent={"metadata": []})
    deleting = {"state": "deleting", "stateTransitionTime": instant(104)}
    tape.get("deleting", "/pools/p", pool(1, **deleting))
    tape.missing("gone", "GET", "/pools/p", "PoolNotFound").missing("still", "HEAD", "/pools/p", "")
    tape.missing("missing", "PATCH", "/pools/p", "PoolNotFound", sent={"metadata": []})
    return tape.ask("anew", "POST", "/pools", 201, sent=NEW_POOL, edition=50).get(
        "back", "/pools/p", pool(50, creationTime=instant(50))
    )


def _pool_versions() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    return tape.get("older", "/pools/p", pool(1, targetNodeCommunicationMode=None), version=OLD_VERSION)


def _pools() -> Tape:
    tape = Tape()
    for name in ("a1", "a2", "b1"):
        tape.ask(f"add {name}", "POST", "/pools", 201, sent={**NEW_POOL, "id": name}, edition=1)
    link = f"{HOST}/pools?$filter=startswith(id,'a')&$skiptoken=2&api-version={tape.version}"
    tape.get("list", "/pools", {"value": [pool(1, "a1"), pool(1, "a2"), pool(1, "b1")]})
    tape.get("first", "/pools?$filter=startswith(id,'a')", {"value": [pool(1, "a1")], "odata.nextLink": link})
    tape.get("second", "/pools?$filter=startswith(id,'a')&$skiptoken=2", {"value": [pool(1, "a2")]})
    tape.ask("delete", "DELETE", "/pools/b1", 202).missing("gone", "GET", "/pools/b1", "PoolNotFound")
    return tape.get("without", "/pools", {"value": [pool(1, "a1"), pool(1, "a2")]})


def _job() -> Tape:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    tape.get("read", "/jobs/j", job(1))
    tape.ask("patch", "PATCH", "/jobs/j", 200, sent={"priority": 5, "constraints": {"maxTaskRetryCount": 3}}, edition=2)
    constraints = {"maxWallClockTime": FOREVER, "maxTaskRetryCount": 3}
    tape.get("patched", "/jobs/j", job(2, priority=5, constraints=constraints))
    tape.ask(
        "put", "PUT", "/jobs/j", 200, sent={"poolInfo": {"poolId": "p"}, "metadata": [{"name": "a", "value": "b"}]}, edition=3
    )
    tape.get("replaced", "/jobs/j", job(3, metadata=[{"name": "a", "value": "b"}]))
    tape.ask("disable", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "requeue"}, edition=4)
    tape.get("disabled", "/jobs/j", job(4, metadata=[{"name": "a", "value": "b"}], **passed("disabled", 106, "active", 1)))
    tape.ask("enable", "POST", "/jobs/j/enable", 202, edition=5)
    tape.get("enabled", "/jobs/j", job(5, metadata=[{"name": "a", "value": "b"}], **passed("active", 108, "disabled", 106)))
    tape.ask("terminate", "POST", "/jobs/j/terminate", 202, sent={"terminateReason": "done"}, edition=6)
    done = job(6, metadata=[{"name": "a", "value": "b"}], **passed("completed", 110, "active", 108))
    tape.get("completed", "/jobs/j", done).get("list", "/jobs", {"value": [done]})
    tape.ask("delete", "DELETE", "/jobs/j", 202)
    tape.get("deleting", "/jobs/j", {**done, **passed("deleting", 113, "completed", 110)})
    return tape.missing("gone", "GET", "/jobs/j", "JobNotFound")


def _task() -> Tape:
    tape = Tape().ask("add", "POST", "/jobs/j/tasks", 201, sent={"id": "t", "commandLine": "hostname"}, edition=1)
    tape.get("read", "/jobs/j/tasks/t", task(1))
    tape.ask("put", "PUT", "/jobs/j/tasks/t", 200, sent={"constraints": {"maxTaskRetryCount": 2}}, edition=2)
    constraints = {"maxWallClockTime": FOREVER, "maxTaskRetryCount": 2, "retentionTime": WEEK}
    tape.get("replaced", "/jobs/j/tasks/t", task(2, constraints=constraints))
    running = task(2, constraints=constraints, **passed("running", 105, "active", 1))
    tape.get("running", "/jobs/j/tasks/t", running)
    tape.ask("terminate", "POST", "/jobs/j/tasks/t/terminate", 204, edition=3)
    tape.get("ended", "/jobs/j/tasks/t", task(3, constraints=constraints, **passed("completed", 106, "running", 105)))
    tape.ask("delete", "DELETE", "/jobs/j/tasks/t", 200)
    return tape.missing("gone", "GET", "/jobs/j/tasks/t", "TaskNotFound")


def _tasks() -> Tape:
    sent = {"value": [{"id": name, "commandLine": "hostname"} for name in ("t1", "t2")]}
    results = [{"taskId": "t1", "status": "Success", "eTag": etag(1)}, {"taskId": "t2", "status": "Success", "eTag": etag(1)}]
    tape = Tape().ask("add", "POST", "/jobs/j/addtaskcollection", 200, {"value": results}, sent=sent)
    tape.get("list", "/jobs/j/tasks", {"value": [task(1, "t1"), task(1, "t2")]})
    return tape.get("read", "/jobs/j/tasks/t2", task(1, "t2"))


def _schedule() -> Tape:
    specification = {"poolInfo": {"poolId": "p"}}
    made = {"id": "s", "schedule": {"recurrenceInterval": "PT60M"}, "jobSpecification": specification}
    tape = Tape().ask("add", "POST", "/jobschedules", 201, sent=made, edition=1).get("read", "/jobschedules/s", schedule(1))
    tape.ask("patch", "PATCH", "/jobschedules/s", 200, sent={"schedule": {"recurrenceInterval": "PT2H"}}, edition=2)
    tape.get("patched", "/jobschedules/s", schedule(2, schedule={"recurrenceInterval": "PT2H"}))
    tape.ask("disable", "POST", "/jobschedules/s/disable", 204, edition=3)
    disabled = schedule(3, schedule={"recurrenceInterval": "PT2H"}, **passed("disabled", 104, "active", 1))
    return tape.get("disabled", "/jobschedules/s", disabled).ask("delete", "DELETE", "/jobschedules/s", 202)


def _certificate() -> Tape:
    made = {"thumbprint": certificate()["thumbprint"], "thumbprintAlgorithm": "sha1", "data": "AAAA", "certificateFormat": "cer"}
    tape = Tape(OLD_VERSION).ask("add", "POST", "/certificates", 201, sent=made)
    path = f"/certificates{PRINT}"
    tape.get("read", path, certificate()).ask("delete", "DELETE", path, 202)
    failed = passed("deletefailed", 103, "deleting", 102)
    tape.get("failed", path, certificate(**failed)).ask("cancel", "POST", f"{path}/canceldelete", 204)
    tape.get("cancelled", path, certificate(**passed("active", 104, "deletefailed", 103)))
    return tape.ask("delete again", "DELETE", path, 202).missing("gone", "GET", path, "CertificateNotFound")


def _node() -> Tape:
    def node(state: str, second: int) -> dict[str, Any]:
        name, url = "tvm-1", f"{HOST}/pools/p/nodes/tvm-1"
        return {"id": name, "url": url, "state": state, "stateTransitionTime": instant(second), "schedulingState": "enabled"}

    tape = Tape().get("idle", "/pools/p/nodes/tvm-1", node("idle", 1)).get("list", "/pools/p/nodes", {"value": [node("idle", 1)]})
    tape.ask("reboot", "POST", "/pools/p/nodes/tvm-1/reboot", 202)
    return tape.get("rebooting", "/pools/p/nodes/tvm-1", node("rebooting", 102))


def _account() -> Tape:
    path, poll = f"{ACCOUNTS}/acme", f"{ACCOUNTS.rpartition('/')[0]}/locations/westeurope/accountOperationResults/1"
    made = {"location": "West Europe", "tags": {"a": "b"}}
    place = {"Location": f"{ARM_HOST}{poll}?api-version={ARM_VERSION}"}
    tape = Tape().ask("put", "PUT", path, 202, sent=made, headers=place).ask("wait", "GET", poll, 202, headers=place)
    tape.get("made", poll, account()).get("read", path, account())
    changed = {"properties": {"publicNetworkAccess": "Disabled"}}
    tape.ask("patch", "PATCH", path, 200, account(publicNetworkAccess="Disabled"), sent=changed)
    tape.get("patched", path, account(publicNetworkAccess="Disabled"))
    tape.get("list", ACCOUNTS, {"value": [account(publicNetworkAccess="Disabled")]})
    again = {"Location": place["Location"].replace("Results/1", "Results/2")}
    tape.ask("delete", "DELETE", path, 202, headers=again).ask("deleted", "GET", poll.replace("Results/1", "Results/2"), 200)
    return tape.missing("gone", "GET", path, "ResourceNotFound")


TRACES: Mapping[str, Callable[[], Tape]] = {
    "pool": _pool,
    "pool patched": _pool_patched,
    "pool replaced": _pool_replaced,
    "pool scaled": _pool_scaled,
    "pool conditions": _pool_conditions,
    "pool deleted": _pool_deleted,
    "pool versions": _pool_versions,
    "pools": _pools,
    "job": _job,
    "task": _task,
    "tasks": _tasks,
    "schedule": _schedule,
    "certificate": _certificate,
    "node": _node,
    "account": _account,
}


def good(name: str) -> dict[str, Exchange]:
    """A good trace, by label."""
    return TRACES[name]().exchanges
