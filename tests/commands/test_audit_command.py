"""`audit`: what is printed, what is written, and the exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from conformance.commands import audit as command
from conformance.report import Report, read

GOOD = Path(__file__).parent.parent / "fixtures" / "recordings" / "good"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command()(command.audit)
    return app


def test_text_and_the_report_say_the_same(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(GOOD), "--report", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert result.stdout == (tmp_path / "out" / "summary.txt").read_text()
    assert "Read 4 recordings" in result.stdout
    assert read(tmp_path / "out" / "report.json").exchanges == 5


def test_json_is_the_report(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(GOOD), "--report", str(tmp_path), "--format", "json", "--skipped"])
    assert Report.model_validate(json.loads(result.stdout)) == read(tmp_path / "report.json")
    assert "README.md: not a kind of file that holds recordings" in result.stderr


def test_broken_entries_are_told_beside_json(app: typer.Typer, tmp_path: Path) -> None:
    broken = GOOD.parent / "broken" / "lines.jsonl"
    result = CliRunner().invoke(app, [str(broken), "--report", str(tmp_path), "--format", "json"])
    assert "lines.jsonl:2: not JSON" in result.stderr
    assert json.loads(result.stdout)["exchanges"] == 2


@pytest.mark.parametrize("arguments", [["none.yaml"], [str(GOOD / "README.md")], [str(GOOD.parent / "broken" / "old.yaml")]])
def test_nothing_to_read_is_one_line_and_2(app: typer.Typer, tmp_path: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, [*arguments, "--report", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_written_is_one_line_and_2(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, [str(GOOD), "--report", str(tmp_path / "file")])
    assert result.exit_code == 2
    assert "the report cannot be written" in result.stderr and len(result.stderr.splitlines()) == 1


def test_standard_input(app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO((GOOD / "pool.yaml").read_text()))
    assert command.run(["-"], tmp_path) == 0
    assert read(tmp_path / "report.json").exchanges == 2
