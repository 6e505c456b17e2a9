"""Schedules that make jobs, and waiting for what they make.

Instants are compared as the target's answers show them; nothing here depends on how fast its clock runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.job_schedules.samples import instant
from scenarios.jobs.samples import at_path
from scenarios.running import job_in
from scenarios.support import Json, elements

# how far two clocks of one service may be apart, and how late it may be
LEEWAY = timedelta(seconds=5)


def jobs_of(batch: Batch, schedule: str) -> list[Json]:
    """The jobs of the schedule, the oldest first."""
    listed = elements(batch.call("Job_ListFromJobSchedule", jobScheduleId=schedule))
    return sorted(listed, key=lambda job: instant(job.get("creationTime")))


def made(batch: Batch, schedule: str, count: int = 1) -> list[Json]:
    """The jobs of the schedule, once it has made so many."""
    return batch.wait(
        lambda: jobs_of(batch, schedule),
        lambda jobs: len(jobs) >= count,
        f"{schedule} makes {count} {'jobs' if count > 1 else 'job'}",
    )


def comes(batch: Batch, expect: Expect, requirement: str, schedule: str, count: int = 1) -> list[Json]:
    """The jobs of the schedule; whether it ever makes so many is judged."""
    what = f"{schedule} makes {count} {'jobs' if count > 1 else 'job'}"
    jobs = batch.outcome(lambda: jobs_of(batch, schedule), lambda jobs: len(jobs) >= count, what)
    expect(requirement, len(jobs) >= count, expected=what, actual=[job.get("id") for job in jobs])
    if len(jobs) < count:
        raise Blocked(f"the schedule has made {len(jobs)} of {count} jobs")
    return jobs


def schedule_in(batch: Batch, schedule: str, *states: str) -> Json:
    """The schedule, once it is in one of the states."""
    return batch.wait(
        lambda: batch.get_job_schedule(schedule),
        lambda shown: shown.get("state") in states,
        f"{schedule} is {' or '.join(states)}",
    )


def completed(batch: Batch, schedule: str) -> Json:
    """The schedule, once it is completed; as it is when it never will be."""
    return batch.outcome(
        lambda: batch.get_job_schedule(schedule), lambda shown: shown.get("state") == "completed", f"{schedule} is completed"
    )


def completed_job(batch: Batch, job: str) -> Json:
    return batch.outcome(lambda: batch.get_job(job), lambda shown: shown.get("state") == "completed", f"{job} is completed")


def until(batch: Batch, moment: datetime) -> datetime:
    """What the target's clock says, once it says more than the moment."""
    return batch.wait(batch.now, lambda now: now > moment, f"the target's clock says {moment}")


def end(batch: Batch, job: Json) -> Json:
    """The job, after it was ended by request."""
    batch.make("Job_Terminate", jobId=str(job["id"]))
    return job_in(batch, str(job["id"]), "completed")


def created(job: Json) -> datetime:
    return instant(job.get("creationTime"))


def ended(job: Json) -> datetime:
    return instant(at_path(job, "executionInfo.endTime"))


def read(batch: Batch, schedule: str) -> Exchange:
    return batch.call("JobSchedule_Get", jobScheduleId=schedule)


def info(shown: Json) -> Any:
    return shown.get("executionInfo") or {}
