"""What the service fills in when a pool is created without it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Expect
from scenarios.pools.samples import certificates, linux, slots_name
from scenarios.support import Json, formula, json_object

REQUIRED: Json = {"commandLine": "hostname"}


def _shown(batch: Batch, **properties: Any) -> tuple[Json, Any]:
    exchange = batch.call("Pool_Get", poolId=batch.create_pool(**properties))
    return json_object(exchange), exchange


@pytest.mark.parametrize(
    ("name", "property_name", "default"),
    [
        pytest.param(name, shown, default, id=name, marks=pytest.mark.requirement(f"pools.add.{name}"))
        for name, shown, default in (
            ("resize-timeout-default", "resizeTimeout", "PT15M"),
            ("autoscale-off-by-default", "enableAutoScale", False),
            ("inter-node-off-by-default", "enableInterNodeCommunication", False),
            ("fill-type-default", "taskSchedulingPolicy", {"nodeFillType": "spread"}),
        )
    ],
)
def test_default(batch: Batch, expect: Expect, settled: str, name: str, property_name: str, default: object) -> None:
    exchange = batch.call("Pool_Get", poolId=settled)
    shown = json_object(exchange).get(property_name)
    if isinstance(shown, dict):
        shown = {"nodeFillType": str(shown.get("nodeFillType")).lower()}
    expect.equal(f"pools.add.{name}", shown, default, exchange, property_name)


@pytest.mark.requirement("pools.add.slots-default")
def test_slots(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled)
    expect.equal("pools.add.slots-default", json_object(exchange).get(slots_name(batch)), 1, exchange, slots_name(batch))


@pytest.mark.requirement("pools.add.image-version-default")
def test_image_version(batch: Batch, expect: Expect) -> None:
    machine = linux(batch)
    machine["imageReference"] = {name: value for name, value in machine["imageReference"].items() if name != "version"}
    shown, exchange = _shown(batch, virtualMachineConfiguration=machine)
    version = shown.get("virtualMachineConfiguration", {}).get("imageReference", {}).get("version")
    expect.equal("pools.add.image-version-default", version, "latest", exchange, "imageReference.version")


@pytest.mark.requirement("pools.add.autoscale-interval-default", "pools.add.autoscale-shown")
def test_interval(batch: Batch, expect: Expect) -> None:
    shown, exchange = _shown(batch, enableAutoScale=True, autoScaleFormula=formula(batch))
    expect.equal("pools.add.autoscale-interval-default", shown.get("autoScaleEvaluationInterval"), "PT15M", exchange)
    expect.equal("pools.add.autoscale-shown", shown.get("enableAutoScale"), True, exchange, "enableAutoScale")
    expect.equal("pools.add.autoscale-shown", shown.get("autoScaleFormula"), formula(batch), exchange, "autoScaleFormula")


@pytest.mark.parametrize(
    ("name", "property_name", "default"),
    [
        pytest.param(name, shown, default, id=name, marks=pytest.mark.requirement(f"pools.add.{name}"))
        for name, shown, default in (
            ("start-task-retries-default", "maxTaskRetryCount", 0),
            ("start-task-wait-default", "waitForSuccess", True),
            ("start-task-wait-default-old", "waitForSuccess", False),
        )
    ],
)
def test_start_task(batch: Batch, expect: Expect, name: str, property_name: str, default: object) -> None:
    shown, exchange = _shown(batch, startTask=REQUIRED)
    expect.equal(f"pools.add.{name}", shown.get("startTask", {}).get(property_name), default, exchange, property_name)


def _auto_user(shown: Json) -> Json:
    user = shown.get("startTask", {}).get("userIdentity", {}).get("autoUser", {})
    return {name: str(value).lower() for name, value in user.items()}


@pytest.mark.requirement("pools.add.start-task-user-default")
def test_no_identity(batch: Batch, expect: Expect) -> None:
    """Where the identity is shown although not sent, it is an automatic user without rights."""
    shown, exchange = _shown(batch, startTask=REQUIRED)
    identity = shown.get("startTask", {}).get("userIdentity", {})
    expect.equal("pools.add.start-task-user-default", "username" in identity, False, exchange, "a username that was not sent")
    elevation = _auto_user(shown).get("elevationLevel", "nonadmin")
    expect.equal("pools.add.start-task-user-default", elevation, "nonadmin", exchange, "elevationLevel")


@pytest.mark.requirement("pools.add.start-task-scope-default")
def test_scope(batch: Batch, expect: Expect) -> None:
    shown, exchange = _shown(batch, startTask={**REQUIRED, "userIdentity": {"autoUser": {"elevationLevel": "admin"}}})
    expect.equal("pools.add.start-task-scope-default", _auto_user(shown).get("scope", "pool"), "pool", exchange, "scope")
    expect.equal(
        "pools.add.start-task-scope-default", _auto_user(shown).get("elevationLevel"), "admin", exchange, "elevationLevel"
    )


@pytest.mark.requirement("pools.add.start-task-elevation-default")
def test_elevation(batch: Batch, expect: Expect) -> None:
    shown, exchange = _shown(batch, startTask={**REQUIRED, "userIdentity": {"autoUser": {"scope": "task"}}})
    elevation = _auto_user(shown).get("elevationLevel", "nonadmin")
    expect.equal("pools.add.start-task-elevation-default", elevation, "nonadmin", exchange, "elevationLevel")
    expect.equal("pools.add.start-task-elevation-default", _auto_user(shown).get("scope"), "task", exchange, "scope")


@pytest.mark.requirement("pools.add.start-task-working-directory-default", "pools.add.registry-default")
def test_container(batch: Batch, expect: Expect) -> None:
    kind = "dockerCompatible" if batch.version >= "2018-08-01.7.0" else "docker"
    registry = {"username": "bcs", "password": "bcs-registry-secret"}
    machine = linux(batch, containerConfiguration={"type": kind, "containerRegistries": [registry]})
    task = {**REQUIRED, "containerSettings": {"imageName": "busybox"}}
    shown, exchange = _shown(batch, virtualMachineConfiguration=machine, startTask=task)
    settings = shown.get("startTask", {}).get("containerSettings", {})
    directory = settings.get("workingDirectory", "taskWorkingDirectory")
    expect.equal(
        "pools.add.start-task-working-directory-default", directory.lower(), "taskworkingdirectory", exchange, "workingDirectory"
    )
    containers = shown.get("virtualMachineConfiguration", {}).get("containerConfiguration", {})
    servers = [found.get("registryServer", "docker.io") for found in containers.get("containerRegistries", [])]
    expect.equal("pools.add.registry-default", servers, ["docker.io"], exchange, "registryServer")


@pytest.mark.parametrize(
    ("name", "default"),
    [
        pytest.param(name, default, id=name, marks=pytest.mark.requirement(f"pools.add.{name}"))
        for name, default in (("data-disk-caching-default", "readwrite"), ("data-disk-caching-default-old", "none"))
    ],
)
def test_caching(batch: Batch, expect: Expect, name: str, default: str) -> None:
    machine = linux(batch, dataDisks=[{"lun": 0, "diskSizeGB": 32}])
    shown, exchange = _shown(batch, virtualMachineConfiguration=machine)
    disks = shown.get("virtualMachineConfiguration", {}).get("dataDisks") or [{"lun": None}]
    expect.equal(f"pools.add.{name}", disks[0].get("lun"), 0, exchange, "lun")
    expect.equal(f"pools.add.{name}", disks[0].get("caching", default).lower(), default, exchange, "caching")


@pytest.mark.requirement("pools.add.certificate-store-default")
def test_certificate_store(batch: Batch, expect: Expect) -> None:
    shown, exchange = _shown(batch, certificateReferences=certificates(batch))
    reference = (shown.get("certificateReferences") or [{}])[0]
    expect.equal("pools.add.certificate-store-default", reference.get("storeName", "My"), "My", exchange, "storeName")
    location = str(reference.get("storeLocation", "currentuser")).lower()
    expect.equal("pools.add.certificate-store-default", location, "currentuser", exchange, "storeLocation")


@pytest.mark.requirement("pools.add.communication-mode-default")
def test_communication_mode(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled)
    mode = str(json_object(exchange).get("targetNodeCommunicationMode", "default")).lower()
    expect.equal("pools.add.communication-mode-default", mode, "default", exchange, "targetNodeCommunicationMode")


@pytest.mark.requirement("pools.add.os-version-default")
def test_os_version(batch: Batch, expect: Expect) -> None:
    shown, exchange = _shown(batch, cloudServiceConfiguration={"osFamily": "6"}, virtualMachineConfiguration=None)
    cloud = shown.get("cloudServiceConfiguration", {})
    expect.equal("pools.add.os-version-default", cloud.get("osFamily"), "6", exchange, "osFamily")
    found = {name: value for name, value in cloud.items() if name.lower().endswith("osversion")}
    expect.equal("pools.add.os-version-default", set(found.values()) | {"*"}, {"*"}, exchange, "versions that are shown")
