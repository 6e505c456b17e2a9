"""Shared-key authentication. The key itself never reaches a scenario: the driver signs."""

from __future__ import annotations

import base64
from email.utils import formatdate
from time import time

import pytest

from conformance.plugin import Batch, Blocked, Expect, answered, error_code
from scenarios.support import ACCEPTED, look_for

pytestmark = pytest.mark.shared_key

MINUTE = 60
REFUSED = {400, 401, 403}
# the form of a signature, and surely not the right one
SIGNATURE = base64.b64encode(bytes(32)).decode("ascii")


def _date(minutes_ago: float) -> str:
    return formatdate(time() - minutes_ago * MINUTE, usegmt=True)


@pytest.mark.requirement("protocol.auth.shared-key-accepted")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_signed(batch: Batch, expect: Expect, method: str) -> None:
    exchange = batch.call("Pool_List") if method == "GET" else batch.call("Pool_Add", body=batch.pool_body())
    expect.status("protocol.auth.shared-key-accepted", exchange, ACCEPTED)


@pytest.mark.requirement("protocol.auth.missing-refused", "protocol.auth.missing-code")
@pytest.mark.parametrize("path", ["/pools", "/jobs"])
def test_missing(batch: Batch, expect: Expect, path: str) -> None:
    exchange = batch.send("GET", path, headers={"ocp-date": _date(0)}, authenticate=False)
    expect.status("protocol.auth.missing-refused", exchange, REFUSED)
    codes = {"MissingRequiredHeader", "InvalidAuthenticationInfo", "AuthenticationFailed"}
    expect.error("protocol.auth.missing-code", exchange, REFUSED, codes)


@pytest.mark.requirement("protocol.auth.missing-header-named")
def test_missing_header_named(batch: Batch, expect: Expect) -> None:
    exchange = batch.send("GET", "/pools", headers={"ocp-date": _date(0)}, authenticate=False)
    if error_code(exchange) != "MissingRequiredHeader":
        raise Blocked("the target refuses with another code")
    told = {pair.get("key"): pair.get("value") for pair in answered(exchange).get("values") or []}
    expect.equal("protocol.auth.missing-header-named", told.get("HeaderName"), "Authorization", exchange, "values")


@pytest.mark.requirement("protocol.auth.malformed-refused", "protocol.auth.malformed-code")
@pytest.mark.parametrize("value", ["nonsense", "SharedKey", "SharedKey nonsense", "SharedKey account:", "Basic YTpi"])
def test_malformed(batch: Batch, expect: Expect, value: str) -> None:
    headers = {"ocp-date": _date(0), "Authorization": value}
    exchange = batch.send("GET", "/pools", headers=headers, authenticate=False)
    expect.status("protocol.auth.malformed-refused", exchange, REFUSED)
    codes = {"InvalidAuthenticationInfo", "AuthenticationFailed"}
    expect.error("protocol.auth.malformed-code", exchange, REFUSED, codes)


@pytest.mark.requirement("protocol.auth.wrong-signature-refused", "protocol.auth.wrong-signature-code")
def test_wrong_signature(batch: Batch, expect: Expect) -> None:
    headers = {"ocp-date": _date(0), "Authorization": f"SharedKey {batch.account}:{SIGNATURE}"}
    exchange = batch.send("GET", "/pools", headers=headers, authenticate=False)
    expect.status("protocol.auth.wrong-signature-refused", exchange, {401, 403})
    expect.error("protocol.auth.wrong-signature-code", exchange, {401, 403}, "AuthenticationFailed")


@pytest.mark.requirement("protocol.auth.other-account-refused")
def test_other_account(batch: Batch, expect: Expect) -> None:
    signed = batch.send("GET", "/pools", query={"maxresults": 1})
    signature = signed.request.headers.get("Authorization", "").partition(":")[2] or SIGNATURE
    headers = {
        "ocp-date": signed.request.headers.get("ocp-date", _date(0)),
        "Authorization": f"SharedKey someoneelse:{signature}",
    }
    exchange = batch.send("GET", "/pools", query={"maxresults": 1}, headers=headers, authenticate=False)
    expect.status("protocol.auth.other-account-refused", exchange, {401, 403})


@pytest.mark.requirement("protocol.auth.stale-date-refused")
@pytest.mark.parametrize("minutes", [16, 60, 60 * 24 * 400])
def test_stale(batch: Batch, expect: Expect, minutes: int) -> None:
    exchange = batch.send("GET", "/pools", headers={"ocp-date": _date(minutes)})
    expect.status("protocol.auth.stale-date-refused", exchange, {401, 403})


@pytest.mark.requirement("protocol.auth.recent-date-accepted")
def test_recent(batch: Batch, expect: Expect) -> None:
    exchange = batch.send("GET", "/pools", headers={"ocp-date": _date(13)})
    expect.status("protocol.auth.recent-date-accepted", exchange, 200)


@pytest.mark.requirement("protocol.auth.ocp-date-wins")
@pytest.mark.parametrize("ocp_is_fresh", [True, False])
def test_two_dates(batch: Batch, expect: Expect, ocp_is_fresh: bool) -> None:
    fresh, stale = _date(0), _date(90)
    headers = {"ocp-date": fresh, "Date": stale} if ocp_is_fresh else {"ocp-date": stale, "Date": fresh}
    exchange = batch.send("GET", "/pools", headers=headers)
    expect.status("protocol.auth.ocp-date-wins", exchange, 200 if ocp_is_fresh else {401, 403})


@pytest.mark.requirement("protocol.auth.shared-key-accepted")
def test_date_alone(batch: Batch, expect: Expect) -> None:
    """Without ocp-date, Date is the date that is signed."""
    expect.status("protocol.auth.shared-key-accepted", batch.send("GET", "/pools", headers={"Date": _date(0)}), 200)


@pytest.mark.requirement("protocol.auth.no-date-refused")
def test_no_date(batch: Batch, expect: Expect) -> None:
    headers = {"Authorization": f"SharedKey {batch.account}:{SIGNATURE}"}
    exchange = batch.send("GET", "/pools", headers=headers, authenticate=False)
    expect.status("protocol.auth.no-date-refused", exchange, REFUSED)


@pytest.mark.requirement("protocol.auth.query-is-signed")
def test_query_is_signed(batch: Batch, expect: Expect) -> None:
    signed = batch.send("GET", "/pools", query={"maxresults": 1, "$filter": "state eq 'active'"})
    expect.status("protocol.auth.query-is-signed", signed, 200)
    names = ("Authorization", "ocp-date")
    headers = {name: signed.request.headers[name] for name in names if name in signed.request.headers}
    altered = batch.send(
        "GET", "/pools", query={"maxresults": 2, "$filter": "state eq 'active'"}, headers=headers, authenticate=False
    )
    expect.status("protocol.auth.query-is-signed", altered, {401, 403})
    reordered = batch.send("GET", "/pools", query={"$filter": "state eq 'active'", "MaxResults": 1})
    expect.status("protocol.auth.query-is-signed", reordered, 200)


@pytest.mark.requirement("protocol.auth.refusal-changes-nothing")
def test_refusal_changes_nothing(batch: Batch, expect: Expect) -> None:
    pool = batch.new_id("unsigned")
    headers = {"ocp-date": _date(0), "Authorization": f"SharedKey {batch.account}:{SIGNATURE}"}
    batch.send("POST", "/pools", body=batch.pool_body(pool), headers=headers, authenticate=False)
    expect.status("protocol.auth.refusal-changes-nothing", look_for(batch, pool), 404)
