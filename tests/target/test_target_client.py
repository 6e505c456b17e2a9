"""The client records what was sent and what came, keeps to its budget, and says in one line why no answer came."""

from __future__ import annotations

import itertools
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from socket import gaierror

import httpx
import pytest

from conformance.exchange import Exchange
from conformance.target import Budget, BudgetExhausted, Client, Ledger, Pacing, Scrubber, Target, TargetUnreachable, Timeouts
from conformance.target.client import reason
from conformance.target.ledger import leftovers

TARGET = Target(endpoint="https://acct.region.batch.azure.com")


def _client(target: Target = TARGET, answer: httpx.Response | None = None, heard: list[Exchange] | None = None) -> Client:
    transport = httpx.MockTransport(lambda _: answer or httpx.Response(200, json={}))
    return Client(target, None if heard is None else heard.append, transport)


def test_an_exchange_is_recorded_as_it_was() -> None:
    heard: list[Exchange] = []
    answer = httpx.Response(201, headers=[("ETag", "0x1"), ("X-Twice", "a"), ("X-Twice", "b")], content=b"{}")
    with _client(answer=answer, heard=heard) as client:
        client.source = "test"
        returned = client.send("POST", "/pools?api-version=1&$select=a%20b", headers={"If-Match": "*"}, content=b'{"id": 1}')
    assert heard == [returned]
    request, response = returned.request, returned.response
    assert (request.method, request.url) == ("POST", "https://acct.region.batch.azure.com/pools?api-version=1&$select=a%20b")
    assert (request.headers["if-match"], request.body, response.status, response.body) == ("*", b'{"id": 1}', 201, b"{}")
    assert response.headers["x-twice"] == "a, b"
    assert (returned.index, returned.source) == (0, "test")
    assert returned.started is not None and returned.elapsed is not None


def test_a_redirect_is_an_answer() -> None:
    with _client(answer=httpx.Response(302, headers={"Location": "http://elsewhere"})) as client:
        assert client.send("GET", "/pools").response.status == 302


def test_a_body_is_sent_without_a_content_type_of_our_own() -> None:
    with _client() as client:
        assert "content-type" not in client.send("POST", "/pools", content=b"x").request.headers


def test_the_management_plane_has_an_endpoint_of_its_own() -> None:
    target = Target(endpoint="http://data", management_endpoint="http://arm")
    with _client(target) as client:
        assert client.send("GET", "/subscriptions/1").request.url == "http://arm/subscriptions/1"
        assert client.send("GET", "/pools").request.url == "http://data/pools"


def test_the_token_goes_to_the_management_plane_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_MANAGEMENT_TOKEN", "t")
    with _client(Target(endpoint="http://data", management_endpoint="http://arm")) as client:
        assert client.send("GET", "/subscriptions/1").request.headers["authorization"] == "Bearer t"
        assert "authorization" not in client.send("GET", "/pools").request.headers
        assert "authorization" not in client.send("GET", "/subscriptions/1", authenticate=False).request.headers


def test_the_budget_ends_a_run() -> None:
    with _client(Target(endpoint="http://h", budget=Budget(requests=2))) as client:
        client.send("GET", "/a")
        client.send("GET", "/b")
        with pytest.raises(BudgetExhausted, match="the budget of 2 requests is used up"):
            client.send("GET", "/c")
        client.bounded = False
        assert client.send("DELETE", "/pools/left").response.status == 200


def test_pacing_holds_requests_back() -> None:
    with _client(Target(endpoint="http://h", pacing=Pacing(requests_per_second=200))) as client:
        began = time.monotonic()
        for _ in range(5):
            client.send("GET", "/a")
        assert time.monotonic() - began >= 0.02


def _caused(by: Exception) -> httpx.ConnectError:
    error = httpx.ConnectError("all attempts failed")
    error.__cause__ = OSError("wrapped")
    error.__cause__.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (_caused(ConnectionRefusedError(111, "refused")), "connection refused: nothing listens there"),
        (_caused(gaierror(-2, "unknown")), "the host name is unknown (DNS)"),
        (_caused(ssl.SSLError(1, "WRONG_VERSION_NUMBER")), "TLS failed:"),
        (httpx.ConnectTimeout("t"), "no connection within 10 s"),
        (httpx.ReadTimeout("t"), "no answer within 60 s"),
        (httpx.RemoteProtocolError("illegal status line"), "the answer is not HTTP: illegal status line"),
        (httpx.DecodingError("bad gzip"), "the answer is not HTTP: bad gzip"),
        (httpx.ReadError(""), "the connection broke: ReadError"),
    ],
)
def test_why_no_answer_came(error: Exception, told: str) -> None:
    assert reason(error, TARGET).startswith(told)


