"""Every property that $filter offers for tasks, with every operator.

A task that lacks a property is only asked about where the others of the list have it: no document says how it compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.jobs.samples import at_path
from scenarios.protocol.lists import all_ids
from scenarios.running import task_in
from scenarios.support import Json
from scenarios.tasks.conftest import Work

LONG_AGO, FAR_AHEAD = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
# two operators of one pair split any list into two halves, whatever the value is compared with
COMPLEMENTS = (("ge", "lt"), ("gt", "le"), ("eq", "ne"))
# operator → whether it holds of a time before and of one ahead
FAR = (("gt", 1, 0), ("ge", 1, 0), ("lt", 0, 1), ("le", 0, 1), ("eq", 0, 0), ("ne", 1, 1))


@dataclass(frozen=True)
class Tasks:
    """Tasks of one job whose ids are single letters, as they are shown."""

    job: str
    shown: dict[str, Json]

    def list(self, batch: Batch, condition: str) -> tuple[str, Exchange]:
        """The letters of the tasks that a condition lists."""
        exchange = batch.call("Task_List", jobId=self.job, query={"$filter": condition})
        return "".join(sorted(all_ids(batch, exchange))), exchange


@pytest.fixture(scope="module")
def waiting(batch: Batch) -> Tasks:
    """Five tasks, of which d and e were terminated."""
    job = batch.create_job()
    for letter in "abcde":
        batch.create_task(job, id=letter)
    for letter in "de":
        batch.make("Task_Terminate", jobId=job, taskId=letter)
    return Tasks(job, {letter: batch.get_task(job, letter) for letter in "abcde"})


@pytest.fixture
def ran(batch: Batch, work: Work) -> Tasks:
    """Three tasks that ran, with the exit codes 0, 3 and 7."""
    job = work()
    for letter, code in zip("abc", (0, 3, 7), strict=True):
        batch.create_task(job, id=letter, commandLine=f"/bin/sh -c 'exit {code}'")
    return Tasks(job, {letter: task_in(batch, job, letter, "completed") for letter in "abc"})


def _check(batch: Batch, expect: Expect, tasks: Tasks, requirement: str, rows: Iterable[tuple[str, str]]) -> None:
    for condition, letters in rows:
        found, exchange = tasks.list(batch, condition)
        expect.status(requirement, exchange, 200)
        expect.equal(requirement, found, letters, exchange, condition)


ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "filter-id": (
        ("startswith(id,'c')", "c"),
        ("startswith(id,'x')", ""),
        ("id eq 'c'", "c"),
        ("id ne 'c'", "abde"),
        ("id gt 'c'", "de"),
        ("id ge 'c'", "cde"),
        ("id lt 'c'", "ab"),
        ("id le 'c'", "abc"),
    ),
    "filter-state": (
        ("state eq 'active'", "abc"),
        ("state ne 'active'", "de"),
        ("state eq 'completed'", "de"),
        ("state ne 'completed'", "abc"),
        ("state eq 'running'", ""),
    ),
    "filter-result": (
        ("state eq 'completed' and executionInfo/result eq 'failure'", "de"),
        ("state eq 'completed' and executionInfo/result ne 'failure'", ""),
        ("state eq 'completed' and executionInfo/result eq 'success'", ""),
        ("state eq 'completed' and executionInfo/result ne 'success'", "de"),
    ),
    "filter-combined": (
        ("state eq 'active' and id gt 'a'", "bc"),
        ("id eq 'a' or id eq 'e'", "ae"),
        ("state eq 'completed' or id lt 'b'", "ade"),
        ("(id eq 'a' or id eq 'e') and state eq 'completed'", "e"),
    ),
}


@pytest.mark.parametrize(
    "slug", [pytest.param(slug, id=slug, marks=pytest.mark.requirement(f"tasks.list.{slug}")) for slug in ROWS]
)
def test_filter(batch: Batch, expect: Expect, waiting: Tasks, slug: str) -> None:
    _check(batch, expect, waiting, f"tasks.list.{slug}", ROWS[slug])


# requirement, what is named in the filter, where it is shown, the tasks that have it
TIMES = (
    ("filter-state-transition-time", "stateTransitionTime", "stateTransitionTime", "abcde"),
    ("filter-creation-time", "creationTime", "creationTime", "abcde"),
    ("filter-last-modified-time", "lastModifiedTime", "lastModified", "abcde"),
    ("filter-end-time", "executionInfo/endTime", "executionInfo.endTime", "de"),
)


@pytest.mark.parametrize(
    ("slug", "name", "place", "letters"),
    [pytest.param(*row, id=row[1], marks=pytest.mark.requirement(f"tasks.list.{row[0]}")) for row in TIMES],
)
def test_time(batch: Batch, expect: Expect, waiting: Tasks, slug: str, name: str, place: str, letters: str) -> None:
    _time(batch, expect, waiting, f"tasks.list.{slug}", name, place, letters)


def _time(batch: Batch, expect: Expect, tasks: Tasks, requirement: str, name: str, place: str, letters: str) -> None:
    """Far from the times of the tasks, at the time of one of them, and seconds beside it."""
    among = f"id ge '{letters[0]}'"
    far = [
        (f"{among} and {name} {operator} DateTime'{moment}'", letters if holds else "")
        for operator, *both in FAR
        for moment, holds in zip((LONG_AGO, FAR_AHEAD), both, strict=True)
    ]
    _check(batch, expect, tasks, requirement, far)
    own = at_path(tasks.shown[letters[-1]], place)
    for operators in COMPLEMENTS:
        found = [tasks.list(batch, f"{among} and {name} {operator} DateTime'{own}'") for operator in operators]
        halves = "".join(sorted("".join(half for half, _ in found)))
        expect.equal(requirement, halves, letters, found[-1][1], f"{name} {' and '.join(operators)}")
    last = f"id eq '{letters[-1]}'"
    near = [
        (f"{last} and {name} {operator} DateTime'{_beside(own, seconds)}'", letters[-1] if holds else "")
        for seconds, truth in ((-1, (1, 1, 0, 0)), (2, (0, 0, 1, 1)))
        for operator, holds in zip(("gt", "ge", "lt", "le"), truth, strict=True)
    ]
    _check(batch, expect, tasks, requirement, near)


def _beside(text: object, seconds: int) -> str:
    """So many seconds after a time that was rounded down to the second."""
    try:
        moment = datetime.strptime(str(text)[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError as error:
        raise Blocked(f"the task shows {text!r} as a time") from error
    return (moment + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.starts_nodes
@pytest.mark.requirement("tasks.list.filter-start-time", "tasks.list.filter-exit-code")
def test_filter_ran(batch: Batch, expect: Expect, ran: Tasks) -> None:
    _time(batch, expect, ran, "tasks.list.filter-start-time", "executionInfo/startTime", "executionInfo.startTime", "abc")
    code = "executionInfo/exitCode"
    rows: list[Any] = [
        (f"{code} eq 3", "b"),
        (f"{code} ne 3", "ac"),
        (f"{code} gt 3", "c"),
        (f"{code} ge 3", "bc"),
        (f"{code} lt 3", "a"),
        (f"{code} le 3", "ab"),
    ]
    _check(batch, expect, ran, "tasks.list.filter-exit-code", rows)


@pytest.mark.starts_nodes
@pytest.mark.requirement("tasks.list.filter-result")
def test_filter_result(batch: Batch, expect: Expect, ran: Tasks) -> None:
    result = "executionInfo/result"
    rows = [(f"{result} eq 'success'", "a"), (f"{result} ne 'success'", "bc"), (f"{result} eq 'failure'", "bc")]
    _check(batch, expect, ran, "tasks.list.filter-result", rows)


@pytest.mark.requirement("tasks.list.filter-unknown-refused", "tasks.list.filter-operator-refused")
def test_refused(batch: Batch, expect: Expect, job: str) -> None:
    for condition in ("commandLine eq 'x'", "displayName eq 'x'", "nonsense eq 'x'"):
        exchange = batch.call("Task_List", jobId=job, query={"$filter": condition})
        expect.status("tasks.list.filter-unknown-refused", exchange, 400)
    for condition in ("state gt 'active'", "startswith(state,'a')", "startswith(creationTime,'2')"):
        exchange = batch.call("Task_List", jobId=job, query={"$filter": condition})
        expect.status("tasks.list.filter-operator-refused", exchange, 400)
