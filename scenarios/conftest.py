"""Pools that many scenarios only read: one alone, and a shelf of them to list, filter and page through."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch
from scenarios.protocol.lists import Shelf
from scenarios.running import one_node_pool
from scenarios.support import Json, formula, steady


@pytest.fixture(scope="session")
def settled(batch: Batch) -> str:
    """The id of a steady pool without nodes. Scenarios only read it."""
    pool = batch.create_pool(id=batch.new_id("settled"))
    steady(batch, pool)
    return pool


@pytest.fixture(scope="session")
def runner(batch: Batch) -> str:
    """The id of a pool whose one node runs the tasks of every scenario that has the mark `starts_nodes` and asks for it."""
    return one_node_pool(batch, id=batch.new_id("runner"))


# what tells the pools of the shelf from each other, beside id and times
DIFFERENCES: dict[str, Json] = {
    "a": {},
    "b": {"enableInterNodeCommunication": True},
    "c": {"enableAutoScale": True},
    "d": {"vmSize": "standard_d4s_v3"},
    "e": {"displayName": "the last one"},
}


@pytest.fixture(scope="session")
def shelf(batch: Batch) -> Shelf:
    stem = batch.new_id("shelf") + "-"
    made: dict[str, Json] = {}
    for letter, difference in DIFFERENCES.items():
        scaled = {"autoScaleFormula": formula(batch)} if difference.get("enableAutoScale") else {}
        pool = batch.create_pool(id=stem + letter, **difference, **scaled)
        made[pool] = steady(batch, pool)
    return Shelf(stem, made)
