"""The list of jobs: what is in it, and every property that $filter offers with every operator."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.jobs.changing import disabled
from scenarios.jobs.samples import at_path
from scenarios.protocol.lists import MOST_PAGES, Shelf, all_ids, ids, pages
from scenarios.richness import rich_job
from scenarios.running import job_in
from scenarios.support import elements, without

LONG_AGO, FAR_AHEAD = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
COMPLEMENTS = (("ge", "lt"), ("gt", "le"), ("eq", "ne"))
ALL = "abcde"
POOLS = {"a": "one", "b": "two", "c": "two", "d": "three", "e": "three"}


@pytest.fixture(scope="session")
def jobs(batch: Batch) -> Shelf:
    """Five jobs that say nearly everything: `b` is disabled, `d` completed with a reason, the others are active. Each names
    one of three pools that do not exist."""
    stem = batch.new_id("jobs") + "-"
    made = {}
    for letter, pool in POOLS.items():
        properties: dict[str, Any] = {**rich_job(batch, letter), "id": stem + letter, "poolInfo": {"poolId": f"{stem}{pool}"}}
        job = disabled(batch, **properties) if letter == "b" else batch.create_job(**properties)
        if letter == "d":
            batch.make("Job_Terminate", {"terminateReason": "enough"}, jobId=job)
            job_in(batch, job, "completed")
        made[job] = batch.get_job(job)
    return Shelf(stem, made)


def _found(batch: Batch, expect: Expect, requirement: str, jobs: Shelf, condition: str, letters: str) -> None:
    exchange = batch.call("Job_List", query={"$filter": f"{jobs.filter} and {condition}"})
    expect.status(requirement, exchange, 200)
    found = "".join(sorted(job[-1] for job in all_ids(batch, exchange)))
    expect.equal(requirement, found, letters, exchange, condition)


@pytest.mark.requirement("jobs.list.element-equals-get", "jobs.list.stats-only-when-asked")
def test_element_equals_get(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    exchange = batch.call("Job_List", query={"$filter": jobs.filter, "maxresults": 1000})
    found = elements(exchange)
    for element in found:
        alone = without(batch.get_job(str(element["id"])))
        expect.equal("jobs.list.element-equals-get", element, alone, exchange, str(element["id"]))
    told = [str(element["id"]) for element in found if "stats" in element]
    expect.equal("jobs.list.stats-only-when-asked", told, [], exchange, "jobs with stats")


@pytest.mark.requirement("jobs.list.lists-all")
def test_lists_all(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    walked = list(pages(batch, "Job_List", {"$select": "id"}))
    if len(walked) == MOST_PAGES:
        raise Blocked("the account has more jobs than the suite reads, or its list does not end")
    found = [job for exchange in walked for job in ids(exchange) if job in jobs.pools]
    expect.equal("jobs.list.lists-all", sorted(found), jobs.ids, walked[-1], "the jobs that were created")


@pytest.mark.requirement("jobs.list.pages", "jobs.list.selects")
def test_pages(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    """Without $select, so that each page shows whole jobs."""
    walked = list(pages(batch, "Job_List", {"$filter": jobs.filter, "maxresults": 2}))
    for exchange in walked:
        expect.status("jobs.list.pages", exchange, 200)
    sizes = [len(elements(exchange)) for exchange in walked]
    expect.equal("jobs.list.pages", max(sizes) <= 2, True, walked[0], f"pages of {sizes}")
    found = sorted(job for exchange in walked for job in ids(exchange))
    expect.equal("jobs.list.pages", found, jobs.ids, walked[-1], "the jobs of all pages")
    exchange = batch.call("Job_List", query={"$filter": jobs.filter, "$select": "id,state"})
    for element in elements(exchange):
        expect.equal("jobs.list.selects", element, jobs.part(element, "id", "state"), exchange, "members")


@pytest.mark.requirement("jobs.list.expands-stats", "jobs.list.element-equals-get")
def test_expand(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    exchange = batch.call("Job_List", query={"$filter": jobs.filter, "$expand": "stats"})
    expect.status("jobs.list.expands-stats", exchange, 200)
    expect.equal("jobs.list.expands-stats", sorted(all_ids(batch, exchange)), jobs.ids, exchange, "jobs")
    for element in elements(exchange):
        expect.equal(
            "jobs.list.element-equals-get", without(element, "stats"), jobs.whole(element), exchange, "the rest of the job"
        )


@pytest.mark.requirement("jobs.list.deleted-vanishes")
def test_deleted_vanishes(batch: Batch, expect: Expect) -> None:
    job = batch.create_job()
    batch.make("Job_Delete", jobId=job)
    batch.wait(lambda: batch.call("Job_Get", jobId=job).response.status, lambda status: status != 200, f"{job} is gone")
    exchange = batch.call("Job_List", query={"$filter": f"id eq '{job}'"})
    expect.equal("jobs.list.deleted-vanishes", ids(exchange), [], exchange, "jobs of that id")


def _texts(name: str, middle: str, order: dict[str, str]) -> list[tuple[str, str]]:
    """Conditions on a text, and the letters of the jobs for which they hold; `order` tells how each compares with the middle."""
    below, same, above = (
        "".join(sorted(letter for letter, side in order.items() if side == wanted)) for wanted in ("below", "same", "above")
    )

    def both(first: str, second: str) -> str:
        return "".join(sorted(first + second))

    return [
        (f"startswith({name},'{middle}')", same),
        (f"{name} eq '{middle}'", same),
        (f"{name} ne '{middle}'", both(below, above)),
        (f"{name} gt '{middle}'", above),
        (f"{name} ge '{middle}'", both(same, above)),
        (f"{name} lt '{middle}'", below),
        (f"{name} le '{middle}'", both(below, same)),
    ]


@pytest.mark.requirement("jobs.list.filter-id", "jobs.list.filter-pool-id")
def test_filter_texts(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    middle = {"a": "below", "b": "below", "c": "same", "d": "above", "e": "above"}
    for condition, letters in _texts("id", jobs.ids[2], middle):
        _found(batch, expect, "jobs.list.filter-id", jobs, condition, letters)
    # one, three, two: as texts sort
    order = {"a": "below", "b": "above", "c": "above", "d": "same", "e": "same"}
    for condition, letters in _texts("executionInfo/poolId", f"{jobs.stem}three", order):
        _found(batch, expect, "jobs.list.filter-pool-id", jobs, condition, letters)


@pytest.mark.requirement("jobs.list.filter-state")
@pytest.mark.parametrize(("state", "letters"), [("active", "ace"), ("disabled", "b"), ("completed", "d"), ("deleting", "")])
def test_filter_state(batch: Batch, expect: Expect, jobs: Shelf, state: str, letters: str) -> None:
    others = "".join(letter for letter in ALL if letter not in letters)
    _found(batch, expect, "jobs.list.filter-state", jobs, f"state eq '{state}'", letters)
    _found(batch, expect, "jobs.list.filter-state", jobs, f"state ne '{state}'", others)


TIMES = (
    ("state-transition-time", "stateTransitionTime"),
    ("creation-time", "creationTime"),
    ("last-modified", "lastModified"),
    ("start-time", "executionInfo/startTime"),
)


@pytest.mark.parametrize(
    ("slug", "name"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"jobs.list.filter-{row[0]}")) for row in TIMES],
)
def test_filter_time(batch: Batch, expect: Expect, jobs: Shelf, slug: str, name: str) -> None:
    """Far from the times of the jobs, and at the time of one of them: an operator and its opposite share all jobs."""
    requirement = f"jobs.list.filter-{slug}"
    for operator, past, future in (("gt", ALL, ""), ("ge", ALL, ""), ("lt", "", ALL), ("le", "", ALL), ("ne", ALL, ALL)):
        _found(batch, expect, requirement, jobs, f"{name} {operator} DateTime'{LONG_AGO}'", past)
        _found(batch, expect, requirement, jobs, f"{name} {operator} DateTime'{FAR_AHEAD}'", future)
    moment = at_path(jobs.pools[jobs.ids[2]], name.replace("/", "."))
    for operators in COMPLEMENTS:
        found: list[str] = []
        for operator in operators:
            exchange = batch.call("Job_List", query={"$filter": f"{jobs.filter} and {name} {operator} DateTime'{moment}'"})
            found += all_ids(batch, exchange)
        expect.equal(requirement, sorted(found), jobs.ids, exchange, f"{name} {' and '.join(operators)} {moment}")


@pytest.mark.requirement("jobs.list.filter-end-time")
def test_filter_end_time(batch: Batch, expect: Expect, jobs: Shelf) -> None:
    """Only one of the jobs has ended; no document says how what is absent compares."""
    name = "executionInfo/endTime"
    moment = at_path(jobs.pools[jobs.ids[3]], "executionInfo.endTime")
    if moment is None:
        raise Blocked("the completed job shows no end time")
    for condition, letters in (
        (f"gt DateTime'{LONG_AGO}'", "d"),
        (f"ge DateTime'{LONG_AGO}'", "d"),
        (f"gt DateTime'{FAR_AHEAD}'", ""),
        (f"lt DateTime'{LONG_AGO}'", ""),
    ):
        _found(batch, expect, "jobs.list.filter-end-time", jobs, f"{name} {condition}", letters)
    one = f"id eq '{jobs.ids[3]}'"
    for condition, letters in (
        (f"lt DateTime'{FAR_AHEAD}'", "d"),
        (f"le DateTime'{FAR_AHEAD}'", "d"),
        (f"ne DateTime'{FAR_AHEAD}'", "d"),
        (f"eq DateTime'{FAR_AHEAD}'", ""),
    ):
        _found(batch, expect, "jobs.list.filter-end-time", jobs, f"{one} and {name} {condition}", letters)
