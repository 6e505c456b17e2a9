"""What tasks show in another shape than the documents say."""

from __future__ import annotations

import html
import re
from typing import Any

from conformance.defects.answers import member
from conformance.defects.model import Defect
from conformance.defects.tasks import COLLECTION, ONE, execution, inside, set_to, shown, without
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


def _unnamed(task: Json) -> None:
    task.setdefault("displayName", task.get("id"))


def _waiting_node(task: Json) -> None:
    if task.get("state") == "active":
        task["nodeInfo"] = {}


def _finer(task: Json) -> None:
    if "previousState" not in task and "stateTransitionTime" in task:
        task["stateTransitionTime"] = f"{task['stateTransitionTime'][:19]}Z"


def _behind(url: Any) -> Any:
    return str(url).replace("/jobs/", "/internal/jobs/")


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
        consequences=("tasks.run.time-limit-inside",),
    ),
    Defect(
        "task-numbers-as-text",
        "The numbers of a task's executionInfo are texts.",
        "schema",
        ("tasks.responses.types", "tasks.add.counters-zero", "tasks.run.exit-code", "tasks.run.retries-counted"),
        "A table store that keeps texts only.",
        execution(_as_text),
        consequences=(
            "jobs.max-task-retry-count.zero",
            "nodes.start-task.failure-ignored",
            "tasks.node-loss.requeue-counted",
            "tasks.run.reactivate-resets-retries",
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
        consequences=("protocol.body.dates-utc",),
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
    Defect(
        "task-without-command",
        "Lists of tasks show them without their command lines.",
        "schema",
        ("tasks.responses.always-shown", "tasks.list.element-equals-get", "tasks.trace.list-agrees"),
        "Lists are kept short.",
        shown(without("commandLine"), where="GET /jobs/{}/tasks"),
        consequences=(
            "tasks.add-collection.kept",
            "tasks.add.command-line-kept",
            "tasks.trace.reads-agree",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "task-named-by-id",
        "A task without displayName shows its id as one.",
        "schema",
        ("tasks.add.display-name-absent", "tasks.trace.unsent-absent"),
        "Portals show the id where there is no name.",
        shown(_unnamed),
        consequences=(
            "protocol.select.only-selected",
            "tasks.add-collection.as-single",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-id-lower-case",
        "A task shows its id in lower case.",
        "schema",
        ("tasks.add.id-case-kept",),
        "Ids are compared without case by storing them in lower case.",
        shown(set_to("id", lambda value: str(value).lower())),
        consequences=("tasks.trace.sent-shown",),
    ),
    Defect(
        "task-url-behind-proxy",
        "The url of a task has the path that it has behind the proxy.",
        "schema",
        (
            "tasks.add.location-names-task",
            "tasks.add-collection.success-location",
        ),
        "Who is behind a proxy does not know it.",
        shown(set_to("url", _behind)),
        consequences=("tasks.responses.url",),
    ),
    Defect(
        "task-command-escaped",
        "The command line of a task is shown with its quotes escaped for HTML.",
        "schema",
        ("tasks.add.command-line-kept",),
        "A template engine escapes what it prints.",
        shown(set_to("commandLine", lambda text: html.escape(str(text)))),
        consequences=(
            "tasks.add-collection.kept",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-state-times-differ",
        "The time of a new task's state is cut to the second, and that of its creation is not.",
        "schema",
        ("tasks.add.times-agree",),
        "Two columns of different precision.",
        shown(_finer),
    ),
    Defect(
        "collection-result-without-id",
        "A result of a collection says id instead of taskId.",
        "schema",
        ("tasks.responses.required-present", "tasks.add-collection.result-per-task", "tasks.trace.collection-each"),
        "Tasks have an id, so their results have one too.",
        shown(lambda result: result.update(id=result.pop("taskId", None)), where=COLLECTION),
        consequences=(
            "tasks.add-collection.dependencies-not-used",
            "tasks.add-collection.dependency-inside",
            "tasks.add-collection.existing-ignores-case",
            "tasks.add-collection.existing-refused",
            "tasks.add-collection.preparation-id",
            "tasks.add-collection.resend",
            "tasks.add-collection.success-status",
            "tasks.responses.no-unknown-property",
        ),
    ),
    Defect(
        "task-name-mojibake",
        "Letters of a displayName outside ASCII come back as two or three others.",
        "schema",
        ("tasks.add.display-name-kept", "tasks.add.display-name-1024-accepted"),
        "UTF-8 that is read as Latin-1.",
        member(ONE, "displayName", lambda text: str(text).encode().decode("latin-1")),
        consequences=("tasks.trace.sent-shown",),
    ),
)
