"""The list of the tasks of a job: what is in it, select, expand, pages."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import all_ids, ids, pages
from scenarios.richness import job_for_tasks, rich_task
from scenarios.support import elements, json_object, without


@pytest.fixture(scope="module")
def five(batch: Batch) -> tuple[str, list[str]]:
    """A job and its five tasks that say nearly everything, one of them completed."""
    job = job_for_tasks(batch)
    tasks = [batch.create_task(job, **rich_task(batch, letter), id=f"task-{letter}") for letter in "abcde"]
    batch.make("Task_Terminate", jobId=job, taskId=tasks[2])
    return job, tasks


@pytest.mark.requirement("tasks.list.empty")
def test_empty(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Task_List", jobId=batch.create_job())
    expect.equal("tasks.list.empty", json_object(exchange).get("value"), [], exchange, "tasks")


@pytest.mark.requirement("tasks.list.own-job-only")
def test_own_job(batch: Batch, expect: Expect, five: tuple[str, list[str]], plain: str) -> None:
    job, tasks = five
    exchange = batch.call("Task_List", jobId=job)
    expect.equal(
        "tasks.list.own-job-only", sorted(all_ids(batch, exchange)), tasks, exchange, f"tasks, without {plain} of another job"
    )


@pytest.mark.requirement("tasks.list.element-equals-get", "tasks.list.expand-without-stats")
def test_element(batch: Batch, expect: Expect, five: tuple[str, list[str]]) -> None:
    job, _ = five
    exchange = batch.call("Task_List", jobId=job)
    for element in elements(exchange):
        alone = batch.get_task(job, str(element["id"]))
        expect.equal("tasks.list.element-equals-get", element, without(alone), exchange, str(element["id"]))
        expect.equal("tasks.list.expand-without-stats", element.get("stats"), None, exchange, "stats")


@pytest.mark.requirement("tasks.list.select")
def test_select(batch: Batch, expect: Expect, five: tuple[str, list[str]]) -> None:
    exchange = batch.call("Task_List", jobId=five[0], query={"$select": "id,displayName"})
    shown = {name for element in elements(exchange) for name in element}
    expect.equal("tasks.list.select", shown, {"id", "displayName"}, exchange, "properties")


@pytest.mark.requirement("tasks.list.expand-stats-accepted", "tasks.list.expand-without-stats")
def test_expand(batch: Batch, expect: Expect, five: tuple[str, list[str]]) -> None:
    exchange = batch.call("Task_List", jobId=five[0], query={"$expand": "stats"})  # of a completed one too: rules judge its shape
    expect.status("tasks.list.expand-stats-accepted", exchange, 200)
    plain = batch.call("Task_List", jobId=five[0])
    found = [without(element, "stats") for element in elements(exchange)]
    expect.equal("tasks.list.expand-without-stats", found, elements(plain), exchange, "the rest of the tasks")


@pytest.mark.requirement("tasks.list.pages")
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages(batch: Batch, expect: Expect, five: tuple[str, list[str]], size: int) -> None:
    """Once without $select, so that each page shows whole tasks."""
    job, tasks = five
    walked = []
    selected = {} if size == 2 else {"$select": "id"}
    for exchange in pages(batch, "Task_List", {"maxresults": size, **selected}, jobId=job):
        expect.status("tasks.list.pages", exchange, 200)
        walked.append(ids(exchange))
    longest = max(len(page) for page in walked)
    expect("tasks.list.pages", longest <= size, expected=f"at most {size} tasks on a page", actual=longest)
    found = sorted(task for page in walked for task in page)
    expect.equal("tasks.list.pages", found, tasks, what="tasks of all pages")


@pytest.mark.requirement("tasks.list.filter-and-pages")
def test_filtered_pages(batch: Batch, expect: Expect, five: tuple[str, list[str]]) -> None:
    job, tasks = five
    query = {"maxresults": 1, "$filter": "state eq 'active'"}
    found: list[str] = []
    for exchange in pages(batch, "Task_List", query, jobId=job):
        expect.status("tasks.list.filter-and-pages", exchange, 200)
        found += ids(exchange)
    active = [task for task in tasks if task != tasks[2]]
    expect.equal("tasks.list.filter-and-pages", sorted(found), active, what="active tasks of all pages")


@pytest.mark.requirement("tasks.list.maxresults-thousand-accepted", "tasks.list.maxresults-above-refused")
def test_limits(batch: Batch, expect: Expect, job: str) -> None:
    most = batch.call("Task_List", jobId=job, query={"maxresults": 1000})
    expect.status("tasks.list.maxresults-thousand-accepted", most, 200)
    above = batch.call("Task_List", jobId=job, query={"maxresults": 1001})
    expect.status("tasks.list.maxresults-above-refused", above, 400)
