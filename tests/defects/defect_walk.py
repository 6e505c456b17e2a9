"""A walk through the service on which every defect shows itself at least once."""

from __future__ import annotations

from typing import Any

from defect_calls import MANAGEMENT, Caller, certificate

_IMAGE = {"publisher": "canonical", "offer": "0001-com-ubuntu-server-focal", "sku": "20_04-lts"}
_MACHINES = {"imageReference": _IMAGE, "nodeAgentSKUId": "batch.node.ubuntu 20.04"}
_METADATA = [{"name": "a", "value": "1"}]
_STALE = {"If-Match": "0x8D000000000000A"}
_LONG_AGO = {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/conformance"
_ACCOUNTS = f"{_GROUP}/providers/Microsoft.Batch/batchAccounts"


def pool(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "vmSize": "standard_d2s_v3", "virtualMachineConfiguration": _MACHINES, "targetDedicatedNodes": 0, **more}


def job(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "poolInfo": {"poolId": "p1"}, **more}


def task(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "commandLine": "cmd", **more}


def walk(caller: Caller) -> None:
    for part in _PARTS:
        part(caller)


def _versions(caller: Caller) -> None:
    for version in ("2099-01-01.1.0", "never", "2016-02-01.3.0"):
        caller.send("GET", "/pools", version=version)


def _certificates(caller: Caller) -> None:
    made = certificate()
    one = f"/certificates(thumbprintAlgorithm=sha1,thumbprint={made.thumbprint})"
    caller.send("POST", "/certificates", made.body)
    reference = {"thumbprint": made.thumbprint, "thumbprintAlgorithm": "sha1"}
    caller.send("POST", "/pools", pool("secured", certificateReferences=[reference]))
    caller.send("GET", "/pools/secured")
    caller.send("GET", one)
    caller.send("DELETE", one)
    caller.wait()
    caller.send("GET", one)
    caller.send("POST", f"{one}/canceldelete")
    caller.send("GET", one)


def _pools(caller: Caller) -> None:
    user = {"name": "one", "password": "known to nobody"}
    start = {"commandLine": "cmd", "environmentSettings": [{"name": "a", "value": "b"}]}
    caller.send("POST", "/pools", pool("p1", metadata=_METADATA, startTask=start, userAccounts=[user], targetDedicatedNodes=1))
    caller.send("GET", "/pools/p1")
    caller.wait(600)
    caller.send("PATCH", "/pools/p1", {"startTask": {"commandLine": "other"}})
    caller.send("GET", "/pools/p1")
    caller.send("PATCH", "/pools/p1", {"metadata": _METADATA}, headers=_STALE)
    caller.send("GET", "/pools/p1", headers={"If-None-Match": "*"})
    caller.send("GET", "/pools/p1", headers=_LONG_AGO)
    caller.send("HEAD", "/pools/p1")
    replacement = {"startTask": {"commandLine": "x"}, "certificateReferences": [], "applicationPackageReferences": []}
    caller.send("PATCH", "/pools/p1", {"metadata": []})
    caller.send("PATCH", "/pools/p1", {"metadata": _METADATA})
    caller.send("POST", "/pools/p1/updateproperties", {**replacement, "metadata": []})
    caller.send("GET", "/pools/p1")
    caller.send("HEAD", "/pools/p1")
    caller.send("GET", "/pools/p1?$select=id")
    caller.send("POST", "/pools", pool("x" * 65))
    caller.send("GET", f"/pools/{'x' * 65}")
    caller.send("GET", "/pools/none")


def _jobs(caller: Caller) -> None:
    caller.send("POST", "/jobs", job("j1", priority=7, constraints={"maxTaskRetryCount": 2}, metadata=_METADATA))
    caller.send("POST", "/jobs", job("j1"))
    caller.send("POST", "/jobs", job("j2", priority=1001))
    caller.send("POST", "/jobs", job("j2", displayName="Öl"))
    caller.send("GET", "/jobs/j1")
    caller.wait(5)
    caller.send("PATCH", "/jobs/j1", {"priority": 9})
    caller.send("GET", "/jobs/j1")
    caller.send("PUT", "/jobs/j1", {"poolInfo": {"poolId": "p1"}})
    caller.send("GET", "/jobs/j1")
    caller.send("POST", "/jobs/j1/disable", {"disableTasks": "requeue"})
    caller.send("GET", "/jobs/j1")
    caller.wait()
    caller.send("POST", "/jobs/j1/enable")
    caller.send("POST", "/jobs/j2/terminate")
    caller.send("GET", "/jobs/j2")
    caller.send("GET", "/jobs?$expand=stats")


def _tasks(caller: Caller) -> None:
    caller.send("POST", "/jobs/j1/tasks", task("t1"))
    caller.send("POST", "/jobs/j1/tasks", task("t1"))
    caller.send("POST", "/jobs/j1/tasks", task("y" * 64))
    caller.send("POST", "/jobs/j1/tasks/t1/terminate")
    caller.send("GET", "/jobs/j1/tasks/t1")
    caller.send("DELETE", "/jobs/j1/tasks/t1")
    caller.send("GET", "/jobs/j1/tasks/t1")


def _collections(caller: Caller) -> None:
    caller.send("POST", "/jobs/j1/addtaskcollection", {"value": [task("c1"), task("c2"), task("c3")]})
    caller.send("POST", "/jobs/j1/addtaskcollection", {"value": [task("c1")]})
    caller.send("POST", "/jobs/j1/addtaskcollection", {"value": []})
    caller.send("GET", "/jobs/j1/tasks")


def _schedules(caller: Caller) -> None:
    schedule = {"id": "s1", "schedule": {"recurrenceInterval": "PT1H"}, "jobSpecification": {"poolInfo": {"poolId": "p1"}}}
    caller.send("POST", "/jobschedules", schedule)
    caller.send("GET", "/jobschedules")
    caller.send("POST", "/jobschedules", {**schedule, "id": "s2"})
    caller.send("GET", "/jobschedules")
    caller.send("GET", "/jobschedules/s1")
    caller.send("POST", "/jobschedules/s1/disable")
    caller.send("POST", "/jobschedules/s1/enable")
    caller.send("GET", "/jobschedules/s1")


def _accounts(caller: Caller) -> None:
    one = f"{_ACCOUNTS}/defects"
    caller.send("PUT", one, {"location": "westeurope", "tags": {"a": "1"}}, version=MANAGEMENT)
    caller.wait()
    caller.send("PATCH", one, {"tags": {"b": "2"}}, version=MANAGEMENT)
    caller.send("GET", one, version=MANAGEMENT)
    caller.send("GET", f"{_ACCOUNTS}/none", version=MANAGEMENT)


def _lists(caller: Caller) -> None:
    page = caller.send("GET", "/jobs/j1/tasks?maxresults=2")
    link = str(page.json.get("odata.nextLink", "")).partition("/jobs/")[2]
    caller.send("GET", f"/jobs/{link}")
    caller.send("GET", "/jobs?maxresults=1001")
    caller.send("GET", "/jobs?$filter=id%20eq%20'none'")


def _signatures(caller: Caller) -> None:
    wrong = {"authorization": f"SharedKey testaccount:{'A' * 43}="}
    caller.send("GET", "/jobs", headers=wrong, signed=False)
    caller.send("GET", "/jobs", signed=False)


def _deletions(caller: Caller) -> None:
    caller.send("DELETE", "/jobschedules/s2")
    caller.wait()
    caller.send("GET", "/jobschedules/s2")
    caller.send("DELETE", "/pools/p1")


_PARTS = (
    _versions,
    _certificates,
    _pools,
    _jobs,
    _tasks,
    _collections,
    _schedules,
    _accounts,
    _lists,
    _signatures,
    _deletions,
)
