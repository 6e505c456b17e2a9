"""Jobs that the clock makes: the first one, the next ones, and the end of a schedule.

The service's own clock decides; where it runs as fast as a wall clock does, each of these takes minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import LEEWAY, comes, completed, created, end, ended, info, jobs_of, made, read, until
from scenarios.job_schedules.samples import SPECIFICATION, instant, specification, written
from scenarios.pools.samples import covers
from scenarios.support import Json, has, json_object

MINUTE = timedelta(minutes=1)
# long enough for two requests to arrive before it is over, also where the clock runs fast
SOON = 2 * MINUTE
RECURRING: Json = {"recurrenceInterval": "PT1M"}
HANDED_ON = ("displayName", "priority", "constraints", "commonEnvironmentSettings", "usesTaskDependencies", "metadata")


def _handed_on(batch: Batch) -> Json:
    more = {"onTaskFailure": "performexitoptionsjobaction"} if has(batch, "JobSpecification", "onTaskFailure") else {}
    return {**{name: SPECIFICATION[name] for name in HANDED_ON}, **more}


@pytest.mark.requirement("job-schedules.clock.first-job-at-once", "job-schedules.clock.recent-job", "job-schedules.clock.job-id")
@pytest.mark.requirement("job-schedules.clock.job-as-specified", "job-schedules.clock.job-active")
@pytest.mark.requirement("job-schedules.clock.once-completes", "job-schedules.clock.once-one-job")
@pytest.mark.requirement("job-schedules.clock.completed-end-time", "job-schedules.clock.completed-no-next-run-time")
def test_once(batch: Batch, expect: Expect) -> None:
    sent = _handed_on(batch)
    schedule = batch.create_job_schedule(schedule={}, jobSpecification=specification(**sent))
    name = str(comes(batch, expect, "job-schedules.clock.first-job-at-once", schedule)[0]["id"])
    exchange = batch.call("Job_Get", jobId=name)
    job = json_object(exchange)
    soon = created(job) - created(batch.get_job_schedule(schedule))
    expect.equal("job-schedules.clock.first-job-at-once", soon < MINUTE, True, exchange, f"the first job came after {soon}")
    expect.equal("job-schedules.clock.job-active", job.get("state"), "active", exchange, "state of the job")
    shown = {member: job.get(member) for member in sent}
    expect("job-schedules.clock.job-as-specified", covers(shown, sent), expected=sent, actual=shown, exchange=exchange)
    exchange = read(batch, schedule)
    recent = info(json_object(exchange)).get("recentJob") or {}
    named = (recent.get("id"), str(recent.get("url")).endswith(f"/jobs/{name}"))
    expect.equal("job-schedules.clock.recent-job", named, (name, True), exchange, "recentJob: id, and whether the url is its own")
    expect.equal("job-schedules.clock.job-id", name, f"{schedule}:job-1", exchange, "id of the first job")
    end(batch, job)
    shown = completed(batch, schedule)
    exchange = read(batch, schedule)
    expect.equal("job-schedules.clock.once-completes", shown.get("state"), "completed", exchange, "state")
    expect.equal("job-schedules.clock.completed-end-time", "endTime" in info(shown), True, exchange, "an end time is shown")
    told = "nextRunTime" in info(shown)
    expect.equal("job-schedules.clock.completed-no-next-run-time", told, False, exchange, "a next run time is shown")
    names = [str(found["id"]) for found in jobs_of(batch, schedule)]
    expect.equal("job-schedules.clock.once-one-job", names, [name], exchange, "jobs of the schedule")


@pytest.mark.requirement("job-schedules.clock.none-before-do-not-run-until", "job-schedules.clock.next-run-time-until")
@pytest.mark.requirement("job-schedules.clock.begins-after-do-not-run-until")
def test_waits(batch: Batch, expect: Expect, asleep: str, dormant: Json) -> None:
    exchange = read(batch, asleep)
    shown = info(json_object(exchange)).get("nextRunTime")
    wanted = instant(dormant["doNotRunUntil"])
    expect.equal("job-schedules.clock.next-run-time-until", shown and instant(shown), wanted, exchange, "nextRunTime")
    start = batch.now() + MINUTE
    schedule = batch.create_job_schedule(schedule={"doNotRunUntil": written(start)})
    job = comes(batch, expect, "job-schedules.clock.begins-after-do-not-run-until", schedule)[0]
    exchange = read(batch, schedule)
    late = created(job) - max(start, created(json_object(exchange)))
    requirement = "job-schedules.clock.none-before-do-not-run-until"
    expect.equal(requirement, late > -LEEWAY, True, exchange, f"the first job came {late} after doNotRunUntil")
    expect.equal("job-schedules.clock.begins-after-do-not-run-until", late < 2 * MINUTE, True, exchange, f"it came {late} after")


@pytest.mark.requirement("job-schedules.clock.next-run-time-interval")
def test_next_run_time(batch: Batch, expect: Expect) -> None:
    exchange = read(batch, batch.create_job_schedule(schedule=RECURRING))
    shown = info(json_object(exchange)).get("nextRunTime")
    coming = instant(shown) - created(json_object(exchange)) if shown else None
    on_time = coming is not None and abs(coming - MINUTE) < LEEWAY
    expect.equal("job-schedules.clock.next-run-time-interval", on_time, True, exchange, f"it is {coming} after the creation")


@pytest.mark.requirement("job-schedules.clock.recurs")
@pytest.mark.requirement("job-schedules.clock.interval-between-starts", "job-schedules.clock.one-active-job")
@pytest.mark.requirement("job-schedules.clock.next-after-previous", "job-schedules.clock.recent-job-is-last")
@pytest.mark.requirement("job-schedules.clock.recurring-stays-active")
def test_recurs(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule(schedule=RECURRING)
    first = made(batch, schedule)[0]
    end(batch, first)
    exchange = read(batch, schedule)
    state = json_object(exchange).get("state")
    expect.equal("job-schedules.clock.recurring-stays-active", state, "active", exchange, "state after the first job")
    second = comes(batch, expect, "job-schedules.clock.recurs", schedule, 2)[1]
    exchange = read(batch, schedule)
    apart = created(second) - created(first)
    requirement = "job-schedules.clock.interval-between-starts"
    expect.equal(requirement, apart > MINUTE - LEEWAY, True, exchange, f"the second job came {apart} after the first")
    recent = info(json_object(exchange)).get("recentJob", {}).get("id")
    expect.equal("job-schedules.clock.recent-job-is-last", recent, second.get("id"), exchange, "recentJob")
    until(batch, created(second) + MINUTE + 3 * LEEWAY)
    names = [job.get("id") for job in jobs_of(batch, schedule)]
    both = [first.get("id"), second.get("id")]
    expect.equal("job-schedules.clock.one-active-job", names, both, exchange, "jobs while the second is active")
    over = ended(end(batch, second))
    requirement = "job-schedules.clock.next-after-previous"
    third = created(comes(batch, expect, requirement, schedule, 3)[2])
    expect.equal(requirement, third >= over - LEEWAY, True, exchange, f"made {third}, the one before ended {over}")


@pytest.mark.requirement("job-schedules.clock.active-job-outlives-end", "job-schedules.clock.none-after-do-not-run-after")
@pytest.mark.requirement("job-schedules.clock.completes-with-last-job")
def test_end_with_active_job(batch: Batch, expect: Expect) -> None:
    last = batch.now() + SOON
    schedule = batch.create_job_schedule(schedule={**RECURRING, "doNotRunAfter": written(last)})
    job = made(batch, schedule)[0]
    until(batch, last + LEEWAY)
    exchange = read(batch, schedule)
    state = json_object(exchange).get("state")
    expect.equal("job-schedules.clock.active-job-outlives-end", state, "active", exchange, "state while the job is active")
    exchange = batch.call("Job_Get", jobId=str(job["id"]))
    state = json_object(exchange).get("state")
    expect.equal("job-schedules.clock.active-job-outlives-end", state, "active", exchange, "state of the job")
    end(batch, job)
    shown = completed(batch, schedule)
    exchange = read(batch, schedule)
    expect.equal("job-schedules.clock.completes-with-last-job", shown.get("state"), "completed", exchange, "state")
    late = [str(found["id"]) for found in jobs_of(batch, schedule) if created(found) > last + LEEWAY]
    expect.equal("job-schedules.clock.none-after-do-not-run-after", late, [], exchange, "jobs after doNotRunAfter")


@pytest.mark.requirement("job-schedules.clock.completes-at-do-not-run-after")
def test_end_without_job(batch: Batch, expect: Expect) -> None:
    last = batch.now() + SOON
    schedule = batch.create_job_schedule(schedule={"recurrenceInterval": "P1D", "doNotRunAfter": written(last)})
    end(batch, made(batch, schedule)[0])
    shown = completed(batch, schedule)
    exchange = read(batch, schedule)
    expect.equal("job-schedules.clock.completes-at-do-not-run-after", shown.get("state"), "completed", exchange, "state")


@pytest.mark.requirement("job-schedules.disable.no-jobs", "job-schedules.enable.jobs-again")
def test_disabled(batch: Batch, expect: Expect) -> None:
    start = batch.now() + SOON
    schedule = batch.create_job_schedule(schedule={**RECURRING, "doNotRunUntil": written(start)})
    batch.make("JobSchedule_Disable", jobScheduleId=schedule)
    if instant(batch.get_job_schedule(schedule).get("stateTransitionTime")) > start - LEEWAY:
        raise Blocked("the schedule could not be disabled before its first job was due")
    until(batch, start + 3 * LEEWAY)
    exchange = batch.call("Job_ListFromJobSchedule", jobScheduleId=schedule)
    expect.equal("job-schedules.disable.no-jobs", json_object(exchange).get("value"), [], exchange, "jobs while it is disabled")
    batch.make("JobSchedule_Enable", jobScheduleId=schedule)
    jobs = comes(batch, expect, "job-schedules.enable.jobs-again", schedule)
    expect.equal("job-schedules.enable.jobs-again", len(jobs), 1, exchange, "jobs after it was enabled")
