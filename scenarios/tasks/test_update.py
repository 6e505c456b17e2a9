"""PUT of a task: constraints are replaced as a whole, everything else stays."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import at_path, cases
from scenarios.support import Json, etag, json_object
from scenarios.tasks.samples import CONSTRAINTS, UNLIMITED, value

OTHER = {"maxWallClockTime": "PT3H", "retentionTime": "PT4H", "maxTaskRetryCount": -1}
REPLACED = (
    ("time-limit-replaced", "maxWallClockTime"),
    ("retention-replaced", "retentionTime"),
    ("retries-replaced", "maxTaskRetryCount"),
)


@pytest.mark.parametrize(("slug", "name"), cases("tasks.update.", REPLACED))
def test_replaced(batch: Batch, expect: Expect, job: str, slug: str, name: str) -> None:
    task = batch.create_task(job, constraints=CONSTRAINTS)
    batch.make("Task_Update", {"constraints": {**CONSTRAINTS, name: OTHER[name]}}, jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = json_object(exchange).get("constraints")
    expect.equal(f"tasks.update.{slug}", shown, {**CONSTRAINTS, name: OTHER[name]}, exchange, "constraints")


@pytest.mark.requirement("tasks.update.time-limit-replaced", "tasks.update.retention-replaced", "tasks.update.retries-replaced")
def test_replaced_again(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job)
    for constraints in (OTHER, CONSTRAINTS):
        batch.make("Task_Update", {"constraints": constraints}, jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    for slug, name in REPLACED:
        shown = at_path(json_object(exchange), f"constraints.{name}")
        expect.equal(f"tasks.update.{slug}", shown, CONSTRAINTS[name], exchange, f"{name} after a second update")


DEFAULTS: tuple[tuple[str, str, Any], ...] = (
    ("time-limit-defaults", "maxWallClockTime", UNLIMITED),
    ("retention-defaults-old", "retentionTime", UNLIMITED),
    ("retention-defaults", "retentionTime", "P7D"),
    ("retries-default", "maxTaskRetryCount", 0),
)


@pytest.mark.parametrize(("slug", "name", "default"), cases("tasks.update.", DEFAULTS))
def test_omitted(batch: Batch, expect: Expect, job: str, slug: str, name: str, default: Any) -> None:
    task = batch.create_task(job, constraints=CONSTRAINTS)
    batch.get_task(job, task)  # seen in between, what an update leaves is told from what the creation did
    rest = {each: given for each, given in OTHER.items() if each != name}
    batch.make("Task_Update", {"constraints": rest}, jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    shown = at_path(json_object(exchange), f"constraints.{name}")
    expect.equal(f"tasks.update.{slug}", shown, default, exchange, name)


@pytest.mark.parametrize(
    ("slug", "body"), cases("tasks.update.", [("constraints-default", {}), ("empty-constraints-default", {"constraints": {}})])
)
def test_nothing(batch: Batch, expect: Expect, job: str, plain: str, slug: str, body: Json) -> None:
    task = batch.create_task(job, constraints=CONSTRAINTS)
    batch.make("Task_Update", body, jobId=job, taskId=task)
    defaults = batch.get_task(job, plain).get("constraints")
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal(f"tasks.update.{slug}", json_object(exchange).get("constraints"), defaults, exchange, "constraints")


KEPT = (
    ("display-name", "displayName"),
    ("command-line", "commandLine"),
    ("environment", "environmentSettings"),
    ("affinity", "affinityInfo"),
    ("resource-files", "resourceFiles"),
    ("output-files", "outputFiles"),
    ("required-slots", "requiredSlots"),
    ("user-identity", "userIdentity"),
    ("run-elevated", "runElevated"),
    ("multi-instance", "multiInstanceSettings"),
    ("depends-on", "dependsOn"),
    ("exit-conditions", "exitConditions"),
    ("container-settings", "containerSettings"),
    ("authentication-token", "authenticationTokenSettings"),
)


@pytest.mark.parametrize(("slug", "name"), cases("tasks.update.", [(f"keeps-{slug}", name) for slug, name in KEPT]))
def test_keeps(batch: Batch, expect: Expect, open_job: str, slug: str, name: str) -> None:
    sent = {"taskIds": ["one"], "taskIdRanges": [{"start": 1, "end": 2}]} if name == "dependsOn" else value(batch, name)
    task = batch.create_task(open_job, **{name: sent})
    before = batch.get_task(open_job, task).get(name)
    batch.make("Task_Update", {"constraints": OTHER}, jobId=open_job, taskId=task)
    exchange = batch.call("Task_Get", jobId=open_job, taskId=task)
    expect.equal(f"tasks.update.{slug}", json_object(exchange).get(name), before, exchange, name)


@pytest.mark.requirement("tasks.update.keeps-state", "tasks.update.new-etag")
def test_state_and_etag(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job)
    before = batch.get_task(job, task)
    answer = batch.make("Task_Update", {"constraints": OTHER}, jobId=job, taskId=task)
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    after = json_object(exchange)
    for name in ("state", "stateTransitionTime", "creationTime", "executionInfo"):
        expect.equal("tasks.update.keeps-state", after.get(name), before.get(name), exchange, name)
    expect.equal("tasks.update.new-etag", after.get("eTag"), etag(answer), exchange, "eTag")
    changed = after.get("eTag") != before.get("eTag")
    expect("tasks.update.new-etag", changed, expected="another ETag than before", actual=after.get("eTag"), exchange=exchange)


REFUSED: tuple[tuple[str, Json], ...] = (
    ("retries-below-refused", {"maxTaskRetryCount": -2}),
    ("time-limit-malformed-refused", {"maxWallClockTime": "an hour"}),
    ("retention-malformed-refused", {"retentionTime": "3600"}),
)


@pytest.mark.parametrize(("slug", "constraints"), cases("tasks.update.", REFUSED))
def test_refused(batch: Batch, expect: Expect, job: str, plain: str, slug: str, constraints: Json) -> None:
    exchange = batch.call("Task_Update", jobId=job, taskId=plain, body={"constraints": constraints})
    expect.status(f"tasks.update.{slug}", exchange, 400)


@pytest.mark.requirement("tasks.update.refused-changes-nothing")
def test_refused_changes_nothing(batch: Batch, expect: Expect, job: str) -> None:
    task = batch.create_task(job, constraints=CONSTRAINTS)
    before = batch.get_task(job, task)
    body = {"constraints": {**OTHER, "maxTaskRetryCount": -2}}
    exchange = batch.call("Task_Update", jobId=job, taskId=task, body=body)
    expect("tasks.update.refused-changes-nothing", exchange.response.status >= 400, expected="a refusal", exchange=exchange)
    after = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.update.refused-changes-nothing", json_object(after), before, after, "the task")


FIXED: tuple[tuple[str, Any], ...] = (("displayName", "other"), ("commandLine", "/bin/sh -c 'exit 1'"), ("state", "completed"))


@pytest.mark.requirement("tasks.update.fixed-property-refused")
@pytest.mark.parametrize(("name", "new"), FIXED)
def test_fixed_refused(batch: Batch, expect: Expect, job: str, plain: str, name: str, new: Any) -> None:
    body = {"constraints": CONSTRAINTS, name: new}
    expect.status("tasks.update.fixed-property-refused", batch.call("Task_Update", jobId=job, taskId=plain, body=body), 400)


@pytest.mark.requirement("tasks.update.fixed-property-unchanged")
@pytest.mark.parametrize(("name", "new"), FIXED)
def test_fixed_unchanged(batch: Batch, expect: Expect, job: str, name: str, new: Any) -> None:
    task = batch.create_task(job, displayName="first")
    before = batch.get_task(job, task).get(name)
    answer = batch.call("Task_Update", jobId=job, taskId=task, body={"constraints": CONSTRAINTS, name: new})
    expect.status("tasks.update.fixed-property-unchanged", answer, {200, 400})
    exchange = batch.call("Task_Get", jobId=job, taskId=task)
    expect.equal("tasks.update.fixed-property-unchanged", json_object(exchange).get(name), before, exchange, name)
