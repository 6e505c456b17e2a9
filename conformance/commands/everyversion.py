"""One run for each of several api-versions, each a process of its own with its own report; and the matrix of all.

Two versions at a time with one worker each are faster than one after the other with two workers: nothing is set up twice for a
version, and no worker waits for another at the end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import typer

from conformance.commands.asked import Asked, check
from conformance.commands.bounds import shares
from conformance.commands.choices import Format
from conformance.plugin.options import Settings
from conformance.report import Matrix, Missing, Report, matrix, read, render_matrix, verdict_line, write_matrix
from conformance.target import UserError

_PAUSE = 0.05
_INTERRUPTED = 130
_HOME = Path(__file__).parents[2]


@dataclass
class _Child:
    version: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]


@dataclass(frozen=True)
class Ended:
    """How the run of one api-version ended; `said` is its last line on standard error."""

    version: str
    code: int
    said: str


def with_something_to_judge(asked: Asked) -> tuple[dict[str, Settings], Asked, list[Missing]]:
    """The settings at each api-version at which a requirement holds that was asked for, the run of these, and the other versions.
    Raises UserError when there is none, or when something else is wrong."""
    found: dict[str, Settings] = {}
    left_out: dict[str, UserError] = {}
    for version in asked.versions:
        try:
            found[version] = check(asked, asked.at(version).words())
        except UserError as error:
            left_out[version] = error
    if not found:
        raise left_out[asked.versions[-1]]
    missing = [Missing(api_version=version, exit_code=0, reason=str(error)) for version, error in left_out.items()]
    return found, asked.at(*found), missing


def every_version(asked: Asked, endpoint: str, settings: Mapping[str, Settings], left_out: Sequence[Missing] = ()) -> int:
    """Run all versions of `asked`, write and print the matrix; return the exit code: the worst of the runs."""
    for version in asked.versions:
        (asked.report / version / "report.json").unlink(missing_ok=True)  # an older one must not be taken for this run's
    words = {version: asked.command_line(version) for version in asked.versions}
    if not asked.embedded:
        for version, share in shares(settings, asked.workers).items():
            words[version] += share  # the last one counts
    ended, interrupted = _run_all(asked.workers, words, lambda one: _tell(asked, one))
    table = _collect(asked, endpoint, ended, left_out)
    path = write_matrix(asked.report, table)
    if asked.form is Format.JSON:
        typer.echo(table.model_dump_json(indent=1))
    else:
        typer.echo(f"\n{render_matrix(table)}Report: {path}")
    return _INTERRUPTED if interrupted else worst(one.code for one in ended)


def worst(codes: Iterable[int]) -> int:
    """0 conformant, 1 not, 2 wrong usage, 3 broken off, 130 interrupted; no run at all proves nothing."""
    return max(codes, default=3)


def _run_all(workers: int, words: Mapping[str, list[str]], tell: Callable[[Ended], None]) -> tuple[list[Ended], bool]:
    """As many at a time as there are workers. Ctrl-C ends all of them: each cleans its target and writes its report."""
    waiting, running, ended = list(words), list[_Child](), list[Ended]()
    interrupted = False
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                version = waiting.pop(0)
                running.append(_start(version, words[version]))
            _reap(running, ended, tell)
    except KeyboardInterrupt:
        interrupted = True
        for child in running:
            child.process.send_signal(signal.SIGTERM)
        while running:
            _reap(running, ended, tell)
    finally:
        for child in running:
            child.process.kill()
    return ended, interrupted


def _start(version: str, stated: list[str]) -> _Child:
    path = os.pathsep.join(p for p in (str(_HOME), os.environ.get("PYTHONPATH", "")) if p)
    words = [sys.executable, "-P", "-m", "conformance", *stated]
    said = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the process has ended
    # a session of its own: a terminal's Ctrl-C reaches this process alone, which passes it on once
    process = subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )
    return _Child(version, process, said)


def _reap(running: list[_Child], ended: list[Ended], tell: Callable[[Ended], None]) -> None:
    """Take out what has ended; if nothing has, wait a moment."""
    for child in [c for c in running if c.process.poll() is not None]:
        running.remove(child)
        with child.said as stream:
            stream.seek(0)
            lines = stream.read().decode("utf-8", "replace").strip().splitlines()
        code = child.process.returncode
        ended.append(Ended(child.version, code if code >= 0 else _INTERRUPTED, lines[-1] if lines else ""))
        tell(ended[-1])
    time.sleep(_PAUSE)


def _tell(asked: Asked, one: Ended) -> None:
    if asked.form is Format.JSON:
        return
    report = _report(asked, one.version)
    told = verdict_line(report).replace("\n", " ") if report else f"no report: {one.said or f'exit code {one.code}'}"
    typer.echo(f"{one.version}: {told}")


def _report(asked: Asked, version: str) -> Report | None:
    path = asked.report / version / "report.json"
    return read(path) if path.is_file() else None


def _collect(asked: Asked, endpoint: str, ended: list[Ended], left_out: Sequence[Missing]) -> Matrix:
    known = {one.version: one for one in ended}
    found: dict[str, tuple[Report, int]] = {}
    missing = list(left_out)
    for version in asked.versions:
        one, report = known.get(version), _report(asked, version)
        if one and report:
            found[version] = (report, one.code)
        elif one:
            silent = "interrupted before it could report" if one.code == _INTERRUPTED else f"exit code {one.code}"
            missing.append(Missing(api_version=version, exit_code=one.code, reason=one.said or silent))
        else:
            missing.append(Missing(api_version=version, exit_code=_INTERRUPTED, reason="interrupted before it began"))
    return matrix(endpoint, found, missing)
