"""updateproperties: every value that what it sets can take, on pools without nodes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.pools.samples import USERS, certificates, cleared, covers, linux, public
from scenarios.support import ACCEPTED, Json, json_object

STORE = "https://example.blob.core.windows.net/files"
WINDOWS = {
    "imageReference": {"publisher": "microsoftwindowsserver", "offer": "windowsserver", "sku": "2019-datacenter"},
    "nodeAgentSKUId": "batch.node.windows amd64",
}
# parts of a start task that refer to something of the account
_REFERRING = {"containerSettings", "resourceFiles"}
VISIBLE = (["starttask"], ["task"], ["remoteuser"], ["starttask", "task", "remoteuser"])


def _folded(found: Any) -> Any:
    """Enumerated values may come back in another letter case than they were sent in."""
    if isinstance(found, dict):
        return {name: _folded(inner) for name, inner in found.items()}
    return sorted(map(_folded, found)) if isinstance(found, list) else found.lower() if isinstance(found, str) else found


def _updated(batch: Batch, pool: str, **given: Any) -> Exchange:
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch, **given))
    if exchange.response.status != 204:
        raise Blocked(f"updateproperties answered {exchange.response.status}")
    return batch.call("Pool_Get", poolId=pool)


def _start_task(batch: Batch, expect: Expect, requirement: str, pool: str, **given: Any) -> None:
    """Blocked where the account refuses what the start task refers to; the other values no account refuses."""
    body = cleared(batch, startTask={"commandLine": "hostname", **given})
    written = batch.call("Pool_UpdateProperties", poolId=pool, body=body)
    if not _REFERRING.isdisjoint(given) and written.response.status != 204:
        raise Blocked(f"updateproperties answered {written.response.status}")
    expect.status(requirement, written, ACCEPTED)
    exchange = batch.call("Pool_Get", poolId=pool)
    shown, sent = json_object(exchange).get("startTask"), public(given)
    expect(requirement, covers(shown, sent), expected=sent, actual=shown, exchange=exchange, message="startTask")


@pytest.mark.requirement("pools.update-properties.sets-start-task-user")
@pytest.mark.parametrize("scope", ["pool", "task"])
@pytest.mark.parametrize("elevation", ["nonadmin", "admin"])
def test_auto_user(batch: Batch, expect: Expect, scope: str, elevation: str) -> None:
    user = {"scope": scope, "elevationLevel": elevation}
    task = {"commandLine": "hostname", "userIdentity": {"autoUser": user}}
    pool = batch.create_pool()
    written = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch, startTask=task))
    expect.status("pools.update-properties.sets-start-task-user", written, ACCEPTED)
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("startTask", {}).get("userIdentity", {}).get("autoUser", {})
    expect.equal("pools.update-properties.sets-start-task-user", _folded(shown), user, exchange, "autoUser")


@pytest.mark.requirement("pools.update-properties.sets-start-task-user-name")
def test_user_name(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(userAccounts=USERS)
    identity = {"username": USERS[0]["name"]}
    _start_task(batch, expect, "pools.update-properties.sets-start-task-user-name", pool, userIdentity=identity)


@pytest.mark.requirement("pools.update-properties.sets-start-task-environment")
def test_environment(batch: Batch, expect: Expect) -> None:
    settings = [{"name": "COLOUR", "value": "green"}, {"name": "TOOLS", "value": "a b=c;%d$e"}]
    requirement = "pools.update-properties.sets-start-task-environment"
    _start_task(batch, expect, requirement, batch.create_pool(), environmentSettings=settings)


@pytest.mark.requirement("pools.update-properties.sets-start-task-retries")
@pytest.mark.parametrize("count", [0, 3, -1])
def test_retries(batch: Batch, expect: Expect, count: int) -> None:
    requirement = "pools.update-properties.sets-start-task-retries"
    _start_task(batch, expect, requirement, batch.create_pool(), maxTaskRetryCount=count)


@pytest.mark.requirement("pools.update-properties.sets-start-task-wait")
@pytest.mark.parametrize("wait", [True, False])
def test_wait(batch: Batch, expect: Expect, wait: bool) -> None:
    requirement = "pools.update-properties.sets-start-task-wait"
    _start_task(batch, expect, requirement, batch.create_pool(), waitForSuccess=wait)


def _container_pool(batch: Batch) -> str:
    kind = "dockerCompatible" if batch.version >= "2018-08-01.7.0" else "docker"
    return batch.create_pool(virtualMachineConfiguration=linux(batch, containerConfiguration={"type": kind}))


@pytest.mark.requirement("pools.update-properties.sets-start-task-container")
def test_container(batch: Batch, expect: Expect) -> None:
    registry = {"registryServer": "example.azurecr.io", "username": "bcs", "password": "bcs-registry-secret"}
    settings = {"imageName": "busybox", "containerRunOptions": "--rm", "registry": registry}
    requirement = "pools.update-properties.sets-start-task-container"
    _start_task(batch, expect, requirement, _container_pool(batch), containerSettings=settings)


@pytest.mark.requirement("pools.update-properties.sets-start-task-working-directory")
@pytest.mark.parametrize("directory", ["taskWorkingDirectory", "containerImageDefault"])
def test_working_directory(batch: Batch, expect: Expect, directory: str) -> None:
    task = {"commandLine": "hostname", "containerSettings": {"imageName": "busybox", "workingDirectory": directory}}
    exchange = _updated(batch, _container_pool(batch), startTask=task)
    shown = json_object(exchange).get("startTask", {}).get("containerSettings", {}).get("workingDirectory")
    requirement = "pools.update-properties.sets-start-task-working-directory"
    expect.equal(requirement, _folded(shown), directory.lower(), exchange, "workingDirectory")


FILES: dict[str, Json] = {
    "sets-container-files": {"storageContainerUrl": STORE, "blobPrefix": "in/", "filePath": "data", "fileMode": "0640"},
    "sets-auto-storage-files": {"autoStorageContainerName": "bcsfiles", "blobPrefix": "in/", "filePath": "data"},
}


@pytest.mark.parametrize(
    "slug", [pytest.param(slug, id=slug, marks=pytest.mark.requirement(f"pools.update-properties.{slug}")) for slug in FILES]
)
def test_files(batch: Batch, expect: Expect, slug: str) -> None:
    _start_task(batch, expect, f"pools.update-properties.{slug}", batch.create_pool(), resourceFiles=[FILES[slug]])


def _certificate(batch: Batch, pool: str, **given: Any) -> tuple[Json, Exchange]:
    """The one reference that the pool then shows."""
    exchange = _updated(batch, pool, certificateReferences=[{**certificates(batch)[0], **given}])
    shown = json_object(exchange).get("certificateReferences")
    if not shown:
        raise Blocked("the pool shows no certificate")
    return shown[0], exchange


@pytest.mark.requirement("pools.update-properties.sets-certificate-visibility")
@pytest.mark.parametrize("visible", VISIBLE, ids="-".join)
def test_visibility(batch: Batch, expect: Expect, visible: list[str]) -> None:
    shown, exchange = _certificate(batch, batch.create_pool(), visibility=visible)
    requirement = "pools.update-properties.sets-certificate-visibility"
    expect.equal(requirement, _folded(shown.get("visibility")), sorted(visible), exchange, "visibility")


@pytest.mark.requirement("pools.update-properties.sets-certificate-store")
@pytest.mark.parametrize(("location", "name"), [("currentuser", "Root"), ("localmachine", "My"), ("localmachine", "BcsOwnStore")])
def test_store(batch: Batch, expect: Expect, location: str, name: str) -> None:
    pool = batch.create_pool(virtualMachineConfiguration=WINDOWS)
    shown, exchange = _certificate(batch, pool, storeLocation=location, storeName=name)
    requirement = "pools.update-properties.sets-certificate-store"
    expect.equal(requirement, _folded(shown.get("storeLocation")), location, exchange, "storeLocation")
    expect.equal(requirement, _folded(shown.get("storeName")), name.lower(), exchange, "storeName")


@pytest.mark.requirement("pools.update-properties.sets-each-communication-mode")
@pytest.mark.parametrize("mode", ["classic", "simplified", "default"])
def test_communication_mode(batch: Batch, expect: Expect, mode: str) -> None:
    other = "classic" if mode == "simplified" else "simplified"
    pool = batch.create_pool(targetNodeCommunicationMode=other)
    exchange = _updated(batch, pool, targetNodeCommunicationMode=mode)
    shown = json_object(exchange).get("targetNodeCommunicationMode", "default")
    expect.equal("pools.update-properties.sets-each-communication-mode", _folded(shown), mode, exchange, "mode")


@pytest.mark.requirement("pools.update-properties.packages-ten-accepted")
def test_ten_packages(batch: Batch, expect: Expect) -> None:
    """The packages do not exist, so that is the only complaint to expect."""
    references = [{"applicationId": f"absent{number}"} for number in range(10)]
    body = cleared(batch, applicationPackageReferences=references)
    exchange = batch.call("Pool_UpdateProperties", poolId=batch.create_pool(), body=body)
    requirement = "pools.update-properties.packages-ten-accepted"
    expect.error(requirement, exchange, 409, "InvalidApplicationPackageReferences")
