"""Pools may refer to certificates of the account only."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.certificates.flow import key
from scenarios.pools.samples import cleared

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
