"""Pools may refer to certificates of the account only, those that a job makes too."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.certificates.flow import key
from scenarios.pools.samples import cleared
from scenarios.support import ACCEPTED

REFUSALS = {400, 404, 409}


@pytest.mark.requirement("certificates.pool.unknown-refused")
def test_unknown(batch: Batch, expect: Expect) -> None:
    body = batch.pool_body(certificateReferences=[key(batch.new_certificate("cer"))])
    expect.status("certificates.pool.unknown-refused", batch.call("Pool_Add", body=body), REFUSALS)


@pytest.mark.requirement("certificates.pool.unknown-refused-in-update")
@pytest.mark.parametrize("operation", ["Pool_Patch", "Pool_UpdateProperties"])
def test_unknown_in_update(batch: Batch, expect: Expect, operation: str) -> None:
    references = [key(batch.new_certificate("cer"))]
    complete = operation == "Pool_UpdateProperties"
    body = cleared(batch, certificateReferences=references) if complete else {"certificateReferences": references}
    exchange = batch.call(operation, poolId=batch.create_pool(), body=body)
    expect.status("certificates.pool.unknown-refused-in-update", exchange, REFUSALS)


@pytest.mark.requirement("certificates.pool.unknown-in-auto-pool")
def test_unknown_in_auto_pool(batch: Batch, expect: Expect) -> None:
    job, references = batch.new_id("job"), [key(batch.new_certificate("cer"))]
    pool = {name: value for name, value in batch.pool_body(certificateReferences=references).items() if name != "id"}
    auto = {"autoPoolIdPrefix": f"bcs-{batch.run_id}", "poolLifetimeOption": "job", "pool": pool}
    exchange = batch.call("Job_Add", body=batch.job_body(job, poolInfo={"autoPoolSpecification": auto}))
    if exchange.response.status not in ACCEPTED:
        expect.status("certificates.pool.unknown-in-auto-pool", exchange, REFUSALS)
        return
    shown = batch.outcome(lambda: batch.get_job(job), lambda found: found.get("state") == "completed", f"{job} is completed")
    error = shown.get("executionInfo", {}).get("schedulingError") or {}
    told = (error.get("code"), error.get("category"))
    expected = ("InvalidCertificatesInAutoPool", "usererror")
    expect.equal("certificates.pool.unknown-in-auto-pool", told, expected, exchange, "code and category of the schedulingError")
