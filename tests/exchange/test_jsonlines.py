"""JSON lines: what is written is read back, and a broken line does not hide the others."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.exchange import BrokenRecording, Exchange, Headers, Request, Response, read_exchanges, write_exchange
from conformance.exchange.errors import BrokenEntry
from conformance.exchange.jsonlines import read_entries

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_HEADERS = st.lists(st.tuples(_TEXT, _TEXT), max_size=4).map(lambda fields: Headers(tuple(fields)))
_EXCHANGES = st.builds(
    Exchange,
    request=st.builds(
        Request,
        method=st.sampled_from(["GET", "POST", "PATCH"]),
        url=_TEXT,
        headers=_HEADERS,
        body=st.binary(max_size=40) | _TEXT.map(str.encode),
        body_known=st.booleans(),
        headers_known=st.booleans(),
    ),
    response=st.builds(
        Response,
        status=st.integers(100, 599),
        headers=_HEADERS,
        body=st.binary(max_size=40) | _TEXT.map(str.encode),
        reason=_TEXT,
        body_known=st.booleans(),
    ),
    index=st.integers(0, 10_000),
    source=_TEXT.filter(bool),
    started=st.none() | st.datetimes(timezones=st.just(UTC)),
    elapsed=st.none() | st.floats(0, 1000),
)


def _plain(exchange: Exchange) -> tuple[object, ...]:
    """Headers compare by identity, so their fields are compared."""
    q, r = exchange.request, exchange.response
    return (
        (q.method, q.url, q.headers.fields, q.body, q.body_known, q.headers_known),
        (r.status, r.headers.fields, r.body, r.reason, r.body_known),
        (exchange.index, exchange.source, exchange.started, exchange.elapsed),
    )


# a busy machine is slow, and that is no failure
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_EXCHANGES, max_size=3))
def test_what_is_written_is_read_back(exchanges: list[Exchange]) -> None:
    stream = io.StringIO()
    for exchange in exchanges:
        write_exchange(stream, exchange)
    stream.seek(0)
    found = list(read_exchanges(stream))
    assert [_plain(e) for e in found] == [_plain(e) for e in exchanges]


def _line(url: str = "https://a.batch.azure.com/pools") -> str:
    stream = io.StringIO()
    write_exchange(stream, Exchange(Request("GET", url), Response(200), started=datetime(2024, 1, 1, tzinfo=UTC)))
    return stream.getvalue()


def test_one_exchange_is_one_ascii_line() -> None:
    line = _line("https://a.batch.azure.com/pools/ä\u2028b")
    assert line.isascii()
    assert line.count("\n") == 1 and line.endswith("\n")


def test_a_file_is_read_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(_line() + "\n\n" + _line())
    assert len(list(read_exchanges(path))) == 2


def test_a_line_without_index_and_source_gets_its_place() -> None:
    line = '{"request": {"method": "get", "url": "https://a/pools"}, "response": {"status": 200}}\n'
    (found,) = read_exchanges(io.StringIO("\n" + line), name="in.jsonl")
    assert (found.request.method, found.index, found.source) == ("GET", 0, "in.jsonl:2")
    assert found.request.body_known and found.response.body_known and found.request.headers_known


BROKEN = {
    "truncated": ('{"request": {"meth', "not JSON"),
    "no response": ('{"request": {"method": "GET", "url": "x"}}', "not an exchange: it lacks 'response'"),
    "a list": ("[]", "not an exchange: a value in it is not of the type that belongs there"),
    "base64": (
        '{"request": {"method": "GET", "url": "x", "body_base64": "%%%"}, "response": {"status": 1}}',
        "not an exchange: Only base64 data",
    ),
    "body is no text": (
        '{"request": {"method": "GET", "url": "x", "body": {}}, "response": {"status": 1}}',
        "a body is text, not dict",
    ),
    "status": ('{"request": {"method": "GET", "url": "x"}, "response": {"status": "many"}}', "not an exchange: invalid literal"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_told_with_its_place_and_the_rest_is_read(name: str) -> None:
    text, problem = BROKEN[name]
    first, second, third = read_entries(io.StringIO(f"{_line()}{text}\n{_line()}"), name="in.jsonl")
    assert isinstance(second, BrokenEntry)
    assert second.place == "in.jsonl:2"
    assert problem in second.problem
    assert isinstance(first, Exchange) and isinstance(third, Exchange)
    with pytest.raises(BrokenRecording, match=r"^in\.jsonl:2: not "):
        list(read_exchanges(io.StringIO(f"{_line()}{text}\n"), name="in.jsonl"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (entry,) = read_entries(tmp_path / "none.jsonl")
    assert isinstance(entry, BrokenEntry) and "cannot be read" in entry.problem
