"""What a job says for its tasks, and how often it prepares a node."""

from __future__ import annotations

from typing import Any

import pytest
from test_tasks import Work

PREPARED = "jobPreparationTaskExecutionInfo"


def prepared(work: Work) -> dict[str, Any]:
    status = work.send("GET", "/jobs/job/jobpreparationandreleasetaskstatus").json["value"]
    assert len(status) == 1
    return dict(status[0][PREPARED])


def test_environment_settings_stand_in_command_lines() -> None:
    def setting(code: int) -> list[dict[str, str]]:
        return [{"name": "CODE", "value": str(code)}]

    work = Work(job={"commonEnvironmentSettings": setting(3), "jobPreparationTask": {"commandLine": "exit ${CODE}"}}, nodes=1)
    work.add("waits", "exit $CODE")
    work.pass_time(5)
    assert prepared(work)["exitCode"] == 3
    work = Work(job={"commonEnvironmentSettings": setting(3)})
    work.add("common", "exit $CODE")
    work.add("own", "exit $CODE", environmentSettings=setting(4))
    work.add("unknown", "exit $OTHER")
    work.pass_time(5)
    codes = {name: work.task(name)["executionInfo"]["exitCode"] for name in ("common", "own", "unknown")}
    assert codes == {"common": 3, "own": 4, "unknown": 0}


@pytest.mark.parametrize(
    ("again", "action", "runs"), [(True, "reboot", True), (False, "reboot", False), (False, "reimage", True)]
)
def test_a_node_that_starts_anew_is_prepared_again(again: bool, action: str, runs: bool) -> None:
    task = {"commandLine": "exit 0", "rerunOnNodeRebootAfterSuccess": again}
    work = Work(job={"jobPreparationTask": task}, nodes=1)
    work.add("first")
    work.pass_time(5)
    before = prepared(work)["startTime"]
    assert work.send("POST", f"/pools/pool/nodes/{work.nodes()[0]['id']}/{action}").status == 202
    work.pass_time(300)
    work.add("second")
    work.pass_time(5)
    assert work.task("second")["state"] == "completed"
    assert (prepared(work)["startTime"] != before) is runs


def test_a_reimaged_node_gets_another_chance() -> None:
    work = Work(job={"jobPreparationTask": {"commandLine": "exit 1"}}, nodes=1)
    work.add("waits")
    work.pass_time(5)
    failed = prepared(work)
    node = work.nodes()[0]["id"]
    work.send("POST", f"/pools/pool/nodes/{node}/reboot")
    work.pass_time(300)
    assert prepared(work) == failed
    work.send("POST", f"/pools/pool/nodes/{node}/reimage")
    work.pass_time(300)
    assert prepared(work)["startTime"] != failed["startTime"]
