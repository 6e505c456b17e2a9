"""The refusal of bad requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from conformance.plugin import Batch, Blocked, Exchange, Expect, answered, from_between
from scenarios.support import Json, look_for, steady_pool


@pytest.mark.requirement("protocol.errors.unknown-path")
@pytest.mark.parametrize("path", ["/nonsense", "/pools/{pool}/nonsense"])
def test_unknown_path(batch: Batch, expect: Expect, settled: str, path: str) -> None:
    exchange = batch.send("GET", path.format(pool=settled))
    codes = {"InvalidUri", "RequestUrlFailedToParse", "ResourceNotFound"}
    expect.error("protocol.errors.unknown-path", exchange, {400, 404}, codes)


@pytest.mark.requirement("protocol.errors.unsupported-verb")
@pytest.mark.parametrize(("method", "path"), [("PUT", "/pools"), ("DELETE", "/pools"), ("PUT", "/pools/{pool}")])
def test_unsupported_verb(batch: Batch, expect: Expect, settled: str, method: str, path: str) -> None:
    exchange = batch.send(method, path.format(pool=settled))
    expect.error("protocol.errors.unsupported-verb", exchange, {400, 405}, {"UnsupportedHttpVerb", "InvalidHttpVerb"})


@pytest.mark.requirement("protocol.errors.unknown-verb")
def test_unknown_verb(batch: Batch, expect: Expect) -> None:
    exchange = batch.send("FROBNICATE", "/pools")
    if from_between(exchange):
        raise Blocked("a server in front of the target does not know the method, as HTTP allows")
    expect.error("protocol.errors.unknown-verb", exchange, {400, 405}, {"UnsupportedHttpVerb", "InvalidHttpVerb"})


@pytest.mark.requirement("protocol.errors.malformed-json", "protocol.errors.malformed-json-code")
@pytest.mark.parametrize("content", ["{", "not json", '{"id": }', '{"id": "a"', '"'])
def test_malformed_json(batch: Batch, expect: Expect, content: str) -> None:
    exchange = batch.send("POST", "/pools", content=content)
    expect.status("protocol.errors.malformed-json", exchange, 400)
    expect.error("protocol.errors.malformed-json-code", exchange, 400, "InvalidRequestBody")


@pytest.mark.requirement("protocol.errors.body-not-object", "protocol.errors.malformed-json-code")
@pytest.mark.parametrize("content", ["[]", "1", '"pool"', "true"])
def test_body_not_object(batch: Batch, expect: Expect, content: str) -> None:
    exchange = batch.send("POST", "/pools", content=content)
    expect.status("protocol.errors.body-not-object", exchange, 400)
    expect.error("protocol.errors.malformed-json-code", exchange, 400, "InvalidRequestBody")


@pytest.mark.requirement("protocol.errors.absent-body")
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/pools"), ("PATCH", "/pools/{pool}"), ("POST", "/pools/{pool}/updateproperties")]
)
def test_absent_body(batch: Batch, expect: Expect, settled: str, method: str, path: str) -> None:
    exchange = batch.send(method, path.format(pool=settled))
    expect.status("protocol.errors.absent-body", exchange, {400, 411})


@dataclass(frozen=True)
class Bad:
    """A body that a pool must not be created with."""

    requirement: str
    properties: Json
    codes: frozenset[str] = frozenset()


def _codes(*codes: str) -> frozenset[str]:
    return frozenset({"InvalidRequestBody", *codes})


BAD = {
    "unknown": Bad("unknown-property", {"nonsense": 1}, _codes("UnsupportedProperty")),
    "unknown-null-like": Bad("unknown-property", {"Nonsense": ""}, _codes("UnsupportedProperty")),
    "unknown-nested": Bad("unknown-nested-property", {"startTask": {"commandLine": "hostname", "nonsense": 1}}),
    "unknown-in-list": Bad("unknown-nested-property", {"metadata": [{"name": "a", "value": "b", "nonsense": "c"}]}),
    "missing-id": Bad("missing-property", {"id": None}, _codes("MissingRequiredProperty", "InvalidPropertyValue")),
    "missing-size": Bad("missing-property", {"vmSize": None}, _codes("MissingRequiredProperty", "InvalidPropertyValue")),
    "missing-in-object": Bad("missing-nested-property", {"taskSchedulingPolicy": {}}),
    "missing-in-list": Bad("missing-nested-property", {"applicationPackageReferences": [{"version": "1"}]}),
    "number-for-string": Bad("wrong-type", {"vmSize": 5}, _codes("InvalidPropertyValue")),
    "string-for-boolean": Bad("wrong-type", {"enableAutoScale": "perhaps"}, _codes("InvalidPropertyValue")),
    "object-for-list": Bad("wrong-type", {"metadata": {"name": "a"}}, _codes("InvalidPropertyValue")),
    "list-for-object": Bad("wrong-type", {"startTask": []}, _codes("InvalidPropertyValue")),
    "string-for-object": Bad("wrong-type", {"virtualMachineConfiguration": "ubuntu"}, _codes("InvalidPropertyValue")),
    "string-for-item": Bad("wrong-type", {"metadata": ["a"]}, _codes("InvalidPropertyValue")),
    "enum": Bad("invalid-enum", {"taskSchedulingPolicy": {"nodeFillType": "sideways"}}),
    "duration-words": Bad("invalid-duration", {"resizeTimeout": "ten minutes"}),
    "duration-number": Bad("invalid-duration", {"resizeTimeout": "600x"}),
    "state": Bad("read-only-property", {"state": "active"}),
    "url": Bad("read-only-property", {"url": "https://example.org/pools/x"}),
}
WITH_CODE = {"unknown-property", "missing-property", "wrong-type"}


def _bad(name: str) -> Any:
    requirement = f"protocol.errors.{BAD[name].requirement}"
    ids = [requirement, *([f"{requirement}-code"] if BAD[name].requirement in WITH_CODE else [])]
    return pytest.param(BAD[name], id=name, marks=pytest.mark.requirement(*ids))


@pytest.mark.parametrize("bad", [_bad(name) for name in BAD])
def test_bad_body(batch: Batch, expect: Expect, bad: Bad) -> None:
    body = batch.pool_body(**bad.properties)
    if "id" in bad.properties:
        del body["id"]  # the driver names a pool that has no name
    exchange = batch.call("Pool_Add", body=body)
    requirement = f"protocol.errors.{bad.requirement}"
    expect.status(requirement, exchange, 400)
    if bad.requirement in WITH_CODE:
        expect.error(f"{requirement}-code", exchange, 400, bad.codes)


@pytest.mark.requirement("protocol.errors.refused-create-creates-nothing")
@pytest.mark.parametrize("name", ["unknown", "missing-size", "number-for-string", "enum"])
def test_refused_create(batch: Batch, expect: Expect, name: str) -> None:
    pool = batch.new_id("refused")
    batch.call("Pool_Add", body=batch.pool_body(pool, **BAD[name].properties))
    expect.status("protocol.errors.refused-create-creates-nothing", look_for(batch, pool), 404)


@pytest.mark.requirement("protocol.errors.refused-write-changes-nothing")
@pytest.mark.parametrize("operation", ["Pool_Patch", "Pool_UpdateProperties"])
def test_refused_write(batch: Batch, expect: Expect, operation: str) -> None:
    pool = steady_pool(batch, metadata=[{"name": "kept", "value": "yes"}])
    before = batch.get_pool(pool)
    batch.call(operation, poolId=pool, body={"metadata": [{"name": "new", "value": "x"}], "nonsense": 1})
    exchange = batch.call("Pool_Get", poolId=pool)
    shown = _shown(exchange)
    for name in ("metadata", "eTag"):
        expect.equal("protocol.errors.refused-write-changes-nothing", shown.get(name), before.get(name), exchange, name)


def _shown(exchange: Exchange) -> Json:
    return answered(exchange) if exchange.response.status == 200 else {}


@pytest.mark.requirement("protocol.errors.bad-query-value")
@pytest.mark.parametrize(
    "query", [{"maxresults": "many"}, {"maxresults": 0}, {"$filter": "id eq"}], ids=["word", "zero", "filter"]
)
def test_bad_query_value(batch: Batch, expect: Expect, query: Json) -> None:
    exchange = batch.call("Pool_List", query=query)
    codes = {"InvalidQueryParameterValue", "OutOfRangeQueryParameterValue", "OutOfRangeInput"}
    expect.error("protocol.errors.bad-query-value", exchange, 400, codes)


@pytest.mark.requirement("protocol.errors.bad-header-value")
@pytest.mark.parametrize("header", ["If-Modified-Since", "If-Unmodified-Since"])
def test_bad_header_value(batch: Batch, expect: Expect, settled: str, header: str) -> None:
    exchange = batch.call("Pool_Get", poolId=settled, headers={header: "yesterday"})
    expect.error("protocol.errors.bad-header-value", exchange, 400, {"InvalidHeaderValue", "InvalidInput"})


@pytest.mark.requirement("protocol.errors.query-value-details")
@pytest.mark.parametrize(("name", "sent"), [("maxresults", "many"), ("$filter", "nonsense eq 'a'")])
def test_query_value_details(batch: Batch, expect: Expect, name: str, sent: str) -> None:
    exchange = batch.call("Pool_List", query={name: sent})
    told = {str(pair.get("key")): str(pair.get("value")) for pair in _values(exchange)}
    shown = {key: told.get(key) for key in ("QueryParameterName", "QueryParameterValue")}
    wanted = {"QueryParameterName": name, "QueryParameterValue": sent}
    expect.equal("protocol.errors.query-value-details", shown, wanted, exchange, "values")


def _values(exchange: Exchange) -> list[Json]:
    if exchange.response.status != 400:
        raise Blocked("the query parameter was not refused")
    return answered(exchange).get("values") or []
