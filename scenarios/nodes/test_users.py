"""Accounts on a node."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.nodes.own import act, own_node
from scenarios.support import Json

pytestmark = pytest.mark.starts_nodes

# a name as long as may be
USER = {"name": "bcsuserofthescenario", "password": "Bcs-0-Pa55-word", "isAdmin": False}
CHANGE = {"password": "Bcs-1-Pa55-word"}


@pytest.fixture(scope="module")
def node(batch: Batch) -> Json:
    return own_node(batch)


@pytest.mark.requirement(
    "nodes.add-user.duplicate-refused", "nodes.delete-user.missing-refused", "nodes.delete-user.name-free-again"
)
def test_life(batch: Batch, expect: Expect, node: Json) -> None:
    named = {**node, "userName": USER["name"]}
    act(batch, "ComputeNode_AddUser", node, USER)
    again = batch.call("ComputeNode_AddUser", body=USER, **node)
    expect.error("nodes.add-user.duplicate-refused", again, 409, "NodeUserExists")
    act(batch, "ComputeNode_UpdateUser", named, CHANGE)
    act(batch, "ComputeNode_DeleteUser", named)
    gone = batch.call("ComputeNode_DeleteUser", **named)
    expect.error("nodes.delete-user.missing-refused", gone, 404, "NodeUserNotFound")
    expect.status("nodes.delete-user.name-free-again", batch.call("ComputeNode_AddUser", body=USER, **node), 201)


@pytest.mark.requirement("protocol.errors.outside-limits")
def test_long_name(batch: Batch, expect: Expect, node: Json) -> None:
    exchange = batch.call("ComputeNode_AddUser", body={**USER, "name": "u" * 21}, **node)
    expect.status("protocol.errors.outside-limits", exchange, 400)


@pytest.mark.requirement("nodes.update-user.missing-refused")
def test_update_missing(batch: Batch, expect: Expect, node: Json) -> None:
    exchange = batch.call("ComputeNode_UpdateUser", body=CHANGE, userName="nobody", **node)
    expect.error("nodes.update-user.missing-refused", exchange, 404, "NodeUserNotFound")
