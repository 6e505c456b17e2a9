"""updateproperties: a full replacement of what it can change, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect
from scenarios.pools.samples import START_TASK, USERS, cleared, eleven, slots_name, value
from scenarios.support import Json, formula, has, json_object, steady_pool, target_name

LISTS = {"metadata": "metadata", "packages": "applicationPackageReferences", "certificates": "certificateReferences"}


def _lists(template: str) -> list[Any]:
    return [
        pytest.param(template.format(slug), name, id=name, marks=pytest.mark.requirement(template.format(slug)))
        for slug, name in LISTS.items()
    ]


def _update(batch: Batch, pool: str, body: Json) -> Exchange:
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=body)
    if exchange.response.status != 204:
        raise Blocked(f"updateproperties answered {exchange.response.status}")
    return batch.call("Pool_Get", poolId=pool)


def _with(batch: Batch, name: str) -> str:
    """A pool that surely has the property."""
    pool = batch.create_pool(**{name: value(batch, name)})
    if not batch.get_pool(pool).get(name):
        raise Blocked(f"{name} did not survive the creation")
    return pool


@pytest.mark.requirement("pools.update-properties.clears-omitted-start-task")
def test_clears_start_task(batch: Batch, expect: Expect) -> None:
    exchange = _update(batch, _with(batch, "startTask"), cleared(batch))
    shown = json_object(exchange).get("startTask")
    expect.equal("pools.update-properties.clears-omitted-start-task", shown, None, exchange, "startTask")


@pytest.mark.parametrize(("requirement", "name"), _lists("pools.update-properties.clears-omitted-{}"))
def test_omitted_list(batch: Batch, expect: Expect, requirement: str, name: str) -> None:
    pool = _with(batch, name)
    body = {other: given for other, given in cleared(batch).items() if other != name}
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=body)
    expect.status(requirement, exchange, {204, 400})
    left = batch.get_pool(pool).get(name) or []
    refused = exchange.response.status == 400
    expect(
        requirement,
        bool(left) if refused else not left,
        expected=f"{name} {'kept, as the request was refused' if refused else 'removed'}",
        actual=left,
        exchange=exchange,
        message="refused with 400" if refused else "omitted counts as empty",
    )


@pytest.mark.requirement("pools.update-properties.resets-omitted-communication-mode")
def test_resets_communication_mode(batch: Batch, expect: Expect) -> None:
    exchange = _update(batch, _with(batch, "targetNodeCommunicationMode"), cleared(batch))
    mode = str(json_object(exchange).get("targetNodeCommunicationMode", "default")).lower()
    expect.equal("pools.update-properties.resets-omitted-communication-mode", mode, "default", exchange)


@pytest.mark.parametrize(("requirement", "name"), _lists("pools.update-properties.empty-{}-removes"))
def test_empty_removes(batch: Batch, expect: Expect, requirement: str, name: str) -> None:
    exchange = _update(batch, _with(batch, name), cleared(batch))
    expect.equal(requirement, json_object(exchange).get(name) or [], [], exchange, name)


@pytest.mark.requirement("pools.update-properties.replaces-metadata")
def test_replaces_metadata(batch: Batch, expect: Expect) -> None:
    new = [{"name": "team", "value": "green"}, {"name": "Added", "value": "x"}]
    exchange = _update(batch, _with(batch, "metadata"), cleared(batch, metadata=new))
    expect.equal("pools.update-properties.replaces-metadata", json_object(exchange).get("metadata"), new, exchange, "metadata")


@pytest.mark.requirement("pools.update-properties.replaces-packages")
def test_replaces_packages(batch: Batch, expect: Expect) -> None:
    sent = value(batch, "applicationPackageReferences")
    pool = batch.create_pool(applicationPackageReferences=[{"applicationId": sent[0]["applicationId"]}])
    exchange = _update(batch, pool, cleared(batch, applicationPackageReferences=sent))
    found = json_object(exchange).get("applicationPackageReferences") or []
    shown = [(str(reference.get("applicationId")).lower(), reference.get("version")) for reference in found]
    wanted = [(sent[0]["applicationId"].lower(), sent[0]["version"])]
    expect.equal("pools.update-properties.replaces-packages", shown, wanted, exchange)


@pytest.mark.requirement("pools.update-properties.replaces-certificates")
def test_replaces_certificates(batch: Batch, expect: Expect) -> None:
    new = value(batch, "certificateReferences")
    exchange = _update(batch, _with(batch, "certificateReferences"), cleared(batch, certificateReferences=new))
    found = json_object(exchange).get("certificateReferences") or []
    shown = [str(reference.get("thumbprint")).lower() for reference in found]
    expect.equal("pools.update-properties.replaces-certificates", shown, [new[0]["thumbprint"]], exchange)


@pytest.mark.requirement("pools.update-properties.replaces-start-task")
def test_replaces_start_task(batch: Batch, expect: Expect) -> None:
    exchange = _update(batch, _with(batch, "startTask"), cleared(batch, startTask={"commandLine": "hostname"}))
    shown = json_object(exchange).get("startTask", {})
    requirement = "pools.update-properties.replaces-start-task"
    expect.equal(requirement, shown.get("commandLine"), "hostname", exchange, "commandLine")
    left = shown.get("environmentSettings") or []
    expect.equal(requirement, left, [], exchange, "environmentSettings of the old start task")
    expect.equal(requirement, shown.get("maxTaskRetryCount", 0), 0, exchange, "maxTaskRetryCount of the old start task")


@pytest.mark.requirement("pools.update-properties.sets-communication-mode")
def test_sets_communication_mode(batch: Batch, expect: Expect) -> None:
    exchange = _update(batch, batch.create_pool(), cleared(batch, targetNodeCommunicationMode="classic"))
    mode = str(json_object(exchange).get("targetNodeCommunicationMode")).lower()
    expect.equal("pools.update-properties.sets-communication-mode", mode, "classic", exchange)


def _untouched(batch: Batch) -> dict[str, tuple[str, ...]]:
    return {
        "display-name": ("displayName",),
        "vm": ("vmSize", "virtualMachineConfiguration"),
        "scale": (
            target_name(batch),
            "targetLowPriorityNodes",
            "enableAutoScale",
            "autoScaleFormula",
            "autoScaleEvaluationInterval",
            "resizeTimeout",
            "allocationState",
        ),
        "scheduling": (slots_name(batch), "taskSchedulingPolicy", "enableInterNodeCommunication"),
        "user-accounts": ("userAccounts",),
        "identity-times": ("id", "url", "creationTime", "state", "stateTransitionTime"),
    }


KEPT = ("display-name", "vm", "scale", "scheduling", "user-accounts", "identity-times")


@pytest.mark.requirement(*(f"pools.update-properties.keeps-{slug}" for slug in KEPT))
@pytest.mark.parametrize("scaled", [True, False])
def test_keeps_the_rest(batch: Batch, expect: Expect, scaled: bool) -> None:
    properties: Json = {"enableAutoScale": True, "autoScaleFormula": formula(batch)} if scaled else {"resizeTimeout": "PT20M"}
    if has(batch, "CloudPool", "userAccounts"):
        properties["userAccounts"] = USERS
    pool = steady_pool(
        batch,
        displayName="kept",
        taskSchedulingPolicy={"nodeFillType": "pack"},
        enableInterNodeCommunication=True,
        **{slots_name(batch): 2},
        **properties,
    )
    before = batch.get_pool(pool)
    exchange = _update(batch, pool, cleared(batch, startTask=START_TASK))
    after = json_object(exchange)
    for slug, names in _untouched(batch).items():
        for name in names:
            expect.equal(f"pools.update-properties.keeps-{slug}", after.get(name), before.get(name), exchange, name)


OTHERS = {
    "network": "networkConfiguration",
    "mounts": "mountConfiguration",
    "upgrade-policy": "upgradePolicy",
    "resource-tags": "resourceTags",
}


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        pytest.param(*known, id=known[1], marks=pytest.mark.requirement(f"pools.update-properties.keeps-{known[0]}"))
        for known in OTHERS.items()
    ],
)
def test_keeps_configuration(batch: Batch, expect: Expect, slug: str, name: str) -> None:
    pool = _with(batch, name)
    before = batch.get_pool(pool)
    after = _update(batch, pool, cleared(batch))
    expect.equal(f"pools.update-properties.keeps-{slug}", json_object(after).get(name), before.get(name), after, name)


@pytest.mark.requirement("pools.update-properties.packages-eleven-refused", "pools.update-properties.unknown-packages-refused")
def test_packages(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    references = [{"applicationId": f"absent{number}"} for number in range(11)]
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch, applicationPackageReferences=references))
    expect.status("pools.update-properties.packages-eleven-refused", exchange, {400, 409})
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch, applicationPackageReferences=eleven(batch)))
    expect.status("pools.update-properties.packages-eleven-refused", exchange, {400, 409})
    body = cleared(batch, applicationPackageReferences=references[:1])
    exchange = batch.call("Pool_UpdateProperties", poolId=pool, body=body)
    expect.error("pools.update-properties.unknown-packages-refused", exchange, 409, "InvalidApplicationPackageReferences")


@pytest.mark.requirement("pools.update-properties.fixed-property-refused")
@pytest.mark.parametrize("name", ["vmSize", "resizeTimeout", "enableAutoScale"])
def test_fixed_property(batch: Batch, expect: Expect, settled: str, name: str) -> None:
    given: Json = {"vmSize": "standard_d4s_v3", "resizeTimeout": "PT20M", "enableAutoScale": False}
    exchange = batch.call("Pool_UpdateProperties", poolId=settled, body=cleared(batch, **{name: given[name]}))
    expect.status("pools.update-properties.fixed-property-refused", exchange, 400)


@pytest.mark.requirement("pools.update-properties.moves-etag")
def test_moves_etag(batch: Batch, expect: Expect) -> None:
    pool = steady_pool(batch)
    before = batch.get_pool(pool).get("eTag")
    written = batch.call("Pool_UpdateProperties", poolId=pool, body=cleared(batch))
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("eTag")
    expect("pools.update-properties.moves-etag", shown != before, expected="another ETag", actual=shown, exchange=exchange)
    expect.equal("pools.update-properties.moves-etag", written.response.headers.get("ETag"), shown, written, "ETag")
