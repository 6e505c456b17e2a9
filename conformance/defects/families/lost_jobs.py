"""Jobs that forget what was said when they were made."""

from __future__ import annotations

from conformance.defects.answers import member
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect, Maker
from conformance.defects.paths import ABSENT, put
from conformance.defects.requests import sent_body
from conformance.defects.stored import Changed, created
from conformance.reference.wire import Json

_ADD, _GET = "POST /jobs", "GET /jobs/{}"
_TASKS = ("jobManagerTask", "jobPreparationTask", "jobReleaseTask")
_PARTS = ("allowLowPriorityNode", "requiredSlots", "outputFiles", "resourceFiles", "userIdentity")
_TASK_PARTS = ("environmentSettings", "constraints")


def _forgets(*paths: str) -> Maker:
    """What was sent there is taken, and not stored."""

    def change(changed: Changed) -> None:
        for path in paths:
            put(changed.now, path, ABSENT)

    return created(_ADD, change, lambda asked: any(has_member(path)(asked) for path in paths))


def _ascii(name: str) -> str:
    return name.encode("ascii", "replace").decode()


def _drops_empty(document: Json) -> None:
    if isinstance(document.get("metadata"), list):
        document["metadata"] = [item for item in document["metadata"] if not isinstance(item, dict) or item.get("value") != ""]


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
            "jobs.trace.writes-shown",
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
            "jobs.responses.always-shown",
            "jobs.trace.defaults",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
            "jobs.versions.on-task-failure",
            "tasks.add.dependency-actions-accepted",
            "tasks.add.depends-list-inside-accepted",
            "tasks.add.depends-on-ids-kept",
            "tasks.add.exit-conditions-kept",
            "tasks.add.job-actions-accepted",
            "tasks.versions.dependency-action",
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
            "jobs.trace.writes-shown",
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
            "jobs.trace.writes-shown",
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
            "jobs.trace.writes-shown",
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
            "jobs.update.sets-max-parallel-tasks",
            "jobs.update.sets-on-all-tasks-complete",
            "jobs.update.sets-priority",
        ),
    ),
)
