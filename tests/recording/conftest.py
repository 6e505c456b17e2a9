"""Recordings made and replayed as a user does, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.report import Report, read

ROOT = Path(__file__).parents[2]
# what takes the network away: no socket is made, and no name is looked up
OFFLINE = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(f"the network was asked for: {event}")
sys.addaudithook(refuse)
from conformance.cli import main
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    folder: Path

    @property
    def report(self) -> Report:
        return read(self.folder / "report.json")

    @property
    def verdicts(self) -> dict[str, str]:
        return {r.id: r.verdict for r in self.report.requirements}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATCH_", "PYTEST"))}
    return {**kept, "PYTHONPATH": str(ROOT), "BATCH_CONFORMANCE_STATE": str(tmp_path / "state")}


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """`run` with a report folder of its own; `offline`: where there is no network."""

    def _run(*words: str, offline: bool = False, key: str = "") -> Ran:
        folder = tmp_path / f"report-{len(list(tmp_path.glob('report-*')))}"
        start = ["-c", OFFLINE] if offline else ["-m", "conformance"]
        done = subprocess.run(
            [sys.executable, *start, "run", *words, "--report", str(folder)],
            cwd=tmp_path,
            env={**environment, **({"BATCH_ACCOUNT_KEY": key} if key else {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr, folder)

    return _run


@contextmanager
def _served(defect: str, environment: dict[str, str], words: Sequence[str]) -> Iterator[str]:
    script = str(Path(__file__).parent / "defective.py")
    command = [sys.executable, script, defect, *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        try:
            yield str(json.loads(child.stdout.readline())["url"])
        finally:
            child.kill()


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Callable[..., str]]:
    """Start a service with a defect; its URL."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda defect, *words: stack.enter_context(_served(defect, environment, words))
