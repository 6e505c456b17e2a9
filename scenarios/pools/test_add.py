"""Creating a pool: what it looks like afterwards, duplicates, and its id."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import ACCEPTED, current_name, elements, json_object, settled_at_last, steady


@pytest.mark.requirement(
    "pools.add.readable", "pools.add.state-active", "pools.add.starts-without-nodes", "pools.add.times-agree"
)
def test_new_pool(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool()
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.status("pools.add.readable", exchange, 200)
    shown = json_object(exchange)
    expect.equal("pools.add.state-active", shown.get("state"), "active", exchange, "state")
    expect.equal("pools.add.starts-without-nodes", shown.get(current_name(batch)), 0, exchange, current_name(batch))
    times = [shown.get(name) for name in ("creationTime", "lastModified", "stateTransitionTime")]
    expect.equal("pools.add.times-agree", times, [shown.get("creationTime")] * 3, exchange, "times of a new pool")


@pytest.mark.requirement("pools.add.allocation-begins")
def test_allocation(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool()
    exchange = batch.call("Pool_Get", poolId=pool)
    state = json_object(exchange).get("allocationState")
    expect(
        "pools.add.allocation-begins",
        state in {"resizing", "steady"},
        expected="resizing or steady",
        actual=state,
        exchange=exchange,
    )
    expect.equal("pools.add.allocation-begins", settled_at_last(batch, pool).get("allocationState"), "steady")


@pytest.mark.requirement("pools.add.listed")
def test_listed(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool()
    exchange = batch.call("Pool_List", query={"$filter": f"id eq '{pool}'"})
    expect.equal("pools.add.listed", [element.get("id") for element in elements(exchange)], [pool], exchange, "pools of that id")


@pytest.mark.requirement("pools.add.location-names-pool")
def test_location(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("located")
    created = batch.call("Pool_Add", body=batch.pool_body(pool))
    location = created.response.headers.get("Location", "")
    if not location:
        raise Blocked("the creation answered no Location")
    exchange = batch.send("GET", urlsplit(location).path or "/")
    shown = json_object(exchange).get("id") if exchange.response.status == 200 else exchange.response.status
    expect.equal("pools.add.location-names-pool", shown, pool, created, f"what {location} shows")


@pytest.mark.requirement("pools.add.duplicate-refused", "pools.add.duplicate-changes-nothing")
def test_duplicate(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(displayName="first")
    steady(batch, pool)
    before = batch.get_pool(pool)
    exchange = batch.call("Pool_Add", body=batch.pool_body(pool, displayName="second"))
    expect.error("pools.add.duplicate-refused", exchange, 409, "PoolExists")
    after = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.add.duplicate-changes-nothing", json_object(after), before, after, "the first pool")


@pytest.mark.requirement("pools.add.duplicate-ignores-case")
def test_duplicate_in_other_case(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(batch.create_pool().upper()))
    expect.error("pools.add.duplicate-ignores-case", exchange, 409, "PoolExists")


@pytest.mark.requirement("pools.add.id-case-kept", "pools.get.id-ignores-case")
def test_case(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(id=batch.new_id("MixedCase"))
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.add.id-case-kept", json_object(exchange).get("id"), pool, exchange, "id")
    exchange = batch.call("Pool_Get", poolId=pool.upper())
    expect.status("pools.get.id-ignores-case", exchange, 200)
    expect.equal("pools.add.id-case-kept", json_object(exchange).get("id"), pool, exchange, "id")


@pytest.mark.requirement("pools.add.id-64-accepted")
def test_longest_id(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(batch.new_id("long").ljust(64, "x")))
    expect.status("pools.add.id-64-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("pools.add.id-65-refused")
@pytest.mark.parametrize("length", [65, 200])
def test_too_long_id(batch: Batch, expect: Expect, length: int) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(batch.new_id("long").ljust(length, "x")))
    expect.status("pools.add.id-65-refused", exchange, 400)


@pytest.mark.requirement("pools.add.id-charset-accepted")
def test_id_characters(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(batch.new_id("Az09_-") + "_Z-9"))
    expect.status("pools.add.id-charset-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("pools.add.id-charset-refused")
@pytest.mark.parametrize("character", [".", " ", "/", "%", "ü", "~", ":", "("])
def test_bad_id_characters(batch: Batch, expect: Expect, character: str) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(batch.new_id("bad") + character + "x"))
    expect.status("pools.add.id-charset-refused", exchange, 400)


@pytest.mark.requirement("pools.add.id-empty-refused")
def test_empty_id(batch: Batch, expect: Expect) -> None:
    body = batch.pool_body() | {"id": ""}
    expect.status("pools.add.id-empty-refused", batch.call("Pool_Add", body=body), 400)


@pytest.mark.requirement("pools.add.id-required")
def test_no_id(batch: Batch, expect: Expect) -> None:
    body = {name: value for name, value in batch.pool_body().items() if name != "id"}
    expect.status("pools.add.id-required", batch.call("Pool_Add", body=body), 400)
