"""A pool with nodes, for the scenarios that only read them."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch
from scenarios.support import Json, elements, has, steady_pool, target_name


@pytest.fixture(scope="session")
def peopled(batch: Batch) -> str:
    """The id of a pool with two nodes that are idle: one dedicated, the other of low priority where there is such a thing."""
    mixed = has(batch, "PoolAddParameter", "targetLowPriorityNodes")
    targets = {target_name(batch): 1, "targetLowPriorityNodes": 1} if mixed else {target_name(batch): 2}
    pool = steady_pool(batch, id=batch.new_id("peopled"), **targets)

    def nodes() -> list[Json]:
        return elements(batch.call("ComputeNode_List", poolId=pool))

    batch.wait(nodes, lambda found: len(found) == 2 and all(node.get("state") == "idle" for node in found), "two nodes are idle")
    return pool
