"""Which of its exit conditions the end of a task meets, seen by what becomes of the job.

That nothing becomes of it is seen by another task, added later, that is run."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import cases
from scenarios.running import job_in
from scenarios.support import Json, json_object
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import COMMAND
from scenarios.tasks.test_run import run

pytestmark = pytest.mark.starts_nodes

DISABLE = {"jobAction": "disable"}
NONE = {"jobAction": "none"}
BETWEEN: Json = {"exitCodeRanges": [{"start": 5, "end": 9, "exitOptions": DISABLE}], "default": NONE}
# requirement, conditions, exit code, whether the job is disabled
ROWS: tuple[tuple[str, Json, int, bool], ...] = (
    ("code", {"exitCodes": [{"code": 3, "exitOptions": DISABLE}], "default": NONE}, 3, True),
    ("range-inclusive", BETWEEN, 5, True),
    ("range-inclusive", BETWEEN, 9, True),
    ("range-outside", BETWEEN, 4, False),
    ("range-outside", BETWEEN, 10, False),
    ("default-others", {"exitCodes": [{"code": 3, "exitOptions": NONE}], "default": DISABLE}, 4, True),
    ("default-not-named", {"exitCodes": [{"code": 3, "exitOptions": NONE}], "default": DISABLE}, 3, False),
    ("default-not-zero", {"default": DISABLE}, 0, False),
    ("zero-named", {"exitCodes": [{"code": 0, "exitOptions": DISABLE}]}, 0, True),
)


@pytest.mark.parametrize(("slug", "conditions", "code", "disables"), cases("tasks.exit-conditions.", ROWS))
def test_condition(batch: Batch, expect: Expect, work_open: Work, slug: str, conditions: Json, code: int, disables: bool) -> None:
    job = work_open()
    requirement = f"tasks.exit-conditions.{slug}"
    run(batch, job, f"/bin/sh -c 'exit {code}'", exitConditions=conditions)
    if disables:
        shown: Any = job_in(batch, job, "disabled")
        expect.equal(requirement, shown.get("state"), "disabled", what="state of the job")
        return
    sentinel = batch.create_task(job, commandLine=COMMAND)
    batch.wait(
        lambda: (batch.get_task(job, sentinel).get("state"), batch.get_job(job).get("state")),
        lambda states: states[0] == "completed" or states[1] != "active",
        "another task has run, or the job is no longer active",
    )
    exchange = batch.call("Job_Get", jobId=job)
    expect.equal(requirement, json_object(exchange).get("state"), "active", exchange, "state of the job")
