"""Lies that only several answers together show: about an end that was told, and about the state before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from oracle_bodies import job, passed, task
from oracle_tapes import Tape, contradicted, follow, held, instant

END: dict[str, Any] = {
    "startTime": instant(2),
    "endTime": instant(3),
    "exitCode": 3,
    "result": "failure",
    "retryCount": 1,
    "requeueCount": 0,
}
DONE = passed("completed", 3, "running", 2)


def _task(*reads: Mapping[str, Any]) -> Tape:
    tape = Tape().ask("add", "POST", "/jobs/j/tasks", 201, sent={"id": "t", "commandLine": "hostname"}, edition=1)
    for position, told in enumerate(reads):
        tape.get(f"read {position}", "/jobs/j/tasks/t", task(1, **told))
    return tape


def _contradicted(*reads: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(check, name) for check, name, _ in contradicted(follow(_task(*reads).exchanges.values()))]


@pytest.mark.parametrize(
    ("name", "value"),
    [("exitCode", 4), ("endTime", instant(4)), ("startTime", instant(1)), ("result", "success"), ("retryCount", 0)],
)
def test_end_that_changes(name: str, value: object) -> None:
    first, second = ({**DONE, "executionInfo": info} for info in (END, {**END, name: value}))
    assert _contradicted(first, second) == [("read.stable", "executionInfo")]


def test_end_that_is_told_in_part() -> None:
    """A read that selects may leave out what another one shows; a whole one may not."""
    less = {**DONE, "executionInfo": {name: value for name, value in END.items() if name != "exitCode"}}
    assert _contradicted({**DONE, "executionInfo": END}, less) == [("read.stable", "executionInfo")]
    assert _contradicted(less, {**DONE, "executionInfo": END}) == []
    selected = "/jobs/j/tasks/t?$select=state,executionInfo/result"
    tape = _task({**DONE, "executionInfo": END}).get("part", selected, task(1, **less))
    assert contradicted(follow(tape.exchanges.values())) == []


@pytest.mark.parametrize(("since", "wrong"), [(1, False), (2, True)])
def test_start_of_a_job_that_moves(since: int, wrong: bool) -> None:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    tape.get("read", "/jobs/j", job(1, executionInfo={"startTime": instant(1)}))
    tape.get("again", "/jobs/j", job(1, executionInfo={"startTime": instant(since)}))
    found = [(check, name) for check, name, _ in contradicted(follow(tape.exchanges.values()))]
    assert found == ([("read.fixed", "executionInfo/startTime")] if wrong else [])


def test_end_that_stays() -> None:
    told = {**DONE, "executionInfo": END}
    spelled = {
        **DONE,
        "executionInfo": {**END, "endTime": END["endTime"].replace("Z", ".0000000Z"), "containerInfo": {"state": "x"}},
    }
    found = follow(_task(told, spelled, told).exchanges.values())
    assert contradicted(found) == []
    assert held(found)["read.stable"] >= 2


def test_retries_before_the_end() -> None:
    """What has not ended may be told anew each time."""
    running = passed("running", 2, "active", 1)
    infos = [{"retryCount": count, "requeueCount": 0, "startTime": instant(2 + count)} for count in (0, 1)]
    assert _contradicted(*({**running, "executionInfo": info} for info in infos)) == []


def test_another_end_after_reactivation() -> None:
    tape = _task({**DONE, "executionInfo": END})
    tape.ask("reactivate", "POST", "/jobs/j/tasks/t/reactivate", 204, edition=2)
    again = {**passed("completed", 9, "running", 8), "executionInfo": {**END, "endTime": instant(9), "exitCode": 0}}
    tape.get("again", "/jobs/j/tasks/t", task(2, **again))
    assert contradicted(follow(tape.exchanges.values())) == []


@pytest.mark.parametrize(("since", "wrong"), [(0, True), (1, False), (2, False), (3, False), (4, False), (9, True)])
def test_when_the_state_before_was_entered(since: int, wrong: bool) -> None:
    """Active since second 1; what came between that and the end in second 3 began within."""
    before = "active" if since == 1 else "running"
    found = _contradicted({}, passed("completed", 3, before, since))
    assert found == ([("state.previous", "previousStateTransitionTime")] if wrong else [])


def _ended_job(since: int) -> list[tuple[str, str]]:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    tape.get("read", "/jobs/j", job(1)).ask("end", "POST", "/jobs/j/terminate", 202, edition=2)
    tape.get("ended", "/jobs/j", job(2, **passed("terminating", 5, "active", since)))
    return [(check, name) for check, name, _ in contradicted(follow(tape.exchanges.values()))]


def test_state_that_was_left_for_good_was_entered_when_it_was_seen_to_be() -> None:
    assert _ended_job(1) == []
    assert _ended_job(5) == [("state.previous", "previousStateTransitionTime")]


@pytest.mark.parametrize(("code", "wrong"), [("JobNotFound", True), ("PoolNotFound", False)])
def test_action_on_what_is_there(code: str, wrong: bool) -> None:
    tape = Tape().ask("add", "POST", "/jobs", 201, sent={"id": "j", "poolInfo": {"poolId": "p"}}, edition=1)
    tape.get("read", "/jobs/j", job(1)).ask("disable", "POST", "/jobs/J/disable", 404, {"code": code})
    found = [check for check, _, _ in contradicted(follow(tape.exchanges.values()))]
    assert found == (["exists.found"] if wrong else [])
