"""The nodes of a pool."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import ids, pages
from scenarios.support import current_name, elements, instant, json_object, without

LONG_AGO, FAR_AHEAD = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


@pytest.mark.requirement("nodes.list.empty-pool")
def test_empty(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=settled, query={"maxresults": 1000})
    expect.status("nodes.list.empty-pool", exchange, 200)
    expect.equal("nodes.list.empty-pool", elements(exchange), [], exchange, "value")


@pytest.mark.requirement("nodes.list.missing-pool-refused")
def test_missing_pool(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("ComputeNode_List", poolId=batch.new_id("absent"))
    expect.error("nodes.list.missing-pool-refused", exchange, 404, "PoolNotFound")


@pytest.mark.requirement("nodes.list.maxresults-above-refused")
@pytest.mark.parametrize("size", [0, 1001])
def test_maxresults(batch: Batch, expect: Expect, settled: str, size: int) -> None:
    exchange = batch.call("ComputeNode_List", poolId=settled, query={"maxresults": size})
    expect.status("nodes.list.maxresults-above-refused", exchange, 400)


@pytest.mark.requirement("nodes.list.filter-bad-refused")
@pytest.mark.parametrize("condition", ["vmSize eq 'a'", "state gt 'idle'", "state eq"])
def test_bad_filter(batch: Batch, expect: Expect, settled: str, condition: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=settled, query={"$filter": condition})
    expect.status("nodes.list.filter-bad-refused", exchange, 400)


@pytest.mark.requirement("nodes.list.filter-start-task")
@pytest.mark.parametrize(
    "condition",
    [
        "state eq 'completed'",
        "result eq 'success'",
        "exitCode ne 0",
        f"startTime gt DateTime'{LONG_AGO}'",
        f"endTime lt DateTime'{FAR_AHEAD}'",
    ],
)
def test_start_task_filter(batch: Batch, expect: Expect, settled: str, condition: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=settled, query={"$filter": f"startTaskInfo/{condition}"})
    expect.status("nodes.list.filter-start-task", exchange, 200)
    expect.equal("nodes.list.filter-start-task", elements(exchange), [], exchange, "nodes of an empty pool")


@pytest.mark.starts_nodes
@pytest.mark.requirement("nodes.list.lists-all", "nodes.list.element-equals-get")
def test_nodes(batch: Batch, expect: Expect, peopled: str) -> None:
    pool = batch.get_pool(peopled)
    counts = [int(pool.get(current_name(batch), 0)), int(pool.get("currentLowPriorityNodes", 0))]
    exchange = batch.call("ComputeNode_List", poolId=peopled)
    cheap = [node.get("isDedicated") is False for node in elements(exchange)]
    found = [cheap.count(False), cheap.count(True)]
    expect.equal("nodes.list.lists-all", found, counts, exchange, "nodes that are dedicated, and of low priority")
    for element in elements(exchange):
        alone = batch.call("ComputeNode_Get", poolId=peopled, nodeId=element["id"])
        expect.equal("nodes.list.element-equals-get", without(json_object(alone)), element, alone, str(element["id"]))


@pytest.mark.starts_nodes
@pytest.mark.requirement("protocol.select.list-hides-others")
def test_select(batch: Batch, expect: Expect, peopled: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=peopled, query={"$select": "id,state"})
    shown = [sorted(node) for node in elements(exchange)]
    expect.equal("protocol.select.list-hides-others", shown, [["id", "state"]] * 2, exchange, "members of the nodes")


@pytest.mark.starts_nodes
@pytest.mark.requirement("nodes.list.filter-times")
def test_filter_between(batch: Batch, expect: Expect, peopled: str) -> None:
    """Between the times of a node: the filter is on one of them, and no other."""
    node = elements(batch.call("ComputeNode_List", poolId=peopled))[0]
    idle = node["stateTransitionTime"]
    for name in ("allocationTime", "lastBootTime"):
        exchange = batch.call("ComputeNode_List", poolId=peopled, query={"$filter": f"{name} ge DateTime'{idle}'"})
        if instant(node[name]) < instant(idle):
            expect.equal("nodes.list.filter-times", node["id"] in ids(exchange), False, exchange, f"listed by its {name}")


@pytest.mark.starts_nodes
@pytest.mark.requirement("nodes.list.pages")
def test_pages(batch: Batch, expect: Expect, peopled: str) -> None:
    every = sorted(ids(batch.call("ComputeNode_List", poolId=peopled)))
    walked = list(pages(batch, "ComputeNode_List", {"maxresults": 1}, poolId=peopled))
    expect.equal("nodes.list.pages", [len(ids(page)) <= 1 for page in walked], [True] * len(walked), walked[0], "sizes of pages")
    expect.equal(
        "nodes.list.pages", sorted(node for page in walked for node in ids(page)), every, walked[-1], "nodes on all pages"
    )


@pytest.mark.starts_nodes
@pytest.mark.parametrize(
    ("condition", "count", "requirement"),
    [
        pytest.param(condition, count, f"nodes.list.{slug}", id=condition, marks=pytest.mark.requirement(f"nodes.list.{slug}"))
        for condition, count, slug in (
            ("state eq 'idle'", 2, "filter-state"),
            ("state ne 'idle'", 0, "filter-state"),
            ("state eq 'rebooting'", 0, "filter-state"),
            (f"allocationTime gt DateTime'{LONG_AGO}'", 2, "filter-times"),
            (f"lastBootTime lt DateTime'{LONG_AGO}'", 0, "filter-times"),
            (f"stateTransitionTime le DateTime'{FAR_AHEAD}'", 2, "filter-times"),
            (f"allocationTime ge DateTime'{FAR_AHEAD}'", 0, "filter-times"),
        )
    ],
)
def test_filter(batch: Batch, expect: Expect, peopled: str, condition: str, count: int, requirement: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=peopled, query={"$filter": condition})
    expect.equal(requirement, len(elements(exchange)), count, exchange, f"nodes with {condition}")
