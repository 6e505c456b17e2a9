"""Reboot, reimage, deallocate, start; scheduling; access; logs."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.nodes.own import act, ends, own_node, reach
from scenarios.support import Json, json_object

pytestmark = pytest.mark.starts_nodes

# what says no more than that it is not the time for it
NOT_NOW = ("OperationInvalidForCurrentState", "NodeStateUnusable")
WINDOWS = {
    "imageReference": {"publisher": "microsoftwindowsserver", "offer": "windowsserver", "sku": "2019-datacenter"},
    "nodeAgentSKUId": "batch.node.windows amd64",
}


@pytest.fixture(scope="module")
def node(batch: Batch) -> Json:
    return own_node(batch)


@pytest.mark.requirement(
    "nodes.reboot.comes-back",
    "nodes.reboot.boot-time-moves",
    "nodes.reboot.while-rebooting-refused",
    "nodes.requests.valid-served",
    "protocol.errors.invalid-enum",
)
def test_reboot(batch: Batch, expect: Expect, node: Json) -> None:
    before = reach(batch, node, "idle")
    sideways = batch.call("ComputeNode_Reboot", body={"nodeRebootOption": "sideways"}, **node)
    expect.status("protocol.errors.invalid-enum", sideways, 400)
    expect.status("nodes.requests.valid-served", act(batch, "ComputeNode_Reboot", node), 202)
    again = batch.call("ComputeNode_Reboot", **node)
    after, exchange = ends(batch, node, "idle")
    expect.equal("nodes.reboot.comes-back", after.get("state"), "idle", exchange, "state")
    moved = str(after.get("lastBootTime")) > str(before.get("lastBootTime"))
    later = f"later than {before.get('lastBootTime')}"
    expect("nodes.reboot.boot-time-moves", moved, expected=later, actual=after.get("lastBootTime"), exchange=exchange)
    expect.error("nodes.reboot.while-rebooting-refused", again, 409, {"NodeBeingRebooted", *NOT_NOW})


@pytest.mark.requirement("nodes.reimage.comes-back", "nodes.reimage.while-reimaging-refused")
def test_reimage(batch: Batch, expect: Expect, node: Json) -> None:
    """With the option that the other action leaves out."""
    reach(batch, node, "idle")
    act(batch, "ComputeNode_Reimage", node, {"nodeReimageOption": "terminate"})
    again = batch.call("ComputeNode_Reimage", **node)
    after, exchange = ends(batch, node, "idle")
    expect.equal("nodes.reimage.comes-back", after.get("state"), "idle", exchange, "state")
    expect.error("nodes.reimage.while-reimaging-refused", again, 409, {"NodeBeingReimaged", *NOT_NOW})


@pytest.mark.requirement("nodes.get-remote-login-settings.address")
def test_remote_login(batch: Batch, expect: Expect, node: Json) -> None:
    exchange = batch.call("ComputeNode_GetRemoteLoginSettings", **node)
    settings = json_object(exchange)
    port = settings.get("remoteLoginPort")
    holds = bool(settings.get("remoteLoginIPAddress")) and isinstance(port, int) and 1 <= port <= 65535
    expect("nodes.get-remote-login-settings.address", holds, expected="an address and a port", actual=settings, exchange=exchange)


@pytest.mark.requirement("nodes.upload-batch-service-logs.names-directory")
def test_upload_logs(batch: Batch, expect: Expect, node: Json) -> None:
    reach(batch, node, "idle")
    body = {"containerUrl": "https://example.blob.core.windows.net/logs", "startTime": "2020-01-01T00:00:00Z"}
    exchange = act(batch, "ComputeNode_UploadBatchServiceLogs", node, body)
    name = json_object(exchange).get("virtualDirectoryName")
    slug = "nodes.upload-batch-service-logs.names-directory"
    expect(slug, isinstance(name, str) and name != "", expected="a name", actual=name, exchange=exchange)


@pytest.mark.requirement(
    "nodes.disable-scheduling.shows-disabled",
    "nodes.disable-scheduling.twice-refused",
    "nodes.enable-scheduling.shows-enabled",
    "nodes.enable-scheduling.twice-refused",
    "protocol.errors.invalid-enum",
)
def test_scheduling(batch: Batch, expect: Expect, node: Json) -> None:
    reach(batch, node, "idle")  # the last that needs this node: what fails here may leave it disabled
    option = "nodeDisableSchedulingOption"
    sideways = batch.call("ComputeNode_DisableScheduling", body={option: "sideways"}, **node)
    expect.status("protocol.errors.invalid-enum", sideways, 400)
    for word, state, body in (("Disable", "disabled", {option: "terminate"}), ("Enable", "enabled", None)):
        slug, operation = f"nodes.{word.lower()}-scheduling", f"ComputeNode_{word}Scheduling"
        act(batch, operation, node, body)
        exchange = batch.call("ComputeNode_Get", **node)
        shown = str(json_object(exchange).get("schedulingState")).lower()
        expect.equal(f"{slug}.shows-{state}", shown, state, exchange, "schedulingState")
        again = batch.call(operation, **node)
        expect.error(f"{slug}.twice-refused", again, 409, "NodeAlreadyInTargetSchedulingState")


@pytest.mark.requirement("nodes.get-remote-desktop.is-rdp-file")
def test_remote_desktop(batch: Batch, expect: Expect) -> None:
    windows = own_node(batch, virtualMachineConfiguration=WINDOWS, cloudServiceConfiguration=None)
    exchange = act(batch, "ComputeNode_GetRemoteDesktop", windows)
    text = exchange.response.body.decode("utf-8", "replace")
    expect(
        "nodes.get-remote-desktop.is-rdp-file",
        "full address:s:" in text,
        expected="full address:s:…",
        actual=text,
        exchange=exchange,
    )


@pytest.mark.requirement("nodes.deallocate.becomes-deallocated", "nodes.start.becomes-idle", "protocol.errors.invalid-enum")
def test_deallocate_and_start(batch: Batch, expect: Expect) -> None:
    if "ComputeNode_Deallocate" not in batch.contract.operations:
        raise Blocked(f"api-version {batch.version} has no operation ComputeNode_Deallocate")
    node = own_node(batch)
    sideways = batch.call("ComputeNode_Deallocate", body={"nodeDeallocateOption": "sideways"}, **node)
    expect.status("protocol.errors.invalid-enum", sideways, 400)
    act(batch, "ComputeNode_Deallocate", node)
    gone, exchange = ends(batch, node, "deallocated")
    expect.equal("nodes.deallocate.becomes-deallocated", gone.get("state"), "deallocated", exchange, "state")
    act(batch, "ComputeNode_Start", node)
    back, exchange = ends(batch, node, "idle")
    expect.equal("nodes.start.becomes-idle", back.get("state"), "idle", exchange, "state")
