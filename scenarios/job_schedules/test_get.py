"""Reading one job schedule, and asking whether it is there."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import json_object, without


@pytest.mark.requirement("job-schedules.get.id-ignores-case")
def test_letter_case(batch: Batch, expect: Expect, asleep: str) -> None:
    exchange = batch.call("JobSchedule_Get", jobScheduleId=asleep.swapcase())
    expect.status("job-schedules.get.id-ignores-case", exchange, 200)
    expect.equal("job-schedules.get.id-ignores-case", json_object(exchange).get("id"), asleep, exchange, "id")


@pytest.mark.requirement("job-schedules.get.repeatable", "job-schedules.get.stats-only-when-asked")
def test_repeatable(batch: Batch, expect: Expect, asleep: str) -> None:
    first, second = (batch.call("JobSchedule_Get", jobScheduleId=asleep) for _ in range(2))
    expect.equal("job-schedules.get.repeatable", json_object(second), json_object(first), second, "the job schedule")
    told = "stats" in json_object(second)
    expect.equal("job-schedules.get.stats-only-when-asked", told, False, second, "stats are shown")


@pytest.mark.requirement("job-schedules.get.selects")
def test_select(batch: Batch, expect: Expect, asleep: str) -> None:
    exchange = batch.call("JobSchedule_Get", jobScheduleId=asleep, query={"$select": "id,state,schedule"})
    shown = set(without(json_object(exchange)))
    expect.equal("job-schedules.get.selects", shown, {"id", "state", "schedule"}, exchange, "members")


@pytest.mark.requirement("job-schedules.get.expands-stats")
def test_expand(batch: Batch, expect: Expect, asleep: str) -> None:
    exchange = batch.call("JobSchedule_Get", jobScheduleId=asleep, query={"$expand": "stats"})
    expect.status("job-schedules.get.expands-stats", exchange, 200)
    rest = without(json_object(exchange), "stats")
    expect.equal("job-schedules.get.expands-stats", rest, without(batch.get_job_schedule(asleep)), exchange, "the rest")


@pytest.mark.requirement("job-schedules.exists.found", "job-schedules.exists.no-body")
def test_exists(batch: Batch, expect: Expect, asleep: str) -> None:
    exchange = batch.call("JobSchedule_Exists", jobScheduleId=asleep)
    expect.status("job-schedules.exists.found", exchange, 200)
    expect.equal("job-schedules.exists.no-body", exchange.response.body or b"", b"", exchange, "body")
