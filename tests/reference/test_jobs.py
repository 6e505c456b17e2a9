"""Jobs: what they show, how they change, and how they end, by the clock."""

from __future__ import annotations

from typing import Any

import pytest
from service_calls import BASE, VERSIONS, Account

NEWEST = "2025-06-01"
OLDEST = "2016-02-01.3.0"


def job(account: Account, name: str = "job") -> dict[str, Any]:
    answer = account.send("GET", f"/jobs/{name}")
    assert answer.status == 200, answer.wire
    return dict(answer.json)


def add(account: Account, **properties: object) -> None:
    body = {"id": "job", "poolInfo": {"poolId": "nowhere"}, **properties}
    answer = account.send("POST", "/jobs", body)
    assert answer.status == 201, answer.wire


def do(account: Account, action: str, body: object = None) -> tuple[int, str]:
    answer = account.send("POST", f"/jobs/job/{action}", body)
    return answer.status, answer.code


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_new_job_shows_its_defaults(version: str) -> None:
    account = Account(version)
    add(account)
    shown = job(account)
    assert shown["constraints"] == {"maxTaskRetryCount": 0, "maxWallClockTime": "P10675199DT2H48M5.4775807S"}
    assert (shown["priority"], shown["state"], shown["usesTaskDependencies"]) == (0, "active", False)
    assert shown["executionInfo"] == {"startTime": shown["lastModified"], "poolId": "nowhere"}
    assert shown["lastModified"] == shown["stateTransitionTime"] == shown["creationTime"][:-1] + ".02Z"
    assert ("onAllTasksComplete" in shown) is (version > OLDEST)
    assert "previousState" not in shown and "stats" not in shown


def test_what_comes_at_once_is_not_dated_before_the_job_became_active(account: Account) -> None:
    add(account)
    active = job(account)["stateTransitionTime"]
    assert account.send("DELETE", "/jobs/job").status == 202
    shown = job(account)
    assert (shown["state"], shown["stateTransitionTime"]) == ("deleting", active)


def test_the_location_of_a_new_job_is_the_live_services_unless_switched_off(account: Account) -> None:
    body = {"id": "job", "poolInfo": {"poolId": "nowhere"}}
    assert account.send("POST", "/jobs", body).headers["location"] == f"{BASE}/jobs/job-1"
    plain = Account(quirks=frozenset())
    answer = plain.send("POST", "/jobs", body)
    assert answer.headers["location"] == answer.headers["dataserviceid"] == f"{BASE}/jobs/job"


def test_ids_are_taken_without_regard_to_case(account: Account) -> None:
    add(account)
    answer = account.send("POST", "/jobs", {"id": "JOB", "poolInfo": {"poolId": "nowhere"}})
    assert (answer.status, answer.code) == (409, "JobExists")


def test_a_merge_keeps_and_a_replacement_resets(account: Account) -> None:
    add(account, priority=7, metadata=[{"name": "a", "value": "b"}], constraints={"maxTaskRetryCount": 3}, displayName="kept")
    assert account.send("PATCH", "/jobs/job", {"constraints": {"maxWallClockTime": "PT1H"}}).status == 200
    assert job(account)["constraints"] == {"maxTaskRetryCount": 0, "maxWallClockTime": "PT1H"}
    assert (job(account)["priority"], len(job(account)["metadata"])) == (7, 1)
    assert account.send("PUT", "/jobs/job", {"poolInfo": {"poolId": "nowhere"}}).status == 200
    shown = job(account)
    assert (shown["priority"], shown["displayName"], "metadata" in shown) == (0, "kept", False)
    assert shown["constraints"]["maxWallClockTime"] == "P10675199DT2H48M5.4775807S"


def test_the_pool_changes_only_while_the_job_is_disabled(account: Account) -> None:
    add(account)
    other = {"poolInfo": {"poolId": "elsewhere"}}
    assert account.send("PATCH", "/jobs/job", other).code == "OperationInvalidForCurrentState"
    assert do(account, "disable", {"disableTasks": "requeue"})[0] == 202
    account.clock.advance(10)
    assert account.send("PATCH", "/jobs/job", other).status == 200
    assert job(account)["executionInfo"]["poolId"] == "elsewhere"


def test_disable_and_enable(account: Account) -> None:
    add(account)
    assert do(account, "enable") == (409, "OperationInvalidForCurrentState")
    before = job(account)
    assert do(account, "disable", {"disableTasks": "wait"})[0] == 202
    disabling = job(account)
    assert (disabling["state"], disabling["previousState"]) == ("disabling", "active")
    assert disabling["previousStateTransitionTime"] == before["stateTransitionTime"]
    assert disabling["eTag"] != before["eTag"]
    account.clock.advance(10)
    disabled = job(account)
    assert (disabled["state"], disabled["eTag"]) == ("disabled", disabling["eTag"])
    assert do(account, "disable", {"disableTasks": "wait"})[0] == 202
    assert job(account)["state"] == "disabled"
    assert do(account, "enable")[0] == 202
    assert job(account)["state"] == "active"


def test_terminate_then_nothing_more(account: Account) -> None:
    add(account)
    assert do(account, "terminate", {"terminateReason": "enough"})[0] == 202
    assert (job(account)["state"], job(account)["executionInfo"]["terminateReason"]) == ("terminating", "enough")
    assert do(account, "terminate") == (409, "JobBeingTerminated")
    account.clock.advance(10)
    ended = job(account)
    assert (ended["state"], ended["executionInfo"]["endTime"]) == ("completed", ended["stateTransitionTime"])
    for action, body in (("terminate", None), ("enable", None), ("disable", {"disableTasks": "wait"})):
        assert do(account, action, body) == (409, "JobCompleted")
    assert account.send("PATCH", "/jobs/job", {"priority": 1}).code == "JobCompleted"
    assert account.send("POST", "/jobs/job/tasks", {"id": "t", "commandLine": "x"}).code == "JobCompleted"


