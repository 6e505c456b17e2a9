"""Creating a job: what it looks like then, and the rules of its id."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import ids
from scenarios.support import ACCEPTED, json_object, without


@pytest.mark.requirement(
    "jobs.add.readable", "jobs.add.listed", "jobs.add.state-active", "jobs.add.no-previous-state", "jobs.add.no-end"
)
def test_new(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    exchange = batch.call("Job_Get", jobId=job)
    expect.status("jobs.add.readable", exchange, 200)
    listed = batch.call("Job_List", query={"$filter": f"id eq '{job}'"})
    expect.equal("jobs.add.listed", ids(listed), [job], listed, "jobs of that id")
    shown = json_object(exchange)
    expect.equal("jobs.add.state-active", shown.get("state"), "active", exchange, "state")
    before = {name for name in ("previousState", "previousStateTransitionTime") if name in shown}
    expect.equal("jobs.add.no-previous-state", before, set(), exchange, "what tells of a state before")
    end = {name for name in ("endTime", "schedulingError") if name in shown.get("executionInfo", {})}
    expect.equal("jobs.add.no-end", end, set(), exchange, "what tells of an end")


@pytest.mark.requirement(
    "jobs.add.times-in-order", "jobs.add.start-time", "jobs.add.execution-pool", "jobs.add.display-name-absent"
)
def test_plain(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("Job_Get", jobId=plain)
    shown = json_object(exchange)
    execution = shown.get("executionInfo", {})
    expect.equal("jobs.add.start-time", isinstance(execution.get("startTime"), str), True, exchange, "a start time is shown")
    pool = shown.get("poolInfo", {}).get("poolId")
    expect.equal("jobs.add.execution-pool", execution.get("poolId"), pool, exchange, "poolId of executionInfo")
    expect.equal("jobs.add.display-name-absent", shown.get("displayName"), None, exchange, "displayName")
    times = {str(shown.get("lastModified")), str(shown.get("stateTransitionTime")), str(execution.get("startTime"))}
    expect.equal("jobs.add.times-in-order", len(times), 1, exchange, "different times of one instant")
    created = str(shown.get("creationTime"))
    # up to the second the texts sort as the times do; what is after it may have fewer digits
    expect.equal("jobs.add.times-in-order", created[:19] <= min(times)[:19], True, exchange, f"{created} is not after {times}")


@pytest.mark.requirement("jobs.add.absent-pool-accepted")
def test_absent_pool(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(poolInfo={"poolId": batch.new_id("absent")}))
    expect.status("jobs.add.absent-pool-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("jobs.add.duplicate-refused", "jobs.add.duplicate-changes-nothing")
def test_duplicate(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(displayName="the first")
    before = batch.get_job(job)
    exchange = batch.call("Job_Add", body=batch.job_body(job, displayName="the second"))
    expect.error("jobs.add.duplicate-refused", exchange, 409, "JobExists")
    after = batch.call("Job_Get", jobId=job)
    expect.equal("jobs.add.duplicate-changes-nothing", json_object(after), before, after, "the first job")


@pytest.mark.requirement("jobs.add.duplicate-ignores-case", "jobs.add.id-case-kept")
def test_letter_case(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(id=batch.new_id("MixedCase"))
    exchange = batch.call("Job_Add", body=batch.job_body(job.swapcase()))
    expect.error("jobs.add.duplicate-ignores-case", exchange, 409, "JobExists")
    listed = batch.call("Job_List", query={"$filter": f"id eq '{job}'"})
    expect.equal("jobs.add.id-case-kept", ids(listed), [job], listed, "id")


@pytest.mark.requirement("jobs.add.same-id-as-schedule-refused")
def test_same_id_as_schedule(batch: Batch, expect: Expect) -> None:
    schedule = batch.create_job_schedule(schedule={"doNotRunUntil": "2100-01-01T00:00:00Z"})
    exchange = batch.call("Job_Add", body=batch.job_body(schedule))
    expect.error("jobs.add.same-id-as-schedule-refused", exchange, 409, "JobScheduleWithSameIdExists")


@pytest.mark.requirement("jobs.add.schedule-with-same-id-refused")
def test_schedule_with_same_id(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("JobSchedule_Add", body=batch.job_schedule_body(plain))
    expect.error("jobs.add.schedule-with-same-id-refused", exchange, 409, "JobWithSameIdExists")


@pytest.mark.requirement("jobs.add.id-64-accepted")
def test_id_64(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(f"{batch.new_id('long')}-".ljust(64, "x")))
    expect.status("jobs.add.id-64-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("jobs.add.id-charset-accepted")
def test_id_charset(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(f"{batch.new_id('set')}-aZ09_-"))
    expect.status("jobs.add.id-charset-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("jobs.add.id-65-refused")
def test_id_65(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(f"{batch.new_id('long')}-".ljust(65, "x")))
    expect.status("jobs.add.id-65-refused", exchange, 400)


@pytest.mark.requirement("jobs.add.id-charset-refused")
@pytest.mark.parametrize("letter", [" ", ".", "é", "$", ":"])
def test_id_other_letter(batch: Batch, expect: Expect, letter: str) -> None:
    exchange = batch.call("Job_Add", body=batch.job_body(f"{batch.new_id('odd')}{letter}x"))
    expect.status("jobs.add.id-charset-refused", exchange, 400)


@pytest.mark.requirement("jobs.add.id-empty-refused", "jobs.add.id-required")
def test_no_id(batch: Batch, expect: Expect) -> None:
    body = batch.job_body()
    expect.status("jobs.add.id-empty-refused", batch.call("Job_Add", body={**body, "id": ""}), 400)
    expect.status("jobs.add.id-required", batch.call("Job_Add", body=without(body, "id")), 400)


@pytest.mark.requirement("jobs.add.display-name-shared")
def test_shared_name(batch: Batch, expect: Expect) -> None:
    batch.create_job(displayName="shared")
    exchange = batch.call("Job_Add", body=batch.job_body(displayName="shared"))
    expect.status("jobs.add.display-name-shared", exchange, ACCEPTED)
