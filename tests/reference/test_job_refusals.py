"""What a job may not be, or become."""

from __future__ import annotations

from typing import Any

import pytest
from service_calls import Account

POOL = {"poolId": "nowhere"}
SPECIFICATION = {
    "vmSize": "standard_d2s_v3",
    "targetDedicatedNodes": 0,
    "virtualMachineConfiguration": {
        "imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
        "nodeAgentSKUId": "batch.node.ubuntu 22.04",
    },
}


def auto(**properties: object) -> dict[str, Any]:
    return {"autoPoolSpecification": {"poolLifetimeOption": "job", "pool": SPECIFICATION, **properties}}


@pytest.fixture
def account() -> Account:
    return Account()


def answered(account: Account, method: str, path: str, body: object) -> tuple[int, str]:
    answer = account.send(method, path, body)
    return answer.status, answer.code


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"maxParallelTasks": 0}, "InvalidPropertyValue"),
        ({"poolInfo": auto(poolLifetimeOption="jobschedule")}, "InvalidPropertyValue"),
        ({"poolInfo": {"autoPoolSpecification": {"poolLifetimeOption": "job"}}}, "MissingRequiredProperty"),
    ],
)
def test_a_new_job_may_not_have(account: Account, properties: dict[str, object], code: str) -> None:
    body = {"id": "job", "poolInfo": POOL, **properties}
    assert answered(account, "POST", "/jobs", body) == (400, code)


def test_a_job_whose_auto_pool_is_refused_is_not_made(account: Account) -> None:
    scaled = {name: value for name, value in SPECIFICATION.items() if name != "targetDedicatedNodes"}
    pool = {**scaled, "enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes = = 1;"}
    assert account.send("POST", "/jobs", {"id": "job", "poolInfo": auto(pool=pool)}).status == 400
    assert answered(account, "GET", "/jobs/job", None) == (404, "JobNotFound")


def test_automatic_termination_cannot_be_revoked(account: Account) -> None:
    account.send("POST", "/jobs", {"id": "job", "poolInfo": POOL})
    account.send("POST", "/jobs/job/tasks", {"id": "waits", "commandLine": "hostname"})
    ending = {"onAllTasksComplete": "terminatejob"}
    assert answered(account, "PATCH", "/jobs/job", ending) == (200, "")
    assert answered(account, "PATCH", "/jobs/job", {"onAllTasksComplete": "noaction"}) == (400, "InvalidPropertyValue")
    assert answered(account, "PUT", "/jobs/job", {"poolInfo": POOL}) == (400, "InvalidPropertyValue")
    assert answered(account, "PUT", "/jobs/job", {"poolInfo": POOL, **ending}) == (200, "")


def test_of_an_auto_pool_only_keep_alive_changes(account: Account) -> None:
    account.send("POST", "/jobs", {"id": "job", "poolInfo": auto()})
    account.send("POST", "/jobs/job/disable", {"disableTasks": "wait"})
    account.clock.advance(10)
    larger = {**SPECIFICATION, "vmSize": "standard_d4s_v3"}
    for changed in (auto(poolLifetimeOption="jobschedule"), auto(pool=larger)):
        refused = answered(account, "PATCH", "/jobs/job", {"poolInfo": changed})
        assert refused == (409, "OperationInvalidForCurrentState")
    assert answered(account, "PATCH", "/jobs/job", {"poolInfo": auto(keepAlive=True)}) == (200, "")


def test_the_status_of_tasks_that_a_job_does_not_have(account: Account) -> None:
    account.send("POST", "/jobs", {"id": "job", "poolInfo": POOL})
    path = "/jobs/job/jobpreparationandreleasetaskstatus"
    assert answered(account, "GET", path, None) == (409, "JobPreparationTaskNotSpecified")
