"""What tasks show in another shape than the documents say."""

from __future__ import annotations

import re

from conformance.defects.model import Defect
from conformance.defects.tasks import execution, inside, shown
from conformance.reference.wire import Json

_DURATION = re.compile(r"PT(\d+)H")


def _as_text(info: Json) -> None:
    for name in ("exitCode", "retryCount", "requeueCount"):
        if name in info:
            info[name] = str(info[name])


def _no_zeros(info: Json) -> None:
    for name in ("exitCode", "retryCount", "requeueCount"):
        if info.get(name) == 0:
            del info[name]


def _row(task: Json) -> None:
    task |= {"partitionKey": "job", "rowKey": task.get("id", "")}


def _clock(constraints: Json) -> None:
    for name, value in constraints.items():
        found = _DURATION.fullmatch(str(value))
        if found:
            constraints[name] = f"{int(found[1]):02}:00:00"


def _dates_of_day(task: Json) -> None:
    for name in ("creationTime", "stateTransitionTime"):
        if name in task:
            task[name] = task[name][:10]


def _nulls(task: Json) -> None:
    for name in ("previousState", "previousStateTransitionTime"):
        task.setdefault(name, None)
    info = task.get("executionInfo")
    if info is not None:
        info |= {name: info.get(name) for name in ("startTime", "endTime", "exitCode", "lastRetryTime")}


def _waiting_node(task: Json) -> None:
    if task.get("state") == "active":
        task["nodeInfo"] = {}


DEFECTS = (
    Defect(
        "task-row-shown",
        "A task shows the partition and the row of the table that it is kept in.",
        "schema",
        ("tasks.responses.no-unknown-property",),
        "The row of a table store is answered as it is.",
        shown(_row),
        consequences=(
            "protocol.select.only-selected",
            "tasks.add-collection.as-single",
            "tasks.get.select",
        ),
    ),
    Defect(
        "task-zeros-left-out",
        "Numbers of a task's executionInfo that are 0 are not shown.",
        "schema",
        (
            "tasks.responses.required-present",
            "tasks.add.counters-zero",
            "tasks.run.exit-code-zero",
            "tasks.run.zero-retries",
        ),
        "JSON made from protocol buffers leaves out zeros.",
        execution(_no_zeros),
        consequences=(
            "jobs.disable.wait-lets-tasks-end",
            "jobs.max-task-retry-count.zero",
            "tasks.multi-instance.completes",
            "tasks.node-loss.waited-for",
            "tasks.run.requeue-not-retry",
            "tasks.run.slots-limit",
            "tasks.run.time-limit-inside",
        ),
    ),
    Defect(
        "task-numbers-as-text",
        "The numbers of a task's executionInfo are texts.",
        "schema",
        ("tasks.responses.types", "tasks.add.counters-zero", "tasks.run.exit-code", "tasks.run.retries-counted"),
        "A table store that keeps texts only.",
        execution(_as_text),
        consequences=(
            "jobs.common-environment.reaches-tasks",
            "jobs.disable.wait-lets-tasks-end",
            "jobs.max-task-retry-count.retries",
            "jobs.max-task-retry-count.zero",
            "nodes.start-task.failure-ignored",
            "tasks.node-loss.requeue-counted",
            "tasks.node-loss.waited-for",
            "tasks.run.exit-code-zero",
            "tasks.run.reactivate-resets-retries",
            "tasks.run.slots-limit",
            "tasks.run.zero-retries",
        ),
    ),
    Defect(
        "task-durations-by-the-clock",
        "The durations of a task are shown as hours, minutes and seconds with colons between.",
        "schema",
        ("tasks.responses.durations", "tasks.add.constraints-kept", "tasks.update.time-limit-replaced"),
        "How .NET writes a TimeSpan.",
        shown(inside("constraints", _clock)),
        consequences=(
            "tasks.add-collection.kept",
            "tasks.add.partial-constraints-default",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.update.retention-replaced",
            "tasks.update.retries-replaced",
        ),
    ),
    Defect(
        "task-times-are-days",
        "A task shows the day of its creation, and of the last change of its state, without the time.",
        "schema",
        ("tasks.add.times-agree",),
        "The column has the type date.",
        shown(_dates_of_day),
        consequences=(
            "protocol.body.dates-utc",
            "tasks.run.etag-stays",
            "tasks.run.reactivate-runs-again",
            "tasks.terminate.previous-state",
            "tasks.trace.previous-state",
        ),
    ),
    Defect(
        "task-nulls",
        "What a task does not have yet is shown as null.",
        "schema",
        ("tasks.add.no-previous-state",),
        "JSON libraries write every member of an object.",
        shown(_nulls),
        consequences=(
            "protocol.body.no-null",
            "protocol.select.only-selected",
            "tasks.list.select",
            "tasks.run.running-start",
        ),
    ),
    Defect(
        "task-waiting-node",
        "A task that waits shows an empty nodeInfo.",
        "schema",
        ("tasks.add.no-node",),
        "The object is made before there is anything to put into it.",
        shown(_waiting_node),
        consequences=(
            "protocol.select.only-selected",
            "tasks.get.select",
        ),
    ),
)