def test_a_connection_may_not_take_longer_than_an_answer() -> None:
    target = Target(endpoint="http://h", timeouts=Timeouts(answer=0.5))
    assert reason(httpx.ConnectTimeout("t"), target) == "no connection within 0.5 s"


def test_no_answer_names_the_endpoint() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("t")

    client = Client(TARGET, transport=httpx.MockTransport(refuse))
    with client, pytest.raises(TargetUnreachable, match=r"^https://acct\.region\.batch\.azure\.com: no connection within 10 s$"):
        client.send("GET", "/pools")


SECRET = "c2VjcmV0IGtleSBvZiB0aGlzIHJ1bg=="


def _exchange(body: bytes, answer: bytes = b"{}") -> Exchange:
    with _client(answer=httpx.Response(200, content=answer)) as client:
        headers = {"Authorization": "SharedKey a:c2ln", "X-Key": SECRET}
        return client.send("POST", "/pools?sv=1&sig=abc%2Fdef", headers=headers, content=body)


def test_secrets_are_gone_and_the_structure_stays() -> None:
    clean = Scrubber([SECRET]).exchange(_exchange(b'{"id": "p", "password": "hunter2", "note": "' + SECRET.encode() + b'"}'))
    assert clean.request.json == {"id": "p", "password": "SCRUBBED", "note": "SCRUBBED"}
    assert (clean.request.headers["authorization"], clean.request.headers["x-key"]) == ("SCRUBBED", "SCRUBBED")
    assert clean.request.url.endswith("?sv=1&sig=SCRUBBED")
    assert clean.request.body_known


def test_a_body_that_cannot_be_looked_through_is_left_out() -> None:
    clean = Scrubber([]).exchange(_exchange(b"\xff\xfepassword", b"\x80binary"))
    assert (clean.request.body, clean.request.body_known) == (b"", False)
    assert (clean.response.body, clean.response.body_known) == (b"", False)


def test_text_is_scrubbed_too() -> None:
    assert Scrubber([SECRET]).text(f"the key {SECRET} and ?sig=abc") == "the key SCRUBBED and ?sig=SCRUBBED"
    assert Scrubber([SECRET]).text(f"in hex {SECRET.encode().hex()}") == "in hex SCRUBBED"


def test_a_ledger_knows_after_a_crash_what_was_begun(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "ledger-main.jsonl"
    ledger = Ledger(path, "http://h")
    for name in ("a", "b", "c"):
        ledger.intent(f"/pools/{name}")
    ledger.gone("/pools/b", "deleted: 202")
    ledger.gone("/pools/unheard-of", "deleted: 202")
    # nothing is closed: what a crash leaves is what stands on disk now, with a line that was cut short
    with path.open("a") as stream:
        stream.write('{"event": "intent", "endpoint": "http://h", "del')
    assert [(e.endpoint, e.delete) for e in leftovers(path)] == [("http://h", "/pools/a"), ("http://h", "/pools/c")]
    with Ledger(path, "http://h") as later:
        assert "/pools/a" in later and "/pools/b" not in later
        later.gone("/pools/a", "deleted: 202")
    assert [e.delete for e in leftovers(path)] == ["/pools/c"]
    ledger.close()


def test_an_answer_that_trickles_is_left() -> None:
    def body() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b" "

    target = Target(endpoint="http://h", timeouts=Timeouts(answer=0.1))
    with _client(target, httpx.Response(200, content=body())) as client, pytest.raises(TargetUnreachable, match=r"within 0\.1 s"):
        client.send("GET", "/pools")


def test_an_answer_without_end_is_left() -> None:
    endless = itertools.repeat(bytes(2**20))
    with (
        _client(answer=httpx.Response(200, content=endless)) as client,
        pytest.raises(TargetUnreachable, match="longer than 64 MiB"),
    ):
        client.send("GET", "/pools")
