"""What a job says for its manager and its tasks, and services that store it and do something else."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body
from conformance.defects.combined import hears
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect, Maker
from conformance.defects.paths import ABSENT
from conformance.defects.pretending import pretends
from conformance.defects.stored import Changed, created
from conformance.reference.resources.jobaccess import kind_of_tasks
from conformance.reference.wire import Json

_ADD, _TASK = "POST /jobs", "POST /jobs/{}/tasks"
_KEEP = "poolInfo.autoPoolSpecification.keepAlive"
_MANAGER = "jobManagerTask"


def _acts(path: str, value: Any, default: Any = ABSENT) -> Maker:
    return pretends("/jobs", path, value, default)


def _one_more(count: object) -> object:
    return count + 1 if isinstance(count, int) and count >= 0 else count


def _nameless(settings: object) -> object:
    """Settings without values."""
    return [{"name": one.get("name")} for one in settings if isinstance(one, dict)] if isinstance(settings, list) else settings


def _no_manager(changed: Changed) -> None:
    changed.store.remove(kind_of_tasks(changed.now), changed.now[_MANAGER]["id"])


def _unlisted_manager(document: Json) -> None:
    document["value"] = [task for task in document["value"] if task.get("id") != "manager"]


DEFECTS = (
    Defect(
        "job-manager-not-created",
        "A job manager is stored with the job, and no task is made of it.",
        "life-cycles",
        ("jobs.manager.task-created",),
        "What an emulator does not carry out, it stores.",
        created(_ADD, _no_manager, has_member(_MANAGER)),
    ),
    Defect(
        "job-manager-unlisted",
        "The tasks of a job are listed without the job manager.",
        "paging",
        ("jobs.manager.only-task-at-first",),
        "The client did not add it.",
        body("GET /jobs/{}/tasks", _unlisted_manager),
    ),
    Defect(
        "job-manager-never-ends-job",
        "The killJobOnCompletion is stored, and the job goes on when its manager has ended.",
        "life-cycles",
        ("jobs.manager.ends-job",),
        "What an emulator does not carry out, it stores.",
        _acts(f"{_MANAGER}.killJobOnCompletion", False, True),
    ),
    Defect(
        "job-manager-always-ends-job",
        "A job ends with its manager whatever killJobOnCompletion says.",
        "life-cycles",
        ("jobs.manager.leaves-job",),
        "The default is taken for a rule.",
        _acts(f"{_MANAGER}.killJobOnCompletion", True),
        consequences=("jobs.manager.all-tasks-complete",),
    ),
    Defect(
        "job-manager-shares",
        "The runExclusive of a job manager is stored, and other tasks run beside it.",
        "life-cycles",
        ("jobs.manager.exclusive",),
        "What an emulator does not carry out, it stores.",
        _acts(f"{_MANAGER}.runExclusive", False, True),
    ),
    Defect(
        "job-manager-alone",
        "A job manager has its node for itself whatever runExclusive says.",
        "life-cycles",
        ("jobs.manager.shared",),
        "The default is taken for a rule.",
        _acts(f"{_MANAGER}.runExclusive", True),
    ),
    Defect(
        "job-environment-unset",
        "The common environment settings of a job are stored, and set for no task.",
        "life-cycles",
        ("jobs.common-environment.reaches-tasks",),
        "What an emulator does not carry out, it stores.",
        _acts("commonEnvironmentSettings", _nameless),
    ),
    Defect(
        "job-environment-wins",
        "The common environment settings of a job win over those of a task.",
        "life-cycles",
        ("jobs.common-environment.overridden",),
        "Two dictionaries merged in the wrong order.",
        hears(_TASK, ("environmentSettings", ABSENT), when=has_member("environmentSettings")),
        consequences=(
            "protocol.errors.missing-nested-property",
            "tasks.add.environment-kept",
            "tasks.add.environment-name-required",
            "tasks.add.environment-value-optional",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "job-retries-off-by-one",
        "A task is tried again once more than maxTaskRetryCount of its job says.",
        "limits",
        ("jobs.max-task-retry-count.retries", "jobs.max-task-retry-count.zero"),
        "Off by one between tries and retries.",
        _acts("constraints.maxTaskRetryCount", _one_more),
        consequences=(
            "jobs.patch.replaces-constraints",
            "jobs.trace.sent-shown",
            "jobs.trace.whole",
            "jobs.update.replaces-constraints",
            "jobs.update.sets-constraints",
            "tasks.run.retries-of-job",
        ),
    ),
    Defect(
        "job-auto-pool-never-deleted",
        "The keepAlive of an auto pool is true whatever was said.",
        "life-cycles",
        ("jobs.auto-pool.deleted-at-end", "jobs.auto-pool.deleted-with-job"),
        "Deleting is left to the client.",
        _acts(_KEEP, True, False),
    ),
    Defect(
        "job-auto-pool-always-deleted",
        "The keepAlive of an auto pool is stored, and the pool goes with the job.",
        "life-cycles",
        ("jobs.auto-pool.kept-alive", "jobs.auto-pool.keep-alive-updated"),
        "A flag that is stored, and not read.",
        _acts(_KEEP, False),
    ),
)
