"""Api-versions: which requests must name, which are refused, and that each shows its own contract."""

from __future__ import annotations

import re

import pytest

from conformance.plugin import Batch, Blocked, Expect, versions
from scenarios.support import json_object

# names that took the place of others; the contract says when
RENAMED = (
    ("targetDedicated", "targetDedicatedNodes"),
    ("currentDedicated", "currentDedicatedNodes"),
    ("maxTasksPerNode", "taskSlotsPerNode"),
)


@pytest.mark.requirement("protocol.version.absent-refused", "protocol.version.absent-code")
@pytest.mark.parametrize("path", ["/pools", "/pools/{pool}"])
def test_absent(batch: Batch, expect: Expect, settled: str, path: str) -> None:
    exchange = batch.send("GET", path.format(pool=settled), api_version=None)
    expect.status("protocol.version.absent-refused", exchange, 400)
    expect.error("protocol.version.absent-code", exchange, 400, "MissingRequiredQueryParameter")


@pytest.mark.requirement("protocol.version.absent-refused")
def test_absent_on_create(batch: Batch, expect: Expect) -> None:
    exchange = batch.send("POST", "/pools", body=batch.pool_body(), api_version=None)
    expect.status("protocol.version.absent-refused", exchange, 400)


@pytest.mark.requirement("protocol.version.unknown-refused", "protocol.version.unknown-code")
@pytest.mark.parametrize("version", ["2099-01-01.99.0", "2010-01-01.1.0", "2099-01-01"])
def test_unknown(batch: Batch, expect: Expect, version: str) -> None:
    exchange = batch.send("GET", "/pools", api_version=version)
    expect.status("protocol.version.unknown-refused", exchange, 400)
    expect.error("protocol.version.unknown-code", exchange, 400, {"UnsupportedRequestVersion", "InvalidQueryParameterValue"})


@pytest.mark.requirement("protocol.version.malformed-refused")
@pytest.mark.parametrize("version", ["latest", "20", "2016-13-41.3.0", "not a version", ""])
def test_malformed(batch: Batch, expect: Expect, version: str) -> None:
    expect.status("protocol.version.malformed-refused", batch.send("GET", "/pools", api_version=version), 400)


@pytest.mark.requirement("protocol.version.published-answer")
def test_published_versions(batch: Batch, expect: Expect, settled: str) -> None:
    answers = {version.name: batch.at(version.name).call("Pool_Get", poolId=settled) for version in versions()}
    silent = {name: exchange.response.status for name, exchange in answers.items() if exchange.response.status != 200}
    exchange = answers[next(iter(silent), batch.version)]
    expect.equal("protocol.version.published-answer", silent, {}, exchange, "api-versions that do not answer")


@pytest.mark.requirement("protocol.version.shows-own-names")
def test_own_names(batch: Batch, expect: Expect, settled: str) -> None:
    for version in versions():
        driver = batch.at(version.name)
        exchange = driver.call("Pool_Get", poolId=settled)
        if exchange.response.status != 200 and version.name != batch.version:
            continue  # whether it answers at all is another requirement
        for names in RENAMED:
            shown = {name for name in names if name in json_object(exchange)}
            known = {name for name in names if name in driver.contract.models["CloudPool"].properties}
            expect.equal("protocol.version.shows-own-names", shown, known, exchange, f"names at {version.name}")


@pytest.mark.requirement("protocol.version.defaults-follow-version")
@pytest.mark.parametrize(("version", "default"), [("2019-06-01.9.0", False), ("2019-08-01.10.0", True)])
def test_default_by_version(batch: Batch, expect: Expect, version: str, default: bool) -> None:
    driver = batch.at(version)
    pool = driver.create_pool(startTask={"commandLine": "hostname"})
    exchange = driver.call("Pool_Get", poolId=pool)
    shown = json_object(exchange).get("startTask", {}).get("waitForSuccess")
    expect.equal("protocol.version.defaults-follow-version", shown, default, exchange, "waitForSuccess of a start task")


@pytest.mark.requirement("protocol.version.removed-operation-refused")
def test_removed_operations(batch: Batch, expect: Expect, settled: str) -> None:
    removed = {
        operation.id: operation
        for version in versions()
        if version.name < batch.version
        for operation in batch.at(version.name).contract.operations.values()
        if not batch.contract.match(operation.method, _fill(operation.path, settled))
    }
    if not removed:
        raise Blocked("no earlier api-version had other operations")
    for operation in removed.values():
        exchange = batch.send(operation.method, _fill(operation.path, settled))
        refused = 400 <= exchange.response.status < 500
        expect(
            "protocol.version.removed-operation-refused",
            refused,
            expected="a status of 400 to 499",
            actual=exchange.response.status,
            exchange=exchange,
            message=operation.id,
        )


def _fill(path: str, pool: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda name: pool if name[1] == "poolId" else "absent", path)
