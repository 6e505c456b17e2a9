"""Properties of jobs, tasks and schedules that only some api-versions have: taken and shown there, refused elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import ACCEPTED, Json, json_object
from scenarios.versions.sides import create, knows, nearest, neither

READ = {"Job_Add": "Job_Get", "Task_Add": "Task_Get", "JobSchedule_Add": "JobSchedule_Get"}


@dataclass(frozen=True)
class Dated:
    """`model.name` exists only at some api-versions; `properties` use it. `anywhere` says that any account takes it; otherwise a
    refusal where it exists proves nothing."""

    requirement: str
    operation: str
    model: str
    name: str
    properties: Json
    anywhere: bool = True


def _task(requirement: str, model: str, name: str, anywhere: bool = True, **properties: Any) -> Dated:
    return Dated(f"tasks.versions.{requirement}", "Task_Add", model, name, properties, anywhere)


def _job(requirement: str, model: str, name: str, anywhere: bool = True, **properties: Any) -> Dated:
    return Dated(f"jobs.versions.{requirement}", "Job_Add", model, name, properties, anywhere)


def _manager(requirement: str, name: str, value: Any, anywhere: bool = True) -> Dated:
    manager = {"id": "manager", "commandLine": "hostname", name: value}
    return _job(requirement, "JobManagerTask", name, anywhere, jobManagerTask=manager)


def _schedule(requirement: str, name: str, value: Any) -> Dated:
    specification = {"poolInfo": {"poolId": "bcs-no-pool"}, name: value}
    properties = {"jobSpecification": specification}
    return Dated(f"job-schedules.versions.{requirement}", "JobSchedule_Add", "JobSpecification", name, properties)


OPTIONS = {"dependencyAction": "satisfy"}
CONTAINER = {"imageName": "busybox"}
IDENTITY = {"resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"}
PACKAGES = [{"applicationId": "bcs-absent"}]
SUBNET = {"subnetId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"}
UPLOAD = {
    "filePattern": "*.txt",
    "destination": {"container": {"containerUrl": "https://example.blob.core.windows.net/out"}},
    "uploadOptions": {"uploadCondition": "taskcompletion"},
}
URL = "https://example.blob.core.windows.net/files"

DATED = (
    _task("run-elevated", "TaskAddParameter", "runElevated", runElevated=False),
    _task("user-identity", "TaskAddParameter", "userIdentity", userIdentity={"autoUser": {"elevationLevel": "nonadmin"}}),
    _task("output-files", "TaskAddParameter", "outputFiles", outputFiles=[UPLOAD]),
    _task("exit-conditions", "TaskAddParameter", "exitConditions", exitConditions={"default": {}}),
    _task("pre-processing-error", "ExitConditions", "preProcessingError", exitConditions={"preProcessingError": {}}),
    _task("pre-processing-error", "ExitConditions", "schedulingError", exitConditions={"schedulingError": {}}),
    _task("file-upload-error", "ExitConditions", "fileUploadError", exitConditions={"fileUploadError": {}}),
    _task("dependency-action", "ExitOptions", "dependencyAction", exitConditions={"default": OPTIONS}),
    _task(
        "authentication-token",
        "TaskAddParameter",
        "authenticationTokenSettings",
        authenticationTokenSettings={"access": ["job"]},
    ),
    _task("required-slots", "TaskAddParameter", "requiredSlots", requiredSlots=2),
    _task("container-settings", "TaskAddParameter", "containerSettings", False, containerSettings=CONTAINER),
    _task(
        "working-directory",
        "TaskContainerSettings",
        "workingDirectory",
        False,
        containerSettings={**CONTAINER, "workingDirectory": "containerImageDefault"},
    ),
    _task(
        "application-packages", "TaskAddParameter", "applicationPackageReferences", False, applicationPackageReferences=PACKAGES
    ),
    _task("resource-file-sources", "ResourceFile", "httpUrl", resourceFiles=[{"httpUrl": URL, "filePath": "a"}]),
    _task("resource-file-sources", "ResourceFile", "blobSource", resourceFiles=[{"blobSource": URL, "filePath": "a"}]),
    _task(
        "resource-file-containers",
        "ResourceFile",
        "storageContainerUrl",
        resourceFiles=[{"storageContainerUrl": URL, "filePath": "a"}],
    ),
    _task(
        "resource-file-containers",
        "ResourceFile",
        "blobPrefix",
        resourceFiles=[{"storageContainerUrl": URL, "blobPrefix": "b", "filePath": "a"}],
    ),
    _task(
        "resource-file-containers",
        "ResourceFile",
        "autoStorageContainerName",
        False,
        resourceFiles=[{"autoStorageContainerName": "files", "filePath": "a"}],
    ),
    _task(
        "identity-reference",
        "ResourceFile",
        "identityReference",
        False,
        resourceFiles=[{"httpUrl": URL, "filePath": "a", "identityReference": IDENTITY}],
    ),
    _job("on-all-tasks-complete", "JobAddParameter", "onAllTasksComplete", onAllTasksComplete="noaction"),
    _job("on-task-failure", "JobAddParameter", "onTaskFailure", onTaskFailure="performexitoptionsjobaction"),
    _job("network-configuration", "JobAddParameter", "networkConfiguration", False, networkConfiguration=SUBNET),
    _job("max-parallel-tasks", "JobAddParameter", "maxParallelTasks", maxParallelTasks=3),
    _job("task-preemption", "JobAddParameter", "allowTaskPreemption", allowTaskPreemption=True),
    _manager("manager-low-priority-node", "allowLowPriorityNode", False),
    _manager("manager-authentication-token", "authenticationTokenSettings", {"access": ["job"]}),
    _manager("manager-application-packages", "applicationPackageReferences", PACKAGES, anywhere=False),
    _manager("manager-run-elevated", "runElevated", False),
    _schedule("on-all-tasks-complete", "onAllTasksComplete", "noaction"),
    _schedule("on-task-failure", "onTaskFailure", "noaction"),
    _schedule("max-parallel-tasks", "maxParallelTasks", 3),
)
ITEMS = [pytest.param(d, id=f"{d.requirement}-{d.name}", marks=pytest.mark.requirement(d.requirement)) for d in DATED]


@pytest.mark.parametrize("dated", ITEMS)
def test_refused_where_it_does_not_exist(batch: Batch, expect: Expect, dated: Dated) -> None:
    driver = nearest(batch, neither(knows(dated.model, dated.name), dated.operation))
    exchange, _ = create(driver, dated.operation, dated.properties)
    expect.status(dated.requirement, exchange, 400)


@pytest.mark.parametrize("dated", ITEMS)
def test_taken_where_it_exists(batch: Batch, expect: Expect, dated: Dated) -> None:
    driver = nearest(batch, knows(dated.model, dated.name))
    exchange, path = create(driver, dated.operation, dated.properties)
    if exchange.response.status not in ACCEPTED and not dated.anywhere:
        pytest.skip(f"{dated.name} depends on the account: answered {exchange.response.status}")
    expect.status(dated.requirement, exchange, ACCEPTED)
    read = driver.call(READ[dated.operation], **path)
    lacking = set(dated.properties) - set(json_object(read))
    expect.equal(dated.requirement, lacking, set(), read, "properties that were taken and are not shown")
