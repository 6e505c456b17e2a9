"""Tasks that run, and tell of it wrongly."""

from __future__ import annotations

from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.stored import place_of
from conformance.defects.tasks import ONE, execution, set_to, shown
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _waits(task: Json) -> None:
    if task.get("state") == "running":
        task["state"] = "active"


def _no_success(info: Json) -> None:
    if info.get("result") == "success":
        del info["result"]


def _no_failure(info: Json) -> None:
    if info.get("exitCode") == 0:
        info["failureInfo"] = {"category": "usererror", "code": "None", "message": ""}


def _scheduling(info: Json) -> None:
    if info.get("exitCode"):
        info["schedulingError"] = {"category": "usererror", "code": "FailureExitCode", "message": "It failed."}


def _in_local_time(info: Json) -> None:
    if "startTime" in info:
        info["startTime"] = f"2099{info['startTime'][4:]}"


def _preparing(task: Json) -> None:
    if task.get("state") == "active" and "previousState" not in task:
        task["state"] = "preparing"


def _starts_without_pool(service: Service) -> Lie:
    """A task is given to a worker after a few seconds, whatever became of its pool."""

    def run(task: Json) -> None:
        task["state"] = "running"

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(ONE, asked) else None
        task = service.store.get(*place) if place else None
        if task is None or task["state"] != "active" or service.settings.clock.now() - task["_modified"] < 50_000_000:
            return await ask(asked)
        job = service.store.get("job", task["_job"]) or {}
        if service.store.get("pool", job.get("executionInfo", {}).get("poolId", "")) is not None:
            return await ask(asked)
        return await shown(run)(service)(asked, ask)

    return lie


DEFECTS = (
    Defect(
        "task-running-unseen",
        "A task is active until it has ended.",
        "life-cycles",
        ("tasks.run.running-state",),
        "The state is saved with the result.",
        shown(_waits),
        consequences=(
            "tasks.responses.state",
            "tasks.trace.previous-state",
        ),
    ),
    Defect(
        "task-preparing-first",
        "A new task is preparing.",
        "life-cycles",
        ("tasks.add.state-active",),
        "The service begins at once.",
        shown(_preparing),
        consequences=(
            "jobs.terminate.active-tasks-stay",
            "protocol.paging.keeps-filter",
            "tasks.add.waits-for-pool",
            "tasks.dependencies.absent-blocks",
            "tasks.dependencies.all-of-them",
            "tasks.dependencies.block",
            "tasks.dependencies.failure-blocks",
            "tasks.dependencies.range",
            "tasks.dependencies.satisfy-other-code",
            "tasks.dependencies.waits",
            "tasks.list.filter-state",
            "tasks.responses.state",
            "tasks.run.slots-limit",
            "tasks.trace.list-filter",
            "tasks.trace.list-pages-filter",
            "tasks.trace.previous-state",
        ),
    ),
    Defect(
        "task-starts-without-pool",
        "A task is running after some seconds although its pool does not exist.",
        "life-cycles",
        ("tasks.add.waits-for-pool",),
        "An emulator without nodes runs it itself.",
        _starts_without_pool,
        consequences=(
            "jobs.terminate.active-tasks-stay",
            "tasks.delete.others-stay",
            "tasks.list.element-equals-get",
            "tasks.responses.state",
            "tasks.trace.state-times",
        ),
    ),
    Defect(
        "task-result-of-failures",
        "Only a task that failed has a result.",
        "life-cycles",
        ("tasks.run.result-success",),
        "No news is good news.",
        execution(_no_success),
    ),
    Defect(
        "task-failure-none",
        "A task that succeeded shows a failureInfo that says that there is none.",
        "life-cycles",
        ("tasks.run.no-failure-info",),
        "The object is always made.",
        execution(_no_failure),
        consequences=("tasks.responses.state",),
    ),
    Defect(
        "task-exit-is-scheduling",
        "A task whose command failed shows a schedulingError.",
        "life-cycles",
        ("tasks.run.no-scheduling-error",),
        "The failureInfo of newer api-versions under its old name.",
        execution(_scheduling),
        at="2016-07-01.3.1",
    ),
    Defect(
        "task-starts-after-its-end",
        "The start of a task is told by another clock than its end.",
        "life-cycles",
        ("tasks.run.times-in-order",),
        "The clocks of nodes differ.",
        execution(_in_local_time),
        consequences=("protocol.consistency.times",),
    ),
    Defect(
        "task-previous-preparing",
        "A task that ran shows preparing as the state before.",
        "life-cycles",
        ("tasks.run.previous-state-running",),
        "Running is no state that is saved.",
        shown(set_to("previousState", lambda state: "preparing" if state == "running" else state)),
        consequences=("tasks.trace.previous-state",),
    ),
)
