"""Nodes that a scenario may change."""

from __future__ import annotations

from typing import Any

from conformance.plugin import Batch, Exchange
from scenarios.support import Json, elements, json_object, steady_pool, target_name


def own_node(batch: Batch, **properties: Any) -> Json:
    """The path parameters of the one node, idle, of a new pool."""
    pool = steady_pool(batch, **{target_name(batch): 1, **properties})
    found = batch.wait(
        lambda: elements(batch.call("ComputeNode_List", poolId=pool)),
        lambda nodes: len(nodes) == 1 and nodes[0].get("state") == "idle",
        "the node is idle",
    )
    return {"poolId": pool, "nodeId": found[0]["id"]}


def reach(batch: Batch, node: Json, state: str) -> Json:
    """The node, once it is in the state."""
    return batch.wait(
        lambda: json_object(batch.call("ComputeNode_Get", **node)),
        lambda shown: shown.get("state") == state,
        f"the node is {state}",
    )


def ends(batch: Batch, node: Json, state: str) -> tuple[Json, Exchange]:
    """As `reach`, where it is judged whether the node gets so far: what never comes is returned as it is."""
    exchange = batch.outcome(
        lambda: batch.call("ComputeNode_Get", **node),
        lambda found: json_object(found).get("state") == state,
        f"the node is {state}",
    )
    return json_object(exchange), exchange


def act(batch: Batch, operation: str, node: Json, body: Json | None = None) -> Exchange:
    """An action that the scenario needs in order to go on."""
    return batch.make(operation, body, **node)
