"""Reading one pool."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import json_object


@pytest.mark.requirement("pools.get.repeatable")
def test_repeatable(batch: Batch, expect: Expect, settled: str) -> None:
    first, second = (batch.call("Pool_Get", poolId=settled) for _ in range(2))
    expect.equal("pools.get.repeatable", json_object(second), json_object(first), second, "the pool")


@pytest.mark.requirement("pools.exists.present", "pools.exists.etag-agrees")
def test_exists(batch: Batch, expect: Expect, settled: str) -> None:
    head, get = batch.call("Pool_Exists", poolId=settled), batch.call("Pool_Get", poolId=settled)
    expect.status("pools.exists.present", head, 200)
    for name in ("ETag", "Last-Modified"):
        shown, wanted = head.response.headers.get(name), get.response.headers.get(name)
        if shown is None or wanted is None:
            raise Blocked(f"one of the answers has no {name}")
        expect.equal("pools.exists.etag-agrees", shown, wanted, head, name)
