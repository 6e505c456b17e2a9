"""One node of a pool. All of these need nodes."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import Json, elements, json_object, steady_pool, target_name, without

pytestmark = pytest.mark.starts_nodes


def _nodes(batch: Batch, pool: str) -> list[Json]:
    return elements(batch.call("ComputeNode_List", poolId=pool))


@pytest.mark.requirement("nodes.get.becomes-idle")
def test_becomes_idle(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch, **{target_name(batch): 1})
    exchange = batch.outcome(
        lambda: batch.call("ComputeNode_List", poolId=pool),
        lambda found: [node.get("state") for node in elements(found)] == ["idle"],
        "the node is idle",
    )
    states = [node.get("state") for node in elements(exchange)]
    expect.equal("nodes.get.becomes-idle", states, ["idle"], exchange, "states of the nodes")


@pytest.mark.requirement("nodes.get.scheduling-enabled", "nodes.get.size-of-pool", "nodes.get.affinity")
def test_node(batch: Batch, expect: Expect, peopled: str) -> None:
    pool = batch.get_pool(peopled)
    for found in _nodes(batch, peopled):
        exchange = batch.call("ComputeNode_Get", poolId=peopled, nodeId=found["id"])
        node = json_object(exchange)
        expect.equal("nodes.get.scheduling-enabled", node.get("schedulingState"), "enabled", exchange, "schedulingState")
        expect.equal(
            "nodes.get.size-of-pool", str(node.get("vmSize")).lower(), str(pool.get("vmSize")).lower(), exchange, "vmSize"
        )
        lacking = {"affinityId", "ipAddress", "allocationTime", "lastBootTime"} - set(node)
        expect.equal("nodes.get.affinity", lacking, set(), exchange, "properties that a node lacks")


@pytest.mark.requirement("nodes.get.dedicated")
def test_dedicated(batch: Batch, expect: Expect, peopled: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=peopled)
    kinds = sorted(str(node.get("isDedicated")) for node in elements(exchange))
    expect.equal("nodes.get.dedicated", kinds, ["False", "True"], exchange, "isDedicated of the two nodes")


@pytest.mark.requirement("nodes.get.agent-info")
def test_agent(batch: Batch, expect: Expect, peopled: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=peopled)
    lacking = [node["id"] for node in elements(exchange) if not (node.get("nodeAgentInfo") or {}).get("version")]
    expect.equal("nodes.get.agent-info", lacking, [], exchange, "nodes without agent version")


@pytest.mark.requirement("nodes.get.select")
def test_select(batch: Batch, expect: Expect, peopled: str) -> None:
    node = _nodes(batch, peopled)[0]["id"]
    exchange = batch.call("ComputeNode_Get", poolId=peopled, nodeId=node, query={"$select": "id,state"})
    expect.equal("nodes.get.select", sorted(without(json_object(exchange))), ["id", "state"], exchange, "members")


@pytest.mark.requirement("nodes.get.machine-info")
def test_machine(batch: Batch, expect: Expect, peopled: str) -> None:
    exchange = batch.call("ComputeNode_List", poolId=peopled)
    lacking = [node["id"] for node in elements(exchange) if not (node.get("virtualMachineInfo") or {}).get("imageReference")]
    expect.equal("nodes.get.machine-info", lacking, [], exchange, "nodes without image")


@pytest.mark.requirement("nodes.get.node-of-other-pool-refused", "nodes.list.only-own-nodes")
def test_other_pool(batch: Batch, expect: Expect, peopled: str, settled: str) -> None:
    node = _nodes(batch, peopled)[0]["id"]
    exchange = batch.call("ComputeNode_Get", poolId=settled, nodeId=node)
    expect.error("nodes.get.node-of-other-pool-refused", exchange, 404, "NodeNotFound")
    listed = batch.call("ComputeNode_List", poolId=settled)
    expect.equal("nodes.list.only-own-nodes", elements(listed), [], listed, "nodes of a pool without nodes")
