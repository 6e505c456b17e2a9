"""What the account as a whole answers: supported images, the node agents of older api-versions, nodes counted by state."""

from __future__ import annotations

from collections import Counter
from typing import Any

from conformance.reference.registry import answers
from conformance.reference.resources import images, scaling
from conformance.reference.shapes import shown
from conformance.reference.store import Store
from conformance.reference.wire import Call, Json, Listing


def _item(call: Call, resource: Json, key: str) -> Json:
    model = call.contract.item_model(call.operation)
    assert model is not None
    return {**shown(call.contract, model, resource), "_key": key}


@answers("Account_ListSupportedImages")
def supported_images(store: Store, call: Call) -> Listing:
    return Listing([_item(call, image, image["_key"]) for image in images.IMAGES], key="_key")


@answers("Account_ListNodeAgentSkus")
def node_agents(store: Store, call: Call) -> Listing:
    agents: dict[str, Json] = {}
    for image in images.IMAGES:
        if image["verificationType"] != "verified":
            continue
        name: str = image["nodeAgentSKUId"]
        agent = agents.setdefault(name, {"id": name, "osType": image["osType"], "verifiedImageReferences": []})
        agent["verifiedImageReferences"].append(image["imageReference"])
    return Listing([_item(call, agent, name) for name, agent in agents.items()])


@answers("Account_ListPoolNodeCounts")
def node_counts(store: Store, call: Call) -> Listing:
    pools = store.all("pool")
    return Listing([_item(call, _counts(call, store, pool), pool["id"]) for pool in pools], key="poolId")


def _counts(call: Call, store: Store, pool: Json) -> Json:
    nodes = scaling.nodes_of(store, pool)
    return {
        "poolId": pool["id"],
        "dedicated": _by_state(call, [node["state"] for node in nodes if node["isDedicated"]]),
        "lowPriority": _by_state(call, [node["state"] for node in nodes if not node["isDedicated"]]),
    }


def _by_state(call: Call, states: list[str]) -> dict[str, Any]:
    counted = Counter(states)
    names = {name.lower(): name for name in call.contract.models["NodeCounts"].properties}
    return {name: len(states) if low == "total" else counted[low] for low, name in names.items()}
