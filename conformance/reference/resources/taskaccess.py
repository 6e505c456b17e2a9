"""Finding a task, and what a GET shows of it."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.resources.jobaccess import find_to_read as find_job
from conformance.reference.resources.jobaccess import kind_of_tasks
from conformance.reference.resources.jobs import NO_WORK
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json

STATS = frozenset({"stats"})


def find(store: Store, call: Call) -> tuple[Json, Json]:
    """The job and the task that the path names. Raises BatchProblem: there is none, or its conditions are not met."""
    job = find_job(store, call)
    task = store.get(kind_of_tasks(job), call.path["taskId"])
    if task is None:
        raise BatchProblem("TaskNotFound")
    if call.operation.entity == "task":
        call.conditions.check(task["_modified"])
    return job, task


def present(call: Call, task: Json) -> Json:
    url = f"{call.base}/jobs/{task['_job']}/tasks/{task['id']}"
    whole = {**task, "url": url}
    if "_ran" in task:
        whole["nodeInfo"] = node_info(call, task, task["_ran"])
    if task["state"] == "completed":
        times = {"startTime": task["creationTime"], "lastUpdateTime": task["stateTransitionTime"]}
        whole["stats"] = {**NO_WORK, **times, "url": f"{url}/stats"}
    return shown(call.contract, call.contract.models["CloudTask"], whole)


def node_info(call: Call, task: Json, ran: Json) -> Json:
    """Where a task runs or ran; nothing for one that was ended before (source: recording task-terminate, `nodeInfo: {}`)."""
    if not ran:
        return {}
    node = ran["node"]
    url = f"{call.base}/pools/{ran['pool']}/nodes/{node['id']}"
    folder = f"workitems/{task['_job']}/job-1/{task['id']}"
    return {
        "affinityId": node["affinityId"],
        "nodeId": node["id"],
        "nodeUrl": url,
        "poolId": ran["pool"],
        "taskRootDirectory": folder,
        "taskRootDirectoryUrl": f"{url}/files/{folder}",
    }
