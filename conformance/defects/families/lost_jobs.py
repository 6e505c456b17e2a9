"""Jobs that forget what was said when they were made, and jobs that show what nobody said."""

from __future__ import annotations

from conformance.defects.answers import member
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect, Maker
from conformance.defects.paths import ABSENT, put
from conformance.defects.requests import sent_body
from conformance.defects.stored import Changed, created
from conformance.defects.unsaid import shows_unsaid
from conformance.reference.wire import Json

_ADD, _GET = "POST /jobs", "GET /jobs/{}"
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")
_PARTS = ("allowLowPriorityNode", "requiredSlots", "outputFiles", "resourceFiles", "userIdentity")
_TASK_PARTS = ("environmentSettings", "constraints")
_SCOPE = "userIdentity.autoUser.scope"


def _forgets(*paths: str) -> Maker:
    """What was sent there is taken, and not stored."""

    def change(changed: Changed) -> None:
        for path in paths:
            put(changed.now, path, ABSENT)

    return created(_ADD, change, lambda asked: any(has_member(path)(asked) for path in paths))


def _ascii(name: str) -> str:
    return name.encode("ascii", "replace").decode()


def _names_itself(changed: Changed) -> None:
    changed.now.setdefault("displayName", changed.now["id"])


def _drops_empty(document: Json) -> None:
    if isinstance(document.get("metadata"), list):
        document["metadata"] = [item for item in document["metadata"] if not isinstance(item, dict) or item.get("value") != ""]


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
        "job-new-settings-lost",
        "A new job forgets maxParallelTasks and allowTaskPreemption.",
        "versions",
        ("jobs.add.max-parallel-tasks-kept", "jobs.add.allow-task-preemption-kept"),
        "The model of an older version, with unknown members skipped.",
        _forgets("maxParallelTasks", "allowTaskPreemption"),
        consequences=(
            "jobs.add.allow-task-preemption-default",
            "jobs.add.max-parallel-tasks-default",
            "jobs.add.max-parallel-tasks-one-accepted",
            "jobs.trace.defaults",
            "jobs.trace.sent-shown",
            "jobs.versions.max-parallel-tasks",
            "jobs.versions.task-preemption",
        ),
    ),
    Defect(
        "job-actions-lost",
        "A new job forgets onAllTasksComplete, onTaskFailure and usesTaskDependencies.",
        "schema",
        (
            "jobs.add.on-all-tasks-complete-kept",
            "jobs.add.on-task-failure-kept",
            "jobs.add.uses-task-dependencies-kept",
        ),
        "What an emulator does not carry out, it does not store.",
        _forgets("onAllTasksComplete", "onTaskFailure", "usesTaskDependencies"),
        consequences=(
            "jobs.add.on-all-tasks-complete-default",
            "jobs.add.on-task-failure-default",
            "jobs.add.uses-task-dependencies-default",
            "jobs.manager.all-tasks-complete",
            "jobs.trace.defaults",
            "jobs.trace.sent-shown",
            "tasks.add.dependency-actions-accepted",
            "tasks.add.depends-list-inside-accepted",
            "tasks.add.depends-on-ids-kept",
            "tasks.add.exit-conditions-kept",
            "tasks.add.job-actions-accepted",
        ),
    ),
    Defect(
        "job-environment-lost",
        "A new job forgets its common environment settings and its constraints.",
        "schema",
        ("jobs.add.common-environment-kept", "jobs.add.constraints-kept"),
        "What an emulator does not carry out, it does not store.",
        _forgets("commonEnvironmentSettings", "constraints"),
        consequences=(
            "jobs.add.common-environment-value-optional",
            "jobs.add.max-task-retry-count-unlimited-accepted",
            "jobs.common-environment.reaches-tasks",
            "jobs.max-task-retry-count.retries",
            "jobs.responses.always-shown",
            "jobs.trace.sent-shown",
            "tasks.add.retry-count-of-job",
            "tasks.run.retries-of-job",
        ),
    ),
    Defect(
        "job-metadata-empty-value-lost",
        "Metadata of a new job with an empty value are left out.",
        "schema",
        ("jobs.add.metadata-kept",),
        "An empty text is false in many languages.",
        sent_body(_ADD, _drops_empty),
        consequences=(
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-display-name-ascii",
        "A displayName comes back with question marks for letters that are not ASCII.",
        "schema",
        ("jobs.add.display-name-kept",),
        "A text column without Unicode.",
        member(_GET, "displayName", _ascii),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
        ),
    ),
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
        "job-tasks-parts-lost",
        "The tasks that a job brings lose their environment settings and constraints.",
        "schema",
        ("jobs.add.manager-kept", "jobs.add.preparation-kept", "jobs.add.release-kept"),
        "Only the first level of the tasks is stored.",
        _forgets(*(f"{task}.{name}" for task in _TASKS for name in _TASK_PARTS)),
        consequences=(
            "jobs.add.task-retries-unlimited-accepted",
            "jobs.preparation.failure-retried",
            "jobs.trace.sent-shown",
        ),
    ),
    Defect(
        "job-manager-parts-lost",
        "A job manager loses its files, its user, and what newer versions have given it.",
        "versions",
        (
            "jobs.add.manager-low-priority-kept",
            "jobs.add.manager-slots-kept",
            "jobs.add.manager-output-files-kept",
            "jobs.add.manager-files-kept",
            "jobs.add.manager-user-kept",
        ),
        "The model of the first version, with unknown members skipped.",
        _forgets(*(f"jobManagerTask.{name}" for name in _PARTS)),
        consequences=(
            "jobs.add.manager-kept",
            "jobs.add.manager-scope-default",
            "jobs.trace.sent-shown",
        ),
    ),
    Defect(
        "job-pool-id-upper",
        "A job shows the id of its pool in upper case.",
        "schema",
        ("jobs.add.pool-info-kept",),
        "Keys that compare without case are stored in upper case.",
        member(_GET, "poolInfo/poolId", str.upper),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "job-schedules.jobs.filter-pool-id",
            "jobs.list.element-equals-get",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
            "jobs.update.sets-allow-task-preemption",
            "jobs.update.sets-on-all-tasks-complete",
            "jobs.update.sets-priority",
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
            "jobs.responses.types",
            "jobs.trace.defaults",
            "jobs.trace.writes-shown",
        ),
    ),
)
