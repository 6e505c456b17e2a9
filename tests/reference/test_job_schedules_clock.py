"""The clock of job schedules, each rule on its edge: start windows, the end of a schedule, disabled schedules, changed times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from job_schedule_calls import NOWHERE, Scheduled, instant
from service_calls import VERSIONS


@pytest.fixture
def account() -> Scheduled:
    return Scheduled()


def gone(account: Scheduled) -> str:
    return account.send("GET", "/jobschedules/s").code


@pytest.mark.parametrize(("seconds", "jobs"), [(60, 2), (61, 1)])
def test_the_start_window_closes_after_its_last_second(account: Scheduled, seconds: int, jobs: int) -> None:
    """The second occurrence is due after 600 s; a terminated job is completed after 5 s."""
    account.add({"recurrenceInterval": "PT10M", "startWindow": "PT1M"})
    account.clock.advance(600 + seconds - 5)
    assert account.send("POST", "/jobs/s:job-1/terminate").status == 202
    account.clock.advance(5)
    assert len(account.jobs()) == jobs
    assert instant(account.shown()["executionInfo"]["nextRunTime"]) == account.added + timedelta(seconds=1200)


@pytest.mark.parametrize("window", [{}, {"startWindow": "PT2M"}])
def test_a_window_longer_than_the_interval_never_closes(account: Scheduled, window: dict[str, str]) -> None:
    account.add({"recurrenceInterval": "PT1M", **window})
    account.pass_time(1000)
    account.end_job(1)
    assert account.jobs() == [("s:job-1", "completed"), ("s:job-2", "active")]
    account.end_job(2)
    assert account.jobs()[-1] == ("s:job-3", "active")


def test_next_run_time_goes_from_one_occurrence_to_the_next(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M"})
    for seconds, occurrence in ((599, 600), (1, 1200), (599, 1200), (1, 1800)):
        account.clock.advance(seconds)
        assert instant(account.shown()["executionInfo"]["nextRunTime"]) == account.added + timedelta(seconds=occurrence)


def test_no_next_run_time_when_none_comes_before_the_end(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M", "doNotRunAfter": account.at(61)})
    assert "nextRunTime" in account.shown()["executionInfo"]
    account.clock.advance(60)
    assert "nextRunTime" not in account.shown()["executionInfo"]


@pytest.mark.parametrize(("after", "jobs"), [(59, 1), (60, 1), (61, 2)])
def test_the_last_occurrence_comes_before_the_end(account: Scheduled, after: int, jobs: int) -> None:
    account.add({"recurrenceInterval": "PT1M", "doNotRunAfter": account.at(after)})
    account.end_job(1)
    account.pass_time(55)
    assert len(account.jobs()) == jobs


def test_a_late_job_is_not_made_after_the_end(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M", "doNotRunAfter": account.at(90)})
    account.pass_time(100)
    account.end_job(1)
    assert (account.shown()["state"], account.jobs()) == ("completed", [("s:job-1", "completed")])


def test_a_recurring_schedule_waits_for_its_end_without_a_job(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M", "doNotRunAfter": account.at(300)})
    account.end_job(1)
    account.clock.advance(289)
    assert account.shown()["state"] == "active"
    account.clock.advance(1)
    ended = account.shown()
    assert ended["state"] == "completed"
    assert instant(ended["executionInfo"]["endTime"]) == account.added + timedelta(seconds=300)
    assert "nextRunTime" not in ended["executionInfo"]


def test_a_schedule_ends_after_many_occurrences(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M", "doNotRunAfter": account.at(200)})
    for number in (1, 2, 3, 4):
        account.end_job(number)
        account.pass_time(50)
    assert (account.shown()["state"], len(account.jobs())) == ("completed", 4)


def test_a_schedule_whose_end_is_past_makes_no_job(account: Scheduled) -> None:
    account.add({"doNotRunAfter": account.at(-60)})
    assert (account.shown()["state"], account.jobs()) == ("completed", [])


def test_an_end_moved_in_the_meantime_counts(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M", "doNotRunAfter": account.at(300)})
    account.end_job(1)
    account.send("PATCH", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT10M", "doNotRunAfter": account.at(700)}})
    account.clock.advance(589)
    assert (account.shown()["state"], len(account.jobs())) == ("active", 1)
    account.clock.advance(1)
    assert len(account.jobs()) == 2


def test_the_end_comes_for_a_disabled_schedule_too(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M", "doNotRunUntil": account.at(60), "doNotRunAfter": account.at(300)})
    account.send("POST", "/jobschedules/s/disable")
    account.clock.advance(299)
    assert account.shown()["state"] == "disabled"
    account.clock.advance(1)
    assert (account.shown()["state"], account.shown()["previousState"], account.jobs()) == ("completed", "disabled", [])


@pytest.mark.parametrize(("seconds", "jobs"), [(60, 1), (61, 0)])
def test_enabling_makes_up_within_the_window(account: Scheduled, seconds: int, jobs: int) -> None:
    account.add({"recurrenceInterval": "PT10M", "doNotRunUntil": account.at(60), "startWindow": "PT1M"})
    account.send("POST", "/jobschedules/s/disable")
    account.clock.advance(60 + seconds)
    account.send("POST", "/jobschedules/s/enable")
    assert (account.shown()["state"], len(account.jobs())) == ("active", jobs)


def test_the_active_job_goes_on_while_its_schedule_is_disabled(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"})
    account.send("POST", "/jobschedules/s/disable")
    account.pass_time(30)
    assert account.jobs() == [("s:job-1", "active")]
    account.end_job(1)
    account.pass_time(60)
    assert account.jobs() == [("s:job-1", "completed")]


def test_a_change_of_the_times_keeps_what_is_still_to_be_made_up(account: Scheduled) -> None:
    account.add({"doNotRunUntil": account.at(60)})
    account.send("POST", "/jobschedules/s/disable")
    account.clock.advance(120)
    account.send("PATCH", "/jobschedules/s", {"schedule": {"startWindow": "PT5M"}})
    account.send("POST", "/jobschedules/s/enable")
    assert (account.shown()["state"], account.jobs()) == ("active", [("s:job-1", "active")])


def test_a_shorter_interval_counts_from_the_last_occurrence(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M"})
    account.end_job(1)
    account.send("PATCH", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT2M"}})
    assert instant(account.shown()["executionInfo"]["nextRunTime"]) == account.added + timedelta(seconds=120)
    account.clock.advance(109)
    assert len(account.jobs()) == 1
    account.clock.advance(1)
    assert len(account.jobs()) == 2


def test_a_job_deleted_by_its_user_lets_the_next_begin(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"})
    assert account.send("DELETE", "/jobs/s:job-1").status == 202
    account.pass_time(60)
    assert account.jobs() == [("s:job-2", "active")]


def test_a_disabled_job_is_still_the_active_one(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"})
    account.send("POST", "/jobs/s:job-1/disable", {"disableTasks": "requeue"})
    account.pass_time(90)
    assert account.jobs() == [("s:job-1", "disabled")]


def test_a_new_specification_is_for_the_next_job(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"}, jobSpecification={**NOWHERE, "metadata": [{"name": "n", "value": "old"}]})
    account.send("PATCH", "/jobschedules/s", {"jobSpecification": {**NOWHERE, "priority": 7}})
    assert account.send("GET", "/jobs/s:job-1").json["metadata"] == [{"name": "n", "value": "old"}]
    account.end_job(1)
    account.pass_time(60)
    second = account.send("GET", "/jobs/s:job-2").json
    assert (second["priority"], "metadata" in second) == (7, False)


def test_a_job_that_is_changed_does_not_change_its_schedule(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"}, jobSpecification={**NOWHERE, "priority": 3})
    assert account.send("PATCH", "/jobs/s:job-1", {"priority": 5, "constraints": {"maxTaskRetryCount": 2}}).status == 200
    specification = account.shown()["jobSpecification"]
    assert (specification["priority"], specification["constraints"]["maxTaskRetryCount"]) == (3, 0)


def test_a_deleted_schedule_goes_after_its_jobs(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT1M"})
    account.send("DELETE", "/jobschedules/s")
    account.clock.advance(9)
    assert account.shown()["state"] == "deleting"
    assert account.send("GET", "/jobs/s:job-1").json["state"] == "deleting"
    account.pass_time(10)
    assert (gone(account), account.send("GET", "/jobs/s:job-1").code) == ("JobScheduleNotFound", "JobNotFound")
    account.add({"recurrenceInterval": "PT1M"})
    assert account.jobs() == [("s:job-1", "active")]


def test_a_deleted_schedule_without_jobs_is_soon_gone(account: Scheduled) -> None:
    account.add({"doNotRunUntil": account.at(60)})
    account.send("DELETE", "/jobschedules/s")
    account.clock.advance(2)
    assert gone(account) == "JobScheduleNotFound"
    account.pass_time(120)
    assert account.send("GET", "/jobs").json["value"] == []


def test_terminating_without_an_active_job_completes_at_once(account: Scheduled) -> None:
    account.add({"recurrenceInterval": "PT10M"})
    account.end_job(1)
    account.send("POST", "/jobschedules/s/terminate")
    ended = account.shown()
    assert (ended["state"], ended["executionInfo"]["endTime"]) == ("completed", ended["stateTransitionTime"])
    account.pass_time(600)
    assert len(account.jobs()) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_the_whole_life_at_every_version(version: str) -> None:
    account = Scheduled(version)
    account.add({"recurrenceInterval": "PT1M"}, jobSpecification={**NOWHERE, "priority": 9})
    statuses = [
        account.send("HEAD", "/jobschedules/s").status,
        account.send("GET", "/jobschedules", query="$filter=state eq 'active'").status,
        account.send("PATCH", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT2M"}}).status,
        account.send("PUT", "/jobschedules/s", {"schedule": {"recurrenceInterval": "PT1M"}, "jobSpecification": NOWHERE}).status,
        account.send("POST", "/jobschedules/s/disable").status,
        account.send("POST", "/jobschedules/s/enable").status,
        account.send("POST", "/jobschedules/s/terminate").status,
        account.send("DELETE", "/jobschedules/s").status,
    ]
    assert statuses == [200, 200, 200, 200, 204, 204, 202, 202]
