"""Cassettes: what vcrpy writes, in each of its serialised forms, is read as it was on the wire."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from vcr.request import Request as VcrRequest  # type: ignore[import-untyped]
from vcr.serialize import serialize  # type: ignore[import-untyped]
from vcr.serializers import jsonserializer, yamlserializer  # type: ignore[import-untyped]

from conformance.exchange import BrokenEntry, BrokenRecording, Exchange, read_cassette, read_recordings
from conformance.exchange.cassette import read_yaml
from conformance.exchange.cassetteyaml import load

BINARY = b"\xff\xfe\x00zip"


def _recorded(body: Any = None, answer: Any = b"{}", headers: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """What vcrpy holds before it writes."""
    return {
        "requests": [VcrRequest("POST", "https://a.batch.azure.com/pools?x=1", body, {"Content-Type": "application/json"})],
        "responses": [
            {
                "status": {"code": 201, "message": "Created"},
                "headers": headers or {"ETag": ["0x1"], "Set-Cookie": ["a=1", "b=2"]},
                "body": {"string": answer},
            }
        ],
    }


def _read(text: str) -> Exchange:
    (entry,) = read_yaml(text, "c.yaml")
    assert isinstance(entry, Exchange), entry
    return entry


@pytest.mark.parametrize("body", [None, b"", b'{"id": "p"}', "{'\u00e4'}".encode(), BINARY], ids=repr)
def test_what_vcrpy_writes_as_yaml_is_read(body: bytes | None) -> None:
    found = _read(serialize(_recorded(body, body), yamlserializer))
    assert found.request.body == (body or b"")
    assert found.response.body == (body or b"")
    assert (found.request.method, found.request.url) == ("POST", "https://a.batch.azure.com/pools?x=1")
    assert found.request.headers.fields == (("Content-Type", "application/json"),)
    assert found.response.headers.fields == (("ETag", "0x1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert (found.response.status, found.response.reason, found.source) == (201, "Created", "c.yaml#0")


@pytest.mark.parametrize(
    "body", [BytesIO(b"of a file"), iter([b"of ", b"a file"]), [b"of ", "a file"]], ids=["file", "iter", "list"]
)
def test_a_body_from_a_stream_is_read(body: Any) -> None:
    assert _read(serialize(_recorded(body), yamlserializer)).request.body == b"of a file"


def test_a_pickled_file_of_an_older_vcrpy_is_read() -> None:
    text = yaml.safe_dump({"interactions": [_interaction(body="FILE")]}).replace(
        "body: FILE", "body: !!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary b2YgYSBmaWxl, 0, null]"
    )
    assert _read(text).request.body == b"of a file"


def test_python_tags_that_run_code_are_refused() -> None:
    text = 'interactions:\n- request: !!python/object/apply:os.system ["true"]\n'
    (entry,) = read_yaml(text, "c.yaml")
    assert isinstance(entry, BrokenEntry) and "not YAML: could not determine a constructor" in entry.problem


def test_what_vcrpy_writes_as_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(serialize(_recorded(b'{"id": "p"}', b"\xc3\xa4"), jsonserializer))
    (found,) = read_recordings([path])
    assert isinstance(found, Exchange)
    assert (found.request.body, found.response.body) == (b'{"id": "p"}', "ä".encode())


def _deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("deflate", _deflate), ("gzip", bytes)],
    ids=["gzip", "letter case", "deflate", "raw deflate", "unpacked by the recorder"],
)
def test_a_compressed_body_is_unpacked(coding: str, pack: Callable[[bytes], bytes]) -> None:
    found = _read(serialize(_recorded(answer=pack(b'{"a": 1}'), headers={"Content-Encoding": [coding]}), yamlserializer))
    assert found.response.json == {"a": 1}
    assert found.response.headers["content-encoding"] == coding


def _interaction(**request: Any) -> dict[str, Any]:
    return {
        "request": {"method": "get", "uri": "https://a.batch.azure.com/pools", "body": None, "headers": {}, **request},
        "response": {"status": {"code": 200, "message": None}, "headers": {}, "body": {"string": ""}},
    }


def _dump(*interactions: Any) -> str:
    return yaml.safe_dump({"interactions": list(interactions), "version": 1})


@pytest.mark.parametrize(
    "body", ["text", {"string": "text"}, {"base64_string": "dGV4\ndA=="}, {"encoding": "utf-8", "string": b"text"}], ids=repr
)
def test_other_forms_of_a_request_body(body: Any) -> None:
    assert _read(_dump(_interaction(body=body))).request.body == b"text"


def test_headers_may_be_strings_or_lists() -> None:
    found = _read(_dump(_interaction(headers={"A": "1", "B": ["2", "3"], "C": [b"\xe4"], "D": 4})))
    assert found.request.headers.fields == (("A", "1"), ("B", "2"), ("B", "3"), ("C", "ä"), ("D", "4"))


def test_a_response_as_older_vcrpy_wrote_it_for_httpx() -> None:
    raw = {**_interaction(), "response": {"status_code": 204, "http_version": "HTTP/1.1", "headers": {"a": "1"}, "content": "x"}}
    found = _read(_dump(raw))
    assert (found.response.status, found.response.body, found.response.headers["A"]) == (204, b"x", "1")


def test_a_request_without_headers_was_recorded_by_a_tool_that_keeps_none() -> None:
    assert not _read(_dump(_interaction())).request.headers_known
    assert _read(_dump(_interaction(headers={"A": "1"}))).request.headers_known


@pytest.mark.parametrize("which", ["request", "response"])
def test_a_note_says_which_body_the_recorder_dropped(which: str) -> None:
    found = _read(_dump(_interaction(headers={"X-Recording-Note": [f"{which} body not recorded"], "A": ["1"]})))
    assert found.request.headers.fields == (("A", "1"),)
    assert (found.request.body_known, found.response.body_known) == (which != "request", which != "response")


def test_an_empty_cassette_has_no_exchange() -> None:
    assert list(read_yaml("interactions: []\nversion: 1\n", "c.yaml")) == []
    assert list(read_yaml("interactions:\nversion: 1\n", "c.yaml")) == []


@pytest.mark.parametrize("text", ["a: 1", "[]", "interactions: 3", "", "text"])
def test_a_file_that_is_no_cassette_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(BrokenRecording, match="not a vcrpy cassette"):
        list(read_cassette(path))


def test_read_cassette_stops_at_the_first_broken_entry(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(_dump(_interaction(), {"request": {}}))
    entries = read_cassette(path)
    assert next(entries).response.status == 200
    with pytest.raises(BrokenRecording, match=r"c\.yaml#1: not an interaction: it lacks 'response'"):
        next(entries)
    with pytest.raises(BrokenRecording, match="cannot be read"):
        list(read_cassette(tmp_path / "none.yaml"))


def test_the_faster_loader_reads_what_yaml_reads() -> None:
    """Anchors, merge keys, numbers, dates, flow style: nothing that YAML allows is read otherwise."""
    texts = [
        "a: &x {b: 1, c: [1.5, true, null, ~, 'null', 2024-01-01, 0x1F, on]}\nd: *x\ne: {<<: *x, b: 2}\n",
        "? 1\n: !!binary aGVsbG8=\n? null\n: !!set {a, b}\n",
        '- |\n  two\n  lines\n- >-\n  folded\n  text\n- "\\u00e4"\n',
        "",
        "text",
    ]
    for text in texts:
        assert load(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    "text", ["interactions: {[a]: b}", "interactions: 2024-05-40", "interactions: &a [*a]", "interactions: *b"]
)
def test_yaml_that_cannot_be_built_is_told(text: str) -> None:
    (entry,) = read_yaml(text, "c.yaml")
    assert isinstance(entry, BrokenEntry)
    assert "not YAML" in entry.problem or "not a vcrpy cassette" in entry.problem


def test_interactions_beside_broken_yaml_are_read() -> None:
    first, broken, last = _dump(_interaction(), _interaction(), _interaction()).split("- request:")[1:]
    text = "interactions:\n- request:" + "- request:".join([first, broken.replace("uri: ", "uri: ["), last])
    entries = list(read_yaml(text, "c.yaml"))
    assert [isinstance(e, Exchange) for e in entries] == [True, False, True]
    assert isinstance(entries[1], BrokenEntry) and isinstance(entries[2], Exchange)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "uri: [" in line)
    assert line <= int(entries[1].place.removeprefix("c.yaml:")) <= line + 1
    assert entries[2].index == 2
