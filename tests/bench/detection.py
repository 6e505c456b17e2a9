"""Writes docs/detection.md: which of the panel's defects `st run`, the fuzz alone and the whole suite find, side by side.

The defects are those of `conformance.defects` that belong to the panel. Two trials run at a time, a tool's own time is bounded.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from time import monotonic

from peer import trials
from peer.schemathesis_cli import Key, document
from peer.table import Bounds, Row, Table, rendered
from peer.trials import Trial

from conformance.defects import DEFECTS

ROOT = Path(__file__).parents[2]
VERSION = "2022-01-01.15.0"
SEEDS = (1, 2)


def measured(chosen: Iterable[str], bounds: Bounds, jobs: int) -> Table:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        openapi = document(VERSION, Path(folder) / "openapi.json")
        clean = list(pool.map(partial(_clean, openapi, bounds), SEEDS))
        noise = frozenset[Key]().union(*(keys for keys, _ in clean))
        rows = list(pool.map(partial(_row, openapi, noise, bounds), chosen))
    return Table(tuple(row for _, row in clean), tuple(rows), len(noise), bounds)


def _clean(openapi: Path, bounds: Bounds, seed: int) -> tuple[frozenset[Key], Row]:
    keys, st = trials.st_noise(openapi, seed, bounds.st)
    fuzz, whole = trials.fuzz("", VERSION, seed, bounds.fuzz), trials.whole("", VERSION, seed)
    return keys, _told(Row(f"none, seed {seed}", "", st, fuzz, whole))


def _row(openapi: Path, noise: frozenset[Key], bounds: Bounds, defect: str) -> Row:
    seed = SEEDS[0]
    tools: list[Callable[[], Trial]] = [
        partial(trials.st, openapi, defect, noise, seed, bounds.st),
        partial(trials.fuzz, defect, VERSION, seed, bounds.fuzz),
        partial(trials.whole, defect, VERSION, seed),
    ]
    return _told(Row(defect, DEFECTS[defect].family, *(tool() for tool in tools)))


def _told(row: Row) -> Row:
    seen = " ".join(f"{'found' if t.found else '-':<6}{len(t.beside):4} beside {t.seconds:4.0f} s" for t in row.tools)
    print(f"{row.defect:<30} {seen}", flush=True)
    for trial in row.tools[1:]:
        print("".join(f"    beside: {name}\n" for name in trial.beside), end="", flush=True)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("defect", nargs="*", default=["*"], help="ids or globs of the panel; default: all")
    parser.add_argument("--st-seconds", type=float, default=45.0)
    parser.add_argument("--fuzz-seconds", type=float, default=20.0)
    parser.add_argument("--jobs", type=int, default=2, help="trials at the same time")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "detection.md")
    given = parser.parse_args()
    bounds = Bounds(VERSION, SEEDS, given.st_seconds, given.fuzz_seconds, given.jobs)
    began = monotonic()
    chosen = [name for name, d in DEFECTS.items() if d.panel and any(fnmatchcase(name, glob) for glob in given.defect)]
    table = measured(chosen, bounds, given.jobs)
    given.output.write_text(rendered(table, monotonic() - began), encoding="utf-8")
    print(f"{given.output} written after {monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
