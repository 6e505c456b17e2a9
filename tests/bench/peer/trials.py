"""One defective server and one tool: found or not, how many false alarms, requests, seconds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from conformance.defects import DEFECTS
from peer import schemathesis_cli, suite
from peer.attribution import about, changes
from peer.schemathesis_cli import Key
from peer.servers import served, witnessed


@dataclass(frozen=True)
class Trial:
    """`by`: what showed the defect, `beside`: what else failed. Both are empty for the clean server's own noise but `beside`."""

    requests: int
    seconds: float
    by: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.by)


def st_noise(document: Path, seed: int, seconds: float) -> tuple[frozenset[Key], Trial]:
    """What st says of the clean server."""
    with tempfile.TemporaryDirectory() as folder, served() as told:
        run = schemathesis_cli.run(document, told["url"], seed, seconds, Path(folder))
    keys = frozenset(one.key for one in run.found)
    return keys, Trial(run.requests, run.seconds, beside=_named(keys))


def st(document: Path, defect: str, noise: Collection[Key], seed: int, seconds: float) -> Trial:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes.jsonl")
        with witnessed(defect, notes) as told:
            run = schemathesis_cli.run(document, told["url"], seed, seconds, Path(folder))
        found = {one.key for one in about(run.found, changes(notes), noise)}
    return Trial(run.requests, run.seconds, _named(found), _named({one.key for one in run.found} - found))


def fuzz(defect: str, version: str, seed: int, seconds: float) -> Trial:
    more = ["--fuzz-only", f"--fuzz-time={seconds}", "--fuzz-examples=1000000", f"--seed={seed}"]
    return _own(defect, lambda folder: suite.whole(defect, version, more, folder))


def whole(defect: str, version: str, seed: int) -> Trial:
    """As `run` does without options, scenarios and a short fuzz."""
    return _own(defect, lambda folder: suite.whole(defect, version, ["--workers=2", f"--seed={seed}"], folder))


def _own(defect: str, run: Callable[[Path], suite.Run]) -> Trial:
    with tempfile.TemporaryDirectory() as folder:
        made = run(Path(folder))
    expected = (*DEFECTS[defect].requirements, *DEFECTS[defect].consequences) if defect else ()
    by = tuple(sorted(name for name in made.failed if any(fnmatchcase(name, glob) for glob in expected)))
    return Trial(made.requests, made.seconds, by, tuple(sorted(made.failed - {*by})))


def _named(keys: Collection[Key]) -> tuple[str, ...]:
    return tuple(sorted(f"{kind} at {operation}" for kind, operation in keys))
