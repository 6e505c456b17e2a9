"""A command, and what it took."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic


@dataclass(frozen=True)
class Took:
    """Wall time and CPU time of a command and its children, in seconds; `last`: how its output ends."""

    seconds: float
    cpu: float
    last: str


def timed(words: Sequence[str], environment: Mapping[str, str], folder: Path, most: float) -> Took:
    """Runs the command in that folder. Raises subprocess.TimeoutExpired after `most` seconds."""
    before, began = _cpu(), monotonic()
    done = subprocess.run(
        words, env={**os.environ, **environment}, cwd=folder, capture_output=True, text=True, check=False, timeout=most
    )
    return Took(monotonic() - began, _cpu() - before, (done.stdout + done.stderr)[-500:])


def _cpu() -> float:
    """Of all children that have ended: nothing else may end at the same time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
