"""What a client does to a node of the reference service."""

from __future__ import annotations

import pytest
from service_calls import Account, Answer


class Node:
    """The only node of a pool, idle."""

    def __init__(self, version: str = "2024-07-01.20.0", **properties: object) -> None:
        self.account = Account(version)
        size: dict[str, object] = {self.account.target: 1}
        self.account.add_pool("pool", **size, **properties)
        self.path = f"/pools/pool/nodes/{self.account.send('GET', '/pools/pool/nodes').json['value'][0]['id']}"

    def __call__(self, method: str, action: str = "", body: object = None) -> Answer:
        return self.account.send(method, f"{self.path}{action}", body)

    @property
    def state(self) -> str:
        return str(self("GET").json["state"])


@pytest.mark.parametrize(("action", "during"), [("/reboot", "rebooting"), ("/reimage", "reimaging")])
def test_a_node_goes_and_comes_back(action: str, during: str) -> None:
    node = Node()
    before = node("GET").json["lastBootTime"]
    answer = node("POST", action)
    assert (answer.status, "etag" in answer.headers, node.state) == (202, False, during)
    again = node("POST", action)
    assert (again.status, again.code) == (409, f"NodeBeing{during.capitalize().replace('ing', 'ed')}")
    node.account.clock.advance(600)
    assert node.state == "idle" and node("GET").json["lastBootTime"] > before


def test_a_reboot_ends_the_first_boot() -> None:
    account = Account()
    size: dict[str, object] = {account.target: 1}
    account.send("POST", "/pools", account.pool_body("pool", **size))
    account.clock.advance(61)
    path = f"/pools/pool/nodes/{account.send('GET', '/pools/pool/nodes').json['value'][0]['id']}"
    refused = account.send("POST", f"{path}/reboot")
    assert (refused.status, refused.code) == (409, "NodeBeingCreated")


def test_scheduling() -> None:
    node = Node()
    assert node("POST", "/disablescheduling").status == 200
    assert (node.state, node("GET").json["schedulingState"]) == ("offline", "disabled")
    assert node("POST", "/disablescheduling").code == "NodeAlreadyInTargetSchedulingState"
    node("POST", "/reboot")
    node.account.clock.advance(600)
    assert node.state == "offline"
    assert node("POST", "/enablescheduling").status == 200
    assert (node.state, node("GET").json["schedulingState"]) == ("idle", "enabled")


def test_deallocated_nodes_start_again() -> None:
    node = Node()
    assert node("POST", "/start").status == 409
    assert node("POST", "/deallocate").status == 202
    node.account.clock.advance(600)
    assert node.state == "deallocated"
    assert node("POST", "/reboot").status == 409
    node("POST", "/start")
    node.account.clock.advance(600)
    assert node.state == "idle"


def test_users() -> None:
    node, user = Node(), {"name": "someone", "password": "Pa55word!"}
    answer = node("POST", "/users", user)
    assert (answer.status, answer.headers["location"].endswith(f"{node.path}/users/someone")) == (201, True)
    assert node("POST", "/users", user).code == "NodeUserExists"
    assert node("PUT", "/users/someone", {"password": "other"}).status == 200
    assert node("DELETE", "/users/SOMEONE").status == 200
    assert node("DELETE", "/users/someone").code == "NodeUserNotFound"
    assert node("PUT", "/users/someone", {"password": "other"}).code == "NodeUserNotFound"


def test_only_windows_has_a_remote_desktop() -> None:
    image = {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"}
    linux = {"imageReference": image, "nodeAgentSKUId": "batch.node.ubuntu 18.04"}
    refused = Node("2022-01-01.15.0", virtualMachineConfiguration=linux, cloudServiceConfiguration=None)("GET", "/rdp")
    assert (refused.status, refused.code) == (409, "OperationNotValidOnNode")
    answer = Node("2022-01-01.15.0")("GET", "/rdp")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert answer.wire.body.startswith(b"full address:s:")
