"""What the clean service answered, kept between qualifications of the same suite: hearing it all again takes longer than to meet
ten defects."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.fuzz.store import folder

if TYPE_CHECKING:
    from conformance.qualify.meeting import Baseline
    from conformance.qualify.model import Job

_PACKAGE = Path(__file__).parents[1]
_PREFIX = "qualify-"
_KEPT = 12
# what the clean service answers does not depend on them
_WITHOUT = ("defects/families", "qualify/data", "report", "audit")


def recalled(job: Job) -> Baseline | None:
    try:
        found: Baseline = pickle.loads(_place(job).read_bytes())
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError):
        return None
    return found


def remember(job: Job, baseline: Baseline) -> None:
    """In vain where nothing can be written."""
    place = _place(job)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(pickle.dumps(baseline))
        unfinished.replace(place)
        for old in sorted(place.parent.glob(f"{_PREFIX}*.pickle"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            old.unlink()


def _place(job: Job) -> Path:
    return folder() / f"{_PREFIX}{job.version}-{job.plans}-{job.seed}-{_suite()}.pickle"


@cache
def _suite() -> str:
    """Tells one state of the suite's files from another."""
    made = hashlib.sha256()
    for path in _files():
        made.update(f"{path.relative_to(_PACKAGE.parent)}\n".encode())
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for root in (_PACKAGE, _PACKAGE.parent / "scenarios"):
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root).as_posix()
            if path.suffix in (".py", ".yaml", ".json") and not inner.startswith(_WITHOUT):
                yield path
