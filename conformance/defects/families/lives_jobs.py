"""Lives of jobs that are stuck, cut short or told otherwise."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, member, no_member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits
from conformance.reference.resources import tasklife
from conformance.reference.resources.jobaccess import tasks_of
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_JOB, _READS = "GET /jobs/{}", "GET /jobs/{}, GET /jobs"
_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime")
_ON_THE_WAY = "on the way"
_REASONS = ("MaxWallClockTimeExpiry", "AllTasksComplete", "TaskFailed", "JMComplete")


def _stays(changed: Changed) -> None:
    changed.restore(*_STATE)


def _stuck(changed: Changed) -> None:
    """What was to follow finds another job; nobody asks for an empty one's state again."""
    if not tasks_of(changed.store, changed.now):
        changed.store.put("job", changed.key, {**changed.now})


def _loses_pool(changed: Changed) -> None:
    changed.now["executionInfo"] = {**changed.now["executionInfo"], "poolId": "none"}


def _ends_waiting(changed: Changed) -> None:
    for task in tasks_of(changed.store, changed.now):
        if task["state"] == "active":
            tasklife.complete(changed.store, changed.now, task, changed.now["_modified"], tasklife.ENDED_BY_USER)


def _previous(*states: str) -> Callable[[Json], None]:
    def change(job: Json) -> None:
        if job.get("state") in states and "previousState" in job:
            job["previousState"] = job["state"]

    return change


def _reason(when: Callable[[Json], bool], told: str | None) -> Callable[[Json], None]:
    def change(job: Json) -> None:
        info = job.get("executionInfo", {})
        if "terminateReason" in info and when(job):
            if told is None:
                del info["terminateReason"]
            else:
                info["terminateReason"] = told

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


def _still_running(task: Json) -> None:
    failure = task.get("executionInfo", {}).get("failureInfo", {})
    if failure.get("message") == tasklife.ENDED_BY_USER["message"] and "startTime" in task["executionInfo"]:
        task["state"] = "running"


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
            "jobs.trace.state-times",
        ),
    ),
    Defect(
        "job-empty-disabling-for-ever",
        "A job without tasks that is disabled stays disabling.",
        "life-cycles",
        ("jobs.disable.requeue-ends-disabled", "jobs.disable.terminate-ends-disabled", "jobs.disable.wait-ends-disabled"),
        "The end of the last task ends it, and there is none.",
        after("POST /jobs/{}/disable", _stuck),
    ),
    Defect(
        "job-enable-ignored",
        "Enabling a job is answered 202, and the job stays disabled.",
        "life-cycles",
        ("jobs.enable.ends-active",),
        "A stub that says yes.",
        after("POST /jobs/{}/enable", _stays),
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
        consequences=("jobs.trace.previous-state",),
    ),
    Defect(
        "job-empty-terminating-for-ever",
        "A job without tasks that is terminated stays terminating.",
        "life-cycles",
        ("jobs.terminate.ends-completed",),
        "The end of the last task ends it, and there is none.",
        after("POST /jobs/{}/terminate", _stuck),
    ),
    Defect(
        "job-no-end-time",
        "A completed job does not tell when it ended.",
        "life-cycles",
        ("jobs.terminate.end-time",),
        "It is written when the last task ends.",
        no_member(_READS, "executionInfo/endTime"),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
        ),
    ),
    Defect(
        "job-reason-late",
        "The terminateReason is shown only once the job is completed.",
        "life-cycles",
        ("jobs.terminate.reason-at-once",),
        "It belongs to the end.",
        body(_JOB, _reason(lambda job: job.get("state") == "terminating", None)),
    ),
    Defect(
        "job-reason-user",
        "The terminateReason of a completed job that a client terminated without saying why is User.",
        "life-cycles",
        ("jobs.terminate.reason-default",),
        "From memory.",
        body(
            _JOB,
            _reason(
                lambda job: job["state"] == "completed" and job["executionInfo"]["terminateReason"] == "UserTerminate", "User"
            ),
        ),
        consequences=(
            "jobs.list.element-equals-get",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-reason-lost",
        "The terminateReason that a client gives is not read.",
        "life-cycles",
        ("jobs.terminate.reason-kept",),
        "The body of an action is not read.",
        deaf_to_member("POST /jobs/{}/terminate", "terminateReason"),
    ),
    Defect(
        "job-reason-always-user",
        "The terminateReason of every job is UserTerminate.",
        "life-cycles",
        (
            "jobs.max-wall-clock-time.reason",
            "jobs.on-all-tasks-complete.reason",
            "jobs.on-all-tasks-complete.ends-job",
            "jobs.on-task-failure.reason",
            "jobs.manager.ends-job-reason",
            "jobs.manager.all-tasks-complete",
        ),
        "All roads lead through one function, which knows one reason.",
        body(_JOB, _reason(lambda job: job["executionInfo"]["terminateReason"] in _REASONS, "UserTerminate")),
        consequences=(
            "job-schedules.job.max-wall-clock-time",
            "job-schedules.job.terminate-reason",
            "jobs.on-all-tasks-complete.last-task-ends-job",
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
        "job-terminate-ends-waiting",
        "Terminating a job completes the tasks that have not started.",
        "life-cycles",
        ("jobs.terminate.active-tasks-stay",),
        "Everything ends when a job does.",
        after("POST /jobs/{}/terminate", _ends_waiting),
    ),
    Defect(
        "job-ends-tasks-run",
        "A task that its job has ended is shown as running.",
        "life-cycles",
        (
            "jobs.terminate.ends-running-tasks",
            "jobs.manager.ends-running-tasks",
            "jobs.max-wall-clock-time.ends-running-tasks",
        ),
        "The process is killed, and nobody writes it down.",
        body("GET /jobs/{}/tasks/{}", _still_running),
        consequences=(
            "jobs.disable.terminate-ends-tasks",
            "tasks.node-loss.terminated",
            "tasks.trace.actions-lead",
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
