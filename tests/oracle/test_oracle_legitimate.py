"""What a service that keeps its word may do on its own, or to several requests at once: nobody else writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from oracle_bodies import FOREVER, NEW_POOL, WEEK, job, passed, pool, schedule, task
from oracle_tapes import HOST, Tape, contradicted, day, etag, follow, held, instant
from oracle_traces import new_pool

_JOB = {"id": "j", "poolInfo": {"poolId": "p"}}
_TASK = {"id": "t", "commandLine": "hostname"}
_SCALE = {"enableAutoScale": True, "autoScaleFormula": "$TargetDedicatedNodes=3"}
_SCALED = {**_SCALE, "autoScaleEvaluationInterval": "PT15M"}
_T = "/jobs/j/tasks/t"


def _new_job(**more: Any) -> Tape:
    return Tape().ask("add", "POST", "/jobs", 201, sent={**_JOB, **more}, edition=1)


def _new_task(**more: Any) -> Tape:
    return _new_job().ask("add task", "POST", "/jobs/j/tasks", 201, sent={**_TASK, **more}, edition=1)


def _resizing(second: int, **more: Any) -> dict[str, Any]:
    return {"allocationState": "resizing", "allocationStateTransitionTime": instant(second), **more}


def a_job_terminates_when_its_tasks_are_done() -> Tape:
    tape = _new_job(onAllTasksComplete="terminatejob")
    done = {"onAllTasksComplete": "terminatejob"}
    tape.get("read", "/jobs/j", job(1, **done)).get(
        "terminating", "/jobs/j", job(1, **done, **passed("terminating", 90, "active", 1))
    )
    return tape.get("completed", "/jobs/j", job(1, **done, **passed("completed", 91, "terminating", 90)))


def a_job_runs_out_of_time_while_it_is_disabled() -> Tape:
    tape = _new_job().get("read", "/jobs/j", job(1))
    tape.ask("disable", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "wait"}, edition=2)
    tape.get("disabling", "/jobs/j", job(2, **passed("disabling", 102, "active", 1)))
    return tape.get("completed", "/jobs/j", job(2, **passed("completed", 150, "terminating", 149)))


def several_actions_between_two_reads() -> Tape:
    tape = _new_job().get("read", "/jobs/j", job(1))
    tape.ask("disable", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "requeue"}, edition=2)
    tape.ask("enable", "POST", "/jobs/j/enable", 202, edition=3)
    tape.get("active", "/jobs/j", job(3, **passed("active", 104, "enabling", 103)))
    tape.ask("enable again", "POST", "/jobs/j/enable", 202, edition=4).ask("end", "POST", "/jobs/j/terminate", 202, edition=5)
    tape.ask("delete", "DELETE", "/jobs/j", 202)
    return tape.get("deleting", "/jobs/j", job(5, **passed("deleting", 107, "terminating", 106)))


def an_action_that_is_refused_changes_nothing() -> Tape:
    tape = _new_job().get("read", "/jobs/j", job(1))
    tape.ask("enable", "POST", "/jobs/j/enable", 409, {"code": "InvalidJobState"}).get("same", "/jobs/j", job(1))
    tape.ask("patch", "PATCH", "/jobs/j", 400, {"code": "InvalidPropertyValue"}, sent={"priority": 5000})
    return tape.get("still", "/jobs/j", job(1))


def a_task_is_retried() -> Tape:
    """It fails, and runs again on its own; the times of its states go on."""
    tape = _new_task(constraints={"maxTaskRetryCount": 3})
    limits = {"constraints": {"maxWallClockTime": FOREVER, "maxTaskRetryCount": 3, "retentionTime": WEEK}}
    states = [("active", 1, "", 0), ("running", 90, "active", 1), ("running", 95, "running", 90), ("active", 96, "running", 95)]
    states += [("preparing", 97, "active", 96), ("running", 98, "preparing", 97), ("completed", 99, "running", 98)]
    for place, (state, second, before, since) in enumerate(states):
        passing = passed(state, second, before, since) if before else {}
        tape.get(str(place), _T, task(1, **limits, **passing, executionInfo={"retryCount": place, "requeueCount": 0}))
    return tape


def a_task_is_requeued_as_its_node_left() -> Tape:
    tape = _new_task().get("running", _T, task(1, **passed("running", 90, "active", 1)))
    tape.get("active", _T, task(1, **passed("active", 95, "running", 90)))
    tape.ask("disable", "POST", "/jobs/j/disable", 202, sent={"disableTasks": "terminate"}, edition=2)
    return tape.get("completed", _T, task(1, **passed("completed", 99, "active", 95)))


def a_task_is_done_before_it_is_terminated() -> Tape:
    tape = _new_task().get("read", _T, task(1))
    tape.ask("terminate", "POST", f"{_T}/terminate", 409, {"code": "TaskCompleted"})
    tape.get("completed", _T, task(1, **passed("completed", 90, "running", 89)))
    tape.ask("reactivate", "POST", f"{_T}/reactivate", 204, edition=2)
    return tape.get("again", _T, task(2, **passed("completed", 106, "running", 105)))


def a_pool_scales_itself() -> Tape:
    """The service sets the number of nodes at a creation, after a write, and while nobody writes."""
    tape = new_pool(**_SCALE, metadata=[]).get("read", "/pools/p", pool(1, **_SCALED, metadata=None, targetDedicatedNodes=3))
    tape.get("more", "/pools/p", pool(1, **_SCALED, **_resizing(90), metadata=None, targetDedicatedNodes=5))
    tape.ask("patch", "PATCH", "/pools/p", 200, sent={"metadata": [{"name": "c", "value": "d"}]}, edition=91)
    shown = {**_SCALED, "metadata": [{"name": "c", "value": "d"}]}
    tape.get("less", "/pools/p", pool(91, **shown, **_resizing(95), targetDedicatedNodes=1))
    run = {"timestamp": instant(96), "results": "$TargetDedicatedNodes=0"}
    return tape.get("none", "/pools/p", pool(96, **shown, **_resizing(97), autoScaleRun=run))


def a_pool_begins_to_scale_itself() -> Tape:
    tape = new_pool(targetDedicatedNodes=2).get("read", "/pools/p", pool(1, **_resizing(1), targetDedicatedNodes=2))
    formula = {"autoScaleFormula": "$TargetDedicatedNodes=3"}
    tape.ask("scale", "POST", "/pools/p/enableautoscale", 200, sent=formula, edition=2)
    tape.get("scaled", "/pools/p", pool(2, **_SCALED, **_resizing(95), targetDedicatedNodes=3))
    tape.ask("evaluate", "POST", "/pools/p/evaluateautoscale", 200, {"timestamp": instant(96), "results": ""}, sent=formula)
    tape.get("same", "/pools/p", pool(2, **_SCALED, **_resizing(95), targetDedicatedNodes=3))
    tape.ask("stop", "POST", "/pools/p/disableautoscale", 200, edition=3)
    return tape.get("stopped", "/pools/p", pool(3, **_resizing(95), targetDedicatedNodes=3))


def a_pool_is_resized_and_stopped() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1))
    tape.ask("resize", "POST", "/pools/p/resize", 202, sent={"targetDedicatedNodes": 4}, edition=2)
    tape.get("resizing", "/pools/p", pool(2, **_resizing(90), targetDedicatedNodes=4))
    tape.ask("stop", "POST", "/pools/p/stopresize", 202, edition=3)
    stopped = {"allocationState": "steady", "allocationStateTransitionTime": instant(93), "targetDedicatedNodes": 4}
    tape.get("steady", "/pools/p", pool(3, **stopped, currentDedicatedNodes=1))
    tape.ask("remove", "POST", "/pools/p/removenodes", 202, sent={"nodeList": ["tvm-1"]}, edition=4)
    return tape.get("less", "/pools/p", pool(4, **_resizing(96), targetDedicatedNodes=3))


def a_pool_is_deleted_while_it_is_resized() -> Tape:
    tape = new_pool().ask("resize", "POST", "/pools/p/resize", 202, sent={"targetDedicatedNodes": 4}, edition=2)
    tape.get("resizing", "/pools/p", pool(2, **_resizing(90), targetDedicatedNodes=4)).ask("delete", "DELETE", "/pools/p", 202)
    deleting = {"state": "deleting", "stateTransitionTime": instant(102), "targetDedicatedNodes": 0}
    tape.get("deleting", "/pools/p", pool(2, **deleting, **_resizing(102)))
    tape.ask("delete again", "DELETE", "/pools/p", 409, {"code": "PoolBeingDeleted"})
    tape.ask("too early", "POST", "/pools", 409, {"code": "PoolBeingDeleted"}, sent=NEW_POOL)
    tape.ask("exists", "HEAD", "/pools/p", 200).get("listed", "/pools", {"value": [pool(2, **deleting, **_resizing(102))]})
    tape.get("no longer listed", "/pools", {"value": []}).missing("gone", "DELETE", "/pools/p", "PoolNotFound")
    return tape.ask("anew", "POST", "/pools", 201, sent=NEW_POOL, edition=110).get(
        "back", "/pools/p", pool(110, creationTime=instant(110), stateTransitionTime=instant(110), **_resizing(110))
    )


def a_delete_is_accepted_twice() -> Tape:
    tape = _new_job().ask("delete", "DELETE", "/jobs/j", 202).ask("again", "DELETE", "/jobs/j", 202)
    tape.get("deleting", "/jobs/j", job(1, **passed("deleting", 101, "active", 1))).missing(
        "gone", "GET", "/jobs/j", "JobNotFound"
    )
    return tape.missing("third", "DELETE", "/jobs/j", "JobNotFound")


def a_write_that_says_the_same_again() -> Tape:
    """PUT may be repeated: each is a write of its own."""
    put = {"poolInfo": {"poolId": "p"}, "priority": 3}
    tape = _new_job().ask("put", "PUT", "/jobs/j", 200, sent=put, edition=2).get("read", "/jobs/j", job(2, priority=3))
    tape.ask("again", "PUT", "/jobs/j", 200, sent=put, edition=3).get("same", "/jobs/j", job(3, priority=3))
    tape.ask("guarded", "PUT", "/jobs/j", 200, sent=put, edition=4, asks={"If-Match": etag(3)})
    return tape.ask("stale", "PUT", "/jobs/j", 412, {"code": "ConditionNotMet"}, sent=put, asks={"If-Match": etag(3)})


def a_client_tries_again_after_a_broken_server() -> Tape:
    """The first request was carried out though its answer was lost."""
    tape = Tape().ask("add", "POST", "/pools", 503, sent=NEW_POOL)
    tape.ask("again", "POST", "/pools", 409, {"code": "PoolExists"}, sent=NEW_POOL).get("read", "/pools/p", pool(1))
    tape.ask("patch", "PATCH", "/pools/p", 500, sent={"metadata": []}).get("patched", "/pools/p", pool(102, metadata=None))
    tape.ask("delete", "DELETE", "/pools/p", 500).missing("gone", "DELETE", "/pools/p", "PoolNotFound")
    return tape.missing("still", "GET", "/pools/p", "PoolNotFound")


def a_schedule_runs() -> Tape:
    """It makes jobs, and a job of it goes with it, and so do the tasks that a client added."""
    made = {"id": "s", "schedule": {"recurrenceInterval": "PT1H"}, "jobSpecification": {"poolInfo": {"poolId": "p"}}}
    tape = Tape().ask("add", "POST", "/jobschedules", 201, sent=made, edition=1).get("read", "/jobschedules/s", schedule(1))
    running = {"executionInfo": {"recentJob": {"id": "s:job-1", "url": f"{HOST}/jobs/s:job-1"}, "nextRunTime": instant(3601)}}
    tape.get("running", "/jobschedules/s", schedule(1, **running))
    tape.get("jobs", "/jobschedules/s/jobs", {"value": [job(1, "s:job-1")]}).get("job", "/jobs/s:job-1", job(1, "s:job-1"))
    tape.ask("task", "POST", "/jobs/s:job-1/tasks", 201, sent=_TASK, edition=1)
    url = f"{HOST}/jobs/s:job-1/tasks/t"
    tape.get("added", "/jobs/s:job-1/tasks/t", task(1, url=url)).ask("delete", "DELETE", "/jobschedules/s", 202)
    tape.missing("gone with it", "GET", "/jobs/s:job-1/tasks/t", "JobNotFound")
    tape.get("no tasks", "/jobs/s:job-1/tasks", {"value": []})
    return tape.missing("gone", "GET", "/jobschedules/s", "JobScheduleNotFound")


def a_node_loses_its_users() -> Tape:
    node = {"id": "tvm-1", "url": f"{HOST}/pools/p/nodes/tvm-1", "state": "idle", "stateTransitionTime": instant(1)}
    tape = new_pool().get("read", "/pools/p", pool(1)).get("node", "/pools/p/nodes/tvm-1", node)
    tape.ask("user", "POST", "/pools/p/nodes/tvm-1/users", 201, sent={"name": "u", "password": "secret"})
    tape.ask("reimage", "POST", "/pools/p/nodes/tvm-1/reimage", 202)
    tape.ask("user anew", "POST", "/pools/p/nodes/tvm-1/users", 201, sent={"name": "u", "password": "secret"})
    return tape.missing("no node", "PUT", "/pools/p/nodes/tvm-1/users/u", "NodeNotFound", sent={"password": "other"})


def a_schedule_ends_by_itself() -> Tape:
    made = {"id": "s", "schedule": {"recurrenceInterval": "PT1H"}, "jobSpecification": {"poolInfo": {"poolId": "p"}}}
    tape = Tape().ask("add", "POST", "/jobschedules", 201, sent=made, edition=1).get("read", "/jobschedules/s", schedule(1))
    tape.ask("disable", "POST", "/jobschedules/s/disable", 204, edition=2)
    tape.ask("enable", "POST", "/jobschedules/s/enable", 204, edition=3)
    return tape.get("done", "/jobschedules/s", schedule(3, **passed("completed", 120, "active", 103)))


def a_deleted_job_takes_its_tasks_along() -> Tape:
    tape = _new_task().get("read", _T, task(1)).ask("delete", "DELETE", "/jobs/j", 202)
    tape.get("for a while", _T, task(1, **passed("completed", 103, "active", 1)))
    tape.ask("late", "POST", "/jobs/j/tasks", 409, {"code": "JobBeingDeleted"}, sent={**_TASK, "id": "u"})
    tape.missing("gone", "GET", _T, "JobNotFound").missing("job", "GET", "/jobs/j", "JobNotFound")
    tape.ask("anew", "POST", "/jobs", 201, sent=_JOB, edition=110)
    return tape.ask("task anew", "POST", "/jobs/j/tasks", 201, sent=_TASK, edition=111).get(
        "back", _T, task(111, creationTime=instant(111), stateTransitionTime=instant(111))
    )


def pages_while_things_come_and_go() -> Tape:
    link = {"odata.nextLink": f"{HOST}/jobs/j/tasks?$skiptoken=x%2By&api-version=2024-07-01.20.0"}
    tape = _new_job()
    for name in ("a", "b", "c"):
        tape.ask(f"add {name}", "POST", "/jobs/j/tasks", 201, sent={**_TASK, "id": name}, edition=1)
    tape.get("first", "/jobs/j/tasks", {"value": [task(1, "a"), task(1, "b")], **link})
    tape.ask("add d", "POST", "/jobs/j/tasks", 201, sent={**_TASK, "id": "d"}, edition=2)
    tape.ask("delete c", "DELETE", "/jobs/j/tasks/c", 200)
    tape.get("second", "/jobs/j/tasks?$skiptoken=x%2By", {"value": []})
    tape.get("begun and left", "/jobs/j/tasks", {"value": [task(1, "a")], **link})
    return tape.get("all", "/jobs/j/tasks?$select=id", {"value": [{"id": name} for name in ("a", "b", "d")]})


def a_page_may_be_empty_though_more_follow() -> Tape:
    link = {"odata.nextLink": f"{HOST}/pools?$filter=state%20eq%20%27active%27&$skiptoken=2&api-version=2024-07-01.20.0"}
    tape = new_pool().get("first", "/pools?$filter=state eq 'active'", {"value": [], **link})
    tape.get("second", "/pools?$filter=state%20eq%20%27active%27&$skiptoken=2", {"value": [pool(1)]})
    return tape.get("other", "/pools?$filter=state eq 'deleting'", {"value": []})


def some_tasks_of_a_collection_fail() -> Tape:
    sent = {"value": [{**_TASK, "id": name} for name in ("a", "b", "c")]}
    fails = [{"taskId": "b", "status": "clienterror", "error": {"code": "TaskExists"}}]
    fails += [{"taskId": "c", "status": "servererror", "error": {"code": "InternalError"}}]
    tape = _new_job().ask("add b", "POST", "/jobs/j/tasks", 201, sent={**_TASK, "id": "b"}, edition=1)
    results = {"value": [*reversed(fails), {"taskId": "a", "status": "success", "eTag": etag(2)}]}
    tape.ask("add all", "POST", "/jobs/j/addtaskcollection", 200, results, sent=sent)
    return tape.get("list", "/jobs/j/tasks", {"value": [task(1, "b"), task(2, "a")]})


def names_are_compared_without_case() -> Tape:
    tape = Tape().ask("add", "POST", "/pools", 201, sent={**NEW_POOL, "id": "MyPool"}, edition=1)
    tape.get("read", "/pools/mypool", pool(1, "MyPool")).get("list", "/pools", {"value": [pool(1, "MyPool")]})
    tape.ask("add again", "POST", "/pools", 409, {"code": "PoolExists"}, sent={**NEW_POOL, "id": "MYPOOL"})
    return tape.ask("delete", "DELETE", "/pools/MYPOOL", 202).missing("gone", "GET", "/pools/MyPool", "PoolNotFound")


def conditions_on_what_is_not_there() -> Tape:
    tape = new_pool().get("read", "/pools/p", pool(1), asks={"If-None-Match": etag(9)})
    tape.get("any", "/pools/p", pool(1), asks={"If-Match": "*"})
    tape.ask("none", "GET", "/pools/p", 304, asks={"If-None-Match": "*"})
    tape.ask("two", "GET", "/pools/p", 304, asks={"If-Match": etag(1), "If-None-Match": etag(1)})
    tape.get("since", "/pools/p", pool(1), asks={"If-Modified-Since": day(0)})
    tape.ask("until", "PATCH", "/pools/p", 412, {"code": "ConditionNotMet"}, sent={}, asks={"If-Unmodified-Since": day(0)})
    tape.ask("delete", "DELETE", "/pools/p", 202)
    return tape.missing("gone", "DELETE", "/pools/p", "PoolNotFound", asks={"If-Match": etag(1)})


def an_error_names_what_else_is_missing() -> Tape:
    tape = new_pool()
    packages = {"applicationPackageReferences": [{"applicationId": "none"}]}
    tape.missing("package", "PATCH", "/pools/p", "ApplicationNotFound", sent=packages)
    return tape.get("read", "/pools/p", pool(1)).ask("exists", "HEAD", "/pools/p", 200, edition=1)


LEGITIMATE: list[Callable[[], Tape]] = [
    a_job_terminates_when_its_tasks_are_done,
    a_job_runs_out_of_time_while_it_is_disabled,
    several_actions_between_two_reads,
    an_action_that_is_refused_changes_nothing,
    a_task_is_retried,
    a_task_is_requeued_as_its_node_left,
    a_task_is_done_before_it_is_terminated,
    a_pool_scales_itself,
    a_pool_begins_to_scale_itself,
    a_pool_is_resized_and_stopped,
    a_pool_is_deleted_while_it_is_resized,
    a_delete_is_accepted_twice,
    a_write_that_says_the_same_again,
    a_client_tries_again_after_a_broken_server,
    a_schedule_runs,
    a_node_loses_its_users,
    a_schedule_ends_by_itself,
    a_deleted_job_takes_its_tasks_along,
    pages_while_things_come_and_go,
    a_page_may_be_empty_though_more_follow,
    some_tasks_of_a_collection_fail,
    names_are_compared_without_case,
    conditions_on_what_is_not_there,
    an_error_names_what_else_is_missing,
]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("trace", LEGITIMATE, ids=lambda trace: trace.__name__)
def test_what_a_service_may_do(trace: Callable[[], Tape], whole: bool) -> None:
    found = follow(trace().exchanges.values(), whole=whole)
    assert contradicted(found) == []
    assert not [finding.message for finding in found if finding.suite_error]
    assert held(found)
