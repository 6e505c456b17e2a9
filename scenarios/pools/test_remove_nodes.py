"""Taking nodes out of a pool."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.pools.samples import METADATA
from scenarios.support import current_name, elements, steady, steady_pool, target_name


@pytest.mark.requirement("pools.remove-nodes.list-required")
def test_no_list(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_RemoveNodes", poolId=settled, body={"nodeDeallocationOption": "requeue"})
    expect.status("pools.remove-nodes.list-required", exchange, 400)


@pytest.mark.requirement("pools.remove-nodes.more-than-hundred-refused")
def test_too_many(batch: Batch, expect: Expect, settled: str) -> None:
    nodes = [f"tvm-absent_{number}-d" for number in range(101)]
    exchange = batch.call("Pool_RemoveNodes", poolId=settled, body={"nodeList": nodes})
    expect.status("pools.remove-nodes.more-than-hundred-refused", exchange, {400, 404, 409})


@pytest.mark.requirement("pools.remove-nodes.timeout-below-refused")
def test_short_timeout(batch: Batch, expect: Expect, settled: str) -> None:
    body = {"nodeList": ["tvm-absent_1-d"], "resizeTimeout": "PT4M59S"}
    exchange = batch.call("Pool_RemoveNodes", poolId=settled, body=body)
    expect.status("pools.remove-nodes.timeout-below-refused", exchange, {400, 404, 409})


@pytest.mark.requirement("pools.remove-nodes.unknown-node-refused")
def test_unknown_node(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_RemoveNodes", poolId=settled, body={"nodeList": ["tvm-absent_1-d"]})
    expect.status("pools.remove-nodes.unknown-node-refused", exchange, {400, 404, 409})


@pytest.mark.starts_nodes
@pytest.mark.requirement(
    "pools.remove-nodes.removes", "pools.remove-nodes.moves-etag", "pools.remove-nodes.more-than-hundred-refused"
)
def test_remove(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch, displayName="kept", metadata=METADATA, **{target_name(batch): 2})
    first, second = (str(node["id"]) for node in elements(batch.call("ComputeNode_List", poolId=pool)))
    many = batch.call("Pool_RemoveNodes", poolId=pool, body={"nodeList": [first] * 101})
    expect.status("pools.remove-nodes.more-than-hundred-refused", many, 400)
    before = batch.get_pool(pool)
    exchange = batch.call("Pool_RemoveNodes", poolId=pool, body={"nodeList": [first], "resizeTimeout": "PT5M"})
    expect.status("pools.remove-nodes.removes", exchange, 202)
    after = steady(batch, pool)
    moved = after.get("eTag") != before.get("eTag")
    expect("pools.remove-nodes.moves-etag", moved, expected="another ETag", actual=after.get("eTag"), exchange=exchange)
    counts = (after.get(target_name(batch)), after.get(current_name(batch)))
    expect.equal("pools.remove-nodes.removes", counts, (1, 1), exchange, "target and current nodes")
    listed = batch.call("ComputeNode_List", poolId=pool)
    expect.equal(
        "pools.remove-nodes.removes", [node.get("id") for node in elements(listed)], [second], listed, "nodes that are left"
    )
