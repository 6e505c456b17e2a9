"""What ends a job by itself, or does not."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.leniency import has_member
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import at, put
from conformance.defects.pretending import pretends
from conformance.defects.requests import sent_body
from conformance.defects.stored import Changed, created, place_of
from conformance.defects.where import fits
from conformance.reference.resources import joblife
from conformance.reference.resources.jobaccess import tasks_of
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ADD, _ANY = "POST /jobs", "GET /jobs/{}, POST /jobs/{}/tasks/{}/terminate"
_ACTION, _JOB_ACTION = "onAllTasksComplete", "exitOptions.jobAction"
_DONE = frozenset({"completed"})
Judges = Callable[[Store, Json], bool]


def _ends_too_soon(judges: Judges, reason: str) -> Maker:
    """A job that is found so when it is looked at, or when a task of it was ended, ends."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not fits(_ANY, asked):
                return await ask(asked)
            now = service.settings.clock.now()
            place = place_of("/".join(asked.path.split("/")[:3]))
            service.store.agenda.run(now)
            job = service.store.get(*place) if place else None
            if job is not None and job["state"] == "active" and judges(service.store, job):
                joblife.terminate(service.store, job, reason, now)
            return await ask(asked)

        return lie

    return make


def _first_done(store: Store, job: Json) -> bool:
    return job.get(_ACTION) == "terminatejob" and any(task["state"] in _DONE for task in tasks_of(store, job))


def _all_done(store: Store, job: Json) -> bool:
    tasks = tasks_of(store, job)
    return job.get(_ACTION) == "noaction" and bool(tasks) and all(task["state"] in _DONE for task in tasks)


def _failed(store: Store, job: Json) -> bool:
    codes = (at(task, "executionInfo.exitCode") for task in tasks_of(store, job) if task["state"] in _DONE)
    return job.get("onTaskFailure") == "noaction" and any(code not in (0, None) and isinstance(code, int) for code in codes)


def _tried_again(store: Store, job: Json) -> bool:
    tried = any(task["executionInfo"].get("retryCount", 0) > 0 for task in tasks_of(store, job))
    return job.get("onTaskFailure") == "performexitoptionsjobaction" and tried


def _forgets_time(changed: Changed) -> None:
    """The clock that was set goes by another number."""
    changed.now["_watch"] = changed.now["_watch"] + 1


def _terminates(document: Json) -> None:
    codes = at(document, "exitConditions.exitCodes")
    for code in codes if isinstance(codes, list) else ():
        if at(code, _JOB_ACTION) == "none":
            put(code, _JOB_ACTION, "terminate")


def _without_actions(codes: object) -> object:
    """Exit codes without the job actions that belong to them."""
    if not isinstance(codes, list):
        return codes
    plain = [
        {**code, "exitOptions": {**code.get("exitOptions", {}), "jobAction": "none"}} for code in codes if isinstance(code, dict)
    ]
    return plain if len(plain) == len(codes) else codes


DEFECTS = (
    Defect(
        "job-time-never-up",
        "The maxWallClockTime of a job is stored, and nothing happens when it is over.",
        "life-cycles",
        ("jobs.max-wall-clock-time.ends-job",),
        "An emulator without a clock.",
        created(_ADD, _forgets_time, has_member("constraints.maxWallClockTime")),
    ),
    Defect(
        "job-done-goes-on",
        "The onAllTasksComplete is stored, and nothing happens when all tasks are complete.",
        "life-cycles",
        ("jobs.on-all-tasks-complete.ends-empty-job",),
        "What an emulator does not carry out, it stores.",
        pretends("/jobs", _ACTION, "noaction"),
        consequences=(
            "jobs.on-all-tasks-complete.ends-job",
            "jobs.on-all-tasks-complete.last-task-ends-job",
            "jobs.patch.termination-not-revoked",
            "jobs.update.termination-not-revoked",
        ),
    ),
    Defect(
        "job-done-with-first-task",
        "A job with onAllTasksComplete terminatejob ends when the first of its tasks is completed.",
        "life-cycles",
        ("jobs.on-all-tasks-complete.last-task-ends-job",),
        "Any, where all is meant.",
        _ends_too_soon(_first_done, "AllTasksComplete"),
    ),
    Defect(
        "job-done-whatever-said",
        "A job with onAllTasksComplete noaction ends when all its tasks are completed.",
        "life-cycles",
        ("jobs.on-all-tasks-complete.noaction-goes-on",),
        "A job without work is done.",
        _ends_too_soon(_all_done, "AllTasksComplete"),
        consequences=(
            "jobs.on-task-failure.none-goes-on",
            "tasks.exit-conditions.default-not-named",
            "tasks.exit-conditions.range-outside",
        ),
    ),
    Defect(
        "job-failure-never-heeded",
        "What is to become of a job when a task fails is stored, and nothing happens.",
        "life-cycles",
        ("jobs.on-task-failure.terminates", "jobs.on-task-failure.disables"),
        "What an emulator does not carry out, it stores.",
        pretends("/jobs/{}/tasks", "exitConditions.exitCodes", _without_actions),
        consequences=(
            "protocol.errors.missing-nested-property",
            "tasks.add.exit-options-required",
            "tasks.exit-conditions.code",
            "tasks.exit-conditions.zero-named",
            "tasks.list.element-equals-get",
            "tasks.trace.list-agrees",
            "tasks.trace.reads-agree",
        ),
    ),
    Defect(
        "job-failure-none-terminates",
        "An exit option that asks for none ends the job.",
        "life-cycles",
        ("jobs.on-task-failure.none-goes-on",),
        "Exit options are there, so something has to be done.",
        sent_body("POST /jobs/{}/tasks", _terminates),
        consequences=(
            "tasks.add.exit-conditions-kept",
            "tasks.exit-conditions.default-not-named",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "job-failure-always-heeded",
        "A job with onTaskFailure noaction ends when a task fails.",
        "life-cycles",
        ("jobs.on-task-failure.noaction-goes-on",),
        "Other schedulers stop at the first failure.",
        _ends_too_soon(_failed, "TaskFailed"),
    ),
    Defect(
        "job-failure-before-retries",
        "A job ends when a task fails that is to be tried again.",
        "life-cycles",
        ("jobs.on-task-failure.retries-first",),
        "Each run that fails is reported, not the last one.",
        _ends_too_soon(_tried_again, "TaskFailed"),
    ),
)
