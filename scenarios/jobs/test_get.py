"""Reading one job."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.support import json_object, without


@pytest.mark.requirement("jobs.get.id-ignores-case")
def test_letter_case(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("Job_Get", jobId=plain.swapcase())
    expect.status("jobs.get.id-ignores-case", exchange, 200)
    expect.equal("jobs.get.id-ignores-case", json_object(exchange).get("id"), plain, exchange, "id")


@pytest.mark.requirement("jobs.get.repeatable", "jobs.get.stats-only-when-asked")
def test_repeatable(batch: Batch, expect: Expect, plain: str) -> None:
    first, second = (batch.call("Job_Get", jobId=plain) for _ in range(2))
    expect.equal("jobs.get.repeatable", json_object(second), json_object(first), second, "the job")
    expect.equal("jobs.get.stats-only-when-asked", "stats" in json_object(second), False, second, "stats are shown")


@pytest.mark.requirement("jobs.get.selects")
def test_select(batch: Batch, expect: Expect, plain: str) -> None:
    names = ("id", "eTag", "state", "poolInfo")
    exchange = batch.call("Job_Get", jobId=plain, query={"$select": ",".join(names)})
    whole = batch.get_job(plain)
    expect.equal("jobs.get.selects", without(json_object(exchange)), {name: whole[name] for name in names}, exchange, "members")


@pytest.mark.requirement("jobs.get.expands-stats")
def test_expand(batch: Batch, expect: Expect, plain: str) -> None:
    exchange = batch.call("Job_Get", jobId=plain, query={"$expand": "stats"})
    expect.status("jobs.get.expands-stats", exchange, 200)
    rest = without(json_object(exchange), "stats")
    expect.equal("jobs.get.expands-stats", rest, without(batch.get_job(plain)), exchange, "the rest of the job")
