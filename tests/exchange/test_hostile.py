"""Recordings that somebody cut, glued, damaged or made to harm: each is told with its place, and what is right is read."""

from __future__ import annotations

import json
import os
import sys
import tarfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from conformance.exchange import BrokenEntry, Exchange, Response, read_recordings
from conformance.exchange.cassette import read_yaml

GOOD = Path(__file__).parent.parent / "fixtures" / "recordings" / "good"
CASSETTE = (GOOD / "pool.yaml").read_text(encoding="utf-8")
LINE = (GOOD / "more" / "pool.jsonl").read_text(encoding="utf-8").splitlines()[0] + "\n"
HAR = json.loads((GOOD / "more" / "pool.har").read_text(encoding="utf-8"))


def _read(*paths: Path | str) -> tuple[list[Exchange], list[BrokenEntry]]:
    found = list(read_recordings(paths, in_time=True))
    return [e for e in found if isinstance(e, Exchange)], [e for e in found if isinstance(e, BrokenEntry)]


def _changed(document: Any, path: str, value: Any) -> Any:
    copied = inner = json.loads(json.dumps(document))
    *steps, last = path.split(".")
    for step in steps:
        inner = inner[int(step) if step.isdigit() else step]
    inner[last] = value
    return copied


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("response.status", float("inf"), "not an exchange"),
        ("response.status", 0, "no HTTP status: 0"),
        ("response.status", 99999, "no HTTP status: 99999"),
        ("request.url", "http://a.batch.azure.com/\ud800", "surrogate"),
        ("request.headers", [["Accept", "\udcff"]], "surrogate"),
        ("response.reason", "\ud800", "surrogate"),
    ],
)
def test_a_line_that_says_what_cannot_be_is_told(path: str, value: Any, told: str, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"{LINE}{json.dumps(_changed(json.loads(LINE), path, value))}\n{LINE}", encoding="utf-8")
    found, (broken,) = _read(file)
    assert len(found) == 2
    assert broken.place == f"{file}:2" and told in broken.problem


def test_a_har_with_such_an_entry_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "a.har"
    file.write_text(json.dumps(_changed(HAR, "log.entries.0.request.url", "http://a.b/\ud800")), encoding="utf-8")
    _, (broken, *_) = _read(file)
    assert "surrogate" in broken.problem
    file.write_text(json.dumps(_changed(HAR, "log.entries.0.startedDateTime", "0001-01-01T00:00:00")), encoding="utf-8")
    assert _read(file)[1] == []
    file.write_text(json.dumps(HAR).replace('"1.2"', "9" * 6000), encoding="utf-8")
    assert "not JSON" in str(_read(file)[1])


def test_a_number_with_more_digits_than_python_converts_is_json() -> None:
    assert Response(200, body=b'{"a": 1, "b": ' + b"9" * 6000 + b"}").json == {"a": 1.0, "b": float("inf")}


def test_what_comes_before_the_first_line_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    for before in ("listening on 8080\n", LINE[200:], "\n\n# a note\n"):
        file.write_text(before + LINE * 2, encoding="utf-8")
        found, broken = _read(file)
        assert len(found) == 2 and len(broken) == 1
    file.write_text("a\n" * 11 + LINE, encoding="utf-8")
    assert "no recording" in str(_read(file)[1])


@pytest.mark.parametrize(
    ("text", "told", "read"),
    [
        (CASSETTE + "\n\tfoo: [\n", "not YAML", 2),
        (CASSETTE + "---\n" + CASSETTE, "but found another document", 4),
        (CASSETTE + CASSETTE, "several cassettes", 4),
    ],
)
def test_a_cassette_that_is_wrong_outside_of_its_interactions_is_told(text: str, told: str, read: int) -> None:
    *found, broken = read_yaml(text, "a.yaml")
    assert len(found) == read and all(isinstance(e, Exchange) for e in found)
    assert told in str(broken)


def test_aliases_of_aliases_do_not_unfold() -> None:
    names = "abcdefghi"
    lines = [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(names)]
    (broken,) = read_yaml("\n".join(["a: &a [x, x]", *lines, "interactions: *i\n"]), "a.yaml")
    assert "aliases" in str(broken)


def _packed(path: Path, mode: str) -> bytes:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name in ("a.yaml", "b.yaml"):
            info = tarfile.TarInfo(name)
            info.size = len(CASSETTE.encode())
            archive.addfile(info, BytesIO(CASSETTE.encode()))
    return path.read_bytes()


def test_a_packed_archive_whose_sum_is_wrong_is_not_judged(tmp_path: Path) -> None:
    """Otherwise the service would be blamed for what a disk did."""
    path = tmp_path / "a.tar.gz"
    packed = _packed(path, "w:gz")
    assert len(_read(path)[0]) == 4
    path.write_bytes(packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:])
    found, (broken,) = _read(path)
    assert found == [] and "CRC" in broken.problem


def test_a_damaged_xz_and_what_is_no_tar_are_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.xz"
    packed = bytearray(_packed(path, "w:xz"))
    packed[len(packed) // 2] ^= 255
    path.write_bytes(bytes(packed))
    assert _read(path)[1]
    other = tmp_path / "a.tgz"
    other.write_text("hello", encoding="utf-8")
    assert str(_read(other)[1][0]) == f"{other}: cannot be read: not a tar archive, or damaged where it begins"


def test_names_of_files_need_not_be_utf_8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.yaml"
    Path(os.fsdecode(path)).write_text(CASSETTE, encoding="utf-8")
    for given in (tmp_path, os.fsdecode(path)):
        found, broken = _read(given)
        assert broken == [] and len(found) == 2
        assert all("caf\ufffd.yaml" in e.source for e in found)


def test_a_pipe_in_a_folder_is_left_out_and_one_that_is_named_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "a.jsonl"
    os.mkfifo(pipe)
    (tmp_path / "b.yaml").write_text(CASSETTE, encoding="utf-8")
    skipped: list[BrokenEntry] = []
    assert len(list(read_recordings([tmp_path], skipped, in_time=True))) == 2
    assert [(s.place, "pipe" in s.problem) for s in skipped] == [(str(pipe), True)]
    writer = Thread(target=lambda: pipe.write_text(LINE * 3, encoding="utf-8"))
    writer.start()
    found, broken = _read(pipe)
    writer.join()
    assert broken == [] and len(found) == 3


def test_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert [str(b) for b in _read("-")[1]] == ["stdin: cannot be read: it is closed"]
