"""Job schedules: their jobs are not what they should be."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import member
from conformance.defects.jobsmade import Made, before_request, when_made
from conformance.defects.model import Defect
from conformance.defects.schedules import MADE
from conformance.reference.store import Store
from conformance.reference.wire import Json


def _no_manager(made: Made) -> None:
    made.store.clear(f"task of {made.job['id'].lower()}")


def _never_ends(made: Made) -> None:
    made.job["onAllTasksComplete"] = "noaction"


def _nobody(reason: Any) -> Any:
    return "UserTerminate" if reason in ("AllTasksComplete", "TerminateJobSchedule", "MaxWallClockTimeExpiry") else reason


def _bare(made: Made) -> None:
    made.job.pop("commonEnvironmentSettings", None)


def _sleeps(store: Store, schedule: Json, now: int) -> None:
    """The timer was stopped, and is not set again."""
    schedule["_due"] = schedule["_missed"] = None
    schedule["_turn"] += 1


DEFECTS = (
    Defect(
        "schedule-enabled-sleeps",
        "A job schedule that was disabled and enabled again is active and makes no job.",
        "life-cycles",
        ("job-schedules.enable.jobs-again",),
        "The timer was stopped, and is not set again.",
        before_request("POST /jobschedules/{}/enable", _sleeps),
    ),
    Defect(
        "schedule-job-without-manager",
        "A scheduled job has no job manager.",
        "life-cycles",
        ("job-schedules.job.manager-created",),
        "Jobs that a client adds have one.",
        when_made(_no_manager),
    ),
    Defect(
        "schedule-job-never-ends",
        "onAllTasksComplete is not handed on to the jobs of a schedule.",
        "life-cycles",
        ("job-schedules.job.all-tasks-complete",),
        "A list of properties that ends too early.",
        when_made(_never_ends),
    ),
    Defect(
        "schedule-job-ended-by-user",
        "Whatever ends a scheduled job, its terminateReason is UserTerminate.",
        "life-cycles",
        (
            "job-schedules.job.terminate-reason",
            "job-schedules.job.max-wall-clock-time",
            "job-schedules.terminate.ends-active-job-reason",
        ),
        "A constant.",
        member(MADE, "executionInfo/terminateReason", _nobody),
    ),
    Defect(
        "schedule-job-bare",
        "The jobs of a schedule do not have its commonEnvironmentSettings.",
        "life-cycles",
        ("job-schedules.clock.job-as-specified",),
        "A list of properties that ends too early.",
        when_made(_bare),
        consequences=("jobs.trace.reads-agree",),
    ),
    Defect(
        "schedule-job-disabled",
        "A job that a schedule has made is shown as disabled while it is active.",
        "life-cycles",
        ("job-schedules.clock.job-active",),
        "States mapped by position from another list.",
        member(MADE, "state", lambda state: "disabled" if state == "active" else state),
        consequences=(
            "job-schedules.clock.active-job-outlives-end",
            "job-schedules.jobs.element-equals-get",
            "jobs.responses.state",
            "jobs.trace.list-agrees",
            "jobs.trace.previous-state",
            "jobs.trace.state-times",
            "jobs.trace.states",
        ),
    ),
)
