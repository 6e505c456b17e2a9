"""Runs the whole suite many times on the clean service, and qualification some times, and tells what was not the same each time.

For maintainers: `flakes.py [--runs 20] [--qualifications 5]`. Each run has another seed; the seed of the reference service is
always the same in qualifications, as what they take down rests on it. Exits with 1 when anything differed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_COMMAND = [sys.executable, "-m", "conformance"]
Findings = Mapping[str, str]


def report(words: list[str], name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([*_COMMAND, *words, f"--report={folder}"], capture_output=True, text=True, check=False)
        path = Path(folder, name)
        if not path.exists():
            raise SystemExit(f"no report: {done.stderr.strip()[-300:]}")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


def verdicts(seed: int, workers: str) -> Findings:
    found = report(["run", f"--seed={seed}", f"--workers={workers}", "--fuzz-examples=60"], "report.json")
    return {one["id"]: one["verdict"] for one in found["requirements"]}


def kills(workers: str) -> Findings:
    found = report(["qualify", f"--workers={workers}", "--damages=0"], "qualification.json")
    clean = {f"clean {one['version']}": " ".join(one["against"]) for one in found["clean"]}
    return {**clean, **{one["id"]: _told(one["outcome"]) for one in found["defects"]}}


def _told(outcome: dict[str, Any]) -> str:
    told = [f"{name} by {'+'.join(layers)}" for name, layers in sorted(outcome["failed"].items())]
    return "; ".join([*told, *(f"{name} error" for name in outcome["errors"]), f"fuzz: {outcome['fuzzed']}"])


def different(runs: list[Findings]) -> Iterator[str]:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for run in runs:
        for name in {name for each in runs for name in each}:
            seen[name].add(run.get(name, "not there"))
    for name, told in sorted(seen.items()):
        if len(told) > 1:
            yield f"  {name}: {' | '.join(sorted(told))}"[:600]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--qualifications", type=int, default=5)
    parser.add_argument("--workers", default="auto")
    given = parser.parse_args()
    runs = [verdicts(seed, given.workers) for seed in range(1, given.runs + 1)]
    wrong = sorted({f"  {name}: {verdict}" for run in runs for name, verdict in run.items() if verdict in ("failed", "error")})
    differing = list(different(runs))
    print(
        "\n".join([f"{len(runs)} runs: {len(differing)} verdicts differ, {len(wrong)} are not passed", *differing, *wrong]),
        flush=True,
    )
    rounds = [kills(given.workers) for _ in range(given.qualifications)]
    changing = list(different(rounds))
    print("\n".join([f"{len(rounds)} qualifications: {len(changing)} defects differ", *changing]))
    return 1 if differing or wrong or changing else 0


if __name__ == "__main__":
    sys.exit(main())
