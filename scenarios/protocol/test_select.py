"""$select: what is named is shown, what is not named is not."""

from __future__ import annotations

import pytest

from conformance.plugin import Batch, Expect
from scenarios.protocol.lists import Shelf
from scenarios.support import elements, json_object, without


@pytest.mark.requirement("protocol.select.list-shows-selected", "protocol.select.list-hides-others")
@pytest.mark.parametrize("names", [["id"], ["id", "state"], ["url", "vmSize", "creationTime"]], ids=",".join)
def test_list(batch: Batch, expect: Expect, shelf: Shelf, names: list[str]) -> None:
    exchange = batch.call("Pool_List", query={"$filter": shelf.filter, "$select": ",".join(names)})
    for element in elements(exchange):
        missing, other = sorted(set(names) - set(element)), sorted(set(without(element)) - set(names))
        expect.equal("protocol.select.list-shows-selected", missing, [], exchange, "selected but not shown")
        expect.equal("protocol.select.list-hides-others", other, [], exchange, "shown but not selected")


@pytest.mark.requirement("protocol.select.get-shows-selected", "protocol.select.get-hides-others")
@pytest.mark.parametrize("names", [["id"], ["id", "state"], ["eTag", "vmSize", "allocationState"]], ids=",".join)
def test_get(batch: Batch, expect: Expect, settled: str, names: list[str]) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={"$select": ",".join(names)})
    shown = set(without(json_object(exchange)))
    expect.equal("protocol.select.get-shows-selected", sorted(set(names) - shown), [], exchange, "selected but not shown")
    expect.equal("protocol.select.get-hides-others", sorted(shown - set(names)), [], exchange, "shown but not selected")


@pytest.mark.requirement("protocol.select.list-hides-others")
def test_list_absent(batch: Batch, expect: Expect, shelf: Shelf) -> None:
    """A selected property that an element does not have is left out, and brings nothing else along."""
    exchange = batch.call("Pool_List", query={"$filter": shelf.filter, "$select": "id,displayName"})
    for element in elements(exchange):
        expected = {name: element[name] for name in ("id", "displayName") if name in element}
        expect.equal("protocol.select.list-hides-others", without(element), expected, exchange)


@pytest.mark.requirement("protocol.select.nested")
def test_nested(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={"$select": "id,taskSchedulingPolicy/nodeFillType"})
    honoured = exchange.response.status == 200 and set(without(json_object(exchange))) <= {"id", "taskSchedulingPolicy"}
    expect(
        "protocol.select.nested",
        honoured or exchange.response.status == 400,
        expected="400, or id and taskSchedulingPolicy only",
        actual=exchange.response.status,
        exchange=exchange,
    )


@pytest.mark.requirement("protocol.select.unknown-refused")
def test_unknown(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={"$select": "id,nonsense"})
    expect.error("protocol.select.unknown-refused", exchange, 400, "InvalidQueryParameterValue")
