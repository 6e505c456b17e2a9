"""`run` at several api-versions, as a process, against the embedded reference service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., subprocess.CompletedProcess[str]]
OLD, NEW = "2016-02-01.3.0", "2024-02-01.19.0"
START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from conformance.cli import main; main(sys.argv[1:])"
)


def test_two_versions_make_a_matrix(cli: Cli, tmp_path: Path) -> None:
    words = ["--api-version", NEW, "--api-version", OLD, "--requirement", "protocol.version.*", "--workers", "2"]
    done = cli("run", *words, "--report", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "here" / "out"
    table = json.loads((folder / "matrix.json").read_text())
    assert [row["api_version"] for row in table["rows"]] == [OLD, NEW]
    assert table["conformant"] and table["missing"] == []
    for row in table["rows"]:
        report = json.loads((folder / row["report"]).read_text())
        assert report["target"]["api_version"] == row["api_version"]
        assert (report["summary"]["must"], report["exchanges"]) == (row["must"], row["exchanges"])
    text = (folder / "matrix.txt").read_text()
    assert text in done.stdout and f"{OLD}: CONFORMANT" in done.stdout
    assert list((tmp_path / "state").iterdir()) == []


def test_all_leaves_out_versions_without_anything_to_judge(cli: Cli) -> None:
    """The requirement holds at two of the oldest versions only."""
    done = cli("run", "--api-version", "all", "--requirement", "pools.add.data-disk-caching-default-old", "--format", "json")
    assert done.returncode == 0, done.stderr
    table = json.loads(done.stdout)
    assert [row["api_version"] for row in table["rows"]] == ["2017-09-01.6.0", "2018-03-01.6.1"]
    assert len(table["missing"]) == 19 and table["conformant"]


def test_the_matrix_as_json(cli: Cli) -> None:
    words = ["--api-version", OLD, "--api-version", NEW, "--requirement", "protocol.version.absent*", "--format", "json"]
    done = cli("run", *words, "--report", "out", "--workers", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["api_version"] for row in json.loads(done.stdout)["rows"]] == [OLD, NEW]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--api-version", OLD, "--api-version", "2024-02-01.19"], "did you mean `2024-02-01.19.0`?"),
        (["--api-version", "alle"], "unknown api-version 'alle'"),
        (["--api-version", "all", "--api-version", "1"], "unknown api-version '1'"),
        (["--api-version", "all", "--profile", "poools"], "unknown profile 'poools', did you mean `pools`?"),
        (["--api-version", "all", "--account", "a"], "--account says how to reach a target"),
    ],
)
def test_what_is_wrong_is_one_line(cli: Cli, tmp_path: Path, words: list[str], told: str) -> None:
    done = cli("run", *words)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert told in line
    assert list((tmp_path / "here").iterdir()) == []


def test_a_target_that_is_not_there_is_asked_once(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", "--api-version", "all", "--endpoint", "http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert "connection refused" in line
    assert list((tmp_path / "here").iterdir()) == []


def test_ctrl_c_ends_all_and_writes_what_there_is(environment: dict[str, str], tmp_path: Path) -> None:
    words = [sys.executable, "-c", START, "run", "--api-version", "all", "--requirement", "pools.*", "--seed", "8812"]
    with subprocess.Popen(
        [*words, "--report", str(tmp_path / "out"), "--workers", "2"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        end = time.monotonic() + 30
        while len([p for p in tmp_path.glob("state/*/ledger-main.jsonl") if "intent" in p.read_text()]) < 2:
            assert time.monotonic() < end and child.poll() is None
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGINT)
        said, _ = child.communicate(timeout=40)
    assert child.returncode == 130, said
    table = json.loads((tmp_path / "out" / "matrix.json").read_text())
    assert [row["exit_code"] for row in table["rows"]] == [130, 130]
    assert {one["reason"] for one in table["missing"]} == {"interrupted before it began"}
    assert "NO VERDICT" in said
    assert len(table["missing"]) == 19 and not table["conformant"]
    assert list((tmp_path / "state").iterdir()) == []
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert [line for line in listed.splitlines() if "--seed 8812" in line or "--seed=8812" in line] == []
