"""What the data plane answers about the account as a whole: images, node agents, nodes by state."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import elements


@pytest.mark.requirement("accounts.list-supported-images.has-images", "accounts.list-supported-images.filter-os-type")
@pytest.mark.parametrize("system", ["linux", "windows"])
def test_images(batch: Batch, expect: Expect, system: str) -> None:
    exchange = batch.call("Account_ListSupportedImages", query={"$filter": f"osType eq '{system}'"})
    found = elements(exchange)
    named = [image for image in found if image.get("nodeAgentSKUId") and image.get("imageReference")]
    holds = bool(found) and named == found
    expect("accounts.list-supported-images.has-images", holds, expected="images", actual=found[:2], exchange=exchange)
    systems = sorted({str(image.get("osType")).lower() for image in found})
    expect.equal("accounts.list-supported-images.filter-os-type", systems, [system], exchange)


@pytest.mark.requirement("accounts.list-supported-images.filter-verification", "accounts.list-supported-images.filter-agent")
def test_image_filters(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Account_ListSupportedImages", query={"$filter": "verificationType eq 'verified'"})
    verified = elements(exchange)
    types = sorted({str(image.get("verificationType")).lower() for image in verified})
    expect.equal("accounts.list-supported-images.filter-verification", types, ["verified"], exchange)
    agent = verified[0]["nodeAgentSKUId"]
    exchange = batch.call("Account_ListSupportedImages", query={"$filter": f"nodeAgentSKUId ne '{agent}'"})
    agents = {image.get("nodeAgentSKUId") for image in elements(exchange)}
    requirement = "accounts.list-supported-images.filter-agent"
    expect(requirement, agent not in agents, expected=f"no {agent}", actual=sorted(map(str, agents)), exchange=exchange)


@pytest.mark.requirement("accounts.list-node-agent-skus.has-agents")
def test_agents(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Account_ListNodeAgentSkus")
    found = elements(exchange)
    holds = bool(found) and all(agent.get("id") and agent.get("verifiedImageReferences") for agent in found)
    expect("accounts.list-node-agent-skus.has-agents", holds, expected="agents with images", actual=found[:2], exchange=exchange)


@pytest.mark.requirement("accounts.list-pool-node-counts.empty-pool", "accounts.list-pool-node-counts.filter")
def test_counts(batch: Batch, expect: Expect, settled: str) -> None:
    """There is another pool, which the filter has to leave out."""
    batch.create_pool()
    exchange = batch.call("Account_ListPoolNodeCounts", query={"$filter": f"poolId eq '{settled}'"})
    found = elements(exchange)
    strange = [one.get("poolId") for one in found if one.get("poolId") != settled]
    expect.equal("accounts.list-pool-node-counts.filter", strange, [], exchange, "other pools")
    if not found:
        raise Blocked("a pool without nodes is not counted")
    counts = [found[0].get(kind, {}).get("total", 0) for kind in ("dedicated", "lowPriority")]
    expect.equal("accounts.list-pool-node-counts.empty-pool", counts, [0, 0], exchange, "dedicated and low-priority nodes")
