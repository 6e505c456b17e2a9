"""Job schedules: actions that do nothing, too much, or what was not asked for."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body
from conformance.defects.jobsmade import before_request
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.schedules import ADD, GET, MADE
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits, has
from conformance.reference.resources.joblife import jobs_of
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime", "executionInfo")
_TERMINATE, _DELETE = "POST /jobschedules/{}/terminate", "DELETE /jobschedules/{}"


def _stays(changed: Changed) -> None:
    changed.restore(*_STATE)


def _itself(document: Json) -> None:
    if document.get("previousState") and document.get("state") != "active":
        document["previousState"] = document["state"]


def _forgotten(document: Json) -> None:
    if document.get("state") == "active":
        document.pop("previousState", None)


def _no_end(document: Json) -> None:
    document.get("executionInfo", {}).pop("endTime", None)


def _next_run(document: Json) -> None:
    info = document.get("executionInfo", {})
    if "endTime" in info:
        info["nextRunTime"] = info["endTime"]


def _frees_jobs(store: Store, schedule: Json, now: int) -> None:
    """They no longer belong to the schedule, and so do not end with it."""
    for job in jobs_of(store, schedule["id"]):
        job["_schedule"] = None


def _cleans_up(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        for schedule in service.store.all("jobschedule") if fits(MADE, asked) else ():
            if schedule["state"] == "completed" and schedule.get("previousState") == "terminating":
                for job in jobs_of(service.store, schedule["id"]):
                    service.store.remove("job", job["id"])
        return await ask(asked)

    return lie


def _never_free(service: Service) -> Lie:
    used: set[Any] = set()
    refusing = refuses(ADD, lambda asked: True, "JobScheduleExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if not fits(ADD, asked):
            return await ask(asked)
        name = sent(asked).get("id")
        if isinstance(name, str) and name in used and service.store.get("jobschedule", name) is None:
            return await refusing(asked, ask)
        answer = await ask(asked)
        if answer.status == 201:
            used.add(name)
        return answer

    return lie


def _refuses_completed(service: Service) -> Lie:
    refusing = refuses(_DELETE, lambda asked: True, "JobScheduleCompleted")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(_DELETE, asked) else None
        schedule = service.store.get(*place) if place else None
        ended = schedule is not None and schedule["state"] == "completed"
        return await (refusing(asked, ask) if ended else ask(asked))

    return lie


def _life(id: str, lie: str, requirements: tuple[str, ...], idea: str, make: Any, *consequences: str) -> Defect:
    names = tuple(f"job-schedules.{name}" for name in requirements)
    return Defect(id, lie, "deletion" if "delete" in lie else "life-cycles", names, idea, make, consequences)


DEFECTS = (
    _life(
        "schedule-disable-ignored",
        "Disabling a job schedule is answered 204, and the schedule stays active.",
        ("disable.state-disabled", "trace.actions-lead"),
        "A stub that says yes.",
        after("POST /jobschedules/{}/disable", _stays),
        "job-schedules.disable.no-jobs",
        "job-schedules.list.filter-state",
    ),
    _life(
        "schedule-terminate-ignored",
        "Terminating a job schedule is answered 202, and the schedule stays active.",
        ("terminate.ends-completed", "trace.actions-lead"),
        "A stub that says yes.",
        after(_TERMINATE, _stays),
        "job-schedules.terminate.again-refused",
    ),
    _life(
        "schedule-previous-is-present",
        "previousState of a job schedule is the state that it is in.",
        ("disable.previous-state", "terminate.previous-state", "trace.previous-state"),
        "Saved after the assignment.",
        body(GET, _itself),
        "job-schedules.list.element-equals-get",
    ),
    _life(
        "schedule-enabled-as-new",
        "A job schedule that was enabled again shows no previousState.",
        ("enable.previous-state",),
        "Active is taken for the beginning.",
        body(GET, _forgotten),
    ),
    _life(
        "schedule-without-end-time",
        "A job schedule that is completed shows no end time.",
        ("clock.completed-end-time", "terminate.end-time"),
        "What nobody asks for is not kept.",
        body(GET, _no_end),
        "job-schedules.list.element-equals-get",
        "job-schedules.responses.state",
        "job-schedules.trace.reads-agree",
    ),
    _life(
        "schedule-completed-runs-again",
        "A job schedule that is completed shows a next run time.",
        ("clock.completed-no-next-run-time", "terminate.no-next-run-time"),
        "The timer is not asked whether it still runs.",
        body(GET, _next_run),
        "job-schedules.list.element-equals-get",
    ),
    _life(
        "schedule-terminate-spares-job",
        "Terminating a job schedule leaves its active job as it was.",
        ("terminate.ends-active-job",),
        "No cascade.",
        before_request(_TERMINATE, _frees_jobs),
    ),
    _life(
        "schedule-terminate-removes-jobs",
        "The jobs of a job schedule are removed when it was terminated.",
        ("terminate.keeps-jobs",),
        "Terminating taken for deleting.",
        _cleans_up,
    ),
    _life(
        "schedule-delete-spares-jobs",
        "The jobs of a job schedule stay when it is deleted.",
        ("delete.deletes-jobs",),
        "No cascade.",
        before_request(_DELETE, _frees_jobs),
    ),
    _life(
        "schedule-id-never-free",
        "The id of a job schedule that was deleted can never be used again.",
        ("delete.id-free-again", "trace.free-again"),
        "Deleted rows are marked as such, and keep their key.",
        _never_free,
    ),
    _life(
        "schedule-completed-undeletable",
        "A job schedule that is completed cannot be deleted.",
        ("delete.completed-accepted",),
        "The rule for updates is applied to all that writes.",
        _refuses_completed,
    ),
    Defect(
        "schedule-force-unknown",
        "The parameter force is refused when a job schedule is deleted or terminated.",
        "versions",
        ("job-schedules.delete.force-accepted", "job-schedules.terminate.force-accepted"),
        "An older version's list of parameters.",
        refuses(f"{_DELETE}, {_TERMINATE}", has("force"), "InvalidQueryParameterValue", {"QueryParameterName": "force"}),
        at="2024-07-01.20.0",
    ),
)
