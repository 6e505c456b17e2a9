"""`qualify` through its real entry point: defects of the suite and of a file, what is told, and what is refused."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.defects import DEFECTS

Cli = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
FILE = """
from conformance.defects import Defect
from conformance.defects.answers import no_header, simply, status

print("loaded")


async def breaks(asked, ask):
    print("asked")
    raise KeyError("once more")


DEFECTS = (
    Defect("our-broken", "It breaks.", "trouble", ("pools.delete.answers-222",), "Ours.", simply(breaks)),
    Defect("our-unmade", "It cannot be made.", "trouble", ("pools.delete.answers-202",), "Ours.", lambda service: {}["lie"]),
    Defect("our-own", "Deleting a pool answers 200.", "status", ("pools.delete.answers-202",), "Ours.",
           status("DELETE /pools/{}", 202, 200)),
    Defect("our-mistake", "It declares another requirement.", "status", ("pools.get.answers-200",), "Ours.",
           status("DELETE /pools/{}", 202, 200)),
    Defect("our-nothing", "A header that no answer has is left out.", "headers", ("pools.get.*",), "Ours.",
           no_header("GET /pools/{}", "x-nothing")),
)
"""

ONE = """
from conformance.defects import Defect
DEFECTS = [Defect("our-own", "A lie.", "status", ('pools.delete.*',), "Ours.", lambda service: None, at="2022-01-01.15.0")]
"""

WORDS = ["--defects", "ours.py", "--defect", "our-*", "--defect", "pool-id-65", "--defect", "request-id-constant"]


def test_defects_of_the_suite_and_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_text(FILE, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATCH_", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "conformance", "qualify", *WORDS, "--no-clean", "--plans", "3", "--report", "out"],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "loaded\n")
    found = json.loads((tmp_path / "out" / "qualification.json").read_text(encoding="utf-8"))
    by_id = {one["id"]: one for one in found["defects"]}
    _is_judged(by_id)
    _met_no_more_than_it_had_to(by_id)
    _tells(done.stdout.splitlines())


def _is_judged(by_id: dict[str, Any]) -> None:
    assert {name: (one["killed"], one["as_declared"]) for name, one in by_id.items()} == {
        "our-own": (True, True),
        "our-mistake": (True, False),
        "our-nothing": (False, False),
        "our-broken": (False, False),
        "our-unmade": (False, False),
        "pool-id-65": (True, True),
        "request-id-constant": (True, True),
    }
    mistake = by_id["our-mistake"]
    assert (mistake["missing"], mistake["beside"]) == (["pools.get.answers-200"], ["pools.delete.answers-202"])
    assert by_id["our-own"]["outcome"]["failed"]["pools.delete.answers-202"] == ["traffic"]
    assert by_id["our-own"]["outcome"]["recorded"] == ["pools.delete.answers-202"]
    assert "scenarios" in by_id["pool-id-65"]["outcome"]["failed"]["pools.add.id-65-refused"]


def _met_no_more_than_it_had_to(by_id: dict[str, Any]) -> None:
    ran = {name: (one["outcome"]["touched"], one["outcome"]["ran"]) for name, one in by_id.items()}
    assert ran["our-nothing"] == (0, 0)
    assert ran["pool-id-65"][0] == ran["pool-id-65"][1] < 10
    assert ran["request-id-constant"][0] > 1000 > ran["request-id-constant"][1] >= 40


def _tells(lines: list[str]) -> None:
    assert any(line.startswith("our-nothing ") and line.endswith("NOT NOTICED") for line in lines)
    assert "  missing  pools.get.answers-200" in lines
    assert "  beside   pools.delete.answers-202 (traffic)" in lines
    assert "  missing  pools.delete.answers-222 (no requirement has that id, did you mean `pools.delete.answers-202`?)" in lines
    assert "  broke    KeyError: 'lie'" in lines
    assert any(line.startswith("  broke ") and line.endswith("KeyError: 'once more'") for line in lines)
    assert "4 of 7 defects noticed, 3 as declared:" in lines
    assert any(line.startswith("NOT QUALIFIED in ") for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--defect", "pool-id-66"], "did you mean `pool-id-65`?"),
        (["--family", "limit"], "did you mean `limits`?"),
        (["--part", "0/3"], "--part: K/N"),
        (["--part", "4/3"], "--part: K/N"),
        (["--defect", "pool-id-65", "--part", "2/2"], "--part 2/2: nothing is in it"),
        (["--requirement", "pools.add.id-66-refused"], "did you mean `pools.add.id-65-refused`?"),
        (["--requirement", "protocol.content.head-empty"], "No HTTP server sends a body for HEAD"),
        (["--workers", "many"], "--workers: a number from 1, or auto, not 'many'"),
        (["--family", "limits", "--defect", "request-id-absent"], "no defect is what all of the options ask for"),
        (["--defects", "nothing.py"], "nothing.py: there is no such file"),
        (["--defects", "empty.py"], "it needs a tuple DEFECTS"),
        (["--defects", "broken.py"], "broken.py: SyntaxError"),
        (["--defects", "twice.py"], "there is a defect pool-id-65 already"),
        (["--defects", "leaves.py"], "leaves.py: SystemExit: 7"),
        (["--defects", "text.py"], "requirements is a tuple of texts"),
        (["--defects", "path.py"], "defect 'our/own': an id is made of"),
        (["--defects", "old.py", "--defect", "our-own"], "defect our-own: unknown api-version '2022-01-01.15.1', did you mean"),
        (["--only-recordings"], "say with --recordings DIR which"),
        (["--update", "--first"], "--update: what --first"),
        (["--report", "empty.py"], "--report empty.py: no report can be written there"),
        (["--recordings", "nothing"], "--recordings nothing: there is no such file or folder"),
        (["--only-recordings", "--recordings", "nothing"], "--recordings nothing: there is no such file or folder"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(cli: Cli, tmp_path: Path, words: list[str], said: str) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "empty.py").write_text("DEFECTS = 3\n", encoding="utf-8")
    (here / "broken.py").write_text("DEFECTS = (\n", encoding="utf-8")
    (here / "twice.py").write_text(ONE.replace("our-own", "pool-id-65"), encoding="utf-8")
    (here / "leaves.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    (here / "text.py").write_text(ONE.replace("('pools.delete.*',)", "'pools.delete.*'"), encoding="utf-8")
    (here / "path.py").write_text(ONE.replace("our-own", "our/own"), encoding="utf-8")
    (here / "old.py").write_text(ONE.replace("15.0", "15.1"), encoding="utf-8")
    done = cli("qualify", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and said in done.stderr


def test_the_defects_that_are_chosen_are_listed(cli: Cli) -> None:
    done = cli("qualify", "--list", "--requirement", "pools.add.id-65-refused")
    assert done.returncode == 0
    assert f"pool-id-65 (limits, 2022-01-01.15.0): {DEFECTS['pool-id-65'].lie}" in done.stdout.splitlines()
    halves = [cli("qualify", "--list", "--part", f"{part}/2").stdout.splitlines() for part in (1, 2)]
    assert len(halves[0]) + len(halves[1]) == len(DEFECTS) and not set(halves[0]) & set(halves[1])


def test_what_the_readme_shows_chooses_something(cli: Cli) -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = [one for one in lines if one.startswith("batch-conformance qualify --defect ")]
    done = cli(*shlex.split(line)[1:], "--list")
    assert done.returncode == 0 and len(done.stdout.splitlines()) > 5


def test_damaged_recordings_alone(cli: Cli) -> None:
    folder = ROOT / "cassettes" / "2022-01-01.15.0" / "applications"
    done = cli("qualify", "--only-recordings", "--recordings", str(folder), "--damages", "2", "--format", "json")
    found = json.loads(done.stdout)
    (damaged,) = found["recordings"]
    assert (done.returncode, found["defects"], damaged["name"], damaged["false_alarms"]) == (0, [], "applications", 0)
    assert damaged["tried"] > damaged["noticed"] > 0.5 * damaged["tried"]
