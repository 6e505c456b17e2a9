"""Lives that are stuck, skipped or reversed; what was deleted and is still there."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import member
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.stored import Changed, after, copied, place_of
from conformance.defects.where import fits
from conformance.reference.resources import joblife
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ELSEWHERE = "deleted elsewhere"
_LATE_SECONDS = 30.0
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")


def _stays(changed: Changed) -> None:
    """The events that were to follow find another state, and do nothing."""
    changed.restore(*_STATE)
    if "executionInfo" in changed.was:
        changed.restore("executionInfo")


def _ends_late(changed: Changed) -> None:
    _later(changed, lambda job, due: joblife.terminate(changed.store, job, "UserTerminate", due))


def _disabled_late(changed: Changed) -> None:
    _later(changed, lambda job, due: joblife.disable(changed.store, job, changed.sent.get("disableTasks", "requeue"), due))


def _later(changed: Changed, act: Callable[[Json, int], None]) -> None:
    job = changed.now
    _stays(changed)

    def carry_out(due: int) -> None:
        if job["state"] == "active":
            act(job, due)

    changed.store.agenda.after(job["_modified"], _LATE_SECONDS, carry_out)


def _survives(where: str) -> Maker:
    """What is deleted is there again, as it was; what was to follow finds the other one."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            place = place_of(asked.path) if fits(where, asked) else None
            old = service.store.get(*place) if place else None
            was = copied(old) if old is not None else None
            answer = await ask(asked)
            if place and old is not None and was is not None and answer.status < 300:
                service.store.put(*place, was)
                old["id"] = _ELSEWHERE
            return answer

        return lie

    return make


DEFECTS = (
    Defect(
        "job-terminate-late",
        "Terminating a job is answered 202, and the job stays active for half a minute.",
        "life-cycles",
        (
            "jobs.terminate.at-once",
            "jobs.terminating.refuses-changes",
            "jobs.trace.actions-lead",
        ),
        "Carried out when somebody comes round to it.",
        after("POST /jobs/{}/terminate", _ends_late),
        consequences=(
            "tasks.*.terminating-job-refused",
            "tasks.add.terminated-job-refused",
        ),
    ),
    Defect(
        "job-disable-late",
        "Disabling a job is answered 202, and the job stays active for half a minute.",
        "life-cycles",
        ("jobs.disable.at-once", "jobs.trace.actions-lead"),
        "Carried out when somebody comes round to it.",
        after("POST /jobs/{}/disable", _disabled_late),
        consequences=("jobs.disable.wait-lets-tasks-end",),
    ),
    Defect(
        "schedule-enable-ignored",
        "Enabling a job schedule is answered 204, and the schedule stays disabled.",
        "life-cycles",
        (
            "job-schedules.enable.state-active",
            "job-schedules.trace.actions-lead",
        ),
        "A stub that says yes.",
        after("POST /jobschedules/{}/enable", _stays),
    ),
    Defect(
        "pool-previous-allocation",
        "A pool that is resizing is shown as stopping.",
        "life-cycles",
        ("pools.trace.states",),
        "States mapped by position from another list.",
        member("GET /pools/{}", "allocationState", lambda state: "stopping" if state == "resizing" else state),
        consequences=(
            "pools.resize.becomes-resizing",
            "pools.trace.state-times",
        ),
    ),
    Defect(
        "task-delete-survives",
        "A task that was deleted is still there.",
        "deletion",
        (
            "tasks.delete.gone",
            "tasks.trace.gone",
        ),
        "Deleted from a copy.",
        _survives("DELETE /jobs/{}/tasks/{}"),
        consequences=(
            "tasks.delete.*",
            "tasks.run.delete-running",
            "tasks.trace.etag-stays",
            "protocol.etag.stable-on-read",
        ),
    ),
    Defect(
        "schedule-delete-survives",
        "A job schedule that was deleted is active again.",
        "deletion",
        (
            "job-schedules.trace.deleting-refuses",
            "job-schedules.patch.deleted-refused",
            "job-schedules.update.deleted-refused",
            "job-schedules.delete.deleted-refused",
            "job-schedules.disable.deleted-refused",
            "job-schedules.enable.deleted-refused",
            "job-schedules.terminate.deleted-refused",
        ),
        "Deleted from a copy.",
        _survives("DELETE /jobschedules/{}"),
        consequences=("job-schedules.delete.gone", "job-schedules.trace.gone", "job-schedules.trace.actions-lead"),
    ),
)
