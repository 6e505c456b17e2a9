"""What a simulated node shows of the machine below it: endpoint, image, agent. As in recordings of 2020 and 2022; addresses are
from the ranges kept for documentation."""

from __future__ import annotations

from conformance.reference.wire import Json

_AGENT_VERSION = "1.9.29"
_IMAGE_BUILD = "1.0.0"


def machine(pool: Json, position: int) -> Json:
    """The members that a node has from its creation; `position` tells the nodes of a pool apart."""
    parts: Json = {"endpointConfiguration": {"inboundEndpoints": [_endpoint(pool, position)]}}
    image = pool.get("virtualMachineConfiguration", {}).get("imageReference", {})
    exact = {"exactVersion": _IMAGE_BUILD} if "publisher" in image else {}
    return parts | {"virtualMachineInfo": {"imageReference": {**image, **exact}}}


def agent(time: str) -> Json:
    """The members that a node has once its agent has spoken."""
    return {"lastBootTime": time, "nodeAgentInfo": {"lastUpdateTime": time, "version": _AGENT_VERSION}}


def _endpoint(pool: Json, position: int) -> Json:
    agent_sku = pool.get("virtualMachineConfiguration", {}).get("nodeAgentSKUId", "windows")
    windows = "windows" in agent_sku.lower()
    endpoint = {
        "name": f"RDPRule.{position}" if windows else f"SSHRule.{position}",
        "protocol": "tcp",
        "publicIPAddress": "203.0.113.1",
        "frontendPort": 50000 + position,
        "backendPort": 3389 if windows else 22,
    }
    if "virtualMachineConfiguration" in pool:
        endpoint["publicFQDN"] = "nodes.example.com"
    return endpoint
