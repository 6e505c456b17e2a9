"""Writes docs/detection.md: which of the panel's defects `st run`, the fuzz alone and the whole suite find, side by side.

The defects are those of `conformance.defects` that belong to the panel. What was measured is kept in `reports/detection`, so that
`--tools fuzz whole` tries those again and takes the rest from the last time, and `--tools` with nothing only writes the table.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from time import monotonic

from peer.table import rendered, table
from peer.trials import CLEAN, TOOLS, Bounds, Trial, kept, tried

from conformance.defects import DEFECTS

ROOT = Path(__file__).parents[2]
VERSION = "2022-01-01.15.0"
SEEDS = (1, 2)
_Task = tuple[str, str, int]


def measure(tasks: Sequence[_Task], bounds: Bounds, jobs: int, results: Path) -> None:
    with ThreadPoolExecutor(jobs) as pool:
        for trial in pool.map(partial(_told, bounds, results), tasks):
            said = trial.error or f"{trial.requests:6} requests {trial.seconds:4.0f} s {len(trial.told):4} told"
            told = "" if trial.tool == "st" else ": " + ", ".join(trial.told)
            print(f"{trial.tool:<6} {trial.defect:<28} {said}{told}", flush=True)


def _told(bounds: Bounds, results: Path, task: _Task) -> Trial:
    return tried(*task, bounds, results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("defect", nargs="*", help="ids or globs of the panel, or `clean`: try these only")
    parser.add_argument("--tools", nargs="*", choices=[*TOOLS], default=[*TOOLS])
    parser.add_argument("--st-examples", type=int, default=20)
    parser.add_argument("--fuzz-examples", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2, help="trials at the same time")
    parser.add_argument("--results", type=Path, default=ROOT / "reports" / "detection")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "detection.md")
    given = parser.parse_args()
    bounds, began = Bounds(VERSION, given.st_examples, given.fuzz_examples), monotonic()
    panel = [name for name, defect in DEFECTS.items() if defect.panel]
    servers = [*((CLEAN, seed) for seed in SEEDS), *((name, SEEDS[0]) for name in panel)]
    chosen = [(name, seed) for name, seed in servers if any(fnmatchcase(name, glob) for glob in given.defect or ["*"])]
    measure([(tool, *server) for tool in given.tools for server in chosen], bounds, given.jobs, given.results)
    every = [[kept(tool, *server, given.results) for tool in TOOLS] for server in servers]
    text = rendered(table(every[: len(SEEDS)], every[len(SEEDS) :]), VERSION, given.jobs)
    given.output.write_text(text, encoding="utf-8")
    print(f"{given.output} written after {monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
