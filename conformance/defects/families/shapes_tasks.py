"""What tasks show under another name, cut or escaped."""

from __future__ import annotations

import html
from typing import Any

from conformance.defects.answers import member
from conformance.defects.model import Defect
from conformance.defects.tasks import COLLECTION, ONE, set_to, shown, without
from conformance.reference.wire import Json


def _unnamed(task: Json) -> None:
    task.setdefault("displayName", task.get("id"))


def _finer(task: Json) -> None:
    if "previousState" not in task and "stateTransitionTime" in task:
        task["stateTransitionTime"] = f"{task['stateTransitionTime'][:19]}Z"


def _behind(url: Any) -> Any:
    return str(url).replace("/jobs/", "/internal/jobs/")


DEFECTS = (
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
            "tasks.delete.id-free",
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
        consequences=(
            "tasks.add.id-charset-accepted",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "task-url-behind-proxy",
        "The url of a task has the path that it has behind the proxy.",
        "schema",
        (
            "tasks.add.location-names-task",
            "tasks.add-collection.success-location",
            "tasks.responses.url",
        ),
        "Who is behind a proxy does not know it.",
        shown(set_to("url", _behind)),
        consequences=(),
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
        consequences=("tasks.trace.previous-state",),
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
            "tasks.add-collection.success-location",
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
