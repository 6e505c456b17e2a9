"""A report is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from report_making import report

from conformance.report import read, render, suite, write_atomic
from conformance.report.provenance import _commit


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "a" / "b", report())
    assert path == tmp_path / "a" / "b" / "report.json"
    assert read(path) == report()
    assert (path.parent / "summary.txt").read_text() == render(report())
    assert sorted(os.listdir(path.parent)) == ["report.json", "summary.txt"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_failed_write_leaves_the_old_report_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomic(tmp_path, report())

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_atomic(tmp_path, report(notes=("another",)))
    assert sorted(os.listdir(tmp_path)) == ["report.json", "summary.txt"]
    assert read(tmp_path / "report.json").notes == []


def test_the_suite_knows_its_commit_in_a_clone_only(tmp_path: Path) -> None:
    assert suite().name == "azure-batch-conformance"
    assert _commit(tmp_path) is None
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert _commit(tmp_path) is None
    (git / "packed-refs").write_text("# pack-refs\nabc refs/heads/main\n")
    assert _commit(tmp_path) == "abc"
    (git / "refs" / "heads" / "main").write_text("def\n")
    assert _commit(tmp_path) == "def"
    (git / "HEAD").write_text("012\n")
    assert _commit(tmp_path) == "012"
