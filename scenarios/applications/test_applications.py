"""Applications are made on the management plane; the data plane only shows them."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Blocked, Expect
from scenarios.support import elements, json_object, without


@pytest.mark.requirement("applications.list.each-is-read")
def test_each_is_read(batch: Batch, expect: Expect) -> None:
    found = elements(batch.call("Application_List"))
    if not found:
        raise Blocked("the account has no application")
    for application in found[:5]:
        exchange = batch.call("Application_Get", applicationId=application["id"])
        expect.equal("applications.list.each-is-read", without(json_object(exchange)), application, exchange, "the application")


@pytest.mark.requirement("applications.get.missing")
def test_missing(batch: Batch, expect: Expect) -> None:
    exchange = batch.call("Application_Get", applicationId=batch.new_id("app"))
    expect.error("applications.get.missing", exchange, 404, "ApplicationNotFound")
