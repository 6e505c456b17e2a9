"""What can be asked about the work of a job: task counts, preparation and release on each node, statistics of all jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from conformance.reference.instants import from_unix, iso
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import tasklife
from conformance.reference.resources.jobaccess import find, tasks_of
from conformance.reference.resources.jobs import NO_WORK
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply

_SERVICE_BEGAN = iso(from_unix(1_400_000_000))


@answers("Job_GetTaskCounts")
def task_counts(store: Store, call: Call) -> Reply:
    tasks = tasks_of(store, find(store, call))
    counts, slots = _counted(tasks, lambda task: 1), _counted(tasks, lambda task: task.get("requiredSlots", 1))
    model = call.contract.models[call.operation.success[200] or ""]
    both = {"taskCounts": counts, "taskSlotCounts": slots, **counts, "validationStatus": "validated"}
    return Reply(shown(call.contract, model, both))


def _counted(tasks: list[Json], weight: Callable[[Json], int]) -> Json:
    """A task that is prepared counts as running."""
    counted: Counter[str] = Counter()
    for task in tasks:
        state = "running" if task["state"] == "preparing" else task["state"]
        counted[state] += weight(task)
        if state == "completed":
            counted["succeeded" if tasklife.succeeded(task) else "failed"] += weight(task)
    return {name: counted[name] for name in ("active", "running", "completed", "succeeded", "failed")}


@answers("Job_ListPreparationAndReleaseTaskStatus")
def preparation_and_release(store: Store, call: Call) -> Listing:
    job = find(store, call)
    if "jobPreparationTask" not in job:
        raise BatchProblem("JobPreparationTaskNotSpecified")
    model = call.contract.item_model(call.operation)
    assert model is not None
    items = []
    for name, prepared in job.get("_prepared", {}).items():
        pool = job["executionInfo"]["poolId"]
        url = f"{call.base}/pools/{pool}/nodes/{name}"
        status = {"poolId": pool, "nodeId": name, "nodeUrl": url}
        status["jobPreparationTaskExecutionInfo"] = _with_folder(job, prepared, url, job["jobPreparationTask"]["id"])
        released = job.get("_released", {}).get(name)
        if released is not None:
            status["jobReleaseTaskExecutionInfo"] = _with_folder(job, released, url, job["jobReleaseTask"]["id"])
        items.append(shown(call.contract, model, status))
    return Listing(items, key="nodeId")


def _with_folder(job: Json, info: Json, url: str, task: str) -> Json:
    folder = f"workitems/{job['id']}/job-1/{task}"
    return {**info, "taskRootDirectory": folder, "taskRootDirectoryUrl": f"{url}/files/{folder}"}


@answers("Job_GetAllLifetimeStatistics")
def lifetime_statistics(store: Store, call: Call) -> Reply:
    model = call.contract.models["JobStatistics"]
    statistics = {**NO_WORK, "url": f"{call.base}/lifetimejobstats", "startTime": _SERVICE_BEGAN, "lastUpdateTime": iso(call.now)}
    return Reply(shown(call.contract, model, statistics))
