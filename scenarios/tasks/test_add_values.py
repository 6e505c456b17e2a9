"""Each property of a new task: what was sent comes back, what was not sent has its default, limits just inside and outside."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import at_path, cases
from scenarios.pools.samples import covers
from scenarios.support import ACCEPTED, Json, has, json_object
from scenarios.tasks.samples import CONSTRAINTS, CONTAINER, UNLIMITED, value

KEPT = (
    ("display-name", "displayName"),
    ("command-line", "commandLine"),
    ("environment", "environmentSettings"),
    ("constraints", "constraints"),
    ("affinity", "affinityInfo"),
    ("resource-files", "resourceFiles"),
    ("output-files", "outputFiles"),
    ("required-slots", "requiredSlots"),
    ("user-identity", "userIdentity"),
    ("run-elevated", "runElevated"),
    ("multi-instance", "multiInstanceSettings"),
    ("exit-conditions", "exitConditions"),
    ("container-settings", "containerSettings"),
    ("authentication-token", "authenticationTokenSettings"),
    ("packages", "applicationPackageReferences"),
)


@pytest.mark.parametrize(("slug", "name"), cases("tasks.add.", [(f"{slug}-kept", name) for slug, name in KEPT]))
def test_kept(batch: Batch, expect: Expect, open_job: str, slug: str, name: str) -> None:
    sent = value(batch, name)
    _comes_back(batch, expect, open_job, f"tasks.add.{slug}", {name: sent})


OTHER_KEPT: tuple[tuple[str, Json], ...] = (
    ("user-name-kept", {"userIdentity": {"username": "somebody"}}),
    ("depends-on-ids-kept", {"dependsOn": {"taskIds": ["one", "two"]}}),
    ("depends-on-ranges-kept", {"dependsOn": {"taskIdRanges": [{"start": 1, "end": 3}, {"start": 7, "end": 7}]}}),
    ("environment-value-optional", {"environmentSettings": [{"name": "ALONE"}]}),
    ("display-name-1024-accepted", {"displayName": "x" * 1024}),
    ("display-name-1024-accepted", {"displayName": "名" * 1024}),
    ("retries-unlimited-accepted", {"constraints": {"maxTaskRetryCount": -1}}),
)


@pytest.mark.parametrize(("slug", "properties"), cases("tasks.add.", OTHER_KEPT))
def test_other_kept(batch: Batch, expect: Expect, open_job: str, slug: str, properties: Json) -> None:
    _comes_back(batch, expect, open_job, f"tasks.add.{slug}", properties)


def _comes_back(batch: Batch, expect: Expect, job: str, requirement: str, properties: Json) -> None:
    body = batch.task_body(**properties)
    expect.status(requirement, batch.call("Task_Add", jobId=job, body=body), ACCEPTED)
    exchange = batch.call("Task_Get", jobId=job, taskId=body["id"])
    shown = {name: json_object(exchange).get(name) for name in properties}
    expect(requirement, covers(shown, properties), expected=properties, actual=shown, exchange=exchange)


DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("time-limit-default", "constraints.maxWallClockTime", UNLIMITED),
    ("retention-default-old", "constraints.retentionTime", UNLIMITED),
    ("retention-default", "constraints.retentionTime", "P7D"),
    ("retry-count-default", "constraints.maxTaskRetryCount", 0),
    ("required-slots-default", "requiredSlots", 1),
    ("user-scope-default", "userIdentity.autoUser.scope", "pool"),
    ("user-elevation-default", "userIdentity.autoUser.elevationLevel", "nonadmin"),
    ("run-elevated-default", "runElevated", False),
)


@pytest.mark.parametrize(("slug", "path", "default"), cases("tasks.add.", DEFAULTS))
def test_default(batch: Batch, expect: Expect, job: str, plain: str, slug: str, path: str, default: Any) -> None:
    exchange = batch.call("Task_Get", jobId=job, taskId=plain)
    expect.equal(f"tasks.add.{slug}", at_path(json_object(exchange), path), default, exchange, path)


@pytest.mark.requirement("tasks.add.retry-count-of-job")
def test_retry_count_of_job(batch: Batch, expect: Expect) -> None:
    job = batch.create_job(constraints={"maxTaskRetryCount": 4})
    task = batch.create_task(job)
    of_many = batch.new_id("of-many")
    batch.make("Task_AddCollection", {"value": [batch.task_body(of_many)]}, jobId=job)
    for one in (task, of_many):
        exchange = batch.call("Task_Get", jobId=job, taskId=one)
        retries = at_path(json_object(exchange), "constraints.maxTaskRetryCount")
        expect.equal("tasks.add.retry-count-of-job", retries, 4, exchange, "constraints.maxTaskRetryCount")


@pytest.mark.requirement("tasks.add.partial-constraints-default")
@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_partial_constraints(batch: Batch, expect: Expect, job: str, plain: str, name: str) -> None:
    defaults = batch.get_task(job, plain).get("constraints", {})
    sent = {name: CONSTRAINTS[name]}
    task = batch.create_task(job, constraints=sent)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange).get("constraints")
    expect.equal("tasks.add.partial-constraints-default", shown, {**defaults, **sent}, exchange, "constraints")


@pytest.mark.requirement("tasks.add.instances-default")
def test_instances_default(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job, multiInstanceSettings={"coordinationCommandLine": "/bin/sh -c 'exit 0'"})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    instances = at_path(json_object(exchange), "multiInstanceSettings.numberOfInstances")
    expect.equal("tasks.add.instances-default", instances, 1, exchange, "numberOfInstances")


@pytest.mark.requirement("tasks.responses.secrets")
def test_password_of_registry(batch: Batch, expect: Expect, job: str) -> None:
    """The one secret that is sent with a task: rules look for it in the answers that show the task."""
    if not has(batch, "TaskAddParameter", "containerSettings"):
        pytest.skip("tasks have no containers at this api-version")
    registry = {"registryServer": "example.azurecr.io", "username": "bcs", "password": "bcs-registry-secret"}
    task = batch.create_task(job, containerSettings={**CONTAINER, "registry": registry})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = at_path(json_object(exchange), "containerSettings.registry")
    told = isinstance(shown, dict) and "password" in shown
    expect("tasks.responses.secrets", not told, expected="no password", actual=shown, exchange=exchange)


@pytest.mark.requirement("tasks.add.working-directory-default")
def test_working_directory_default(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job, containerSettings=CONTAINER)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    folder = at_path(json_object(exchange), "containerSettings.workingDirectory")
    holds = str(folder or "taskWorkingDirectory").lower() == "taskworkingdirectory"
    expect("tasks.add.working-directory-default", holds, expected="taskWorkingDirectory", actual=folder, exchange=exchange)
