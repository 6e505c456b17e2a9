"""The builders of lies about tasks do what they say, and nothing else."""

from __future__ import annotations

from defect_calls import Caller
from defect_walk import job, task

from conformance.defects import Defect
from conformance.defects.answers import status
from conformance.defects.combined import together
from conformance.defects.model import Maker
from conformance.defects.tasks import ADD, LIST, collection_takes, execution, inside, set_to, shown, without


def with_tasks(make: Maker, *names: str) -> Caller:
    """A caller of a service with that lie, with a job `one` that has these tasks."""
    caller = Caller([Defect("lie", "It lies.", "schema", ("tasks.*",), "A test.", make)])
    caller.send("POST", "/jobs", job("one"))
    for name in names:
        caller.send("POST", "/jobs/one/tasks", task(name, constraints={"maxTaskRetryCount": 1}))
    return caller


def test_a_task_is_shown_otherwise_alone_and_in_lists() -> None:
    caller = with_tasks(shown(set_to("commandLine", "other")), "a", "b")
    alone = caller.send("GET", "/jobs/one/tasks/a").json["commandLine"]
    listed = [each["commandLine"] for each in caller.send("GET", "/jobs/one/tasks").json["value"]]
    assert [alone, *listed] == ["other"] * 3


def test_a_list_alone_is_shown_otherwise() -> None:
    caller = with_tasks(shown(without("commandLine"), where=LIST), "a")
    assert "commandLine" in caller.send("GET", "/jobs/one/tasks/a").json
    assert "commandLine" not in caller.send("GET", "/jobs/one/tasks").json["value"][0]


def test_only_what_is_there_is_changed() -> None:
    more = inside("constraints", set_to("maxTaskRetryCount", lambda count: count + 1))
    caller = with_tasks(together(execution(set_to("exitCode", 7)), shown(more)), "a")
    read = caller.send("GET", "/jobs/one/tasks/a").json
    assert "exitCode" not in read["executionInfo"]
    assert read["constraints"]["maxTaskRetryCount"] == 2


def test_of_several_lies_each_is_told() -> None:
    caller = with_tasks(together(status(ADD, 201, 200), status(LIST, 200, 203)))
    assert caller.send("POST", "/jobs/one/tasks", task("a")).status == 200
    assert caller.send("GET", "/jobs/one/tasks").status == 203


def test_a_collection_takes_what_it_refuses_with_that_code() -> None:
    caller = with_tasks(collection_takes("TaskExists"), "a")
    answer = caller.send("POST", "/jobs/one/addtaskcollection", {"value": [task("A"), task("b"), task("c", dependsOn={})]})
    told = {result["taskId"]: result["status"].lower() for result in answer.json["value"]}
    assert told == {"A": "success", "b": "success", "c": "clienterror"}
    assert caller.send("GET", "/jobs/one/tasks/a").json["id"] == "a"


def test_a_collection_that_is_refused_as_a_whole_is_taken_as_one() -> None:
    caller = with_tasks(collection_takes("JobNotFound"))
    answer = caller.send("POST", "/jobs/none/addtaskcollection", {"value": [task("a"), task("b")]})
    assert (answer.status, [result["taskId"] for result in answer.json["value"]]) == (200, ["a", "b"])
    assert caller.send("POST", "/jobs/none/addtaskcollection", {"value": {}}).status == 400
