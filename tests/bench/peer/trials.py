"""One server and one tool: what it tells, with how many requests, in how many seconds.

Kept as files, so that one tool can be tried again without the others.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from peer import schemathesis_cli, suite
from peer.attribution import about, changes
from peer.servers import served, witnessed

CLEAN = "clean"

NOT_TRIED = "not tried"


@dataclass(frozen=True)
class Bounds:
    """The api-version; how many examples of each operation st has, and how many sequences the fuzz, for each server: so a busy
    machine takes longer, and finds as much."""

    version: str
    st: int
    fuzz: int


@dataclass(frozen=True)
class Trial:
    """`bound`: the option that ends it. `told`: for st kinds of failure and where, for the suite requirements that failed.
    `changed`: those of st that look at what the defect changed. `error`: the tool did not come to its end."""

    tool: str
    defect: str
    seed: int
    bound: str = ""
    requests: int = 0
    seconds: float = 0.0
    told: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    error: str = ""
    date: str = ""


Run = Callable[[str, int, Bounds, Path], Trial]


def st(defect: str, seed: int, bounds: Bounds, folder: Path) -> Trial:
    bound = f"--max-examples={bounds.st}"
    openapi, notes = schemathesis_cli.document(bounds.version, folder / "openapi.json"), folder / "notes.jsonl"
    with served() if defect == CLEAN else witnessed(defect, notes) as server:
        run = schemathesis_cli.run(openapi, server["url"], seed, bound, folder)
    changed = about(run.found, changes(notes)) if defect != CLEAN else []
    names = _sorted([one.name for one in run.found])
    return Trial(
        "st",
        defect,
        seed,
        bound,
        run.requests,
        run.seconds,
        names,
        _sorted([one.name for one in changed]),
    )


def fuzz(defect: str, seed: int, bounds: Bounds, folder: Path) -> Trial:
    bound = f"--fuzz-examples={bounds.fuzz}"
    return replace(_own("fuzz", defect, seed, bounds, folder, ["--fuzz-only", bound]), bound=bound)


def whole(defect: str, seed: int, bounds: Bounds, folder: Path) -> Trial:
    """As `run` does, scenarios and a fuzz that is shorter still."""
    return _own("whole", defect, seed, bounds, folder, ["--workers=2", f"--fuzz-examples={bounds.fuzz // 10}"])


TOOLS: dict[str, Run] = {"st": st, "fuzz": fuzz, "whole": whole}


def _own(tool: str, defect: str, seed: int, bounds: Bounds, folder: Path, more: Sequence[str]) -> Trial:
    run = suite.whole("" if defect == CLEAN else defect, bounds.version, [*more, f"--seed={seed}"], folder)
    return Trial(tool, defect, seed, "", run.requests, run.seconds, _sorted(run.failed))


def tried(tool: str, defect: str, seed: int, bounds: Bounds, results: Path) -> Trial:
    with tempfile.TemporaryDirectory() as folder:
        try:
            trial = TOOLS[tool](defect, seed, bounds, Path(folder))
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            trial = Trial(tool, defect, seed, error=str(error)[-300:])
    trial = replace(trial, date=f"{datetime.now(UTC):%Y-%m-%d}")
    _file(results, tool, defect, seed).write_text(json.dumps(asdict(trial)), encoding="utf-8")
    return trial


def kept(tool: str, defect: str, seed: int, results: Path) -> Trial:
    """What was measured last. One that was not has an error."""
    try:
        told = json.loads(_file(results, tool, defect, seed).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Trial(tool, defect, seed, error=NOT_TRIED)
    return Trial(**{**told, "told": tuple(told["told"]), "changed": tuple(told["changed"])})


def _file(results: Path, tool: str, defect: str, seed: int) -> Path:
    results.mkdir(parents=True, exist_ok=True)
    return results / f"{tool}-{defect}-{seed}.json"


def _sorted(names: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
