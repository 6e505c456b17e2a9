"""Properties that only some api-versions have: taken and shown where they exist, refused where they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect, versions
from scenarios.pools.samples import INBOUND, MOUNTS, USERS, certificates, linux
from scenarios.support import ACCEPTED, Json, has, json_object

Build = Callable[[Batch], Json]


@dataclass(frozen=True)
class Dated:
    """`model.name` exists only at some api-versions; `build` makes the properties of a pool that uses it.

    `anywhere` says that any account takes it on a pool without nodes; otherwise a refusal where it exists proves nothing.
    """

    requirement: str
    model: str
    name: str
    build: Build
    anywhere: bool = True
    operation: str = "Pool_Add"


def _constant(**properties: Any) -> Build:
    return lambda batch: properties


def _machine(**more: Any) -> Build:
    return lambda batch: {"virtualMachineConfiguration": linux(batch, **more)}


def _task(**more: Any) -> Build:
    return _constant(startTask={"commandLine": "hostname", **more})


def _network(**more: Any) -> Build:
    return _constant(networkConfiguration=more)


def _user(**more: Any) -> Build:
    return _constant(userAccounts=[{**USERS[0], **more}])


def _cloud(**more: Any) -> Build:
    return _constant(cloudServiceConfiguration={"osFamily": "6", **more}, virtualMachineConfiguration=None)


def _certificates(batch: Batch) -> Json:
    """Where nobody can add a certificate, nobody can refer to one either, whatever it is called."""
    known = "Certificate_Add" in batch.contract.operations
    unknown = {"thumbprint": "0123456789abcdef0123456789abcdef01234567", "thumbprintAlgorithm": "sha1"}
    return {"certificateReferences": certificates(batch) if known else [unknown]}


RULE = {"priority": 150, "access": "allow", "sourceAddressPrefix": "10.0.0.0/8", "sourcePortRanges": ["1-80"]}
IMAGE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i/versions/v"
IDENTITY = {"resourceId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"}
REGISTRY = {"registryServer": "example.azurecr.io", "identityReference": IDENTITY, "username": "u", "password": "p"}
EXTENSION = {"name": "secrets", "publisher": "Microsoft.Azure.KeyVault", "type": "KeyVaultForLinux"}

DATED = (
    Dated(
        "target-dedicated-nodes",
        "PoolAddParameter",
        "targetDedicatedNodes",
        _constant(targetDedicated=None, targetDedicatedNodes=0),
    ),
    Dated(
        "target-dedicated-nodes", "PoolAddParameter", "targetDedicated", _constant(targetDedicated=0, targetDedicatedNodes=None)
    ),
    Dated("target-low-priority-nodes", "PoolAddParameter", "targetLowPriorityNodes", _constant(targetLowPriorityNodes=0)),
    Dated("task-slots-per-node", "PoolAddParameter", "taskSlotsPerNode", _constant(taskSlotsPerNode=2)),
    Dated("task-slots-per-node", "PoolAddParameter", "maxTasksPerNode", _constant(maxTasksPerNode=2)),
    Dated("mount-configuration", "PoolAddParameter", "mountConfiguration", _constant(mountConfiguration=MOUNTS)),
    Dated("network-configuration", "PoolAddParameter", "networkConfiguration", _network(subnetId=IMAGE_ID), anywhere=False),
    Dated(
        "endpoint-configuration",
        "NetworkConfiguration",
        "endpointConfiguration",
        _network(endpointConfiguration={"inboundNATPools": [INBOUND]}),
    ),
    Dated(
        "source-port-ranges",
        "NetworkSecurityGroupRule",
        "sourcePortRanges",
        _network(endpointConfiguration={"inboundNATPools": [{**INBOUND, "networkSecurityGroupRules": [RULE]}]}),
    ),
    Dated(
        "dynamic-vnet-scope",
        "NetworkConfiguration",
        "dynamicVNetAssignmentScope",
        _network(dynamicVNetAssignmentScope="none"),
        anywhere=False,
    ),
    Dated("public-addresses", "NetworkConfiguration", "publicIPs", _network(publicIPs=[IMAGE_ID]), anywhere=False),
    Dated(
        "public-addresses",
        "NetworkConfiguration",
        "publicIPAddressConfiguration",
        _network(publicIPAddressConfiguration={"provision": "batchmanaged"}),
        anywhere=False,
    ),
    Dated(
        "accelerated-networking",
        "NetworkConfiguration",
        "enableAcceleratedNetworking",
        _network(enableAcceleratedNetworking=False),
        anywhere=False,
    ),
    Dated("resource-tags", "PoolAddParameter", "resourceTags", _constant(resourceTags={"suite": "bcs"}), anywhere=False),
    Dated(
        "communication-mode",
        "PoolAddParameter",
        "targetNodeCommunicationMode",
        _constant(targetNodeCommunicationMode="simplified"),
    ),
    Dated(
        "application-licenses", "PoolAddParameter", "applicationLicenses", _constant(applicationLicenses=["maya"]), anywhere=False
    ),
    Dated("upgrade-policy", "PoolAddParameter", "upgradePolicy", _constant(upgradePolicy={"mode": "manual"})),
    Dated("user-accounts", "PoolAddParameter", "userAccounts", _user()),
    Dated(
        "linux-user-configuration",
        "UserAccount",
        "linuxUserConfiguration",
        _user(linuxUserConfiguration={"uid": 4242, "gid": 4242}),
    ),
    Dated(
        "windows-user-configuration",
        "UserAccount",
        "windowsUserConfiguration",
        _user(windowsUserConfiguration={"loginMode": "batch"}),
        anywhere=False,
    ),
    Dated("user-ssh-key", "UserAccount", "sshPrivateKey", _user(sshPrivateKey="bcs-not-a-real-key"), anywhere=False),
    Dated("run-elevated", "StartTask", "runElevated", _task(runElevated=False)),
    Dated("user-identity", "StartTask", "userIdentity", _task(userIdentity={"autoUser": {"elevationLevel": "nonadmin"}})),
    Dated(
        "container-settings", "StartTask", "containerSettings", _task(containerSettings={"imageName": "busybox"}), anywhere=False
    ),
    Dated(
        "resource-file-sources",
        "ResourceFile",
        "httpUrl",
        _task(resourceFiles=[{"httpUrl": "https://example.org/a", "filePath": "a"}]),
    ),
    Dated(
        "resource-file-sources",
        "ResourceFile",
        "blobSource",
        _task(resourceFiles=[{"blobSource": "https://example.org/a", "filePath": "a"}]),
    ),
    Dated("data-disks", "VirtualMachineConfiguration", "dataDisks", _machine(dataDisks=[{"lun": 0, "diskSizeGB": 32}])),
    Dated("license-type", "VirtualMachineConfiguration", "licenseType", _machine(licenseType="Windows_Server"), anywhere=False),
    Dated(
        "container-configuration",
        "VirtualMachineConfiguration",
        "containerConfiguration",
        _machine(containerConfiguration={"type": "dockerCompatible"}),
        anywhere=False,
    ),
    Dated(
        "disk-encryption",
        "VirtualMachineConfiguration",
        "diskEncryptionConfiguration",
        _machine(diskEncryptionConfiguration={"targets": ["temporarydisk"]}),
        anywhere=False,
    ),
    Dated("extensions", "VirtualMachineConfiguration", "extensions", _machine(extensions=[EXTENSION]), anywhere=False),
    Dated(
        "node-placement",
        "VirtualMachineConfiguration",
        "nodePlacementConfiguration",
        _machine(nodePlacementConfiguration={"policy": "regional"}),
    ),
    Dated("os-disk", "VirtualMachineConfiguration", "osDisk", _machine(osDisk={}), anywhere=False),
    Dated(
        "security-profile",
        "VirtualMachineConfiguration",
        "securityProfile",
        _machine(securityProfile={"encryptionAtHost": False}),
        anywhere=False,
    ),
    Dated(
        "certificate-references",
        "PoolAddParameter",
        "certificateReferences",
        _certificates,
        anywhere=False,
    ),
    Dated("cloud-services", "PoolAddParameter", "cloudServiceConfiguration", _cloud(), anywhere=False),
    Dated("os-version", "CloudServiceConfiguration", "osVersion", _cloud(osVersion="*"), anywhere=False),
    Dated("os-version", "CloudServiceConfiguration", "targetOSVersion", _cloud(targetOSVersion="*"), anywhere=False),
    Dated("patch-display-name", "PoolPatchParameter", "displayName", _constant(displayName="a name"), operation="Pool_Patch"),
    Dated(
        "identity-reference",
        "ContainerRegistry",
        "identityReference",
        _machine(containerConfiguration={"type": "dockerCompatible", "containerRegistries": [REGISTRY]}),
        anywhere=False,
    ),
    Dated(
        "custom-image",
        "ImageReference",
        "virtualMachineImageId",
        _machine(imageReference={"virtualMachineImageId": IMAGE_ID}),
        anywhere=False,
    ),
)


def _items() -> list[Any]:
    return [
        pytest.param(
            dated, id=f"{dated.requirement}-{dated.name}", marks=pytest.mark.requirement(f"pools.versions.{dated.requirement}")
        )
        for dated in DATED
    ]


@pytest.mark.parametrize("dated", _items())
def test_refused_where_it_does_not_exist(batch: Batch, expect: Expect, settled: str, dated: Dated) -> None:
    """At the api-version of the target if that lacks it, otherwise at the nearest one that does."""
    driver = _lacking(batch, dated)
    properties = dated.build(driver)
    if dated.operation == "Pool_Patch":
        exchange = driver.call("Pool_Patch", poolId=settled, body=properties)
    else:
        exchange = driver.call("Pool_Add", body=driver.pool_body(**properties))
    expect.status(f"pools.versions.{dated.requirement}", exchange, 400)


def _lacking(batch: Batch, dated: Dated) -> Batch:
    names = [version.name for version in versions()]
    here = names.index(batch.version)
    for name in sorted(names, key=lambda name: abs(names.index(name) - here)):
        driver = batch.at(name)
        if dated.operation in driver.contract.operations and not has(driver, dated.model, dated.name):
            return driver
    raise Blocked("every api-version has it")


@pytest.mark.parametrize("dated", _items())
def test_taken_where_it_exists(batch: Batch, expect: Expect, dated: Dated) -> None:
    if not has(batch, dated.model, dated.name):
        pytest.skip(f"api-version {batch.version} has no {dated.name}")
    pool, properties = batch.new_id("dated"), dated.build(batch)
    if dated.operation == "Pool_Patch":
        batch.create_pool(id=pool)
        exchange = batch.call("Pool_Patch", poolId=pool, body=properties)
    else:
        exchange = batch.call("Pool_Add", body=batch.pool_body(pool, **properties))
    taken = exchange.response.status in ACCEPTED
    if not taken and not dated.anywhere:
        pytest.skip(f"{dated.name} depends on the account: answered {exchange.response.status}")
    expect.status(f"pools.versions.{dated.requirement}", exchange, ACCEPTED)
    read = batch.call("Pool_Get", poolId=pool)
    shown = {name for name, sent in properties.items() if sent is not None and name in json_object(read)}
    wanted = {name for name, sent in properties.items() if sent is not None}
    expect.equal(f"pools.versions.{dated.requirement}", shown, wanted, read, "properties that were taken")


@pytest.mark.requirement("pools.versions.container-type")
@pytest.mark.parametrize("here", [True, False])
def test_container_type(batch: Batch, expect: Expect, here: bool) -> None:
    """The name of the other side of the change is refused, at the target's api-version and across the change."""
    new = batch.version >= "2018-08-01.7.0"
    driver = batch if here else batch.at("2018-03-01.6.1" if new else "2018-08-01.7.0")
    kind = "docker" if new == here else "dockerCompatible"
    machine = linux(driver, containerConfiguration={"type": kind})
    exchange = driver.call("Pool_Add", body=driver.pool_body(virtualMachineConfiguration=machine))
    expect.status("pools.versions.container-type", exchange, 400)
