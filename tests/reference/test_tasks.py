"""Tasks: what they show, how they run on simulated nodes, and how they end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from service_calls import BASE, VERSIONS, Account


class Work(Account):
    """A pool of two nodes with two slots each, and a job on it."""

    def __init__(
        self, version: str = "2022-01-01.15.0", job: Mapping[str, object] | None = None, nodes: int = 2, **settings: Any
    ) -> None:
        super().__init__(version, **settings)
        known = self.contract.models["PoolAddParameter"].properties
        slots = "taskSlotsPerNode" if "taskSlotsPerNode" in known else "maxTasksPerNode"
        self.add_pool("pool", **{self.target: nodes, slots: 2})
        answer = self.send("POST", "/jobs", {"id": "job", "poolInfo": {"poolId": "pool"}, **(job or {})})
        assert answer.status == 201, answer.wire
        self.pass_time(60)

    def pass_time(self, seconds: int) -> None:
        """Second by second, so that what follows from an event happens in its time."""
        for _ in range(seconds):
            self.clock.advance(1)
            self.send("GET", "/jobs")

    def add(self, name: str, command: str = "/bin/sh -c 'exit 0'", **properties: object) -> None:
        answer = self.send("POST", "/jobs/job/tasks", {"id": name, "commandLine": command, **properties})
        assert answer.status == 201, answer.wire

    def task(self, name: str) -> dict[str, Any]:
        answer = self.send("GET", f"/jobs/job/tasks/{name}")
        assert answer.status == 200, answer.wire
        return dict(answer.json)

    def states(self) -> dict[str, str]:
        return {task["id"]: task["state"] for task in self.send("GET", "/jobs/job/tasks").json["value"]}

    def job(self) -> dict[str, Any]:
        return dict(self.send("GET", "/jobs/job").json)

    def nodes(self) -> list[dict[str, Any]]:
        return list(self.send("GET", "/pools/pool/nodes").json["value"])


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_task_runs_and_tells_how_it_ended(version: str) -> None:
    work = Work(version)
    work.add("good")
    fresh = work.task("good")
    assert fresh["executionInfo"] == {"retryCount": 0, "requeueCount": 0}
    assert fresh["creationTime"] == fresh["lastModified"] == fresh["stateTransitionTime"]
    assert "nodeInfo" not in fresh and "previousState" not in fresh
    work.add("bad", "/bin/sh -c 'exit 3'")
    work.pass_time(10)
    good, bad = work.task("good"), work.task("bad")
    assert (good["state"], good["previousState"], good["executionInfo"]["exitCode"]) == ("completed", "running", 0)
    assert good["eTag"] == fresh["eTag"]
    assert good["executionInfo"]["endTime"] == good["stateTransitionTime"]
    assert good["nodeInfo"]["nodeUrl"] == f"{BASE}/pools/pool/nodes/{good['nodeInfo']['nodeId']}"
    assert bad["executionInfo"]["exitCode"] == 3
    told = version >= "2017-05-01.5.0"
    assert (bad["executionInfo"].get("result"), "failureInfo" in bad["executionInfo"]) == (
        ("failure", True) if told else (None, False)
    )
    assert "schedulingError" not in bad["executionInfo"]


@pytest.mark.parametrize(("version", "name"), [("2016-07-01.3.1", "schedulingError"), ("2017-05-01.5.0", "failureInfo")])
def test_an_ended_task_says_so_under_the_name_of_its_version(version: str, name: str) -> None:
    work = Work(version, nodes=0)
    work.add("task")
    assert work.send("POST", "/jobs/job/tasks/task/terminate").status == 204
    task = work.task("task")
    assert (task["state"], task["previousState"], task["nodeInfo"]) == ("completed", "active", {})
    assert (task["executionInfo"][name]["category"], task["executionInfo"][name]["code"]) == ("UserError", "TaskEnded")
    assert work.send("POST", "/jobs/job/tasks/task/terminate").code == "TaskCompleted"


def test_a_failing_task_is_retried_as_often_as_it_may(work: Work) -> None:
    work.add("task", "exit 1", constraints={"maxTaskRetryCount": 2})
    work.pass_time(10)
    info = work.task("task")["executionInfo"]
    assert (info["retryCount"], info["exitCode"], info["result"]) == (2, 1, "failure")
    assert info["startTime"] == info["lastRetryTime"]


def test_a_task_that_lasts_too_long_is_ended(work: Work) -> None:
    work.add("task", "sleep 600", constraints={"maxWallClockTime": "PT1M"})
    work.pass_time(50)
    assert work.task("task")["state"] == "running"
    work.pass_time(20)
    info = work.task("task")["executionInfo"]
    assert "exitCode" not in info and info["failureInfo"]["category"] == "UserError"


def test_slots_bound_what_runs_at_a_time(work: Work) -> None:
    for number in range(5):
        work.add(f"t{number}", "sleep 20")
    work.pass_time(5)
    assert sorted(work.states().values()) == ["active"] + ["running"] * 4
    assert [(node["state"], node["runningTasksCount"]) for node in work.nodes()] == [("running", 2)] * 2
    work.pass_time(40)
    assert set(work.states().values()) == {"completed"}
    assert [(node["state"], node["runningTasksCount"]) for node in work.nodes()] == [("idle", 0)] * 2
    assert sum(node["totalTasksRun"] for node in work.nodes()) == 5
    recent = [task for node in work.nodes() for task in node["recentTasks"]]
    assert {task["taskUrl"] for task in recent} == {f"{BASE}/jobs/job/tasks/t{number}" for number in range(5)}


def test_max_parallel_tasks_bounds_the_job() -> None:
    work = Work(job={"maxParallelTasks": 1})
    work.add("a", "sleep 20")
    work.add("b", "sleep 20")
    work.pass_time(5)
    assert work.states() == {"a": "running", "b": "active"}


def test_dependencies_wait_for_success_or_for_what_satisfies_them() -> None:
    work = Work(job={"usesTaskDependencies": True})
    satisfied = {"exitCodes": [{"code": 4, "exitOptions": {"dependencyAction": "satisfy"}}]}
    work.add("1", "exit 4", exitConditions=satisfied)
    work.add("2", "exit 5")
    work.add("after-1", dependsOn={"taskIds": ["1"]})
    work.add("after-range", dependsOn={"taskIdRanges": [{"start": 1, "end": 2}]})
    work.pass_time(20)
    assert work.states() == {"1": "completed", "2": "completed", "after-1": "completed", "after-range": "active"}


def test_dependencies_need_a_job_that_has_them(work: Work) -> None:
    answer = work.send("POST", "/jobs/job/tasks", {"id": "t", "commandLine": "x", "dependsOn": {"taskIds": ["a"]}})
    assert (answer.status, answer.code) == (400, "TaskDependenciesNotSpecifiedOnJob")


@pytest.mark.parametrize(("action", "state"), [("terminate", "completed"), ("disable", "disabled"), ("none", "active")])
def test_the_exit_of_a_task_acts_on_its_job(action: str, state: str) -> None:
    work = Work(job={"onTaskFailure": "performexitoptionsjobaction"})
    work.add("task", "exit 7", exitConditions={"exitCodeRanges": [{"start": 5, "end": 9, "exitOptions": {"jobAction": action}}]})
    work.pass_time(20)
    assert work.job()["state"] == state
    assert work.job()["executionInfo"].get("terminateReason") == ("TaskFailed" if action == "terminate" else None)


def test_the_job_manager_ends_its_job() -> None:
    work = Work(job={"jobManagerTask": {"id": "manager", "commandLine": "sleep 70"}})
    assert work.states() == {"manager": "running"}
    work.pass_time(30)
    assert (work.job()["state"], work.job()["executionInfo"]["terminateReason"]) == ("completed", "JMComplete")


def test_preparation_and_release_run_once_on_each_node() -> None:
    prepared = {"jobPreparationTask": {"commandLine": "sleep 5"}, "jobReleaseTask": {"commandLine": "x"}}
    work = Work(job=prepared, nodes=1)
    work.add("a")
    work.add("b")
    work.pass_time(3)
    assert set(work.states().values()) == {"preparing"}
    work.pass_time(10)
    assert set(work.states().values()) == {"completed"}
    work.send("POST", "/jobs/job/terminate")
    work.pass_time(10)
    (status,) = work.send("GET", "/jobs/job/jobpreparationandreleasetaskstatus").json["value"]
    assert status["jobPreparationTaskExecutionInfo"]["exitCode"] == status["jobReleaseTaskExecutionInfo"]["exitCode"] == 0
    assert status["nodeId"] == work.nodes()[0]["id"]


def test_a_node_whose_preparation_failed_gets_no_task_of_the_job() -> None:
    work = Work(job={"jobPreparationTask": {"commandLine": "exit 1"}}, nodes=1)
    work.add("task")
    work.pass_time(20)
    assert work.states() == {"task": "active"}


def test_a_node_that_stops_gives_its_tasks_back(work: Work) -> None:
    work.add("task", "sleep 300")
    work.pass_time(5)
    node = work.task("task")["nodeInfo"]["nodeId"]
    assert work.send("POST", f"/pools/pool/nodes/{node}/reboot").status == 202
    assert work.task("task")["state"] == "active"
    work.pass_time(5)
    again = work.task("task")
    assert (again["state"], again["executionInfo"]["requeueCount"]) == ("running", 1)
    assert again["nodeInfo"]["nodeId"] != node


def test_a_node_waits_for_its_tasks_if_it_was_told_to(work: Work) -> None:
    work.add("task", "sleep 30")
    work.pass_time(5)
    node = work.task("task")["nodeInfo"]["nodeId"]
    work.send("POST", f"/pools/pool/nodes/{node}/reboot", {"nodeRebootOption": "taskcompletion"})
    assert work.task("task")["state"] == "running"
    work.pass_time(27)
    assert work.task("task")["state"] == "completed"
    assert {each["id"]: each["state"] for each in work.nodes()}[node] == "rebooting"


def test_only_a_failed_task_is_reactivated(work: Work) -> None:
    work.add("good")
    work.add("bad", "exit 1")
    work.add("slow", "sleep 100")
    work.pass_time(10)
    codes = {name: work.send("POST", f"/jobs/job/tasks/{name}/reactivate").code for name in ("good", "bad", "slow")}
    assert codes == {"good": "TaskSucceeded", "bad": "", "slow": "TaskNotCompleted"}
    task = work.task("bad")
    assert (task["state"], task["previousState"]) == ("active", "completed")
    assert task["executionInfo"] == {"retryCount": 0, "requeueCount": 0}
    assert "nodeInfo" not in task


def test_an_update_replaces_the_constraints(work: Work) -> None:
    work.add("task", constraints={"maxTaskRetryCount": 5, "retentionTime": "PT1H"})
    before = work.task("task")
    assert work.send("PUT", "/jobs/job/tasks/task", {"constraints": {"maxTaskRetryCount": 1}}).status == 200
    after = work.task("task")
    assert after["constraints"] == {**before["constraints"], "maxTaskRetryCount": 1, "retentionTime": "P7D"}
    assert after["eTag"] != before["eTag"]


def test_a_collection_tells_of_each_task(work: Work) -> None:
    work.add("old")
    items = [{"id": name, "commandLine": "x"} for name in ("new", "OLD", "other", "New")]
    answer = work.send("POST", "/jobs/job/addtaskcollection", {"value": items})
    results = {result["taskId"]: result for result in answer.json["value"]}
    assert {name: result["status"] for name, result in results.items()} == {
        "new": "Success",
        "OLD": "ClientError",
        "other": "Success",
        "New": "ClientError",
    }
    assert results["OLD"]["error"]["code"] == "TaskExists" and "eTag" not in results["OLD"]
    assert results["new"]["eTag"] == work.task("new")["eTag"]
    assert results["new"]["location"] == f"{BASE}/jobs/job/tasks/new"


@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 400)])
def test_a_collection_holds_a_hundred_tasks(count: int, status: int) -> None:
    work = Work(nodes=0)
    items = [{"id": f"t{number}", "commandLine": "x"} for number in range(count)]
    assert work.send("POST", "/jobs/job/addtaskcollection", {"value": items}).status == status
    assert len(work.states()) == (100 if status == 200 else 0)


@pytest.mark.parametrize("quirky", [True, False])
def test_the_order_of_a_collections_results_is_a_quirk(quirky: bool) -> None:
    work = Work(nodes=0, quirks=frozenset({"collection-order"} if quirky else ()))
    items = [{"id": name, "commandLine": "x"} for name in "abc"]
    answer = work.send("POST", "/jobs/job/addtaskcollection", {"value": items})
    assert [result["taskId"] for result in answer.json["value"]] == (["a", "c", "b"] if quirky else ["a", "b", "c"])


def test_a_multi_instance_task_takes_several_nodes(work: Work) -> None:
    several = {"numberOfInstances": 2, "coordinationCommandLine": "x"}
    work.add("task", "sleep 20", multiInstanceSettings=several)
    work.pass_time(5)
    assert [node["runningTasksCount"] for node in work.nodes()] == [1, 1]
    (subtask,) = work.send("GET", "/jobs/job/tasks/task/subtasksinfo").json["value"]
    assert (subtask["id"], subtask["state"]) == (1, "running")
    assert subtask["nodeInfo"]["nodeId"] != work.task("task")["nodeInfo"]["nodeId"]
    work.pass_time(30)
    assert work.send("GET", "/jobs/job/tasks/task/subtasksinfo").json["value"][0]["state"] == "completed"


def test_a_deleted_task_frees_its_node(work: Work) -> None:
    work.add("task", "sleep 300")
    work.pass_time(5)
    assert work.send("DELETE", "/jobs/job/tasks/task").status == 200
    assert work.send("GET", "/jobs/job/tasks/task").code == "TaskNotFound"
    assert [node["state"] for node in work.nodes()] == ["idle", "idle"]


@pytest.mark.parametrize(("how", "state"), [("requeue", "active"), ("terminate", "completed"), ("wait", "running")])
def test_disabling_a_job_does_with_its_tasks_what_is_asked(work: Work, how: str, state: str) -> None:
    work.add("task", "sleep 60")
    work.pass_time(5)
    work.send("POST", "/jobs/job/disable", {"disableTasks": how})
    work.pass_time(10)
    assert (work.states()["task"], work.job()["state"]) == (state, "disabling" if how == "wait" else "disabled")
    work.pass_time(60)
    assert work.job()["state"] == "disabled"


def test_terminating_a_job_ends_what_runs_and_leaves_what_waits(work: Work) -> None:
    for number in range(5):
        work.add(f"t{number}", "sleep 300")
    work.pass_time(5)
    work.send("POST", "/jobs/job/terminate")
    work.pass_time(10)
    assert sorted(work.states().values()) == ["active"] + ["completed"] * 4
    assert work.job()["state"] == "completed"
