"""The list of pools: what is in it, and every property that $filter offers with every operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect, answered
from scenarios.protocol.lists import MOST_PAGES, Shelf, all_ids, ids, pages
from scenarios.support import elements, without

LONG_AGO, FAR_AHEAD = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
# two operators of one pair split any list into two halves, whatever the value is compared with
COMPLEMENTS = (("ge", "lt"), ("gt", "le"), ("eq", "ne"))


@pytest.mark.requirement("pools.list.element-equals-get")
def test_element_equals_get(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    exchange = batch.call("Pool_List", query={"$filter": shelf.filter})
    for element in elements(exchange):
        alone = batch.get_pool(str(element["id"]))
        expect.equal("pools.list.element-equals-get", element, without(alone), exchange, str(element["id"]))


@pytest.mark.requirement("pools.list.lists-all")
def test_lists_all(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    walked = list(pages(batch, "Pool_List", {"$select": "id"}))
    if len(walked) == MOST_PAGES:
        raise Blocked("the account has more pools than the suite reads, or its list does not end")
    found = [pool for exchange in walked for pool in ids(exchange) if pool in shelf.pools]
    expect.equal("pools.list.lists-all", sorted(found), shelf.ids, walked[-1], "the pools that were created")


@pytest.mark.requirement("pools.list.deleted-vanishes")
def test_deleted_vanishes(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool()
    batch.call("Pool_Delete", poolId=pool)
    batch.wait(lambda: batch.call("Pool_Get", poolId=pool).response.status, lambda status: status != 200, f"{pool} is gone")
    exchange = batch.call("Pool_List", query={"$filter": f"id eq '{pool}'"})
    expect.equal("pools.list.deleted-vanishes", ids(exchange), [], exchange, "pools of that id")


@pytest.mark.requirement("pools.usage-metrics.lists")
def test_usage_metrics(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_ListUsageMetrics")
    expect.status("pools.usage-metrics.lists", exchange, 200)
    listed = isinstance(answered(exchange).get("value"), list)
    expect("pools.usage-metrics.lists", listed, expected="a list", actual="none", exchange=exchange)


@dataclass(frozen=True)
class Condition:
    """A condition on one property, and the last letters of the pools that it lists."""

    text: str
    letters: str


def _conditions(shelf: Shelf, name: str) -> list[Condition]:
    all_of_them, middle = "abcde", shelf.ids[2]
    if name.endswith("Time") or name == "lastModified":
        return [
            Condition(f"{name} {operator} DateTime'{moment}'", all_of_them if holds else "")
            for operator, moments in (
                ("gt", (1, 0)),
                ("ge", (1, 0)),
                ("lt", (0, 1)),
                ("le", (0, 1)),
                ("eq", (0, 0)),
                ("ne", (1, 1)),
            )
            for moment, holds in zip((LONG_AGO, FAR_AHEAD), moments, strict=True)
        ]
    tables: dict[str, list[Condition]] = {
        "id": [
            Condition(f"startswith(id,'{middle}')", "c"),
            Condition(f"startswith(id,'{shelf.stem}')", all_of_them),
            Condition(f"startswith(id,'{shelf.stem[1:]}')", ""),
            Condition(f"id eq '{shelf.stem}'", ""),
            Condition(f"id eq '{middle}'", "c"),
            Condition(f"id ne '{middle}'", "abde"),
            Condition(f"id gt '{middle}'", "de"),
            Condition(f"id ge '{middle}'", "cde"),
            Condition(f"id lt '{middle}'", "ab"),
            Condition(f"id le '{middle}'", "abc"),
        ],
        "state": [
            Condition("state eq 'active'", all_of_them),
            Condition("state ne 'active'", ""),
            Condition("state eq 'deleting'", ""),
            Condition("state ne 'deleting'", all_of_them),
        ],
        "allocationState": [
            Condition("allocationState eq 'steady'", all_of_them),
            Condition("allocationState eq 'resizing'", ""),
        ],
        "enableAutoScale": [
            Condition("enableAutoScale eq true", "c"),
            Condition("enableAutoScale eq false", "abde"),
            Condition("enableAutoScale ne true", "abde"),
            Condition("enableAutoScale ne false", "c"),
        ],
        "enableInterNodeCommunication": [
            Condition("enableInterNodeCommunication eq true", "b"),
            Condition("enableInterNodeCommunication eq false", "acde"),
            Condition("enableInterNodeCommunication ne true", "acde"),
            Condition("enableInterNodeCommunication ne false", "b"),
        ],
        "vmSize": [
            Condition(f"vmSize eq '{shelf.pools[shelf.ids[3]]['vmSize']}'", "d"),
            Condition(f"vmSize ne '{shelf.pools[shelf.ids[3]]['vmSize']}'", "abce"),
        ],
    }
    return tables[name]


PROPERTIES = {
    "id": "id",
    "state": "state",
    "stateTransitionTime": "state-transition-time",
    "allocationState": "allocation-state",
    "allocationStateTransitionTime": "allocation-state-transition-time",
    "creationTime": "creation-time",
    "enableAutoScale": "enable-auto-scale",
    "lastModified": "last-modified",
    "vmSize": "vm-size",
    "enableInterNodeCommunication": "inter-node",
}


def _properties(only_times: bool = False) -> list[Any]:
    return [
        pytest.param(name, f"pools.list.filter-{slug}", id=name, marks=pytest.mark.requirement(f"pools.list.filter-{slug}"))
        for name, slug in PROPERTIES.items()
        if not only_times or name.endswith("Time") or name == "lastModified"
    ]


@pytest.mark.parametrize(("name", "requirement"), _properties())
def test_filter(batch: Batch, expect: Expect, shelf: Shelf, name: str, requirement: str) -> None:
    for condition in _conditions(shelf, name):
        exchange = batch.call("Pool_List", query={"$filter": f"{shelf.filter} and {condition.text}"})
        expect.status(requirement, exchange, 200)
        found = "".join(sorted(pool[-1] for pool in all_ids(batch, exchange)))
        expect.equal(requirement, found, condition.letters, exchange, condition.text)


@pytest.mark.parametrize(("name", "requirement"), _properties(only_times=True))
def test_filter_halves(batch: Batch, expect: Expect, shelf: Shelf, name: str, requirement: str) -> None:
    """Compared with the time of one of the pools, an operator and its opposite list each pool exactly once between them."""
    pool = shelf.ids[2]
    moment = shelf.pools[pool].get(name)
    if moment is None:
        raise Blocked(f"the pool shows no {name}")
    for operators in COMPLEMENTS:
        found: list[str] = []
        for operator in operators:
            exchange = batch.call("Pool_List", query={"$filter": f"{shelf.filter} and {name} {operator} DateTime'{moment}'"})
            found += all_ids(batch, exchange)
        expect.equal(requirement, sorted(found), shelf.ids, exchange, f"{name} {' and '.join(operators)}")


@pytest.mark.parametrize(("name", "requirement"), _properties(only_times=True))
def test_filter_around(batch: Batch, expect: Expect, shelf: Shelf, name: str, requirement: str) -> None:
    """Seconds before and after the time of a pool: near enough to see that not only the day is compared."""
    pool = shelf.ids[2]
    moment = _moment(shelf.pools[pool].get(name))
    for operator, seconds, holds in (
        ("gt", -1, True),
        ("ge", -1, True),
        ("lt", -1, False),
        ("le", -1, False),
        ("gt", 2, False),
        ("ge", 2, False),
        ("lt", 2, True),
        ("le", 2, True),
    ):
        near = (moment + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        exchange = batch.call("Pool_List", query={"$filter": f"id eq '{pool}' and {name} {operator} DateTime'{near}'"})
        expect.equal(requirement, ids(exchange), [pool] if holds else [], exchange, f"{name} {operator} {near}")


def _moment(text: object) -> datetime:
    """To the second, rounded down."""
    try:
        return datetime.strptime(str(text)[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError as error:
        raise Blocked(f"the pool shows {text!r} as a time") from error
