"""Simulated nodes: list and get. Their life is in `scaling.py`."""

from __future__ import annotations

from conformance.reference import scaling
from conformance.reference.poolaccess import find as find_pool
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing, Reply


def find(store: Store, pool: Json, node_id: str) -> Json:
    node = store.get("node", f"{pool['id']}/{node_id}")
    if node is None:
        raise BatchProblem("NodeNotFound")
    return node


@answers("ComputeNode_List")
def list_nodes(store: Store, call: Call) -> Listing:
    pool = find_pool(store, call)
    return Listing([_present(call, pool, node) for node in scaling.nodes_of(store, pool)])


@answers("ComputeNode_Get")
def get(store: Store, call: Call) -> Reply:
    pool = find_pool(store, call)
    return Reply(_present(call, pool, find(store, pool, call.path["nodeId"])))


def _present(call: Call, pool: Json, node: Json) -> Json:
    url = f"{call.base}/pools/{pool['id']}/nodes/{node['id']}"
    return shown(call.contract, call.contract.models["ComputeNode"], {**node, "url": url})
