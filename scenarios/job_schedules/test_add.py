"""Creating a job schedule: what it looks like then, and the rules of its id."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.samples import METADATA
from scenarios.jobs.samples import cases
from scenarios.protocol.lists import ids
from scenarios.support import ACCEPTED, Json, json_object, without


@pytest.mark.requirement("job-schedules.add.readable", "job-schedules.add.listed", "job-schedules.add.state-active")
@pytest.mark.requirement("job-schedules.add.no-previous-state", "job-schedules.add.no-end", "job-schedules.add.times-equal")
@pytest.mark.requirement("job-schedules.add.display-name-absent")
def test_new(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(schedule=dormant)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    expect.status("job-schedules.add.readable", exchange, 200)
    listed = batch.call("JobSchedule_List", query={"$filter": f"id eq '{schedule}'"})
    expect.equal("job-schedules.add.listed", ids(listed), [schedule], listed, "job schedules of that id")
    shown = json_object(exchange)
    expect.equal("job-schedules.add.state-active", shown.get("state"), "active", exchange, "state")
    before = {name for name in ("previousState", "previousStateTransitionTime") if name in shown}
    expect.equal("job-schedules.add.no-previous-state", before, set(), exchange, "what tells of a state before")
    ended = "endTime" in shown.get("executionInfo", {})
    expect.equal("job-schedules.add.no-end", ended, False, exchange, "an end time is shown")
    expect.equal("job-schedules.add.display-name-absent", shown.get("displayName"), None, exchange, "displayName")
    times = {str(shown.get(name)) for name in ("creationTime", "lastModified", "stateTransitionTime")}
    expect.equal("job-schedules.add.times-equal", len(times), 1, exchange, f"different times of one instant: {times}")


@pytest.mark.requirement("job-schedules.add.duplicate-refused", "job-schedules.add.duplicate-changes-nothing")
def test_duplicate(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(schedule=dormant, displayName="the first")
    before = batch.get_job_schedule(schedule)
    body = batch.job_schedule_body(schedule, schedule=dormant, displayName="the second")
    exchange = batch.call("JobSchedule_Add", body=body)
    expect.error("job-schedules.add.duplicate-refused", exchange, 409, "JobScheduleExists")
    after = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    expect.equal("job-schedules.add.duplicate-changes-nothing", json_object(after), before, after, "the first job schedule")


@pytest.mark.requirement("job-schedules.add.duplicate-ignores-case", "job-schedules.add.id-case-kept")
def test_letter_case(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(id=batch.new_id("MixedCase"), schedule=dormant)
    exchange = batch.call("JobSchedule_Add", body=batch.job_schedule_body(schedule.swapcase(), schedule=dormant))
    expect.error("job-schedules.add.duplicate-ignores-case", exchange, 409, "JobScheduleExists")
    listed = batch.call("JobSchedule_List", query={"$filter": f"id eq '{schedule}'"})
    expect.equal("job-schedules.add.id-case-kept", ids(listed), [schedule], listed, "id")


@pytest.mark.requirement("job-schedules.add.same-id-as-job-refused")
def test_same_id_as_job(batch: Batch, expect: Expect, dormant: Json) -> None:
    exchange = batch.call("JobSchedule_Add", body=batch.job_schedule_body(batch.create_job(), schedule=dormant))
    expect.error("job-schedules.add.same-id-as-job-refused", exchange, 409, "JobWithSameIdExists")


LETTERS = {"id-64-accepted": "xxx", "id-charset-accepted": "aZ09_-"}


@pytest.mark.parametrize(("slug", "middle"), cases("job-schedules.add.", LETTERS.items()))
def test_id_accepted(batch: Batch, expect: Expect, dormant: Json, slug: str, middle: str) -> None:
    name = f"{batch.new_id('long')}-{middle}".ljust(64, "x")
    expect.status(
        f"job-schedules.add.{slug}", batch.call("JobSchedule_Add", body=batch.job_schedule_body(name, schedule=dormant)), ACCEPTED
    )


@pytest.mark.requirement("job-schedules.add.id-65-refused")
def test_id_65(batch: Batch, expect: Expect, dormant: Json) -> None:
    body = batch.job_schedule_body(f"{batch.new_id('long')}-".ljust(65, "x"), schedule=dormant)
    expect.status("job-schedules.add.id-65-refused", batch.call("JobSchedule_Add", body=body), 400)


@pytest.mark.requirement("job-schedules.add.id-charset-refused")
@pytest.mark.parametrize("letter", [" ", ".", "é", "$", ":"])
def test_id_other_letter(batch: Batch, expect: Expect, dormant: Json, letter: str) -> None:
    body = batch.job_schedule_body(f"{batch.new_id('odd')}{letter}x", schedule=dormant)
    expect.status("job-schedules.add.id-charset-refused", batch.call("JobSchedule_Add", body=body), 400)


@pytest.mark.requirement("job-schedules.add.id-empty-refused")
def test_empty_id(batch: Batch, expect: Expect, dormant: Json) -> None:
    body = {**batch.job_schedule_body(schedule=dormant), "id": ""}
    expect.status("job-schedules.add.id-empty-refused", batch.call("JobSchedule_Add", body=body), 400)


REQUIRED = {"id-required": "id", "schedule-required": "schedule", "specification-required": "jobSpecification"}


@pytest.mark.parametrize(("slug", "name"), cases("job-schedules.add.", REQUIRED.items()))
def test_required(batch: Batch, expect: Expect, dormant: Json, slug: str, name: str) -> None:
    body = without(batch.job_schedule_body(schedule=dormant), name)
    expect.status(f"job-schedules.add.{slug}", batch.call("JobSchedule_Add", body=body), 400)


@pytest.mark.requirement("job-schedules.add.display-name-kept", "job-schedules.add.display-name-shared")
@pytest.mark.requirement("job-schedules.add.display-name-1024-accepted", "job-schedules.add.display-name-1025-refused")
def test_display_name(batch: Batch, expect: Expect, dormant: Json) -> None:
    name = "Ein Name, 名前 ☃"
    for requirement in ("job-schedules.add.display-name-kept", "job-schedules.add.display-name-shared"):
        schedule = batch.new_id("named")
        made = batch.call("JobSchedule_Add", body=batch.job_schedule_body(schedule, schedule=dormant, displayName=name))
        expect.status(requirement, made, ACCEPTED)
        exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
        expect.equal(requirement, json_object(exchange).get("displayName"), name, exchange, "displayName")
    for length, status, slug in ((1024, ACCEPTED, "1024-accepted"), (1025, 400, "1025-refused")):
        body = batch.job_schedule_body(schedule=dormant, displayName="x" * length)
        expect.status(f"job-schedules.add.display-name-{slug}", batch.call("JobSchedule_Add", body=body), status)


@pytest.mark.requirement("job-schedules.add.metadata-kept")
def test_metadata(batch: Batch, expect: Expect, dormant: Json) -> None:
    schedule = batch.create_job_schedule(schedule=dormant, metadata=METADATA)
    exchange = batch.call("JobSchedule_Get", jobScheduleId=schedule)
    expect.equal("job-schedules.add.metadata-kept", json_object(exchange).get("metadata"), METADATA, exchange, "metadata")
