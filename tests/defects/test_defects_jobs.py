"""Builders of lies about what was never said, about what is shown and not meant, and about first times."""

from __future__ import annotations

from defect_calls import Caller
from defect_walk import job

from conformance.defects import Defect
from conformance.defects.model import Maker
from conformance.defects.pretending import pretends
from conformance.defects.seldom import first_time
from conformance.defects.stored import Changed
from conformance.defects.unsaid import shows_unsaid


def _caller(make: Maker) -> Caller:
    return Caller([Defect("one", "It lies.", "defaults", ("jobs.trace.defaults",), "An idea.", make)])


def test_what_nobody_said_is_shown_until_somebody_does() -> None:
    caller = _caller(shows_unsaid("/jobs", {"priority": 500, "constraints.maxTaskRetryCount": 3}))
    caller.send("POST", "/jobs", job("said", priority=1, constraints={"maxTaskRetryCount": 1}))
    caller.send("POST", "/jobs", job("unsaid"))
    assert caller.send("GET", "/jobs/said").json["priority"] == 1
    shown = caller.send("GET", "/jobs/unsaid").json
    assert (shown["priority"], shown["constraints"]["maxTaskRetryCount"]) == (500, 3)
    caller.send("PATCH", "/jobs/unsaid", {"priority": 2})
    shown = caller.send("GET", "/jobs/unsaid").json
    assert (shown["priority"], shown["constraints"]["maxTaskRetryCount"]) == (2, 3)


def test_what_was_sent_is_shown_and_something_else_is_meant() -> None:
    caller = _caller(pretends("/jobs", "onAllTasksComplete", "noaction"))
    caller.send("POST", "/jobs", job("one", onAllTasksComplete="terminatejob"))
    caller.wait(600)
    for shown in (caller.send("GET", "/jobs/one").json, *caller.send("GET", "/jobs").json["value"]):
        assert (shown["onAllTasksComplete"], shown["state"]) == ("terminatejob", "active")


def test_what_goes_wrong_the_first_time() -> None:
    def rename(changed: Changed) -> None:
        changed.now["displayName"] = "renamed"

    caller = _caller(first_time("PATCH /jobs/{}", rename, "priority"))
    for name in ("one", "two", "three"):
        caller.send("POST", "/jobs", job(name))
        caller.send("PATCH", f"/jobs/{name}", {"priority": 1 if name == "three" else 2})
    shown = {one["id"]: one.get("displayName") for one in caller.send("GET", "/jobs").json["value"]}
    assert shown == {"one": "renamed", "two": None, "three": "renamed"}