def test_deletion_takes_its_time_and_the_tasks(account: Account) -> None:
    add(account)
    account.send("POST", "/jobs/job/tasks", {"id": "t", "commandLine": "x"})
    before = job(account)
    assert account.send("DELETE", "/jobs/job").status == 202
    assert (job(account)["state"], job(account)["eTag"]) == ("deleting", before["eTag"])
    assert account.send("DELETE", "/jobs/job").code == "JobBeingDeleted"
    account.clock.advance(11)
    assert account.send("GET", "/jobs/job").code == "JobNotFound"
    add(account)
    assert account.send("GET", "/jobs/job/tasks").json["value"] == []


def test_an_idle_job_ends_itself_if_it_was_told_to(account: Account) -> None:
    add(account, onAllTasksComplete="terminatejob")
    account.clock.advance(10)
    account.send("GET", "/jobs")
    account.clock.advance(10)
    assert job(account)["executionInfo"]["terminateReason"] == "AllTasksComplete"


def test_wall_clock_time_runs_out_and_a_longer_one_saves_the_job(account: Account) -> None:
    add(account, constraints={"maxWallClockTime": "PT1M"})
    account.send("PATCH", "/jobs/job", {"constraints": {"maxWallClockTime": "PT2M"}})
    account.clock.advance(90)
    assert job(account)["state"] == "active"
    account.clock.advance(40)
    job(account)
    account.clock.advance(10)
    assert job(account)["executionInfo"]["terminateReason"] == "MaxWallClockTimeExpiry"


def test_a_release_task_needs_a_preparation_task(account: Account) -> None:
    body = {"id": "job", "poolInfo": {"poolId": "nowhere"}, "jobReleaseTask": {"commandLine": "x"}}
    assert account.send("POST", "/jobs", body).code == "InvalidPropertyValue"


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        ({"jobPreparationTask": {"id": "same", "commandLine": "x"}}, "TaskIdSameAsJobPreparationTask"),
        (
            {"jobPreparationTask": {"commandLine": "x"}, "jobReleaseTask": {"id": "SAME", "commandLine": "x"}},
            "TaskIdSameAsJobReleaseTask",
        ),
    ],
)
def test_special_tasks_have_ids_of_their_own(account: Account, tasks: dict[str, object], code: str) -> None:
    add(account, **tasks)
    answer = account.send("POST", "/jobs/job/tasks", {"id": "Same", "commandLine": "x"})
    assert (answer.status, answer.code) == (409, code)


def auto_pool(account: Account, **properties: object) -> dict[str, object]:
    pool = {name: value for name, value in account.pool_body().items() if name != "id"}
    return {"autoPoolSpecification": {"autoPoolIdPrefix": "mine", "poolLifetimeOption": "job", "pool": pool, **properties}}


@pytest.mark.parametrize("kept", [True, False])
def test_an_auto_pool_lives_as_long_as_its_job(account: Account, kept: bool) -> None:
    add(account, poolInfo=auto_pool(account, keepAlive=kept))
    name = job(account)["executionInfo"]["poolId"]
    assert name.startswith("mine_")
    assert account.pool(name)["state"] == "active"
    do(account, "terminate")
    account.clock.advance(10)
    assert job(account)["state"] == "completed"
    account.clock.advance(30)
    assert account.send("GET", f"/pools/{name}").status == (200 if kept else 404)


@pytest.mark.parametrize("version", VERSIONS)
def test_task_counts_have_the_shape_of_their_version(version: str) -> None:
    account = Account(version)
    if "Job_GetTaskCounts" not in account.contract.operations:
        assert version < "2017-06-01.5.1"
        return
    add(account)
    for number in range(3):
        account.send("POST", "/jobs/job/tasks", {"id": f"t{number}", "commandLine": "x"})
    account.send("POST", "/jobs/job/tasks/t0/terminate")
    shown = account.send("GET", "/jobs/job/taskcounts").json
    counts = shown.get("taskCounts", shown)
    assert {name: counts[name] for name in ("active", "running", "completed", "succeeded", "failed")} == {
        "active": 2,
        "running": 0,
        "completed": 1,
        "succeeded": 0,
        "failed": 1,
    }
    assert ("taskSlotCounts" in shown) is (version >= "2020-09-01.12.0")
    assert ("validationStatus" in shown) is (version <= "2018-03-01.6.1")


@pytest.mark.parametrize("version", ["2016-07-01.3.1", "2022-01-01.15.0", "2025-06-01"])
def test_an_auto_pool_can_be_sent_back_as_it_was_read(version: str) -> None:
    account = Account(version)
    add(account, poolInfo=auto_pool(account))
    read = job(account)["poolInfo"]
    assert account.send("PUT", "/jobs/job", {"poolInfo": read, "priority": 3}).status == 200
    do(account, "disable", {"disableTasks": "requeue"})
    account.clock.advance(10)
    read["autoPoolSpecification"]["keepAlive"] = True
    assert account.send("PATCH", "/jobs/job", {"poolInfo": read}).status == 200
    assert job(account)["poolInfo"]["autoPoolSpecification"]["keepAlive"] is True
    read["autoPoolSpecification"]["autoPoolIdPrefix"] = "other"
    assert account.send("PATCH", "/jobs/job", {"poolInfo": read}).status == 409
