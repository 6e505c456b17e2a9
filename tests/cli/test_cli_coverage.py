"""`requirements --coverage` as a process."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Cli = Callable[..., subprocess.CompletedProcess[str]]
WRITTEN = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_the_table_is_written_where_it_is_wanted(cli: Cli, tmp_path: Path) -> None:
    done = cli("requirements", "--coverage", "new/coverage.md")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("new/coverage.md: ") and done.stdout.endswith(" sentences of 5 documents\n")
    text = (tmp_path / "here" / "new" / "coverage.md").read_text(encoding="utf-8")
    assert text.splitlines()[:5] == WRITTEN.read_text(encoding="utf-8").splitlines()[:5]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) > 800
    assert not [row for row in rows if row.count("nothing yet")]


def test_it_leaves_the_data_alone(cli: Cli) -> None:
    data = Path(__file__).parents[2] / "conformance" / "requirements" / "data" / "sentences"
    before = {path.name: path.stat().st_mtime_ns for path in data.glob("*.yaml")}
    assert cli("requirements", "--coverage", "coverage.md").returncode == 0
    assert {path.name: path.stat().st_mtime_ns for path in data.glob("*.yaml")} == before
