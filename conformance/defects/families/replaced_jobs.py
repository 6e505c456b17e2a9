"""PUT of a job that keeps, drops or does not arrive."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.stored import Changed, after, drops, keeps
from conformance.reference.instants import iso

_PUT = "PUT /jobs/{}"
_TEXTS = ("displayName", "usesTaskDependencies", "commonEnvironmentSettings", "onTaskFailure")
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")


def _keeps_unsent(*names: str) -> Callable[[Changed], None]:
    return lambda changed: changed.restore(*(name for name in names if name not in changed.sent))


def _merges_limits(changed: Changed) -> None:
    if "constraints" in changed.sent:
        changed.now["constraints"] = {**changed.was.get("constraints", {}), **(changed.sent["constraints"] or {})}


def _begins_anew(changed: Changed) -> None:
    """The row is written anew: it tells of its own birth."""
    born = iso(changed.now["_modified"])
    changed.now.update({"creationTime": born, "stateTransitionTime": born})
    changed.now["executionInfo"] = {**changed.now["executionInfo"], "startTime": born}


def _ends_when_done(changed: Changed) -> None:
    if "onAllTasksComplete" not in changed.sent:
        changed.now["onAllTasksComplete"] = "terminatejob"


DEFECTS = (
    Defect(
        "job-put-drops-fixed",
        "PUT of a job loses what it cannot change.",
        "full-replace",
        (
            "jobs.update.keeps-display-name",
            "jobs.update.keeps-uses-task-dependencies",
            "jobs.update.keeps-common-environment",
            "jobs.update.keeps-on-task-failure",
            "jobs.update.keeps-manager",
            "jobs.update.keeps-preparation",
            "jobs.update.keeps-release",
        ),
        "The whole document is replaced.",
        after(_PUT, drops(*_TEXTS, *_TASKS)),
        consequences=(
            "jobs.responses.always-shown",
            "jobs.trace.kept",
        ),
    ),
    Defect(
        "job-put-keeps-unsent",
        "PUT of a job leaves what it does not name.",
        "full-replace",
        (
            "jobs.update.clears-omitted-metadata",
            "jobs.update.resets-omitted-priority",
            "jobs.update.resets-omitted-max-parallel-tasks",
            "jobs.update.resets-omitted-allow-task-preemption",
            "jobs.trace.defaults",
            "jobs.trace.unsent-absent",
        ),
        "PUT written like PATCH.",
        after(_PUT, _keeps_unsent("metadata", "priority", "maxParallelTasks", "allowTaskPreemption")),
    ),
    Defect(
        "job-put-ends-when-done",
        "PUT of a job without onAllTasksComplete sets it to terminatejob.",
        "full-replace",
        ("jobs.update.keeps-omitted-noaction",),
        "The action that most jobs want taken for the default.",
        after(_PUT, _ends_when_done),
        consequences=("jobs.trace.defaults",),
    ),
    Defect(
        "job-put-ignored",
        "PUT of a job is answered 200 and changes nothing.",
        "full-replace",
        (
            "jobs.update.sets-priority",
            "jobs.update.sets-constraints",
            "jobs.update.sets-metadata",
            "jobs.update.sets-max-parallel-tasks",
            "jobs.update.sets-allow-task-preemption",
            "jobs.update.sets-on-all-tasks-complete",
            "jobs.update.pool-of-disabled-set",
            "jobs.trace.sent-shown",
        ),
        "A stub that says yes.",
        after(
            _PUT,
            keeps(
                "priority", "constraints", "metadata", "maxParallelTasks", "allowTaskPreemption", "onAllTasksComplete", "poolInfo"
            ),
        ),
        consequences=(
            "jobs.trace.defaults",
            "jobs.trace.unsent-absent",
            "jobs.update.clears-omitted-constraints",
            "jobs.update.clears-omitted-metadata",
            "jobs.update.replaces-constraints",
            "jobs.update.resets-omitted-allow-task-preemption",
            "jobs.update.resets-omitted-max-parallel-tasks",
            "jobs.update.resets-omitted-priority",
        ),
    ),
    Defect(
        "job-changes-merge-limits",
        "A change of a job merges the constraints with the old ones instead of replacing them.",
        "full-replace",
        ("jobs.patch.replaces-constraints", "jobs.update.replaces-constraints", "jobs.trace.whole"),
        "JSON merge patch, which this is not.",
        after("PATCH|PUT /jobs/{}", _merges_limits),
        consequences=(
            "jobs.trace.defaults",
            "jobs.trace.writes-shown",
            "jobs.update.clears-omitted-constraints",
        ),
    ),
    Defect(
        "job-changes-renew-times",
        "A change of a job makes it as old as the change.",
        "partial-update",
        ("jobs.patch.keeps-identity-times", "jobs.update.keeps-identity-times", "jobs.trace.identity"),
        "The row is deleted and written anew.",
        after("PATCH|PUT /jobs/{}", _begins_anew),
        consequences=(
            "jobs.patch.empty-body-changes-nothing",
            "jobs.trace.previous-state",
            "jobs.trace.state-times",
        ),
    ),
)
