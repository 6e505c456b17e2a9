"""What must not be a finding: recorders drop things, other services share recordings, and the live service is not a schema."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rule_samples import (
    COMMON,
    GOOD,
    HOST,
    JSON,
    POOL,
    RESOURCE,
    Change,
    chain,
    error,
    exchange,
    header,
    member,
    metadata,
    raw,
    status,
    url,
    without,
)

from conformance.contract import Plane
from conformance.exchange import Exchange, Headers, Request, Response
from conformance.rules import Context, Finding, Rule, context_for, findings, registry


def against(one: Exchange) -> list[Finding]:
    return [f for f in findings(context_for(one)) if not f.holds]


def slugs(one: Exchange) -> set[str]:
    return {f.rule for f in findings(context_for(one))}


def _headers_unknown(one: Exchange) -> Exchange:
    return replace(one, request=replace(one.request, headers=Headers(), headers_known=False))


def _body_unknown(one: Exchange) -> Exchange:
    return replace(one, response=replace(one.response, body=b"", body_known=False))


ACCEPTED: list[tuple[str, str, Change]] = [
    (
        "what-a-selection-leaves-of-different-elements",
        "pool-list-selected",
        chain(url("$select=id", "$select=state"), member("value", [{"state": "active"}] * 2)),
    ),
    ("enum-in-another-case", "pool-get", member("allocationState", "Steady")),
    (
        "no-blank-and-charset-in-content-type",
        "pool-get",
        header("Content-Type", "application/json; charset=utf-8; odata=minimalmetadata"),
    ),
    ("odata-members-anywhere", "pool-get", member("odata.etag", "x")),
    ("odata-annotation", "pool-get", member("metadata@odata.count", 1)),
    ("whole-number-where-a-fraction-may-stand", "file-list", member("value/1/properties/contentLength", "0")),
    ("no-fraction-of-a-second", "pool-get", member("creationTime", "2020-01-01T06:00:00Z")),
    ("the-longest-duration", "pool-get", member("resizeTimeout", "P10675199DT2H48M5.4775807S")),
    ("id-in-another-case", "pool-get", member("id", "P1")),
    ("url-of-another-host", "pool-get", member("url", "http://localhost:8080/pools/p1")),
    ("request-headers-not-recorded", "pool-get-echo", _headers_unknown),
    ("304-without-recorded-request-headers", "pool-get-not-modified", _headers_unknown),
    ("body-not-recorded", "pool-get", _body_unknown),
    ("error-body-not-recorded", "pool-missing", _body_unknown),
    ("part-of-a-file", "file-get", status(206)),
    ("an-error-without-values", "pool-missing", without("values")),
    ("unauthorized-by-the-front-door", "pool-missing", chain(status(401), member("code", "AuthenticationFailed"))),
    ("quoted-and-weak-arm-etags", "account-get", header("ETag", 'W/"0x8D7CD3C4DCF7680"')),
    (
        "arm-headers-that-a-recorder-took",
        "account-error",
        chain(header("x-ms-request-id", None), header("x-ms-correlation-request-id", None)),
    ),
    ("certificate-key-with-capitals", "pool-patch", header("DataServiceId", f"{HOST}/Pools/p1")),
]
"""Name, base, change."""


@pytest.mark.parametrize(("name", "base", "change"), ACCEPTED, ids=[a[0] for a in ACCEPTED])
def test_accepted(name: str, base: str, change: Change) -> None:
    assert {f.rule for f in against(change(GOOD[base]))} == set()


def test_html_of_the_web_server_is_not_an_answer_of_batch() -> None:
    headers = {"Content-Type": "text/html; charset=us-ascii", "Server": "Microsoft-HTTPAPI/2.0", "Date": COMMON["Date"]}
    bad_url = exchange("DELETE", "/pools/p/nodes/n/files/%09", 400, headers, b"<HTML>Bad Request - Invalid URL</HTML>")
    assert findings(context_for(bad_url)) == []
    assert "http.sys" in (context_for(bad_url).foreign or "")


def test_a_proxy_that_asks_who_the_client_is_is_not_batch() -> None:
    asked = exchange("GET", "/pools/p", 407, {"Proxy-Authenticate": "Negotiate", "Content-Type": "text/html"}, b"<html/>")
    assert findings(context_for(asked)) == []
    assert findings(context_for(exchange("GET", "/pools/p", 407, {"Content-Type": "text/html"}, b"<html/>"))) != []


def test_a_browsers_question_before_its_request_is_not_judged() -> None:
    answered, asks = {"Access-Control-Allow-Methods": "GET"}, {"Access-Control-Request-Method": "GET"}
    asked = exchange("OPTIONS", "/pools", 200, answered, sent=asks)
    assert findings(context_for(asked)) == []


def test_html_of_anyone_else_is_judged() -> None:
    emulator = exchange("DELETE", "/pools/p", 400, {"Content-Type": "text/html", "Server": "nginx"}, b"<html/>")
    assert {"error.json", "headers.request-id"} <= {f.rule for f in against(emulator)}


@pytest.mark.parametrize(
    "address",
    [
        "https://login.microsoftonline.com/common/oauth2/token",
        "https://acme.blob.core.windows.net/pools/p1",
        "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
    ],
)
def test_other_services_are_not_judged(address: str) -> None:
    other = replace(GOOD["pool-get"], request=replace(GOOD["pool-get"].request, url=address))
    assert findings(context_for(other)) == []
    assert (context_for(other).foreign or "").startswith("not Batch traffic")


def test_a_browsers_other_traffic_is_not_judged() -> None:
    page = Exchange(
        Request("GET", "https://example.com/index.html"), Response(200, Headers({"Content-Type": "text/html"}), b"<html/>")
    )
    assert findings(context_for(page)) == []
    assert context_for(page).foreign == "not Batch traffic: example.com"


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:8080/nonsense?api-version=2022-01-01.15.0",
        "https://acme.westeurope.batch.azure.com/nonsense",
        "http://localhost:8080/pools",
    ],
)
def test_what_may_be_batch_is_judged(target: str) -> None:
    odd = Exchange(Request("GET", target), Response(200))
    assert "headers.request-id" in {f.rule for f in against(odd)}


def test_an_api_version_that_the_contract_lacks_is_judged_by_the_nearest_without_its_names() -> None:
    odd = exchange(
        "GET",
        "/pools/p1",
        200,
        COMMON | RESOURCE | JSON,
        metadata("pools/@Element", {**POOL, "colour": "red", "state": "flying"}),
        version="2021-01-01.13.0",
    )
    context = context_for(odd)
    assert not context.case.exact
    assert context.contract.version.name == "2021-06-01.14.0"
    assert against(odd) == []
    assert not {"body.unknown-property", "body.missing-property", "body.enum"} & slugs(odd)
    assert "body.type" in slugs(odd)


def test_names_are_those_of_the_stated_api_version() -> None:
    old = exchange("GET", "/pools/p1", 200, COMMON | RESOURCE | JSON, metadata("pools/@Element", POOL), version="2020-03-01.11.0")
    assert [f.where for f in against(old)] == ["/taskSlotsPerNode", "/maxTasksPerNode"]


def test_without_api_version_the_default_one_judges() -> None:
    plain = url("?api-version=2022-01-01.15.0", "")(GOOD["pool-get"])
    assert context_for(plain, "2022-01-01.15.0").contract.version.name == "2022-01-01.15.0"
    assert context_for(plain).contract.version.name == "2025-06-01"


def test_planes_are_told_apart_by_path() -> None:
    assert context_for(GOOD["account-get"]).contract.version.plane is Plane.MANAGEMENT
    assert context_for(GOOD["pool-get"]).contract.version.plane is Plane.DATA


def test_select_makes_absent_members_fine() -> None:
    bare = exchange(
        "GET",
        "/pools?$select=virtualMachineConfiguration",
        200,
        COMMON | JSON,
        metadata("pools", {"value": [{"virtualMachineConfiguration": {}}]}),
    )
    assert against(bare) == []
    assert "body.missing-property" not in slugs(bare)


def test_arm_operations_outside_the_contract_are_judged_by_what_is_common() -> None:
    outside = url("/batchAccounts/acme?", "/batchAccounts/acme/pools/p?")(GOOD["account-get"])
    assert context_for(outside).operation is None
    assert against(outside) == []
    assert "arm.etag-format" in slugs(outside)
    assert "status.success" not in slugs(outside)


def test_a_broken_rule_is_a_suite_error_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(_: Context) -> None:
        raise KeyError("boom")

    context = context_for(GOOD["pool-get"])
    bad = Rule("test.bad", "breaks", lambda _: True, explode)
    good = registry.RULES["headers.request-id"]
    monkeypatch.setattr(registry, "_applicable", lambda _: (bad, good))
    first, second = findings(context)
    assert (first.rule, first.holds, first.suite_error) == ("test.bad", False, True)
    assert "KeyError" in first.message
    assert (second.rule, second.holds, second.suite_error) == ("headers.request-id", True, False)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"[" * 100_000, b'{"value": [1, null, "x"]}', b'{"code": {}, "message": []}', b"null", b"{}"]
)
@pytest.mark.parametrize("base", sorted(GOOD))
def test_no_body_whatever_breaks_a_rule_itself(base: str, content: bytes) -> None:
    assert [f for f in findings(context_for(raw(content)(GOOD[base]))) if f.suite_error] == []


@pytest.mark.parametrize(
    "value", ["", "é", "0x", "Sat, 99 Foo 2020 99:99:99 GMT", "2020-02-31T00:00:00Z", "https://[bad", "\x00", "=;;=,"]
)
@pytest.mark.parametrize("base", ["pool-get", "pool-add", "pool-patch", "pool-missing", "account-create", "account-get"])
def test_no_header_whatever_breaks_a_rule_itself(base: str, value: str) -> None:
    for name, _ in GOOD[base].response.headers.fields:
        assert [f for f in findings(context_for(header(name, value)(GOOD[base]))) if f.suite_error] == []


def test_a_response_of_an_unknown_path_with_query_oddities_is_judged_without_error() -> None:
    odd = exchange("PATCH", "/pools/p1?maxresults=abc&$select=,,%20&$filter=", 404, COMMON | JSON, error("PoolNotFound"))
    assert against(odd) == []


def test_501_for_a_method_that_no_operation_has_may_come_from_a_server_in_between() -> None:
    page = {"Content-Type": "text/html;charset=utf-8", "Date": COMMON["Date"]}
    unknown = exchange("QUERY", "/pools", 501, page, b"<html>Unsupported method</html>")
    assert findings(context_for(unknown)) == []
    assert "in between" in (context_for(unknown).foreign or "")


@pytest.mark.parametrize(("method", "headers"), [("PATCH", {}), ("QUERY", {"request-id": COMMON["request-id"]})])
def test_501_of_the_service_is_judged(method: str, headers: dict[str, str]) -> None:
    assert against(exchange(method, "/pools/p", 501, {**headers, "Content-Type": "text/html"}, b"<html/>"))
