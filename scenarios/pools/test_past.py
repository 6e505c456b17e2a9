"""What only older api-versions do with pools."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import json_object, steady


@pytest.mark.requirement("pools.get-all-lifetime-statistics.times")
def test_lifetime_statistics(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Pool_GetAllLifetimeStatistics")
    shown = json_object(exchange)
    times = [shown.get("startTime"), shown.get("lastUpdateTime")]
    ordered = None not in times and times == sorted(times, key=str)
    expect("pools.get-all-lifetime-statistics.times", ordered, expected="two times in order", actual=times, exchange=exchange)


@pytest.mark.requirement("pools.upgrade-os.shows-target", "pools.upgrade-os.active-again")
def test_upgrade_os(batch: Batch, expect: Expect) -> None:
    machine = {"cloudServiceConfiguration": {"osFamily": "5"}, "virtualMachineConfiguration": None}
    pool = batch.create_pool(**machine)
    steady(batch, pool)
    target = "WA-GUEST-OS-5.1_201801-01"
    exchange = batch.call("Pool_UpgradeOS", poolId=pool, body={"targetOSVersion": target})
    if exchange.response.status != 202:
        raise Blocked(f"the upgrade was not accepted: {exchange.response.status}")
    read = batch.call("Pool_Get", poolId=pool)
    configuration = json_object(read).get("cloudServiceConfiguration") or {}
    expect.equal("pools.upgrade-os.shows-target", configuration.get("targetOSVersion"), target, read, "targetOSVersion")
    ended = batch.outcome(
        lambda: batch.call("Pool_Get", poolId=pool),
        lambda answer: json_object(answer).get("state") != "upgrading",
        "the upgrade ends",
    )
    expect.equal("pools.upgrade-os.active-again", json_object(ended).get("state"), "active", ended, "state")
