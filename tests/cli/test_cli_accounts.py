"""`run --profile accounts`: the management plane of the embedded reference service, at old and new api-versions of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("version", ["2015-12-01", "2020-03-01"])
def test_accounts_at_a_version_of_the_management_plane(cli: Cli, tmp_path: Path, version: str) -> None:
    words = ["--profile", "accounts", "--requirement", "accounts.*", "--management-version", version]
    done = cli("run", *words, "--report", str(tmp_path / "r"))
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "r" / "report.json").read_text())
    assert report["target"]["management_api_version"] == version
    musts = [r for r in report["requirements"] if r["profile"] == "accounts" and r["level"] == "MUST"]
    assert [r["id"] for r in musts if r["verdict"] != "passed"] == []
    assert len(musts) > 90


def test_what_reaches_a_target_is_refused_without_one(cli: Cli) -> None:
    done = cli("run", "--management-endpoint", "http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--management-endpoint says how to reach a target" in done.stderr
