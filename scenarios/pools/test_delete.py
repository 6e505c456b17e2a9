"""Deleting a pool."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.support import ACCEPTED, json_object


def _deleted(batch: Batch) -> str:
    pool = batch.create_pool()
    exchange = batch.call("Pool_Delete", poolId=pool)
    if exchange.response.status != 202:
        raise Blocked(f"DELETE answered {exchange.response.status}")
    return pool


def _gone(batch: Batch, pool: str) -> Exchange:
    """The first answer to a read that does not show the pool any more, or one that still does when it never goes."""
    return batch.outcome(lambda: batch.call("Pool_Get", poolId=pool), lambda found: not _shows(found, pool), f"{pool} is gone")


def _shows(exchange: Exchange, pool: str) -> bool:
    return exchange.response.status == 200 and json_object(exchange).get("id") == pool


@pytest.mark.requirement("pools.delete.gone-or-deleting", "pools.delete.ends-not-found", "pools.delete.id-free-again")
def test_delete(batch: Batch, expect: Expect) -> None:
    pool = _deleted(batch)
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.status("pools.delete.gone-or-deleting", exchange, {200, 404})
    if exchange.response.status == 200:
        expect.equal("pools.delete.gone-or-deleting", json_object(exchange).get("state"), "deleting", exchange, "state")
    expect.error("pools.delete.ends-not-found", _gone(batch, pool), 404, "PoolNotFound")
    again = batch.call("Pool_Add", body=batch.pool_body(pool))
    expect.status("pools.delete.id-free-again", again, ACCEPTED)


@pytest.mark.requirement("pools.delete.twice-refused")
def test_delete_twice(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Delete", poolId=_deleted(batch))
    expect.error("pools.delete.twice-refused", exchange, {404, 409}, {"PoolBeingDeleted", "PoolNotFound"})


@pytest.mark.requirement("pools.delete.deleting-refuses-updates")
def test_update_after_delete(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Patch", poolId=_deleted(batch), body={"metadata": []})
    expect.error("pools.delete.deleting-refuses-updates", exchange, {404, 409}, {"PoolBeingDeleted", "PoolNotFound"})
