"""What a new task may not say, and what it may only say in a job that allows it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import at_path, cases
from scenarios.support import ACCEPTED, Json, json_object, without
from scenarios.tasks.samples import AUTO_USER, CONTAINER_URL, DESTINATION, OUTPUT, STOP, files

COORDINATION = "/bin/sh -c 'exit 0'"
BOTH_USERS = {**AUTO_USER, "username": "somebody"}
REFUSED: tuple[tuple[str, Json], ...] = (
    ("display-name-1025-refused", {"displayName": "x" * 1025}),
    ("retries-below-refused", {"constraints": {"maxTaskRetryCount": -2}}),
    ("time-limit-malformed-refused", {"constraints": {"maxWallClockTime": "an hour"}}),
    ("retention-malformed-refused", {"constraints": {"retentionTime": "3600"}}),
    ("required-slots-zero-refused", {"requiredSlots": 0}),
    ("environment-name-required", {"environmentSettings": [{"value": "alone"}]}),
    ("affinity-id-required", {"affinityInfo": {}}),
    ("user-exclusive", {"userIdentity": BOTH_USERS}),
    ("user-needs-one", {"userIdentity": {}}),
    ("file-one-source", {"resourceFiles": [{"httpUrl": CONTAINER_URL, "storageContainerUrl": CONTAINER_URL, "filePath": "x"}]}),
    ("file-source-required", {"resourceFiles": [{"filePath": "x"}]}),
    ("output-pattern-required", {"outputFiles": [without(OUTPUT, "filePattern")]}),
    ("output-destination-required", {"outputFiles": [without(OUTPUT, "destination")]}),
    ("output-options-required", {"outputFiles": [without(OUTPUT, "uploadOptions")]}),
    ("output-container-url-required", {"outputFiles": [{**OUTPUT, "destination": {"container": {"path": "logs"}}}]}),
    ("output-condition-unknown-refused", {"outputFiles": [{**OUTPUT, "uploadOptions": {"uploadCondition": "never"}}]}),
    ("package-application-required", {"applicationPackageReferences": [{"version": "1"}]}),
    ("coordination-required", {"multiInstanceSettings": {"numberOfInstances": 2}}),
    ("instances-required", {"multiInstanceSettings": {"coordinationCommandLine": COORDINATION}}),
    ("container-image-required", {"containerSettings": {"containerRunOptions": "--rm"}}),
    ("range-start-required", {"dependsOn": {"taskIdRanges": [{"end": 3}]}}),
    ("range-end-required", {"dependsOn": {"taskIdRanges": [{"start": 1}]}}),
    ("exit-code-required", {"exitConditions": {"exitCodes": [{"exitOptions": STOP}]}}),
    ("exit-range-bounds-required", {"exitConditions": {"exitCodeRanges": [{"start": 1, "exitOptions": STOP}]}}),
    ("exit-range-bounds-required", {"exitConditions": {"exitCodeRanges": [{"end": 1, "exitOptions": STOP}]}}),
    ("exit-options-required", {"exitConditions": {"exitCodes": [{"code": 1}]}}),
    ("job-action-unknown-refused", {"exitConditions": {"default": {"jobAction": "celebrate"}}}),
    ("dependency-action-unknown-refused", {"exitConditions": {"default": {"dependencyAction": "celebrate"}}}),
)


@pytest.mark.parametrize(("slug", "properties"), cases("tasks.add.", REFUSED))
def test_refused(batch: Batch, expect: Expect, open_job: str, slug: str, properties: Json) -> None:
    expect.status(f"tasks.add.{slug}", batch.call("Task_Add", jobId=open_job, body=batch.task_body(**properties)), 400)


@pytest.mark.requirement("tasks.add.file-path-required")
def test_file_path(batch: Batch, expect: Expect, job: str) -> None:
    nameless = [without(file, "filePath") for file in files(batch)]
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(resourceFiles=nameless))
    expect.status("tasks.add.file-path-required", exchange, 400)


@pytest.mark.requirement("tasks.add.output-conditions-accepted")
@pytest.mark.parametrize("condition", ["taskSuccess", "taskFailure", "taskCompletion"])
def test_output_condition(batch: Batch, expect: Expect, job: str, condition: str) -> None:
    file = {"filePattern": "*", "destination": DESTINATION, "uploadOptions": {"uploadCondition": condition.lower()}}
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(outputFiles=[file]))
    expect.status("tasks.add.output-conditions-accepted", exchange, ACCEPTED)


def _actions(slug: str, name: str, values: tuple[str, ...]) -> list[Any]:
    return [(f"{slug}-accepted", {name: each}) for each in values]


ACTIONS = [
    *_actions("job-actions", "jobAction", ("none", "disable", "terminate")),
    *_actions("dependency-actions", "dependencyAction", ("satisfy", "block")),
]


@pytest.mark.parametrize(("slug", "options"), cases("tasks.add.", ACTIONS))
def test_action(batch: Batch, expect: Expect, open_job: str, slug: str, options: Json) -> None:
    exchange = batch.call("Task_Add", jobId=open_job, body=batch.task_body(exitConditions={"default": options}))
    expect.status(f"tasks.add.{slug}", exchange, ACCEPTED)


@pytest.mark.requirement("tasks.add.job-action-without-task-failure-refused")
@pytest.mark.parametrize("action", ["disable", "terminate"])
def test_action_without_effect(batch: Batch, expect: Expect, job: str, action: str) -> None:
    conditions = {"exitCodes": [{"code": 3, "exitOptions": {"jobAction": action}}]}
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(exitConditions=conditions))
    expect.status("tasks.add.job-action-without-task-failure-refused", exchange, 400)


@pytest.mark.requirement("tasks.add.depends-without-permission-refused")
@pytest.mark.parametrize("depends", [{"taskIds": ["one"]}, {"taskIdRanges": [{"start": 1, "end": 2}]}])
def test_dependencies_not_used(batch: Batch, expect: Expect, job: str, depends: Json) -> None:
    exchange = batch.call("Task_Add", jobId=job, body=batch.task_body(dependsOn=depends))
    expect.error("tasks.add.depends-without-permission-refused", exchange, 400, "TaskDependenciesNotSpecifiedOnJob")


@pytest.mark.requirement("tasks.add.depends-list-inside-accepted", "tasks.add.depends-list-outside-refused")
def test_dependency_list(batch: Batch, expect: Expect, open_job: str) -> None:
    """No document says whether what separates the ids counts too, so the accepted list stays clear of the limit."""
    names = [f"{number:064}" for number in range(1001)]
    body = batch.task_body(dependsOn={"taskIds": names[:900]})
    inside = batch.call("Task_Add", jobId=open_job, body=body)
    expect.status("tasks.add.depends-list-inside-accepted", inside, ACCEPTED)
    kept = batch.call("Task_Get", jobId=open_job, taskId=body["id"])
    shown = at_path(json_object(kept), "dependsOn.taskIds") or []
    expect.equal("tasks.add.depends-list-inside-accepted", len(shown), 900, kept, "ids to depend on")
    outside = batch.call("Task_Add", jobId=open_job, body=batch.task_body(dependsOn={"taskIds": names}))
    expect.error("tasks.add.depends-list-outside-refused", outside, 400, "TaskDependencyListTooLong")
