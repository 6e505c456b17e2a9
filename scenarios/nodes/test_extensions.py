"""Extensions of a node's virtual machine."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.nodes.own import own_node
from scenarios.pools.samples import linux
from scenarios.support import elements, json_object, without

pytestmark = pytest.mark.starts_nodes

EXTENSION = {
    "name": "watch",
    "publisher": "Microsoft.Azure.Monitor",
    "type": "AzureMonitorLinuxAgent",
    "typeHandlerVersion": "1.0",
    "autoUpgradeMinorVersion": True,
}


@pytest.mark.requirement("nodes.extensions-list.shows-those-of-pool", "nodes.extensions-get.equals-element")
def test_extensions(batch: Batch, expect: Expect) -> None:
    node = own_node(batch, virtualMachineConfiguration=linux(batch, extensions=[EXTENSION]), cloudServiceConfiguration=None)
    listing = batch.call("ComputeNodeExtension_List", **node)
    found = {(e.get("vmExtension") or {}).get("name"): e for e in elements(listing)}
    expect.equal("nodes.extensions-list.shows-those-of-pool", sorted(map(str, found)), ["watch"], listing, "names")
    single = batch.call("ComputeNodeExtension_Get", extensionName="watch", **node)
    expect.equal("nodes.extensions-get.equals-element", without(json_object(single)), found["watch"], single, "extension")
