"""Ends of jobs that do not come, or are told otherwise."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, no_member
from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.seldom import first_time
from conformance.defects.stored import Changed, after
from conformance.reference.resources import tasklife
from conformance.reference.resources.jobaccess import tasks_of
from conformance.reference.wire import Json

_JOB, _READS = "GET /jobs/{}", "GET /jobs/{}, GET /jobs"
_REASONS = ("MaxWallClockTimeExpiry", "AllTasksComplete", "TaskFailed", "JMComplete")


def _stuck(changed: Changed) -> None:
    """What was to follow finds another job."""
    changed.store.put("job", changed.key, {**changed.now})


def _ends_waiting(changed: Changed) -> None:
    for task in tasks_of(changed.store, changed.now):
        if task["state"] == "active":
            tasklife.complete(changed.store, changed.now, task, changed.now["_modified"], tasklife.ENDED_BY_USER)


def _reason(when: Callable[[Json], bool], told: str | None) -> Callable[[Json], None]:
    def change(job: Json) -> None:
        info = job.get("executionInfo", {})
        if "terminateReason" in info and when(job):
            if told is None:
                del info["terminateReason"]
            else:
                info["terminateReason"] = told

    return change


def _still_running(task: Json) -> None:
    failure = task.get("executionInfo", {}).get("failureInfo", {})
    if failure.get("message") == tasklife.ENDED_BY_USER["message"] and "startTime" in task["executionInfo"]:
        task["state"] = "running"


DEFECTS = (
    Defect(
        "job-first-terminating-for-ever",
        "The first job that is terminated stays terminating.",
        "life-cycles",
        ("jobs.terminate.ends-completed",),
        "The worker that is to see to it is started by this, and misses what started it.",
        first_time("POST /jobs/{}/terminate", _stuck),
        consequences=("jobs.responses.state",),
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
            "jobs.responses.state",
            "jobs.trace.reads-agree",
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
            "job-schedules.jobs.element-equals-get",
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
            "tasks.responses.state",
            "tasks.trace.actions-lead",
        ),
    ),
)
