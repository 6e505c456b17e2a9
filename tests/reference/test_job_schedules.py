"""Job schedules: what an update keeps, and when the clock makes a job, loses an occurrence, or ends the schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from job_schedule_calls import NOWHERE, Scheduled, instant
from service_calls import BASE, VERSIONS


@pytest.fixture
def account() -> Scheduled:
    return Scheduled()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_schedule_makes_its_first_job_at_once(version: str) -> None:
    account = Scheduled(version)
    account.add({"recurrenceInterval": "PT1H"})
    shown = account.shown()
    assert shown["creationTime"] == shown["lastModified"] == shown["stateTransitionTime"]
    assert shown["executionInfo"]["recentJob"] == {"id": "s:job-1", "url": f"{BASE}/jobs/s:job-1"}
    assert instant(shown["executionInfo"]["nextRunTime"]) == instant(shown["creationTime"]) + timedelta(hours=1)
    assert account.jobs() == [("s:job-1", "active")]
    assert account.send("GET", "/jobs/s:job-1").json["poolInfo"] == {"poolId": "nowhere"}


def test_no_job_before_the_time(account: Scheduled) -> None:
    account.add({"doNotRunUntil": account.at(60), "recurrenceInterval": "PT1H"})
    assert instant(account.shown()["executionInfo"]["nextRunTime"]) == instant(account.at(60))
    account.clock.advance(59)
    assert account.jobs() == []
    account.clock.advance(1)
    assert account.jobs() == [("s:job-1", "active")]


def test_one_job_at_a_time_and_the_next_is_made_up_for(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"})
    account.pass_time(90)
    assert account.jobs() == [("s:job-1", "active")]
    account.end_job(1)
    assert account.jobs() == [("s:job-1", "completed"), ("s:job-2", "active")]


def test_an_occurrence_is_lost_when_its_window_has_closed(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M", "startWindow": "PT1M"})
    account.pass_time(700)
    account.end_job(1)
    assert account.jobs() == [("s:job-1", "completed")]
    account.pass_time(600)
    assert account.jobs()[-1] == ("s:job-2", "active")


def test_a_schedule_that_does_not_recur_ends_with_its_job(account: Scheduled) -> None:
    account.add()
    assert "nextRunTime" not in account.shown()["executionInfo"]
    account.end_job(1)
    ended = account.shown()
    assert (ended["state"], ended["previousState"]) == ("completed", "active")
    assert ended["executionInfo"]["endTime"] == ended["stateTransitionTime"]


def test_no_job_after_the_time_and_the_schedule_ends(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M", "doNotRunAfter": account.at(90)})
    account.end_job(1)
    account.pass_time(60)
    assert account.jobs() == [("s:job-1", "completed"), ("s:job-2", "active")]
    account.pass_time(120)
    assert (account.shown()["state"], len(account.jobs())) == ("active", 2)
    account.end_job(2)
    assert (account.shown()["state"], len(account.jobs())) == ("completed", 2)


def test_a_disabled_schedule_makes_no_jobs(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M", "doNotRunUntil": account.at(60)})
    assert account.send("POST", "/jobschedules/s/disable").status == 204
    account.pass_time(120)
    assert (account.shown()["state"], account.jobs()) == ("disabled", [])
    assert account.send("POST", "/jobschedules/s/enable").status == 204
    assert account.jobs() == [("s:job-1", "active")]


def test_terminating_ends_the_active_job_first(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M"})
    assert account.send("POST", "/jobschedules/s/terminate").status == 202
    assert (account.shown()["state"], account.jobs()[0][1]) == ("terminating", "terminating")
    assert account.send("POST", "/jobschedules/s/terminate").code == "JobScheduleBeingTerminated"
    account.pass_time(10)
    ended = account.shown()
    assert (ended["state"], account.jobs()[0][1]) == ("completed", "completed")
    assert "nextRunTime" not in ended["executionInfo"]
    for method, path in (("POST", "/enable"), ("POST", "/disable"), ("POST", "/terminate"), ("PATCH", "")):
        body: dict[str, Any] | None = {} if method == "PATCH" else None
        assert account.send(method, f"/jobschedules/s{path}", body).code == "JobScheduleCompleted"


def test_deleting_takes_the_jobs_along(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M"})
    assert account.send("DELETE", "/jobschedules/s").status == 202
    assert account.send("DELETE", "/jobschedules/s").code == "JobScheduleBeingDeleted"
    account.pass_time(15)
    assert account.send("GET", "/jobschedules/s").code == "JobScheduleNotFound"
    assert account.send("GET", "/jobs").json["value"] == []


def test_a_merge_keeps_and_a_replacement_clears(account: Scheduled) -> None:
    account.add(
        {"recurrenceInterval": "PT10M", "startWindow": "PT2M"}, metadata=[{"name": "a", "value": "b"}], displayName="kept"
    )
    before = account.send("GET", "/jobs/s:job-1").json
    account.send("PATCH", "/jobschedules/s", {"jobSpecification": {**NOWHERE, "priority": 9}})
    shown = account.shown()
    assert (shown["jobSpecification"]["priority"], shown["schedule"]["startWindow"], len(shown["metadata"])) == (9, "PT2M", 1)
    assert account.send("GET", "/jobs/s:job-1").json == before
    account.send("PATCH", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT20M"}})
    assert account.shown()["schedule"] == {"recurrenceInterval": "PT20M"}
    account.send("PUT", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT10M"}, "jobSpecification": NOWHERE})
    shown = account.shown()
    assert (shown["jobSpecification"]["priority"], shown["displayName"], "metadata" in shown) == (0, "kept", False)


def test_an_auto_pool_of_a_schedule_outlives_its_jobs(account: Scheduled) -> None:
    pool = {name: value for name, value in account.pool_body().items() if name != "id"}
    auto = {"autoPoolIdPrefix": "mine", "poolLifetimeOption": "jobschedule", "pool": pool}
    account.add({"recurrenceInterval": "PT1M"}, jobSpecification={"poolInfo": {"autoPoolSpecification": auto}})
    name = account.send("GET", "/jobs/s:job-1").json["executionInfo"]["poolId"]
    account.end_job(1)
    account.pass_time(60)
    assert account.send("GET", "/jobs/s:job-2").json["executionInfo"]["poolId"] == name
    account.send("DELETE", "/jobschedules/s")
    account.pass_time(60)
    assert account.send("GET", f"/pools/{name}").status == 404


def test_an_auto_pool_with_a_certificate_that_is_not_there_is_told_by_the_job(account: Scheduled) -> None:
    reference = {"thumbprint": "0123456789abcdef", "thumbprintAlgorithm": "sha1"}
    pool = {name: value for name, value in account.pool_body(certificateReferences=[reference]).items() if name != "id"}
    auto = {"poolLifetimeOption": "job", "pool": pool}
    account.add({"recurrenceInterval": "PT1M"}, jobSpecification={"poolInfo": {"autoPoolSpecification": auto}})
    account.pass_time(10)
    job = account.send("GET", "/jobs/s:job-1").json
    error = job["executionInfo"]["schedulingError"]
    assert (job["state"], error["category"].lower(), error["code"]) == ("completed", "usererror", "InvalidCertificatesInAutoPool")
    assert "poolId" not in job["executionInfo"]
    account.pass_time(60)
    assert [name for name, _ in account.jobs()] == ["s:job-1", "s:job-2"]
    assert account.shown()["state"] == "active"


@pytest.mark.parametrize(
    ("kind", "other", "code"),
    [("jobs", "jobschedules", "JobWithSameIdExists"), ("jobschedules", "jobs", "JobScheduleWithSameIdExists")],
)
def test_jobs_and_schedules_share_their_names(account: Scheduled, kind: str, other: str, code: str) -> None:
    bodies = {"jobs": {"id": "one", **NOWHERE}, "jobschedules": {"id": "ONE", "schedule": {}, "jobSpecification": NOWHERE}}
    assert account.send("POST", f"/{kind}", bodies[kind]).status == 201
    answer = account.send("POST", f"/{other}", bodies[other])
    assert (answer.status, answer.code) == (409, code)


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("startWindow", "PT60S", 201),
        ("startWindow", "PT59S", 400),
        ("recurrenceInterval", "PT1M", 201),
        ("recurrenceInterval", "PT59S", 400),
    ],
)
def test_the_least_intervals(account: Scheduled, name: str, value: str, status: int) -> None:
    answer = account.send("POST", "/jobschedules", {"id": "s", "schedule": {name: value}, "jobSpecification": NOWHERE})
    assert answer.status == status, answer.wire
