"""Defaults of tasks that are not the documented ones."""

from __future__ import annotations

from typing import Any

from conformance.defects.model import Defect
from conformance.defects.stored import Changed, created
from conformance.defects.tasks import ADD, inside, set_to, shown
from conformance.defects.where import before
from conformance.reference.wire import Json

_UNLIMITED = "P10675199DT2H48M5.4775807S"
_DEFAULTS = {"maxWallClockTime": _UNLIMITED, "retentionTime": "P7D", "maxTaskRetryCount": 0}
_OLD = "2016-07-01.3.1"


def _no_defaults(task: Json) -> None:
    constraints = task.get("constraints", {})
    for name, default in _DEFAULTS.items():
        if constraints.get(name) == default:
            del constraints[name]


def _as_sent(changed: Changed) -> None:
    constraints = changed.sent.get("constraints")
    if constraints and len(constraints) < len(_DEFAULTS):
        changed.now["constraints"] = constraints


def _no_retries_of_job(changed: Changed) -> None:
    if "constraints" not in changed.sent:
        changed.now["constraints"] = dict(_DEFAULTS)


def _forget(changed: Changed) -> None:
    for name in ("userIdentity", "requiredSlots"):
        if name not in changed.sent:
            changed.now.pop(name, None)
    if "numberOfInstances" not in changed.sent.get("multiInstanceSettings", {}):
        changed.now.get("multiInstanceSettings", {}).pop("numberOfInstances", None)


def _image_folder(settings: Json) -> None:
    settings["workingDirectory"] = "containerImageDefault"


def _flagged(task: Json) -> None:
    if task.get("runElevated") is False:
        del task["runElevated"]


def _weekly(value: Any) -> Any:
    return "P7D" if value == _UNLIMITED else value


DEFECTS = (
    Defect(
        "task-defaults-unsaid",
        "Constraints that have their default are not shown.",
        "defaults",
        (
            "tasks.add.time-limit-default",
            "tasks.add.retention-default",
            "tasks.add.retry-count-default",
            "tasks.update.time-limit-defaults",
            "tasks.update.retention-defaults",
            "tasks.update.retries-default",
        ),
        "Serializers leave out what has its default.",
        shown(_no_defaults),
        consequences=(
            "tasks.add.constraints-kept",
            "tasks.responses.always-shown",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "task-new-settings-unsaid",
        "The user, the slots and the number of instances of a task are not shown where they were not sent.",
        "defaults",
        (
            "tasks.add.required-slots-default",
            "tasks.add.user-scope-default",
            "tasks.add.user-elevation-default",
            "tasks.add.instances-default",
            "tasks.trace.defaults",
        ),
        "Defaults are applied where they are used.",
        created(ADD, _forget),
        consequences=(
            "tasks.trace.writes-shown",
            "tasks.versions.run-elevated-shown",
        ),
    ),
    Defect(
        "task-constraints-as-sent",
        "Constraints that are sent in part have no defaults for the rest.",
        "defaults",
        ("tasks.add.partial-constraints-default",),
        "Only a missing object is replaced by the default one.",
        created(ADD, _as_sent),
        consequences=("tasks.responses.always-shown",),
    ),
    Defect(
        "task-retries-own",
        "A task without constraints does not have the maxTaskRetryCount of its job.",
        "defaults",
        ("tasks.add.retry-count-of-job", "tasks.run.retries-of-job"),
        "A default that stands in another resource.",
        created(ADD, _no_retries_of_job),
        consequences=("jobs.max-task-retry-count.retries",),
    ),
    Defect(
        "task-retention-early",
        "The retention time of 7 days is the default of old api-versions, too.",
        "versions",
        ("tasks.add.retention-default-old", "tasks.update.retention-defaults-old", "tasks.versions.retention-default"),
        "The default of today for all times.",
        shown(inside("constraints", set_to("retentionTime", _weekly)), before("2018-12-01.8.0")),
        at="2018-03-01.6.1",
        consequences=(
            "tasks.trace.defaults",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-elevation-unsaid",
        "The runElevated of a task is shown only when it is true.",
        "defaults",
        ("tasks.add.run-elevated-default",),
        "Serializers leave out what is false.",
        shown(_flagged),
        at=_OLD,
        consequences=(
            "tasks.add.run-elevated-kept",
            "tasks.trace.defaults",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.versions.run-elevated",
            "tasks.versions.run-elevated-shown",
        ),
    ),
    Defect(
        "task-image-folder",
        "A container of a task works in the folder of its image unless told otherwise.",
        "defaults",
        ("tasks.add.working-directory-default",),
        "What Docker does.",
        shown(inside("containerSettings", _image_folder)),
        consequences=("tasks.trace.defaults",),
    ),
)
