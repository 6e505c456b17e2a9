"""Simulated nodes: list and get. Their life is in `nodelife.py`."""

from __future__ import annotations

from conformance.contract import Model
from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources import scaling
from conformance.reference.resources.machines import agent
from conformance.reference.resources.poolaccess import find as find_pool
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
    model = call.contract.models["ComputeNode"]
    # until its agent has spoken, a node lacks these, as in recordings; unless the api-version requires them
    early = {name: value for name, value in agent(node["allocationTime"]).items() if _required(model, name)}
    recent = [
        {**task, "taskUrl": f"{call.base}/jobs/{task['jobId']}/tasks/{task['taskId']}"} for task in node.get("recentTasks", ())
    ]
    return shown(call.contract, model, {**early, **node, "url": url, "recentTasks": recent or None})


def _required(model: Model, name: str) -> bool:
    return name in model.properties and model.properties[name].required
