"""The list of the jobs that a schedule has made."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.job_schedules.running import end, made
from scenarios.jobs.samples import at_path
from scenarios.jobs.test_list import FAR_AHEAD, LONG_AGO
from scenarios.pools.samples import covers
from scenarios.protocol.lists import Shelf, all_ids, ids, pages
from scenarios.richness import rich_job_schedule
from scenarios.support import elements, without

LIST = "Job_ListFromJobSchedule"


@pytest.fixture(scope="session")
def history(batch: Batch) -> Shelf:
    """A schedule (its id is the stem) and its two jobs: the first is completed, the second active, so that no third one comes."""
    body = {**rich_job_schedule(batch), "id": batch.new_id("history"), "schedule": {"recurrenceInterval": "PT1M"}}
    schedule = batch.create_job_schedule(**body)
    end(batch, made(batch, schedule)[0])
    jobs = [str(job["id"]) for job in made(batch, schedule, 2)]
    return Shelf(schedule, {job: batch.get_job(job) for job in jobs})


def _found(batch: Batch, expect: Expect, requirement: str, history: Shelf, condition: str, wanted: list[str]) -> None:
    exchange = batch.call(LIST, jobScheduleId=history.stem, query={"$filter": condition})
    expect.status(requirement, exchange, 200)
    expect.equal(requirement, sorted(all_ids(batch, exchange)), sorted(wanted), exchange, condition)


def _by_state(history: Shelf) -> tuple[str, str]:
    """The completed job, the active one."""
    first, second = sorted(history.pools, key=lambda job: str(history.pools[job].get("creationTime")))
    return first, second


@pytest.mark.requirement("job-schedules.jobs.lists-all", "job-schedules.jobs.only-its-own")
@pytest.mark.requirement("job-schedules.jobs.element-equals-get", "job-schedules.jobs.stats-only-when-asked")
def test_elements(batch: Batch, expect: Expect, history: Shelf) -> None:
    batch.create_job()
    exchange = batch.call(LIST, jobScheduleId=history.stem)
    found = elements(exchange)
    names = sorted(str(element["id"]) for element in found)
    expect.equal("job-schedules.jobs.lists-all", [job for job in names if job in history.pools], history.ids, exchange, "jobs")
    expect.equal("job-schedules.jobs.only-its-own", names, history.ids, exchange, "jobs")
    told = [str(element["id"]) for element in found if "stats" in element]
    expect.equal("job-schedules.jobs.stats-only-when-asked", told, [], exchange, "jobs with stats")
    for element in found:
        alone = without(batch.get_job(str(element["id"])))
        expect.equal("job-schedules.jobs.element-equals-get", element, alone, exchange, str(element["id"]))


@pytest.mark.requirement("job-schedules.clock.job-as-specified")
def test_each_as_specified(expect: Expect, batch: Batch, history: Shelf) -> None:
    """The second job as well as the first."""
    sent = rich_job_schedule(batch)["jobSpecification"]
    for job, body in history.pools.items():
        shown = {name: body.get(name) for name in sent}
        expect("job-schedules.clock.job-as-specified", covers(shown, sent), expected=sent, actual={job: shown})


@pytest.mark.requirement("job-schedules.jobs.empty")
def test_empty(batch: Batch, expect: Expect, asleep: str) -> None:
    exchange = batch.call(LIST, jobScheduleId=asleep)
    expect.status("job-schedules.jobs.empty", exchange, 200)
    expect.equal("job-schedules.jobs.empty", ids(exchange), [], exchange, "jobs")


@pytest.mark.requirement("job-schedules.jobs.pages", "job-schedules.jobs.selects")
def test_pages(batch: Batch, expect: Expect, history: Shelf) -> None:
    walked = list(pages(batch, LIST, {"maxresults": 1, "$select": "id,state"}, jobScheduleId=history.stem))
    sizes = [len(elements(exchange)) for exchange in walked]
    expect.equal("job-schedules.jobs.pages", max(sizes) <= 1, True, walked[0], f"pages of {sizes}")
    found = sorted(job for exchange in walked for job in ids(exchange))
    expect.equal("job-schedules.jobs.pages", found, history.ids, walked[-1], "the jobs of all pages")
    shown = {name for exchange in walked for element in elements(exchange) for name in element}
    expect.equal("job-schedules.jobs.selects", shown, {"id", "state"}, walked[0], "members")


@pytest.mark.requirement("job-schedules.jobs.expands-stats")
def test_expand(batch: Batch, expect: Expect, history: Shelf) -> None:
    exchange = batch.call(LIST, jobScheduleId=history.stem, query={"$expand": "stats"})
    expect.status("job-schedules.jobs.expands-stats", exchange, 200)
    expect.equal("job-schedules.jobs.expands-stats", sorted(all_ids(batch, exchange)), history.ids, exchange, "jobs")


@pytest.mark.requirement("job-schedules.jobs.filter-state")
def test_filter_state(batch: Batch, expect: Expect, history: Shelf) -> None:
    completed, active = _by_state(history)
    for condition, wanted in (
        ("state eq 'completed'", [completed]),
        ("state ne 'completed'", [active]),
        ("state eq 'active'", [active]),
        ("state eq 'deleting'", []),
    ):
        _found(batch, expect, "job-schedules.jobs.filter-state", history, condition, wanted)


@pytest.mark.requirement("job-schedules.jobs.filter-pool-id")
def test_filter_pool(batch: Batch, expect: Expect, history: Shelf) -> None:
    pool, name = str(at_path(history.pools[history.ids[0]], "poolInfo.poolId")), "executionInfo/poolId"
    for condition, found in (
        (f"{name} eq '{pool}'", True),
        (f"{name} ne '{pool}'", False),
        (f"startswith({name},'{pool[:-1]}')", True),
        (f"{name} ge '{pool}'", True),
        (f"{name} gt '{pool}'", False),
        (f"{name} le '{pool}'", True),
        (f"{name} lt '{pool}'", False),
    ):
        _found(batch, expect, "job-schedules.jobs.filter-pool-id", history, condition, history.ids if found else [])


TIMES = (
    ("state-transition-time", "stateTransitionTime"),
    ("creation-time", "creationTime"),
    ("last-modified", "lastModified"),
    ("start-time", "executionInfo/startTime"),
)


@pytest.mark.parametrize(
    ("slug", "name"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.requirement(f"job-schedules.jobs.filter-{row[0]}")) for row in TIMES],
)
def test_filter_time(batch: Batch, expect: Expect, history: Shelf, slug: str, name: str) -> None:
    requirement, both = f"job-schedules.jobs.filter-{slug}", history.ids
    rows: tuple[tuple[str, list[str], list[str]], ...] = (
        ("gt", both, []),
        ("ge", both, []),
        ("lt", [], both),
        ("le", [], both),
        ("ne", both, both),
        ("eq", [], []),
    )
    for operator, past, future in rows:
        _found(batch, expect, requirement, history, f"{name} {operator} DateTime'{LONG_AGO}'", past)
        _found(batch, expect, requirement, history, f"{name} {operator} DateTime'{FAR_AHEAD}'", future)


@pytest.mark.requirement("job-schedules.jobs.filter-end-time")
def test_filter_end_time(batch: Batch, expect: Expect, history: Shelf) -> None:
    """Only one of the jobs has ended; no document says how what is absent compares."""
    completed, _ = _by_state(history)
    name, state = "executionInfo/endTime", "state eq 'completed'"
    for condition, found in (
        (f"{name} gt DateTime'{LONG_AGO}'", True),
        (f"{name} ge DateTime'{LONG_AGO}'", True),
        (f"{name} lt DateTime'{FAR_AHEAD}'", True),
        (f"{name} le DateTime'{FAR_AHEAD}'", True),
        (f"{name} ne DateTime'{FAR_AHEAD}'", True),
        (f"{name} eq DateTime'{FAR_AHEAD}'", False),
        (f"{name} lt DateTime'{LONG_AGO}'", False),
    ):
        _found(
            batch, expect, "job-schedules.jobs.filter-end-time", history, f"{state} and {condition}", [completed] if found else []
        )
