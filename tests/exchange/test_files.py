"""Folders, files and standard input: each recording is found and read, whatever is broken beside it."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from conformance.exchange import BrokenEntry, Exchange, read_recordings

FIXTURES = Path(__file__).parent.parent / "fixtures" / "recordings"
GOOD, BROKEN = FIXTURES / "good", FIXTURES / "broken"


def test_a_folder_is_read_by_name_and_the_rest_is_left_out() -> None:
    skipped: list[BrokenEntry] = []
    found = list(read_recordings([GOOD], skipped))
    assert all(isinstance(e, Exchange) for e in found)
    assert [(e.request.method, e.response.status) for e in found if isinstance(e, Exchange)] == [
        ("GET", 404),
        ("POST", 201),
        ("GET", 404),
        ("GET", 404),
        ("GET", 404),
    ]
    assert {Path(s.place).name for s in skipped} == {"README.md", "index.csv", "settings.yaml", "package.json"}


def test_every_kind_gives_the_same_exchange() -> None:
    """The fixtures hold the same GET in each format."""
    files = [GOOD / "pool.json", GOOD / "more" / "pool.har", GOOD / "more" / "pool.jsonl"]
    found = [e for e in read_recordings([GOOD / "pool.yaml", *files]) if isinstance(e, Exchange) and e.request.method == "GET"]
    assert len(found) == 4
    assert [e.source.removeprefix(f"{GOOD}/") for e in found] == [
        "pool.yaml#1",
        "pool.json#0",
        "more/pool.har#0",
        "more/pool.jsonl:1",
    ]
    assert len({(e.request.url, e.response.status, e.response.body, e.response.headers["Request-Id"]) for e in found}) == 1


BROKEN_PLACES = {
    "entry.yaml": (2, ["#1: not an interaction: it lacks 'uri'", "#2: not an interaction: a value in it"]),
    "lines.jsonl": (2, [":2: not JSON"]),
    "middle.yaml": (2, [":48: not YAML"]),
    "noanswer.har": (0, ["#0: the request got no response", "#1: not a HAR entry: it lacks 'response'"]),
    "old.yaml": (0, [": not a vcrpy cassette"]),
    "truncated.har": (0, [": not JSON"]),
}


@pytest.mark.parametrize("name", sorted(BROKEN_PLACES))
def test_a_broken_file_is_told_with_its_place_and_the_rest_is_read(name: str) -> None:
    good, problems = BROKEN_PLACES[name]
    found = list(read_recordings([BROKEN / name]))
    assert sum(isinstance(e, Exchange) for e in found) == good
    told = [str(e) for e in found if isinstance(e, BrokenEntry)]
    assert len(told) == len(problems)
    for line, problem in zip(told, problems, strict=True):
        assert line.startswith(f"{BROKEN / name}{problem}")
        assert "\n" not in line


def test_the_table_above_names_each_broken_fixture() -> None:
    assert sorted(BROKEN_PLACES) == sorted(os.listdir(BROKEN))


@pytest.mark.parametrize("name", ["pool.yaml", "pool.json", "more/pool.har", "more/pool.jsonl"])
def test_standard_input_may_be_of_any_kind(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO((GOOD / name).read_text()))
    found = list(read_recordings(["-"]))
    assert found and all(isinstance(e, Exchange) for e in found)


def test_json_lines_are_read_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    line = (GOOD / "more" / "pool.jsonl").read_text()

    class Endless(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            raise AssertionError("waits for the end")

    monkeypatch.setattr("sys.stdin", Endless(line * 3))
    entries = read_recordings(["-"])
    assert isinstance(next(entries), Exchange)
    assert len(list(entries)) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"hello", "no recording"),
        (b'{"a": 1}', "no recording"),
        (b"{", "not JSON"),
        (b'{"request": {"method": "GET", "url": "http://[a"}, "response": {"status": 200}}', "not a URL: http://[a"),
        (b'{"request": {"method": "GET", "url": ""}, "response": {"status": 200}}', "not a URL: ''"),
    ],
)
def test_a_file_that_is_named_must_be_a_recording(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(content)
    (entry,) = read_recordings([path])
    assert isinstance(entry, BrokenEntry)
    assert entry.place.startswith(str(path)) and problem in entry.problem


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    (entry,) = read_recordings([tmp_path / "none"])
    assert isinstance(entry, BrokenEntry) and "No such file" in entry.problem


def test_a_folder_that_is_closed_to_us_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.yaml").write_text((GOOD / "pool.yaml").read_text())
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    *read, told = read_recordings([tmp_path])
    assert len(read) == 2
    assert str(told) == f"{tmp_path / 'closed'}: cannot be read: Permission denied"


def test_hidden_files_are_no_recordings(tmp_path: Path) -> None:
    for name in [".git/a.yaml", ".b.yaml"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("interactions: 3")
    assert list(read_recordings([tmp_path])) == []


@pytest.mark.skipif(not os.environ.get("BATCH_SHARED"), reason="BATCH_SHARED does not name the folder with real-traffic/")
def test_all_of_the_real_traffic_is_read() -> None:
    found = list(read_recordings([Path(os.environ["BATCH_SHARED"]) / "real-traffic"]))
    assert [e for e in found if isinstance(e, BrokenEntry)] == []
    assert len(found) == 464


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", '{"interactions": [5]}', "not of the type that belongs there"),
        ("a.json", '{"interactions": [{"request": 5, "response": {}}]}', "not of the type that belongs there"),
        ("a.json", '{"a": ' + "[" * 100_000, "not JSON: nested too deeply"),
        ("a.jsonl", "[" * 100_000, "not JSON: nested too deeply"),
        ("a.jsonl", None, "cannot be read: Is a directory"),
    ],
)
def test_what_is_broken_is_told_in_plain_words(tmp_path: Path, name: str, text: str | None, told: str) -> None:
    from conformance.exchange.jsonlines import read_entries

    if text is None:
        (tmp_path / name).mkdir()
        entries = list(read_entries(tmp_path / name))
    else:
        (tmp_path / name).write_text(text)
        entries = list(read_recordings([tmp_path / name]))
    assert told in str(entries[0])
    assert not {"object", "attribute", "Errno", "recursion"} & set(str(entries[0]).split())
