"""Request identity, dates and timeouts."""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime
from uuid import UUID

import pytest

from conformance.plugin import Batch, Exchange, Expect
from scenarios.protocol.conditions import rfc850
from scenarios.support import Json, elements, has, json_object


def _identified(batch: Batch, kind: str, pool: str, headers: dict[str, str]) -> Exchange:
    match kind:
        case "get":
            return batch.call("Pool_Get", poolId=pool, headers=headers)
        case "list":
            return batch.call("Pool_List", query={"maxresults": 1}, headers=headers)
        case "head":
            return batch.call("Pool_Exists", poolId=pool, headers=headers)
        case "create":
            return batch.call("Pool_Add", body=batch.pool_body(), headers=headers)
        case "missing":
            return batch.call("Pool_Get", poolId="bcs-absent", headers=headers)
        case _:
            return batch.send("POST", "/pools", content=b"{", headers=headers)


@pytest.mark.requirement("protocol.headers.client-request-id-echoed-when-asked")
@pytest.mark.parametrize("kind", ["get", "list", "head", "create", "missing", "refused"])
def test_echo(batch: Batch, expect: Expect, settled: str, kind: str) -> None:
    sent = batch.new_guid()
    exchange = _identified(batch, kind, settled, {"client-request-id": sent, "return-client-request-id": "true"})
    shown = exchange.response.headers.get("client-request-id")
    expect.equal("protocol.headers.client-request-id-echoed-when-asked", shown, sent, exchange, "client-request-id")


def _written(batch: Batch, settled: str) -> list[tuple[str, Json | None, Json]]:
    """Each kind of request that `_identified` lacks: what it asks for, in an order that a pool lives through."""
    pool = {"poolId": batch.create_pool()}
    emptied: Json = {"metadata": [], "applicationPackageReferences": []}
    certified = has(batch, "PoolUpdatePropertiesParameter", "certificateReferences")
    asked: list[tuple[str, Json | None, Json]] = [
        ("Pool_Patch", {"metadata": []}, pool),
        ("Pool_UpdateProperties", emptied | ({"certificateReferences": []} if certified else {}), pool),
        ("Pool_StopResize", None, {"poolId": settled}),
        ("ComputeNode_List", None, {"poolId": settled}),
        ("Job_List", None, {}),
        ("Pool_Delete", None, pool),
    ]
    return asked


@pytest.mark.requirement("protocol.headers.client-request-id-echoed-when-asked", "pools.requests.valid-served")
def test_echo_of_others(batch: Batch, expect: Expect, settled: str) -> None:
    edition = {"If-None-Match": str(batch.call("Pool_Get", poolId=settled).response.headers.get("ETag"))}
    # with the media type that clients of the vendor have sent, too (source: recordings)
    typed = {"Content-Type": "application/json; odata=minimalmetadata; charset=utf-8"}
    for operation, body, path in [*_written(batch, settled), ("Pool_Get", None, {"poolId": settled})]:
        sent = batch.new_guid()
        more = edition if operation == "Pool_Get" else typed if operation == "Pool_Patch" else {}
        headers = {"client-request-id": sent, "return-client-request-id": "true", **more}
        exchange = batch.call(operation, body=body, headers=headers, **path)
        shown = exchange.response.headers.get("client-request-id")
        expect.equal("protocol.headers.client-request-id-echoed-when-asked", shown, sent, exchange, f"that of {operation}")
        if operation == "Pool_Patch":
            expect.status("pools.requests.valid-served", exchange, 200)


@pytest.mark.requirement("protocol.headers.client-request-id-not-by-default")
@pytest.mark.parametrize("asked", [None, "false"])
def test_no_echo(batch: Batch, expect: Expect, settled: str, asked: str | None) -> None:
    headers = {"client-request-id": batch.new_guid()} | ({"return-client-request-id": asked} if asked else {})
    exchange = batch.call("Pool_Get", poolId=settled, headers=headers)
    shown = exchange.response.headers.get("client-request-id")
    expect.equal("protocol.headers.client-request-id-not-by-default", shown, None, exchange, "client-request-id")


