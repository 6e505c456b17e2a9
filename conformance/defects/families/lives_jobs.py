"""Lives of jobs that are stuck, cut short or told otherwise."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.seldom import first_time
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_JOB = "GET /jobs/{}"
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")
_ON_THE_WAY = "on the way"


def _stays(changed: Changed) -> None:
    changed.restore(*_STATE)


def _stuck(changed: Changed) -> None:
    """What was to follow finds another job."""
    changed.store.put("job", changed.key, {**changed.now})


def _loses_pool(changed: Changed) -> None:
    changed.now["executionInfo"] = {**changed.now["executionInfo"], "poolId": "none"}


def _previous(*states: str) -> Callable[[Json], None]:
    def change(job: Json) -> None:
        if job.get("state") in states and "previousState" in job:
            job["previousState"] = job["state"]

    return change


def _only_shown(service: Service) -> Lie:
    """A job that is disabled is shown so, and goes on."""
    shown: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits("POST|GET /jobs/{}...", asked) else None
        job = service.store.get(*place) if place and place[0] == "job" else None
        was = dict(job) if job is not None else {}
        answer = await ask(asked)
        if place is None or job is None:
            return answer
        if fits("POST /jobs/{}/disable", asked) and answer.status == 202:
            shown.add(place[1])
            job.update({name: was[name] for name in ("state", "stateTransitionTime")})
        elif fits(_JOB, asked) and place[1] in shown and job["state"] == "active":
            return await body(_JOB, _disabled)(service)(asked, _told(answer))
        return answer

    return lie


def _told(answer: WireAnswer) -> Ask:
    async def tell(asked: WireRequest) -> WireAnswer:
        return answer

    return tell


def _disabled(job: Json) -> None:
    job.update({"state": "disabled", "previousState": "active", "previousStateTransitionTime": job.get("stateTransitionTime")})


def _transitions_touch(service: Service) -> Lie:
    """What the service does to a job counts as a change of it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        now = service.settings.clock.now()
        place = place_of(asked.path) if fits("GET /jobs/{}", asked) else None
        service.store.agenda.run(now)
        job = service.store.get(*place) if place else None
        if job is not None and job["state"] in ("completed", "deleting") and not job.get(_ON_THE_WAY):
            job[_ON_THE_WAY] = True
            touch(job, now)
        return await ask(asked)

    return lie


DEFECTS = (
    Defect(
        "job-disable-only-shown",
        "A disabled job is shown as disabled, and its tasks are run all the same.",
        "life-cycles",
        (
            "jobs.disable.starts-no-tasks",
            "jobs.disable.requeue-returns-tasks",
            "jobs.disable.terminate-ends-tasks",
            "jobs.disable.wait-lets-tasks-end",
        ),
        "The state is a label, which the scheduler does not read.",
        _only_shown,
        consequences=(
            "jobs.enable.honours-conditions",
            "jobs.list.element-equals-get",
            "jobs.list.filter-state",
            "jobs.trace.state-times",
        ),
    ),
    Defect(
        "job-first-disabling-for-ever",
        "The first job that is disabled with an option stays disabling.",
        "life-cycles",
        ("jobs.disable.requeue-ends-disabled", "jobs.disable.terminate-ends-disabled", "jobs.disable.wait-ends-disabled"),
        "The worker that is to see to it is started by this, and misses what started it.",
        first_time("POST /jobs/{}/disable", _stuck, "disableTasks"),
    ),
    Defect(
        "job-enable-ignored",
        "Enabling a job for the first time is answered 202, and the job stays disabled.",
        "life-cycles",
        ("jobs.enable.ends-active",),
        "A stub that says yes.",
        first_time("POST /jobs/{}/enable", _stays),
        consequences=(
            "jobs.disable.requeue-returns-tasks",
            "jobs.enable.resumes-tasks",
        ),
    ),
    Defect(
        "job-enabled-nowhere",
        "A job that was disabled and enabled has lost its pool: its tasks wait for ever.",
        "life-cycles",
        ("jobs.enable.resumes-tasks",),
        "The job is put back into the table, and not into the scheduler.",
        after("POST /jobs/{}/enable", _loses_pool),
        consequences=(
            "jobs.auto-pool.keep-alive-updated",
            "jobs.disable.requeue-returns-tasks",
        ),
    ),
    Defect(
        "job-disabled-previous-state",
        "The state before of a disabled job is the one that it is in.",
        "life-cycles",
        ("jobs.disable.previous-state", "jobs.trace.previous-state"),
        "The old state is kept after the new one was set.",
        body(_JOB, _previous("disabled")),
        consequences=("jobs.list.element-equals-get",),
    ),
    Defect(
        "job-later-previous-state",
        "The state before of a job that is active again, or completed, is the one that it is in.",
        "life-cycles",
        ("jobs.enable.previous-state", "jobs.terminate.previous-state"),
        "The old state is kept after the new one was set.",
        body(_JOB, _previous("active", "completed")),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
            "jobs.trace.previous-state",
        ),
    ),
    Defect(
        "job-transitions-touch",
        "The ETag of a job moves when the job completes or begins to go.",
        "conditions",
        ("jobs.terminate.etag-still", "jobs.delete.etag-still", "jobs.trace.etag-transition"),
        "Every write of a row moves its version.",
        _transitions_touch,
        consequences=(
            "jobs.trace.etag-stays",
            "protocol.etag.stable-on-read",
        ),
    ),
    Defect(
        "job-deleting-shown-active",
        "A job that is being deleted is shown as active.",
        "deletion",
        ("jobs.delete.deleting-or-gone", "jobs.trace.actions-lead"),
        "The deletion waits in a queue, and the state is not touched.",
        member(_JOB, "state", lambda state: "active" if state == "deleting" else state),
        consequences=("jobs.delete.ends-not-found",),
    ),
)
