"""`audit`: what is printed, what is written, and the exit codes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from conformance.cli import call
from conformance.report import Report, read

GOOD = Path(__file__).parent.parent / "fixtures" / "recordings" / "good"
BROKEN = GOOD.parent / "broken"

Output = pytest.CaptureFixture[str]


def _audit(folder: Path, *words: str | Path) -> int:
    return call(["audit", *map(str, words), "--report", str(folder)])


def test_text_and_the_report_say_the_same(tmp_path: Path, capsys: Output) -> None:
    assert _audit(tmp_path / "out", GOOD) == 0
    printed = capsys.readouterr()
    assert printed.out == (tmp_path / "out" / "summary.txt").read_text()
    assert printed.err == ""
    assert "Read 4 recordings" in printed.out
    assert read(tmp_path / "out" / "report.json").exchanges == 5


def test_json_is_the_report(tmp_path: Path, capsys: Output) -> None:
    _audit(tmp_path, GOOD, "--format", "json", "--skipped")
    printed = capsys.readouterr()
    assert Report.model_validate(json.loads(printed.out)) == read(tmp_path / "report.json")
    assert "README.md: not a kind of file that holds recordings" in printed.err


def test_broken_entries_are_told_beside_json(tmp_path: Path, capsys: Output) -> None:
    _audit(tmp_path, BROKEN / "lines.jsonl", "--format", "json")
    printed = capsys.readouterr()
    assert "lines.jsonl:2: not JSON" in printed.err
    assert json.loads(printed.out)["exchanges"] == 2


def test_a_must_that_fails_ends_in_1(tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "bad.json"
    document = json.loads((GOOD / "pool.json").read_text())
    for interaction in document["interactions"]:
        interaction["response"]["body"]["string"] = "<html>"
    path.write_text(json.dumps(document))
    assert _audit(tmp_path / "out", path) == 1
    assert capsys.readouterr().out.startswith("FAILED: ")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (Path("none.yaml"), "no such file or folder: none.yaml"),
        (GOOD / "README.md", "README.md: no recording"),
        (BROKEN / "old.yaml", "old.yaml: not a vcrpy cassette"),
        (BROKEN / "truncated.har", "truncated.har: not JSON"),
    ],
)
def test_nothing_to_read_is_one_line_and_2(tmp_path: Path, capsys: Output, path: Path, told: str) -> None:
    assert _audit(tmp_path / "out", path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err and len(printed.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_written_is_one_line_and_2(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "file").write_text("")
    assert _audit(tmp_path / "file", GOOD) == 2
    error = capsys.readouterr().err
    assert "the report cannot be written" in error and len(error.splitlines()) == 1


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO((GOOD / "pool.yaml").read_text()))
    assert _audit(tmp_path, "-") == 0
    assert read(tmp_path / "report.json").exchanges == 2


@pytest.mark.parametrize(
    "place",
    ["url", "elsewhere", "broken"],
)
def test_a_password_in_a_url_is_told_nowhere(tmp_path: Path, capsys: Output, place: str) -> None:
    path = {"url": "/pools?api-version=2024-02-01.19.0", "elsewhere": "/other", "broken": "/pools"}[place]
    port = ":99999x[" if place == "broken" else ""
    document = json.loads((GOOD / "pool.json").read_text())
    stranger = json.loads((GOOD / "pool.json").read_text())["interactions"][0]
    stranger["request"]["uri"] = f"https://user:SECRET99@host.example{port}{path}"
    stranger["response"]["body"]["string"] = "<html>"
    document["interactions"].append(stranger)
    (tmp_path / "one.json").write_text(json.dumps(document))
    _audit(tmp_path / "out", tmp_path / "one.json", "--format", "json")
    printed = capsys.readouterr()
    written = "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    assert "host.example" in written
    assert "SECRET99" not in written + printed.out + printed.err


def test_a_key_of_a_wrong_type_is_told_nowhere(tmp_path: Path, capsys: Output) -> None:
    """Also where the finding shows the value alone, without its name."""
    url = (
        "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a/listKeys"
        "?api-version=2024-02-01"
    )
    exchange = {
        "request": {"method": "POST", "url": url},
        "response": {"status": 200, "headers": [], "body": json.dumps({"accountName": "a", "secondary": ["SECONDKEY999"]})},
    }
    (tmp_path / "keys.jsonl").write_text(json.dumps(exchange) + "\n")
    assert _audit(tmp_path / "out", tmp_path / "keys.jsonl") == 1
    written = "".join(file.read_text() for file in (tmp_path / "out").iterdir())
    assert "/secondary" in written
    assert "SECONDKEY999" not in written + capsys.readouterr().out


def test_a_cassette_that_is_cut_off_is_not_green(tmp_path: Path, capsys: Output) -> None:
    text = (GOOD / "pool.yaml").read_text()
    (tmp_path / "cut.yaml").write_text(text[: text.rindex("response:") + 20])
    assert _audit(tmp_path / "out", tmp_path / "cut.yaml") == 2
    printed = capsys.readouterr()
    assert "BUT 1 broken place of the recordings could" in printed.out
    assert "some recordings could not be read" in printed.err


def test_a_must_that_fails_says_more_than_a_broken_entry(tmp_path: Path, capsys: Output) -> None:
    document = json.loads((GOOD / "pool.json").read_text())
    for interaction in document["interactions"]:
        interaction["response"]["body"]["string"] = "<html>"
    document["interactions"].append(5)
    (tmp_path / "bad.json").write_text(json.dumps(document))
    assert _audit(tmp_path / "out", tmp_path / "bad.json") == 1
    assert "BUT 1 broken place" in capsys.readouterr().out


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_somebody_who_watches_sees_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    assert _audit(tmp_path, GOOD) == 0
    assert "exchanges judged" in screen.getvalue()


def test_no_progress_beside_json_that_a_program_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    screen = _Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    assert _audit(tmp_path, GOOD, "--format", "json") == 0
    assert screen.getvalue() == ""
    assert json.loads(capsys.readouterr().out)["exchanges"] == 5


def test_each_requirement_that_was_exercised_is_listed_when_asked_for(tmp_path: Path, capsys: Output) -> None:
    _audit(tmp_path, GOOD, "--exercised")
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("exercised: ") for line in lines)
    assert any(line.endswith(" for, 0 against") for line in lines)


def test_an_archive_is_judged(tmp_path: Path, capsys: Output) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(GOOD / "pool.yaml", "tests/recordings/pool.yaml")
    assert _audit(tmp_path / "out", tmp_path / "a.zip") == 0
    assert "Read 1 recording, 1 trace." in capsys.readouterr().out
