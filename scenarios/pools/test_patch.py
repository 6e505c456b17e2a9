"""PATCH: what it replaces, and that it leaves alone what it does not name, one property at a time."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.pools.samples import START_TASK, cleared, covers, linux, public, slots_name, value
from scenarios.support import Json, formula, json_object, steady, steady_pool, target_name

# the id without `pools.patch.keeps-omitted-`, the property
OMITTED = {
    "metadata": "metadata",
    "start-task": "startTask",
    "certificates": "certificateReferences",
    "packages": "applicationPackageReferences",
    "communication-mode": "targetNodeCommunicationMode",
    "display-name": "displayName",
    "inter-node": "enableInterNodeCommunication",
    "mounts": "mountConfiguration",
    "network": "networkConfiguration",
    "resource-tags": "resourceTags",
    "scheduling-policy": "taskSchedulingPolicy",
    "slots": "",
    "upgrade-policy": "upgradePolicy",
    "user-accounts": "userAccounts",
}


def _other(name: str) -> Json:
    """A change of something else, in every way that every api-version has."""
    return (
        {"startTask": {"commandLine": "hostname"}}
        if name == "metadata"
        else {"metadata": [{"name": "other", "value": "changed"}]}
    )


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        pytest.param(*known, id=known[0], marks=pytest.mark.requirement(f"pools.patch.keeps-omitted-{known[0]}"))
        for known in OMITTED.items()
    ],
)
def test_keeps_omitted(batch: Batch, expect: Expect, slug: str, name: str) -> None:
    name = name or slots_name(batch)
    pool = batch.create_pool(**{name: value(batch, name)})
    before = batch.get_pool(pool).get(name)
    if before is None:
        raise Blocked(f"{name} did not survive the creation")
    _patch(batch, pool, _other(name))
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal(f"pools.patch.keeps-omitted-{slug}", json_object(exchange).get(name), before, exchange, name)


def _patch(batch: Batch, pool: str, body: Json) -> None:
    exchange = batch.call("Pool_Patch", poolId=pool, body=body)
    if exchange.response.status != 200:
        raise Blocked(f"PATCH answered {exchange.response.status}")


@pytest.mark.requirement("pools.patch.keeps-omitted-metadata")
def test_keeps_what_replaced(batch: Batch, expect: Expect) -> None:
    """What updateproperties put there stays, not what the pool was created with."""
    pool = batch.create_pool(metadata=value(batch, "metadata"))
    new = [{"name": "team", "value": "green"}]
    replaced = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch, metadata=new))
    if replaced.response.status != 204:
        raise Blocked(f"updateproperties answered {replaced.response.status}")
    _patch(batch, pool, {"startTask": {"commandLine": "hostname"}})
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.patch.keeps-omitted-metadata", json_object(exchange).get("metadata"), new, exchange, "metadata")


@pytest.mark.requirement(
    "pools.patch.keeps-omitted-vm-configuration", "pools.patch.keeps-omitted-vm-size", "pools.patch.keeps-resize-timeout"
)
def test_keeps_machine(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(virtualMachineConfiguration=linux(batch), resizeTimeout="PT20M")
    before = batch.get_pool(pool)
    _patch(batch, pool, {"metadata": [], "startTask": {"commandLine": "hostname"}})
    exchange = batch.call("Pool_Get", poolId=pool)
    for name, slug in (
        ("virtualMachineConfiguration", "omitted-vm-configuration"),
        ("vmSize", "omitted-vm-size"),
        ("resizeTimeout", "resize-timeout"),
    ):
        expect.equal(f"pools.patch.keeps-{slug}", json_object(exchange).get(name), before.get(name), exchange, name)


@pytest.mark.requirement("pools.patch.keeps-scale", "pools.patch.keeps-identity-times")
@pytest.mark.parametrize("scaled", [True, False])
def test_keeps_scale(batch: Batch, expect: Expect, scaled: bool) -> None:
    properties: Json = {"enableAutoScale": True, "autoScaleFormula": formula(batch)} if scaled else {}
    pool = steady_pool(batch, **properties)
    before = batch.get_pool(pool)
    _patch(batch, pool, _other(""))
    exchange = batch.call("Pool_Get", poolId=pool)
    after = json_object(exchange)
    for name in (target_name(batch), "enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval", "allocationState"):
        expect.equal("pools.patch.keeps-scale", after.get(name), before.get(name), exchange, name)
    for name in ("id", "url", "creationTime", "state", "stateTransitionTime"):
        expect.equal("pools.patch.keeps-identity-times", after.get(name), before.get(name), exchange, name)


@pytest.mark.requirement("pools.patch.empty-body-changes-nothing")
def test_empty_body(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch, metadata=value(batch, "metadata"), startTask=START_TASK, displayName="kept")
    before = batch.get_pool(pool)
    written = batch.call("Pool_Patch", poolId=pool, body={})
    expect.status("pools.patch.empty-body-changes-nothing", written, {200, 400})
    exchange = batch.call("Pool_Get", poolId=pool)
    moving, after = {"eTag", "lastModified"}, json_object(exchange)
    changed = {name for name in before.keys() | after.keys() if after.get(name) != before.get(name)} - moving
    expect.equal("pools.patch.empty-body-changes-nothing", changed, set(), exchange, "changed properties")


@pytest.mark.requirement("pools.patch.replaces-metadata")
def test_replaces_metadata(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(metadata=value(batch, "metadata"))
    new = [{"name": "team", "value": "green"}, {"name": "Added", "value": "x"}]
    _patch(batch, pool, {"metadata": new})
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal("pools.patch.replaces-metadata", json_object(exchange).get("metadata"), new, exchange, "metadata")


@pytest.mark.requirement("pools.patch.replaces-start-task")
def test_replaces_start_task(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(startTask=START_TASK)
    _patch(batch, pool, {"startTask": {"commandLine": "hostname"}})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("startTask", {})
    expect.equal("pools.patch.replaces-start-task", shown.get("commandLine"), "hostname", exchange, "commandLine")
    left = shown.get("environmentSettings") or []
    expect.equal("pools.patch.replaces-start-task", left, [], exchange, "environmentSettings of the old start task")
    expect.equal("pools.patch.replaces-start-task", shown.get("maxTaskRetryCount", 0), 0, exchange, "maxTaskRetryCount")


@pytest.mark.requirement("pools.patch.replaces-certificates")
def test_replaces_certificates(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool(certificateReferences=value(batch, "certificateReferences"))
    new = value(batch, "certificateReferences")
    _patch(batch, pool, {"certificateReferences": new})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = [str(found.get("thumbprint")).lower() for found in json_object(exchange).get("certificateReferences", [])]
    expect.equal("pools.patch.replaces-certificates", shown, [new[0]["thumbprint"]], exchange, "thumbprints")


@pytest.mark.requirement("pools.patch.replaces-packages")
def test_replaces_packages(batch: Batch, expect: Expect) -> None:
    sent = value(batch, "applicationPackageReferences")
    pool = batch.create_pool(applicationPackageReferences=[{"applicationId": sent[0]["applicationId"]}])
    _patch(batch, pool, {"applicationPackageReferences": sent})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = [(str(found.get("applicationId")).lower(), found.get("version")) for found in _packages(json_object(exchange))]
    expect.equal("pools.patch.replaces-packages", shown, [(sent[0]["applicationId"].lower(), sent[0]["version"])], exchange)


def _packages(pool: Json) -> list[Json]:
    return pool.get("applicationPackageReferences") or []


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        pytest.param(slug, name, id=name, marks=pytest.mark.requirement(f"pools.patch.empty-{slug}-removes"))
        for slug, name in (
            ("metadata", "metadata"),
            ("packages", "applicationPackageReferences"),
            ("certificates", "certificateReferences"),
        )
    ],
)
def test_empty_removes(batch: Batch, expect: Expect, slug: str, name: str) -> None:
    pool = batch.create_pool(**{name: value(batch, name)})
    if not batch.get_pool(pool).get(name):
        raise Blocked(f"{name} did not survive the creation")
    _patch(batch, pool, {name: []})
    exchange = batch.call("Pool_Get", poolId=pool)
    expect.equal(f"pools.patch.empty-{slug}-removes", json_object(exchange).get(name) or [], [], exchange, name)


SETTABLE: tuple[tuple[str, str, Any], ...] = (
    ("communication-mode", "targetNodeCommunicationMode", "classic"),
    ("display-name", "displayName", "a new name"),
    ("slots", "taskSlotsPerNode", 3),
    ("inter-node", "enableInterNodeCommunication", True),
)


@pytest.mark.parametrize(
    ("slug", "name", "new"),
    [pytest.param(*known, id=known[1], marks=pytest.mark.requirement(f"pools.patch.sets-{known[0]}")) for known in SETTABLE],
)
def test_sets(batch: Batch, expect: Expect, slug: str, name: str, new: Any) -> None:
    pool = steady_pool(batch)
    written = batch.call("Pool_Patch", poolId=pool, body={name: new})
    expect.status(f"pools.patch.sets-{slug}", written, 200)
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get(name)
    shown = shown.lower() if name == "targetNodeCommunicationMode" and isinstance(shown, str) else shown
    expect.equal(f"pools.patch.sets-{slug}", shown, new, exchange, name)


# the id without `pools.patch.sets-`, the property, what the pool begins with
RECONFIGURED: tuple[tuple[str, str, Any], ...] = (
    ("mounts", "mountConfiguration", None),
    ("network", "networkConfiguration", None),
    ("resource-tags", "resourceTags", {"old": "one"}),
    ("scheduling-policy", "taskSchedulingPolicy", {"nodeFillType": "spread"}),
    ("upgrade-policy", "upgradePolicy", {"mode": "automatic"}),
    ("user-accounts", "userAccounts", [{"name": "first", "password": "Bcs-1-Pa55-word"}]),
    ("vm-size", "vmSize", "standard_d2s_v3"),
    ("vm-configuration", "virtualMachineConfiguration", None),
)


@pytest.mark.parametrize(
    ("slug", "name", "old"),
    [pytest.param(*known, id=known[1], marks=pytest.mark.requirement(f"pools.patch.sets-{known[0]}")) for known in RECONFIGURED],
)
def test_reconfigures(batch: Batch, expect: Expect, slug: str, name: str, old: Any) -> None:
    """What describes the nodes can be changed as long as there are none."""
    pool = steady_pool(batch, **({} if old is None else {name: old}))
    new = value(batch, name)
    expect.status(f"pools.patch.sets-{slug}", batch.call("Pool_Patch", poolId=pool, body={name: new}), 200)
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get(name)
    if name == "vmSize":
        shown = str(shown).lower()  # sizes come back in the letter case of the service
    holds = covers(shown, public(new))
    expect(f"pools.patch.sets-{slug}", holds, expected=new, actual=shown, exchange=exchange, message=name)


@pytest.mark.requirement("pools.patch.fixed-property-refused")
@pytest.mark.parametrize("name", ["id", "resizeTimeout", "enableAutoScale", "target", "state"])
def test_fixed_property(batch: Batch, expect: Expect, settled: str, name: str) -> None:
    values: Json = {"id": "other", "resizeTimeout": "PT20M", "enableAutoScale": True, "target": 1, "state": "active"}
    body = {target_name(batch) if name == "target" else name: values[name]}
    expect.status("pools.patch.fixed-property-refused", batch.call("Pool_Patch", poolId=settled, body=body), 400)


@pytest.mark.requirement("pools.patch.unknown-packages-refused")
def test_unknown_packages(batch: Batch, expect: Expect) -> None:
    pool = batch.create_pool()
    steady(batch, pool)
    body = {"applicationPackageReferences": [{"applicationId": "bcsAbsentPackage"}]}
    exchange = batch.call("Pool_Patch", poolId=pool, body=body)
    expect.error("pools.patch.unknown-packages-refused", exchange, 409, "InvalidApplicationPackageReferences")
