"""The list of job schedules: what is in it, and every property that $filter offers with every operator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.job_schedules.running import schedule_in
from scenarios.job_schedules.samples import instant, written
from scenarios.jobs.samples import at_path
from scenarios.jobs.test_list import ALL, COMPLEMENTS, FAR_AHEAD, LONG_AGO
from scenarios.protocol.lists import MOST_PAGES, Shelf, all_ids, ids, pages
from scenarios.richness import rich_job_schedule
from scenarios.support import Json, elements, without

LIST = "JobSchedule_List"


@pytest.fixture(scope="session")
def schedules(batch: Batch, dormant: Json) -> Shelf:
    """Five schedules that say nearly everything: `b` is disabled, `d` completed; each begins a day after the one before; only `a`
    and `b` have an end."""
    stem = batch.new_id("schedules") + "-"
    first = instant(dormant["doNotRunUntil"])
    made = {}
    for day, letter in enumerate(ALL):
        times = {"doNotRunUntil": written(first + timedelta(days=day))}
        if letter in "ab":
            times["doNotRunAfter"] = written(first + timedelta(days=10 + day))
        schedule = batch.create_job_schedule(**{**rich_job_schedule(batch, letter), "id": stem + letter, "schedule": times})
        if letter == "b":
            batch.make("JobSchedule_Disable", jobScheduleId=schedule)
        if letter == "d":
            batch.make("JobSchedule_Terminate", jobScheduleId=schedule)
            schedule_in(batch, schedule, "completed")
        made[schedule] = batch.get_job_schedule(schedule)
    return Shelf(stem, made)


def _found(batch: Batch, expect: Expect, requirement: str, shelf: Shelf, condition: str, letters: str) -> None:
    exchange = batch.call(LIST, query={"$filter": f"{shelf.filter} and {condition}"})
    expect.status(requirement, exchange, 200)
    found = "".join(sorted(schedule[-1] for schedule in all_ids(batch, exchange)))
    expect.equal(requirement, found, letters, exchange, condition)


@pytest.mark.requirement("job-schedules.list.element-equals-get", "job-schedules.list.stats-only-when-asked")
def test_element_equals_get(batch: Batch, expect: Expect, schedules: Shelf) -> None:
    exchange = batch.call(LIST, query={"$filter": schedules.filter, "maxresults": 1000})
    found = elements(exchange)
    told = [str(element["id"]) for element in found if "stats" in element]
    expect.equal("job-schedules.list.stats-only-when-asked", told, [], exchange, "job schedules with stats")
    for element in found:
        alone = without(batch.get_job_schedule(str(element["id"])))
        expect.equal("job-schedules.list.element-equals-get", element, alone, exchange, str(element["id"]))


@pytest.mark.requirement("job-schedules.list.lists-all")
def test_lists_all(batch: Batch, expect: Expect, schedules: Shelf) -> None:
    walked = list(pages(batch, LIST, {"$select": "id"}))
    if len(walked) == MOST_PAGES:
        raise Blocked("the account has more job schedules than the suite reads, or its list does not end")
    found = [name for exchange in walked for name in ids(exchange) if name in schedules.pools]
    expect.equal("job-schedules.list.lists-all", sorted(found), schedules.ids, walked[-1], "the job schedules that were created")


@pytest.mark.requirement("job-schedules.list.pages", "job-schedules.list.selects")
def test_pages(batch: Batch, expect: Expect, schedules: Shelf) -> None:
    """Without $select, so that each page shows whole schedules."""
    walked = list(pages(batch, LIST, {"$filter": schedules.filter, "maxresults": 2}))
    sizes = [len(elements(exchange)) for exchange in walked]
    expect.equal("job-schedules.list.pages", max(sizes) <= 2, True, walked[0], f"pages of {sizes}")
    found = sorted(name for exchange in walked for name in ids(exchange))
    expect.equal("job-schedules.list.pages", found, schedules.ids, walked[-1], "the job schedules of all pages")
    exchange = batch.call(LIST, query={"$filter": schedules.filter, "$select": "id,state"})
    for element in elements(exchange):
        expect.equal("job-schedules.list.selects", element, schedules.part(element, "id", "state"), exchange, "members")


@pytest.mark.requirement("job-schedules.list.expands-stats", "job-schedules.list.element-equals-get")
def test_expand(batch: Batch, expect: Expect, schedules: Shelf) -> None:
    exchange = batch.call(LIST, query={"$filter": schedules.filter, "$expand": "stats"})
    expect.status("job-schedules.list.expands-stats", exchange, 200)
    expect.equal("job-schedules.list.expands-stats", sorted(all_ids(batch, exchange)), schedules.ids, exchange, "job schedules")
    for element in elements(exchange):
        rest = without(element, "stats")
        expect.equal(
            "job-schedules.list.element-equals-get", rest, schedules.whole(element), exchange, "the rest of the schedule"
        )


@pytest.mark.requirement("job-schedules.list.filter-id")
def test_filter_id(batch: Batch, expect: Expect, schedules: Shelf) -> None:
    middle = schedules.ids[2]
    for operator, letters in (("eq", "c"), ("ne", "abde"), ("gt", "de"), ("ge", "cde"), ("lt", "ab"), ("le", "abc")):
        _found(batch, expect, "job-schedules.list.filter-id", schedules, f"id {operator} '{middle}'", letters)
    _found(batch, expect, "job-schedules.list.filter-id", schedules, f"startswith(id,'{middle}')", "c")


@pytest.mark.requirement("job-schedules.list.filter-state")
@pytest.mark.parametrize(("state", "letters"), [("active", "ace"), ("disabled", "b"), ("completed", "d"), ("deleting", "")])
def test_filter_state(batch: Batch, expect: Expect, schedules: Shelf, state: str, letters: str) -> None:
    others = "".join(letter for letter in ALL if letter not in letters)
    _found(batch, expect, "job-schedules.list.filter-state", schedules, f"state eq '{state}'", letters)
    _found(batch, expect, "job-schedules.list.filter-state", schedules, f"state ne '{state}'", others)


TIMES = (
    ("state-transition-time", "stateTransitionTime"),
    ("creation-time", "creationTime"),
    ("last-modified", "lastModified"),
    ("do-not-run-until", "schedule/doNotRunUntil"),
)


def _judge_far(batch: Batch, expect: Expect, requirement: str, shelf: Shelf, name: str) -> None:
    for operator, past, future in (("gt", ALL, ""), ("ge", ALL, ""), ("lt", "", ALL), ("le", "", ALL), ("ne", ALL, ALL)):
        _found(batch, expect, requirement, shelf, f"{name} {operator} DateTime'{LONG_AGO}'", past)
        _found(batch, expect, requirement, shelf, f"{name} {operator} DateTime'{FAR_AHEAD}'", future)


@pytest.mark.parametrize(
    ("slug", "name"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"job-schedules.list.filter-{row[0]}")) for row in TIMES],
)
def test_filter_time(batch: Batch, expect: Expect, schedules: Shelf, slug: str, name: str) -> None:
    """Far from the times of the schedules, and at the time of one of them: an operator and its opposite share all of them."""
    requirement = f"job-schedules.list.filter-{slug}"
    _judge_far(batch, expect, requirement, schedules, name)
    moment = at_path(schedules.pools[schedules.ids[2]], name.replace("/", "."))
    for operators in COMPLEMENTS:
        found: list[str] = []
        for operator in operators:
            exchange = batch.call(LIST, query={"$filter": f"{schedules.filter} and {name} {operator} DateTime'{moment}'"})
            found += all_ids(batch, exchange)
        expect.equal(requirement, sorted(found), schedules.ids, exchange, f"{name} {' and '.join(operators)} {moment}")


# who has one; no document says how what is absent compares
SOME: tuple[tuple[str, str, str], ...] = (
    ("end-time", "executionInfo/endTime", "d"),
    ("do-not-run-after", "schedule/doNotRunAfter", "ab"),
)


@pytest.mark.parametrize(
    ("slug", "name", "letters"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"job-schedules.list.filter-{row[0]}")) for row in SOME],
)
def test_filter_some(batch: Batch, expect: Expect, schedules: Shelf, slug: str, name: str, letters: str) -> None:
    requirement = f"job-schedules.list.filter-{slug}"
    conditions: list[tuple[str, str, str]] = []
    for operator, past, future in (("gt", letters, ""), ("ge", letters, "")):
        conditions += [(operator, LONG_AGO, past), (operator, FAR_AHEAD, future)]
    for operator, moment, found in [*conditions, ("lt", LONG_AGO, "")]:
        _found(batch, expect, requirement, schedules, f"{name} {operator} DateTime'{moment}'", found)
    owner: Any = next(shelved for shelved in schedules.ids if shelved[-1] == letters[0])
    for operator, found in (("lt", letters[0]), ("le", letters[0]), ("ne", letters[0]), ("eq", "")):
        condition = f"id eq '{owner}' and {name} {operator} DateTime'{FAR_AHEAD}'"
        _found(batch, expect, requirement, schedules, condition, found)