@pytest.mark.requirement("protocol.headers.request-id-differs")
def test_request_ids_differ(batch: Batch, expect: Expect, settled: str) -> None:
    exchanges = [batch.call("Pool_Get", poolId=settled) for _ in range(3)]
    shown = {_guid(exchange.response.headers.get("request-id")) for exchange in exchanges}
    expect.equal("protocol.headers.request-id-differs", len(shown - {None}), 3, exchanges[-1], "different request ids")


def _guid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@pytest.mark.requirement("protocol.dates.ocp-date-accepted")
@pytest.mark.parametrize("form", ["RFC 1123", "RFC 850"])
def test_ocp_date(batch: Batch, expect: Expect, settled: str, form: str) -> None:
    """In either form that a date in a header may have."""
    stamp = formatdate(usegmt=True)
    date = stamp if form == "RFC 1123" else rfc850(parsedate_to_datetime(stamp))
    exchange = batch.call("Pool_Get", poolId=settled, headers={"ocp-date": date})
    expect.status("protocol.dates.ocp-date-accepted", exchange, 200)


def _timeout(batch: Batch) -> str:
    return "timeOut" if "timeOut" in batch.contract.operations["Pool_Get"].parameters else "timeout"


@pytest.mark.requirement("protocol.timeout.accepted")
@pytest.mark.parametrize("seconds", [5, 30])
def test_timeout(batch: Batch, expect: Expect, settled: str, seconds: int) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={_timeout(batch): seconds})
    expect.status("protocol.timeout.accepted", exchange, 200)


@pytest.mark.requirement("protocol.timeout.large-accepted")
def test_large_timeout(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={_timeout(batch): 60})
    expect.status("protocol.timeout.large-accepted", exchange, 200)


@pytest.mark.requirement("protocol.timeout.not-a-number-refused")
def test_timeout_not_a_number(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, query={_timeout(batch): "soon"})
    codes = {"InvalidQueryParameterValue", "InvalidInput", "OutOfRangeQueryParameterValue"}
    expect.error("protocol.timeout.not-a-number-refused", exchange, 400, codes)


@pytest.mark.requirement("protocol.expand.stats-accepted")
@pytest.mark.parametrize("operation", ["Pool_Get", "Pool_List"])
def test_expand(batch: Batch, expect: Expect, settled: str, operation: str) -> None:
    path: Json = {"poolId": settled} if operation == "Pool_Get" else {}
    expect.status("protocol.expand.stats-accepted", batch.call(operation, query={"$expand": "stats"}, **path), 200)


@pytest.mark.requirement("protocol.expand.unknown-refused")
@pytest.mark.parametrize("operation", ["Pool_Get", "Pool_List"])
def test_expand_unknown(batch: Batch, expect: Expect, settled: str, operation: str) -> None:
    path: Json = {"poolId": settled} if operation == "Pool_Get" else {}
    exchange = batch.call(operation, query={"$expand": "nonsense"}, **path)
    expect.error("protocol.expand.unknown-refused", exchange, 400, "InvalidQueryParameterValue")


@pytest.mark.requirement("protocol.expand.stats-only-when-asked")
def test_not_expanded(batch: Batch, expect: Expect, settled: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled)
    expect.equal("protocol.expand.stats-only-when-asked", "stats" in json_object(exchange), False, exchange, "stats of a pool")
    exchange = batch.call("Pool_List", query={"$filter": f"id eq '{settled}'"})
    shown = ["stats" in element for element in elements(exchange)]
    expect.equal("protocol.expand.stats-only-when-asked", any(shown), False, exchange, "stats in a list of pools")


@pytest.mark.requirement("protocol.errors.unknown-query-parameter")
@pytest.mark.parametrize("operation", ["Pool_Get", "Pool_List"])
def test_unknown_parameter(batch: Batch, expect: Expect, settled: str, operation: str) -> None:
    path: Json = {"poolId": settled} if operation == "Pool_Get" else {}
    exchange = batch.call(operation, query={"nonsense": "1"}, **path)
    expect.error("protocol.errors.unknown-query-parameter", exchange, 400, "UnsupportedQueryParameter")
