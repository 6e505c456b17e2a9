"""HAR files, as browsers and proxies export them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.exchange import BrokenEntry, Exchange
from conformance.exchange.har import entries


def _har(request: dict[str, Any] | None = None, response: dict[str, Any] | None = None, **entry: Any) -> Any:
    whole = {
        "startedDateTime": "2024-03-05T10:00:00.123Z",
        "time": 12.5,
        "request": {
            "method": "post",
            "url": "https://a.batch.azure.com/pools",
            "headers": [{"name": ":method", "value": "POST"}, {"name": "A", "value": "1"}],
            "bodySize": 0,
            **(request or {}),
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "B", "value": "2"}],
            "content": {"size": 2, "text": "{}"},
            **(response or {}),
        },
        **entry,
    }
    return {"log": {"version": "1.2", "entries": [whole]}}


def _read(document: Any) -> Exchange:
    (entry,) = entries(document, "a.har")
    assert isinstance(entry, Exchange), entry
    return entry


def test_an_entry() -> None:
    found = _read(_har())
    assert (found.request.method, found.request.url) == ("POST", "https://a.batch.azure.com/pools")
    assert found.request.headers.fields == (("A", "1"),)
    assert (found.response.status, found.response.reason, found.response.body) == (200, "OK", b"{}")
    assert found.response.headers.fields == (("B", "2"),)
    assert found.started == datetime(2024, 3, 5, 10, 0, 0, 123000, UTC)
    assert found.elapsed == 0.0125
    assert found.source == "a.har#0"
    assert found.request.body_known and found.response.body_known


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"text": '{"id": "ä"}'}, '{"id": "ä"}'.encode()),
        ({"text": "//4=", "encoding": "base64"}, b"\xff\xfe"),
        ({"params": [{"name": "a", "value": "1 2"}, {"name": "b"}]}, b"a=1+2&b="),
    ],
    ids=["text", "base64", "form"],
)
def test_a_posted_body(posted: dict[str, Any], body: bytes) -> None:
    assert _read(_har({"postData": posted, "bodySize": len(body)})).request.body == body


def test_a_binary_response() -> None:
    assert _read(_har(response={"content": {"size": 2, "text": "//4=", "encoding": "base64"}})).response.body == b"\xff\xfe"


def test_a_body_that_the_exporter_left_out_is_unknown() -> None:
    found = _read(_har({"bodySize": 20}, {"content": {"size": 20}}))
    assert not found.request.body_known and not found.response.body_known
    found = _read(_har({"bodySize": -1}, {"content": {"size": 0}}))
    assert found.request.body_known and found.response.body_known


def test_times_may_be_absent() -> None:
    found = _read(_har(startedDateTime=None, time=-1))
    assert found.started is None and found.elapsed is None


@pytest.mark.parametrize(
    ("document", "place", "problem"),
    [
        ({}, "a.har", "no list `log.entries`"),
        ({"log": {}}, "a.har", "no list `log.entries`"),
        ({"log": {"entries": ["text"]}}, "a.har#0", "not a HAR entry"),
        ({"log": {"entries": [{"request": {}}]}}, "a.har#0", "it lacks 'response'"),
        (_har(response={"status": 0}), "a.har#0", "the request got no response"),
        (_har(startedDateTime="yesterday"), "a.har#0", "not a HAR entry: Invalid isoformat string"),
    ],
)
def test_what_is_broken_is_told_with_its_place(document: Any, place: str, problem: str) -> None:
    (entry,) = entries(document, "a.har")
    assert isinstance(entry, BrokenEntry)
    assert entry.place == place
    assert problem in entry.problem
