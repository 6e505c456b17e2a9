"""Damaged recordings, as a part of what a qualification found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from conformance.qualify.recordings import HEAD, mutate, rows
from conformance.qualify.report import RecordingsDamaged
from conformance.target.errors import UserError

CASSETTES: Final = Path(__file__).parents[2] / "cassettes"


def check(path: Path) -> None:
    """Raises UserError for a path that leads nowhere: better before all defects are met than after it."""
    if not path.exists():
        raise UserError(f"--recordings {path}: there is no such file or folder")


def damaged(path: Path, sample: int, seed: int, progress: Callable[[str], None]) -> RecordingsDamaged:
    """Raises UserError when there is nothing to read."""
    check(path)
    found = mutate([path], sample=sample, seed=seed, progress=progress)
    if not found.exchanges:
        raise UserError(f"--recordings {path}: no exchange of Azure Batch could be read there")
    return RecordingsDamaged(
        name=path.name or path.resolve().name,
        exchanges=found.exchanges,
        traces=found.traces,
        sample=sample,
        tried=found.tried,
        noticed=found.killed,
        false_alarms=found.false_alarms,
        head=list(HEAD),
        rows=[list(row) for row in rows(found)],
    )
