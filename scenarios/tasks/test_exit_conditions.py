"""Which of its exit conditions the end of a task meets, seen by what becomes of the job.

That nothing becomes of it is seen by another task, added later, that is run."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.jobs.samples import cases
from scenarios.support import Json, json_object
from scenarios.tasks.conftest import Work
from scenarios.tasks.samples import COMMAND
from scenarios.tasks.test_run import run

pytestmark = pytest.mark.starts_nodes

# what is done to a job may follow the end of its task a little later: as many other tasks may run meanwhile
PATIENCE = 5
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
    _watch(batch, job, PATIENCE if disables else 1)
    exchange = batch.call("Job_Get", jobId=job)
    states = {"disabling", "disabled"} if disables else {"active"}
    actual = json_object(exchange).get("state")
    expect(requirement, actual in states, expected=" or ".join(sorted(states)), actual=actual, exchange=exchange)


def _watch(batch: Batch, job: str, tasks: int) -> None:
    """Wait for as long as so many tasks, one after the other, take to run, or until the job is no longer active."""
    for _ in range(tasks):
        if batch.get_job(job).get("state") != "active":
            return
        _run_another(batch, job, batch.create_task(job, commandLine=COMMAND))


def _run_another(batch: Batch, job: str, task: str) -> None:
    batch.wait(
        lambda: (batch.get_task(job, task).get("state"), batch.get_job(job).get("state")),
        lambda states: states[0] == "completed" or states[1] != "active",
        "another task has run, or the job is no longer active",
    )
