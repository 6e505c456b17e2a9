"""Operations on pools that only older api-versions have."""

from __future__ import annotations

from service_calls import Account


def test_an_upgrade_takes_its_time() -> None:
    account = Account("2017-09-01.6.0")
    account.add_pool("pool")
    path = "/pools/pool/upgradeos"
    assert account.send("POST", path, {"targetOSVersion": "x"}).status == 202
    shown = account.pool()
    assert (shown["state"], shown["cloudServiceConfiguration"]["targetOSVersion"]) == ("upgrading", "x")
    assert account.send("POST", path, {"targetOSVersion": "y"}).status == 409
    account.clock.advance(61)
    assert account.pool()["state"] == "active"


def test_a_pool_of_virtual_machines_has_no_such_upgrade() -> None:
    account = Account("2017-09-01.6.0")
    image = {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}
    machine = {"imageReference": image, "nodeAgentSKUId": "batch.node.ubuntu 22.04"}
    body = account.pool_body("pool", virtualMachineConfiguration=machine)
    del body["cloudServiceConfiguration"]
    assert account.send("POST", "/pools", body).status == 201
    account.clock.advance(60)
    assert account.send("POST", "/pools/pool/upgradeos", {"targetOSVersion": "x"}).code == "OperationNotValidOnPool"


def test_statistics_over_the_life_of_the_account() -> None:
    shown = Account("2022-10-01.16.0").send("GET", "/lifetimepoolstats").json
    assert shown["startTime"] < shown["lastUpdateTime"]
    assert shown["resourceStats"]["diskReadIOps"] == "0"
