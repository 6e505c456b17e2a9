"""What a pool may be created with, and comes back as it was sent: the inside of limits, and every property kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.pools.samples import USERS, covers, slots_name, value
from scenarios.support import ACCEPTED, Json, formula, has, json_object, target_name

URL = "https://example.org/file.txt"
STORE = "https://example.blob.core.windows.net/files"


def _scaled(batch: Batch, **more: Any) -> Json:
    return {"enableAutoScale": True, "autoScaleFormula": formula(batch), **more}


# the id without `pools.add.`, what is sent
CASES: tuple[tuple[str, Callable[[Batch], Json]], ...] = (
    ("resize-timeout-minimum-accepted", lambda batch: {"resizeTimeout": "PT5M"}),
    ("autoscale-interval-minimum-accepted", lambda batch: _scaled(batch, autoScaleEvaluationInterval="PT5M")),
    ("autoscale-interval-maximum-accepted", lambda batch: _scaled(batch, autoScaleEvaluationInterval="PT168H")),
    ("autoscale-interval-maximum-accepted", lambda batch: _scaled(batch, autoScaleEvaluationInterval="P7D")),
    ("display-name-1024-accepted", lambda batch: {"displayName": "x" * 1024}),
    ("display-name-1024-accepted", lambda batch: {"displayName": "ü" * 1024}),
    ("start-task-retries-unlimited-accepted", lambda batch: {"startTask": {"commandLine": "hostname", "maxTaskRetryCount": -1}}),
    (
        "resource-file-path-optional",
        lambda batch: {"startTask": {"commandLine": "hostname", "resourceFiles": [{"storageContainerUrl": STORE}]}},
    ),
)


@pytest.mark.parametrize(
    ("name", "build"),
    [
        pytest.param(name, build, id=f"{name}-{position}", marks=pytest.mark.requirement(f"pools.add.{name}"))
        for position, (name, build) in enumerate(CASES)
    ],
)
def test_accepted(batch: Batch, expect: Expect, name: str, build: Callable[[Batch], Json]) -> None:
    pool = batch.new_id("inside")
    sent = batch.pool_body(pool, **build(batch))
    expect.status(f"pools.add.{name}", batch.call("Pool_Add", body=sent), ACCEPTED)
    exchange = batch.call("Pool_Get", poolId=pool)
    expect(f"pools.add.{name}", covers(json_object(exchange), build(batch)), expected=build(batch), actual="", exchange=exchange)


# the id without `pools.add.`, the property
KEPT = (
    ("resize-timeout-kept", "resizeTimeout"),
    ("vm-configuration-kept", "virtualMachineConfiguration"),
    ("metadata-kept", "metadata"),
    ("packages-kept", "applicationPackageReferences"),
    ("certificates-kept", "certificateReferences"),
    ("inter-node-kept", "enableInterNodeCommunication"),
    ("fill-type-kept", "taskSchedulingPolicy"),
    ("start-task-kept", "startTask"),
    ("communication-mode-kept", "targetNodeCommunicationMode"),
)


def _folded(found: Any) -> Any:
    """Enumerated values come back in another letter case: `Pack` for `pack`."""
    if isinstance(found, dict):
        return {name: _folded(item) for name, item in found.items()}
    return found.lower() if isinstance(found, str) and found.lower() in {"pack", "spread", "simplified"} else found


@pytest.mark.parametrize(
    ("name", "property_name"),
    [pytest.param(*kept, id=kept[0], marks=pytest.mark.requirement(f"pools.add.{kept[0]}")) for kept in KEPT],
)
def test_kept(batch: Batch, expect: Expect, name: str, property_name: str) -> None:
    sent = value(batch, property_name)
    pool = batch.create_pool(**{property_name: sent})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get(property_name)
    expect(
        f"pools.add.{name}", covers(_folded(shown), sent), expected=sent, actual=shown, exchange=exchange, message=property_name
    )


@pytest.mark.requirement("pools.add.slots-kept")
def test_slots(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(**{slots_name(batch): 2})
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.add.slots-kept", json_object(exchange).get(slots_name(batch)), 2, exchange, slots_name(batch))


@pytest.mark.requirement("pools.add.targets-shown", "pools.add.targets-default", "pools.add.vm-size-shown")
def test_targets_and_size(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("targets")
    sent = batch.pool_body(pool, vmSize="STANDARD_D2S_V3")
    batch.create_pool(**sent)
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange)
    expect.equal("pools.add.targets-shown", shown.get(target_name(batch)), 0, exchange, target_name(batch))
    expect.equal("pools.add.targets-default", shown.get("targetLowPriorityNodes"), 0, exchange, "targetLowPriorityNodes")
    expect.equal("pools.add.vm-size-shown", str(shown.get("vmSize")).lower(), "standard_d2s_v3", exchange, "vmSize")


@pytest.mark.requirement("pools.add.display-name-unicode")
@pytest.mark.parametrize("name", ["Übergrößenträger", "プール", "a\tb 'c' \"d\" \\ /", "\U0001f680"])
def test_unicode_name(batch: Batch, expect: Expect, name: str) -> None:
    pool = batch.create_pool(displayName=name)
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.add.display-name-unicode", json_object(exchange).get("displayName"), name, exchange, "displayName")


@pytest.mark.requirement("pools.add.display-name-shared", "pools.add.display-name-absent")
def test_display_names(batch: Batch, expect: Expect, settled: str) -> None:
    batch.create_pool(displayName="one and the same")
    exchange = batch.call("Pool_Add", body=batch.pool_body(displayName="one and the same"))
    expect.status("pools.add.display-name-shared", exchange, ACCEPTED)
    read = batch.call("Pool_Get", poolId=settled)
    expect.equal("pools.add.display-name-absent", json_object(read).get("displayName"), None, read, "displayName")


@pytest.mark.requirement("pools.add.resource-files-kept")
def test_resource_files(batch: Batch, expect: Expect) -> None:
    source = "httpUrl" if has(batch, "ResourceFile", "httpUrl") else "blobSource"
    files = [{source: URL, "filePath": "in/file.txt", "fileMode": "0644"}]
    pool = batch.create_pool(startTask={"commandLine": "hostname", "resourceFiles": files})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("startTask", {}).get("resourceFiles")
    expect("pools.add.resource-files-kept", covers(shown, files), expected=files, actual=shown, exchange=exchange)


@pytest.mark.requirement("pools.add.user-accounts-kept", "pools.add.user-account-password-hidden")
def test_user_accounts(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(userAccounts=USERS)
    exchange = batch.call("Pool_Get", poolId=pool)
    accounts = json_object(exchange).get("userAccounts") or [{}]
    shown = [{name: str(account.get(name)).lower() for name in ("name", "elevationLevel")} for account in accounts]
    expect.equal(
        "pools.add.user-accounts-kept", shown, [{"name": "bcsuser", "elevationLevel": "admin"}], exchange, "userAccounts"
    )
    hidden = "password" not in accounts[0] and str(USERS[0]["password"]).encode() not in exchange.response.body
    expect("pools.add.user-account-password-hidden", hidden, expected="no password", actual="a password", exchange=exchange)


def _hidden(batch: Batch, expect: Expect, requirement: str, secrets: list[str], **properties: Any) -> None:
    pool = batch.new_id("secret")
    if batch.call("Pool_Add", body=batch.pool_body(pool, **properties)).response.status != 201:
        raise Blocked("the target does not take such a pool")
    listed = batch.call("Pool_List", query={"$filter": f"id eq '{pool}'"})
    for exchange in (batch.call("Pool_Get", poolId=pool), listed):
        found = [secret for secret in secrets if secret.encode() in exchange.response.body]
        expect(requirement, not found, expected="none of the secrets", actual=f"{len(found)} of them", exchange=exchange)


@pytest.mark.requirement("pools.add.user-account-key-hidden")
def test_ssh_key_hidden(batch: Batch, expect: Expect) -> None:
    key = "bcs-not-a-real-private-key"
    users = [{**USERS[0], "linuxUserConfiguration": {"uid": 4242, "gid": 4242, "sshPrivateKey": key}}]
    _hidden(batch, expect, "pools.add.user-account-key-hidden", [key], userAccounts=users)


@pytest.mark.requirement("pools.add.registry-password-hidden")
def test_registry_password_hidden(batch: Batch, expect: Expect) -> None:
    kind = "dockerCompatible" if batch.version >= "2018-08-01.7.0" else "docker"
    registry = {"username": "bcs", "password": "bcs-registry-secret", "registryServer": "example.azurecr.io"}
    containers = {"type": kind, "containerRegistries": [registry]}
    machine = {**batch.pool_body("any")["virtualMachineConfiguration"], "containerConfiguration": containers}
    _hidden(batch, expect, "pools.add.registry-password-hidden", ["bcs-registry-secret"], virtualMachineConfiguration=machine)


@pytest.mark.requirement("pools.add.mount-secrets-hidden")
def test_mount_secrets_hidden(batch: Batch, expect: Expect) -> None:
    share = {
        "accountName": "bcs",
        "azureFileUrl": "https://bcs.file.core.windows.net/a",
        "accountKey": "YmNzLXNoYXJlLXNlY3JldA==",
    }
    mounts = [
        {"azureFileShareConfiguration": {**share, "relativeMountPath": "share"}},
        {"cifsMountConfiguration": {"username": "u", "source": "//x/y", "password": "bcs-cifs-secret", "relativeMountPath": "c"}},
    ]
    secrets = ["YmNzLXNoYXJlLXNlY3JldA==", "bcs-cifs-secret"]
    _hidden(batch, expect, "pools.add.mount-secrets-hidden", secrets, mountConfiguration=mounts)
