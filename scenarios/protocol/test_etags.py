"""Entity tags over time: they stand still on reads and move on writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.support import Json, etag, formula, json_object, steady, steady_pool, target_name

WRITES = ("Pool_Patch", "Pool_UpdateProperties", "Pool_Resize", "Pool_EnableAutoScale", "Pool_DisableAutoScale")


def _body(batch: Batch, operation: str) -> Json | None:
    match operation:
        case "Pool_Patch":
            return {"metadata": [{"name": "a", "value": "b"}]}
        case "Pool_UpdateProperties":
            properties = batch.contract.models["PoolUpdatePropertiesParameter"].properties
            return {name: [] for name, known in properties.items() if known.required}
        case "Pool_Resize":
            return {target_name(batch): 0}
        case "Pool_DisableAutoScale":
            return None
        case _:
            return {"autoScaleFormula": formula(batch)}


@pytest.mark.requirement("protocol.etag.stable-on-read")
def test_stable(batch: Batch, expect: Expect, settled: str) -> None:
    first = batch.call("Pool_Get", poolId=settled)
    batch.call("Pool_List", query={"maxresults": 1})
    batch.call("Pool_Exists", poolId=settled)
    second = batch.call("Pool_Get", poolId=settled)
    etags = [etag(exchange) for exchange in (first, second)]
    expect.equal("protocol.etag.stable-on-read", etags[1], etags[0], second, "ETag")


@pytest.mark.requirement("protocol.etag.moves-on-write", "protocol.etag.write-answers-new")
@pytest.mark.parametrize("operation", WRITES)
def test_moves(batch: Batch, expect: Expect, operation: str) -> None:
    scaled = operation == "Pool_DisableAutoScale"
    pool = steady_pool(batch, **({"enableAutoScale": True, "autoScaleFormula": formula(batch)} if scaled else {}))
    before = batch.get_pool(pool)
    written = batch.call(operation, poolId=pool, body=_body(batch, operation))
    after = batch.call("Pool_Get", poolId=pool)
    shown = etag(after)
    moved = shown != before.get("eTag")
    expect(
        "protocol.etag.moves-on-write",
        moved,
        expected=f"an ETag other than {before.get('eTag')}",
        actual=shown,
        exchange=after,
        message=operation,
    )
    expect.equal("protocol.etag.write-answers-new", etag(written), shown, written, operation)


def _changed_pool(batch: Batch) -> tuple[Exchange, Exchange, Exchange]:
    """What a HEAD answers before and after an update, and a GET after it."""
    pool = steady_pool(batch)
    before = batch.call("Pool_Exists", poolId=pool)
    batch.make("Pool_Patch", {"metadata": [{"name": "a", "value": "b"}]}, poolId=pool)
    return before, batch.call("Pool_Exists", poolId=pool), batch.call("Pool_Get", poolId=pool)


def _changed_schedule(batch: Batch) -> tuple[Exchange, Exchange, Exchange]:
    schedule = batch.create_job_schedule()
    before = batch.call("JobSchedule_Exists", jobScheduleId=schedule)
    batch.make("JobSchedule_Patch", {"metadata": [{"name": "a", "value": "b"}]}, jobScheduleId=schedule)
    after = batch.call("JobSchedule_Exists", jobScheduleId=schedule)
    return before, after, batch.call("JobSchedule_Get", jobScheduleId=schedule)


@pytest.mark.requirement("protocol.etag.moves-on-write")
@pytest.mark.parametrize("changed", [_changed_pool, _changed_schedule], ids=["pool", "job-schedule"])
def test_a_head_shows_it(batch: Batch, expect: Expect, changed: Callable[[Batch], tuple[Exchange, Exchange, Exchange]]) -> None:
    before, after, shown = changed(batch)
    moved = etag(after) != etag(before)
    expected = f"an ETag other than {etag(before)}"
    expect("protocol.etag.moves-on-write", moved, expected=expected, actual=etag(after), exchange=after, message="of a HEAD")
    expect.equal("protocol.etag.moves-on-write", etag(after), etag(shown), after, "the ETags of a HEAD and of a GET")


@pytest.mark.requirement("protocol.etag.create-answers-first", "protocol.etag.still-on-transition")
def test_create(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("tagged")
    created = batch.call("Pool_Add", body=batch.pool_body(pool))
    first = batch.call("Pool_Get", poolId=pool)
    tag = etag(first)
    expect.equal("protocol.etag.create-answers-first", etag(created), tag, created, "ETag")
    settled = steady(batch, pool)
    expect.equal("protocol.etag.still-on-transition", settled.get("eTag"), tag, first, "eTag of the settled pool")
    modified = json_object(first).get("lastModified")
    expect.equal("protocol.etag.still-on-transition", settled.get("lastModified"), modified, first, "lastModified")
