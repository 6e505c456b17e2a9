"""PATCH of a job that drops, keeps, resets or does not arrive."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after, drops, keeps

_PATCH = "PATCH /jobs/{}"
_DEFAULTS = {"priority": 0, "maxParallelTasks": -1, "allowTaskPreemption": False, "onAllTasksComplete": "noaction"}
_NO_LIMITS = {"maxTaskRetryCount": 0, "maxWallClockTime": "P10675199DT2H48M5.4775807S"}
_TEXTS = ("displayName", "usesTaskDependencies", "commonEnvironmentSettings", "onTaskFailure")
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")


def _resets(changed: Changed) -> None:
    """What the change does not name gets its default, as in a replacement."""
    for name, value in _DEFAULTS.items():
        if name not in changed.sent:
            changed.now[name] = value


def _drops_unsent(*names: str) -> Callable[[Changed], None]:
    return lambda changed: drops(*(name for name in names if name not in changed.sent))(changed)


def _keeps_emptied(changed: Changed) -> None:
    if changed.sent.get("metadata") == []:
        changed.restore("metadata")


def _appends(changed: Changed) -> None:
    if changed.sent.get("metadata"):
        changed.now["metadata"] = [*changed.was.get("metadata", []), *changed.now["metadata"]]


def _moves(changed: Changed) -> None:
    if "poolInfo" not in changed.sent:
        changed.now["poolInfo"] = {"poolId": "default"}


def _refills(changed: Changed) -> None:
    if changed.sent == {}:
        changed.now.update({**_DEFAULTS, "constraints": dict(_NO_LIMITS)})


DEFECTS = (
    Defect(
        "job-patch-resets-unsent",
        "PATCH of a job gives the numbers and words that it does not name their defaults.",
        "partial-update",
        (
            "jobs.patch.keeps-omitted-priority",
            "jobs.patch.keeps-omitted-max-parallel-tasks",
            "jobs.patch.keeps-omitted-allow-task-preemption",
            "jobs.patch.keeps-omitted-on-all-tasks-complete",
            "jobs.trace.kept",
        ),
        "The body is read into a class whose members have defaults.",
        after(_PATCH, _resets),
        consequences=("jobs.patch.empty-body-changes-nothing",),
    ),
    Defect(
        "job-patch-drops-unsent",
        "PATCH of a job removes the constraints and the metadata that it does not name.",
        "partial-update",
        ("jobs.patch.keeps-omitted-constraints", "jobs.patch.keeps-omitted-metadata"),
        "PATCH written like a replacement.",
        after(_PATCH, _drops_unsent("constraints", "metadata")),
        consequences=(
            "jobs.responses.always-shown",
            "jobs.trace.kept",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-moves",
        "PATCH of a job without a pool puts the job on a default one.",
        "partial-update",
        ("jobs.patch.keeps-omitted-pool-info",),
        "Other schedulers have a default queue.",
        after(_PATCH, _moves),
        consequences=(
            "jobs.patch.empty-body-changes-nothing",
            "jobs.trace.kept",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-drops-fixed",
        "PATCH of a job loses what it cannot change.",
        "partial-update",
        (
            "jobs.patch.keeps-display-name",
            "jobs.patch.keeps-uses-task-dependencies",
            "jobs.patch.keeps-common-environment",
            "jobs.patch.keeps-on-task-failure",
        ),
        "The job is written anew from the members of the change.",
        after(_PATCH, drops(*_TEXTS)),
        consequences=(
            "jobs.responses.always-shown",
            "jobs.trace.kept",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-drops-tasks",
        "PATCH of a job loses the tasks that the job brings.",
        "partial-update",
        ("jobs.patch.keeps-manager", "jobs.patch.keeps-preparation", "jobs.patch.keeps-release"),
        "They are in tables of their own, of which the change knows nothing.",
        after(_PATCH, drops(*_TASKS)),
        consequences=("jobs.trace.kept",),
    ),
    Defect(
        "job-preemption-not-patched",
        "PATCH of a job does not know allowTaskPreemption.",
        "versions",
        ("jobs.patch.sets-allow-task-preemption",),
        "The model of an older version, with unknown members skipped.",
        deaf_to_member(_PATCH, "allowTaskPreemption"),
        consequences=(
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-keeps-emptied-metadata",
        "PATCH of a job with empty metadata leaves those that are there.",
        "partial-update",
        ("jobs.patch.empty-metadata-removes",),
        "An empty list is false in many languages.",
        after(_PATCH, _keeps_emptied),
        consequences=(
            "jobs.patch.sets-metadata",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-appends-metadata",
        "PATCH of a job with metadata adds them to those that are there.",
        "partial-update",
        ("jobs.patch.sets-metadata",),
        "Lists that are merged by appending.",
        after(_PATCH, _appends),
        consequences=(
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-patch-empty-resets",
        "PATCH of a job with an empty object gives every property its default.",
        "partial-update",
        ("jobs.patch.empty-body-changes-nothing",),
        "Nothing is named, so nothing is known, so everything is reset.",
        after(_PATCH, _refills),
        consequences=(
            "jobs.patch.keeps-omitted-constraints",
            "jobs.patch.keeps-omitted-priority",
            "jobs.trace.kept",
        ),
    ),
    Defect(
        "job-move-half-done",
        "A disabled job that is moved to another pool goes on naming the old one in executionInfo.",
        "partial-update",
        ("jobs.patch.pool-of-disabled-executed",),
        "The same fact stored in two places, one of which is forgotten.",
        after(_PATCH, keeps("executionInfo")),
    ),
    Defect(
        "job-patch-moves-by-name",
        "PATCH of a disabled job with another pool is answered 200, and the job stays where it is.",
        "partial-update",
        ("jobs.patch.pool-of-disabled-set",),
        "Only what may always be changed is read.",
        after(_PATCH, keeps("poolInfo")),
        consequences=(
            "jobs.auto-pool.keep-alive-updated",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
)
