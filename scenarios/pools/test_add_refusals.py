"""Pool specifications that must be refused: exclusions, requirements between properties, and what lies just outside a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.plugin import Batch, Expect, answered
from scenarios.pools.samples import START_TASK, certificates, cleared, eleven, linux, slots_name
from scenarios.support import Json, formula, target_name, without

Properties = Callable[[Batch], Json]
CLOUD = {"osFamily": "6"}


def _start(**more: Any) -> Properties:
    return lambda batch: {"startTask": {"commandLine": "hostname", **more}}


def _file(**file: Any) -> Properties:
    return _start(resourceFiles=[file])


def _scaled(**more: Any) -> Properties:
    return lambda batch: {"enableAutoScale": True, "autoScaleFormula": formula(batch), **more}


def _constant(**properties: Any) -> Properties:
    return lambda batch: properties


def _low_priority(batch: Batch) -> Json:
    return {"enableAutoScale": True, "autoScaleFormula": formula(batch), "targetLowPriorityNodes": 0}


def _without(name: str) -> Properties:
    return lambda batch: {"virtualMachineConfiguration": {n: v for n, v in linux(batch).items() if n != name}}


def _image(part: str) -> Properties:
    """The image without one part of its name."""

    def build(batch: Batch) -> Json:
        machine = linux(batch)
        return {"virtualMachineConfiguration": machine | {"imageReference": without(machine["imageReference"], part)}}

    return build


URL = "https://example.org/file.txt"
STORE = "https://example.blob.core.windows.net/files"


# the id without `pools.add.`, what is sent, and the statuses that refuse it
def _other_agent(batch: Batch) -> Json:
    return {"virtualMachineConfiguration": linux(batch, nodeAgentSKUId="batch.node.windows amd64")}


CASES: tuple[tuple[str, Properties, set[int]], ...] = (
    ("vm-size-required", _constant(vmSize=None), {400}),
    ("vm-size-a0-refused", _constant(vmSize="STANDARD_A0"), {400}),
    (
        "vm-size-extra-small-refused",
        _constant(vmSize="ExtraSmall", cloudServiceConfiguration=CLOUD, virtualMachineConfiguration=None),
        {400},
    ),
    ("one-configuration-none-refused", _constant(virtualMachineConfiguration=None), {400}),
    (
        "one-configuration-both-refused",
        lambda batch: {"virtualMachineConfiguration": linux(batch), "cloudServiceConfiguration": CLOUD},
        {400},
    ),
    ("os-family-required", _constant(cloudServiceConfiguration={"osVersion": "*"}, virtualMachineConfiguration=None), {400}),
    (
        "os-family-unknown-refused",
        _constant(cloudServiceConfiguration={"osFamily": "99"}, virtualMachineConfiguration=None),
        {400},
    ),
    ("image-required", _without("imageReference"), {400}),
    ("image-parts-required", _image("publisher"), {400}),
    ("image-parts-required", _image("offer"), {400}),
    ("image-parts-required", _image("sku"), {400}),
    ("node-agent-required", _without("nodeAgentSKUId"), {400}),
    (
        "node-agent-unknown-refused",
        lambda batch: {"virtualMachineConfiguration": linux(batch, nodeAgentSKUId="batch.node.nonsense 1")},
        {400, 404},
    ),
    (
        "windows-configuration-on-linux-refused",
        lambda batch: {"virtualMachineConfiguration": linux(batch, windowsConfiguration={"enableAutomaticUpdates": True})},
        {400},
    ),
    ("resize-timeout-below-refused", _constant(resizeTimeout="PT4M59S"), {400}),
    ("resize-timeout-below-refused", _constant(resizeTimeout="PT0S"), {400}),
    ("slots-257-refused", lambda batch: {slots_name(batch): 257}, {400}),
    ("negative-target-refused", lambda batch: {target_name(batch): -1}, {400}),
    ("autoscale-with-targets-refused", lambda batch: _scaled(**{target_name(batch): 0})(batch), {400}),
    ("autoscale-with-targets-refused", lambda batch: _scaled(**{target_name(batch): 1})(batch), {400}),
    ("autoscale-with-low-priority-target-refused", _low_priority, {400}),
    ("autoscale-needs-formula", _constant(enableAutoScale=True), {400}),
    ("formula-without-autoscale-refused", lambda batch: {"enableAutoScale": False, "autoScaleFormula": formula(batch)}, {400}),
    ("autoscale-interval-below-refused", _scaled(autoScaleEvaluationInterval="PT4M59S"), {400}),
    ("autoscale-interval-above-refused", _scaled(autoScaleEvaluationInterval="PT168H1S"), {400}),
    ("autoscale-interval-above-refused", _scaled(autoScaleEvaluationInterval="P8D"), {400}),
    ("display-name-1025-refused", _constant(displayName="x" * 1025), {400}),
    ("metadata-item-needs-value", _constant(metadata=[{"name": "alone"}]), {400}),
    ("certificate-thumbprint-required", _constant(certificateReferences=[{"thumbprintAlgorithm": "sha1"}]), {400}),
    (
        "certificate-algorithm-sha1",
        lambda batch: {"certificateReferences": [{**certificates(batch)[0], "thumbprintAlgorithm": "md5"}]},
        {400, 404, 409},
    ),
    ("licenses-unknown-refused", _constant(applicationLicenses=["no-such-licence"]), {400, 404, 409}),
    ("start-task-command-required", _constant(startTask={"waitForSuccess": True}), {400}),
    ("start-task-user-exclusive", _start(userIdentity={"username": "bcsuser", "autoUser": {"scope": "pool"}}), {400}),
    ("start-task-user-needs-one", _start(userIdentity={}), {400}),
    ("start-task-image-required", _start(containerSettings={"workingDirectory": "taskWorkingDirectory"}), {400}),
    ("resource-file-sources-exclusive", _file(httpUrl=URL, storageContainerUrl=STORE, filePath="a"), {400}),
    ("resource-file-sources-exclusive", _file(autoStorageContainerName="files", storageContainerUrl=STORE), {400}),
    ("resource-file-needs-source", _file(filePath="a"), {400}),
    ("resource-file-url-needs-path", _file(httpUrl=URL), {400}),
    ("resource-file-prefix-only-container", _file(httpUrl=URL, filePath="a", blobPrefix="b"), {400}),
    ("resource-file-outside-refused", _file(httpUrl=URL, filePath="../../a"), {400}),
    ("agent-of-another-image-refused", _other_agent, {400, 409}),
    ("user-account-password-required", _constant(userAccounts=[{"name": "bcsuser"}]), {400}),
)


def _cases() -> list[Any]:
    return [
        pytest.param(name, build, statuses, id=f"{name}-{position}", marks=pytest.mark.requirement(f"pools.add.{name}"))
        for position, (name, build, statuses) in enumerate(CASES)
    ]


@pytest.mark.parametrize(("name", "build", "statuses"), _cases())
def test_refused(batch: Batch, expect: Expect, name: str, build: Properties, statuses: set[int]) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(**build(batch)))
    expect.status(f"pools.add.{name}", exchange, statuses)


@pytest.mark.requirement("pools.add.packages-eleven-refused")
def test_eleven_packages(batch: Batch, expect: Expect) -> None:
    references = [{"applicationId": f"absent{number}"} for number in range(11)]
    exchange = batch.call("Pool_Add", body=batch.pool_body(applicationPackageReferences=references))
    expect.status("pools.add.packages-eleven-refused", exchange, {400, 409})
    exchange = batch.call("Pool_Add", body=batch.pool_body(applicationPackageReferences=eleven(batch)))
    expect.status("pools.add.packages-eleven-refused", exchange, {400, 409})


@pytest.mark.requirement("pools.add.packages-ten-accepted")
def test_ten_packages(batch: Batch, expect: Expect) -> None:
    """The packages do not exist, so that is the only complaint to expect."""
    references = [{"applicationId": f"absent{number}"} for number in range(10)]
    exchange = batch.call("Pool_Add", body=batch.pool_body(applicationPackageReferences=references))
    expect.error("pools.add.packages-ten-accepted", exchange, 409, "InvalidApplicationPackageReferences")


@pytest.mark.requirement("pools.add.packages-unknown-refused", "pools.add.packages-unknown-named")
def test_unknown_package(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(applicationPackageReferences=[{"applicationId": "bcsAbsentPackage"}]))
    expect.error("pools.add.packages-unknown-refused", exchange, 409, "InvalidApplicationPackageReferences")
    named = [str(pair.get("key")).lower() for pair in answered(exchange).get("values", [])]
    expect.equal("pools.add.packages-unknown-named", named, ["bcsabsentpackage"], exchange, "keys of values")


@pytest.mark.requirement("pools.add.metadata-empty-name-refused", "pools.add.metadata-empty-name-code")
def test_empty_metadata_name(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_Add", body=batch.pool_body(metadata=[{"name": "", "value": "x"}]))
    expect.status("pools.add.metadata-empty-name-refused", exchange, 400)
    expect.error("pools.add.metadata-empty-name-code", exchange, 400, {"EmptyMetadataKey", "InvalidMetadata"})


@pytest.mark.requirement("pools.add.no-targets")
def test_no_targets(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("notarget")
    exchange = batch.call("Pool_Add", body=batch.pool_body(pool, **{target_name(batch): None}))
    expect.status("pools.add.no-targets", exchange, {201, 400})
    if exchange.response.status == 201:
        read = batch.call("Pool_Get", poolId=pool)
        shown = answered(read).get(target_name(batch), 0)
        expect.equal("pools.add.no-targets", shown, 0, read, "the target of a pool that was created without one")


@pytest.mark.requirement("pools.update-properties.start-task-command-required")
def test_update_without_command(batch: Batch, expect: Expect, settled: str) -> None:
    start_task = {name: value for name, value in START_TASK.items() if name != "commandLine"}
    body = cleared(batch, startTask=start_task)
    exchange = batch.call("Pool_UpdateProperties", poolId=settled, body=body)
    expect.status("pools.update-properties.start-task-command-required", exchange, 400)
