"""Accounts on a node: add, update, delete. Nothing lists them; their passwords and keys never leave."""

from __future__ import annotations

from conformance.reference.problem import BatchProblem
from conformance.reference.registry import answers
from conformance.reference.resources.nodeactions import node_of
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Reply

_KIND = "node-user"


def _key(node: Json, name: str) -> str:
    return f"{node['_pool']}/{node['id']}/{name}"


@answers("ComputeNode_AddUser")
def add(store: Store, call: Call) -> Reply:
    node, name = node_of(store, call), call.body["name"]
    if store.get(_KIND, _key(node, name)) is not None:
        raise BatchProblem("NodeUserExists")
    store.put(_KIND, _key(node, name), dict(call.body))
    return Reply(location=f"/pools/{call.path['poolId']}/nodes/{node['id']}/users/{name}")


@answers("ComputeNode_UpdateUser")
def update(store: Store, call: Call) -> Reply:
    node, name = node_of(store, call), call.path["userName"]
    known = _find(store, node, name)
    store.put(_KIND, _key(node, name), {"name": known["name"], "isAdmin": known.get("isAdmin", False), **call.body})
    return Reply()


@answers("ComputeNode_DeleteUser")
def delete(store: Store, call: Call) -> Reply:
    node, name = node_of(store, call), call.path["userName"]
    _find(store, node, name)
    store.remove(_KIND, _key(node, name))
    return Reply()


def _find(store: Store, node: Json, name: str) -> Json:
    user = store.get(_KIND, _key(node, name))
    if user is None:
        raise BatchProblem("NodeUserNotFound")
    return user
