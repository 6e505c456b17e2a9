"""Jobs that show what nobody said."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.stored import Changed, created
from conformance.defects.unsaid import shows_unsaid
from conformance.reference.wire import Json

_ADD = "POST /jobs"
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")
_SCOPE = "userIdentity.autoUser.scope"


def _names_itself(changed: Changed) -> None:
    changed.now.setdefault("displayName", changed.now["id"])


# what nobody said of the tasks that a job brings
_TASK_DEFAULTS: Json = {
    "jobManagerTask.killJobOnCompletion": False,
    "jobManagerTask.runExclusive": False,
    "jobManagerTask.requiredSlots": 0,
    "jobPreparationTask.waitForSuccess": False,
    "jobPreparationTask.rerunOnNodeRebootAfterSuccess": False,
    "jobReleaseTask.maxWallClockTime": "PT1H",
    "jobReleaseTask.retentionTime": "P1D",
    "jobManagerTask.constraints.maxWallClockTime": "PT1H",
    "jobManagerTask.constraints.retentionTime": "P1D",
    "jobPreparationTask.constraints.maxWallClockTime": "PT1H",
    "jobPreparationTask.constraints.retentionTime": "P1D",
    "jobManagerTask.userIdentity": {"autoUser": {"scope": "pool", "elevationLevel": "admin"}},
    **{f"{task}.{_SCOPE}": "task" for task in _TASKS},
    "jobPreparationTask.id": "a1b2c3d4",
    "jobReleaseTask.id": "e5f6a7b8",
    "jobManagerTask.allowLowPriorityNode": "default",
}

DEFECTS = (
    Defect(
        "job-display-name-of-id",
        "A job that was created without displayName shows its id as one.",
        "defaults",
        ("jobs.add.display-name-absent",),
        "Names fall back on ids in many user interfaces.",
        created(_ADD, _names_itself),
        consequences=(
            "jobs.trace.unsent-absent",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-words-default",
        "A job shows true and the second word for what was not said.",
        "defaults",
        (
            "jobs.add.priority-default",
            "jobs.add.uses-task-dependencies-default",
            "jobs.add.on-task-failure-default",
            "jobs.add.on-all-tasks-complete-default",
            "jobs.add.allow-task-preemption-default",
        ),
        "Defaults of another scheduler.",
        shows_unsaid(
            "/jobs",
            {
                "priority": 500,
                "usesTaskDependencies": True,
                "onTaskFailure": "performexitoptionsjobaction",
                "onAllTasksComplete": "terminatejob",
                "allowTaskPreemption": True,
            },
        ),
        consequences=(
            "jobs.trace.defaults",
            "jobs.trace.writes-shown",
            "jobs.update.keeps-omitted-noaction",
            "jobs.update.resets-omitted-allow-task-preemption",
            "jobs.update.resets-omitted-priority",
        ),
    ),
    Defect(
        "job-limits-default",
        "A job shows limits that nobody set.",
        "defaults",
        (
            "jobs.add.max-parallel-tasks-default",
            "jobs.add.max-wall-clock-time-default",
            "jobs.add.max-task-retry-count-default",
        ),
        "A number that was not set is 0 in most languages, and a duration too.",
        shows_unsaid(
            "/jobs",
            {"maxParallelTasks": 0, "constraints.maxWallClockTime": "PT0S", "constraints.maxTaskRetryCount": 3},
        ),
        consequences=(
            "jobs.list.element-equals-get",
            "jobs.trace.defaults",
            "jobs.trace.list-agrees",
            "jobs.trace.writes-shown",
            "jobs.update.clears-omitted-constraints",
            "jobs.update.resets-omitted-max-parallel-tasks",
        ),
    ),
    Defect(
        "job-tasks-defaults",
        "The tasks that a job brings show false, an hour, an administrator and a made up id for what was not said.",
        "defaults",
        (
            "jobs.add.manager-elevation-default",
            "jobs.add.manager-exclusive-default",
            "jobs.add.manager-kill-default",
            "jobs.add.manager-low-priority-default",
            "jobs.add.manager-scope-default",
            "jobs.add.manager-slots-default",
            "jobs.add.preparation-id-default",
            "jobs.add.preparation-rerun-default",
            "jobs.add.preparation-scope-default",
            "jobs.add.preparation-wait-default",
            "jobs.add.release-id-default",
            "jobs.add.release-scope-default",
            "jobs.add.release-time-limit-default",
            "jobs.add.task-retention-default",
            "jobs.add.task-time-limit-default",
        ),
        "Defaults of another scheduler.",
        shows_unsaid("/jobs", _TASK_DEFAULTS),
        consequences=(
            "jobs.responses.no-unknown-property",
            "jobs.responses.types",
            "jobs.trace.defaults",
            "jobs.trace.writes-shown",
        ),
    ),
)
