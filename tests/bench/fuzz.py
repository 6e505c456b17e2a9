"""How fast the fuzz is beside `st run` with all its checks and phases: the same document, server, seeds and time, in one run.

The two alternate, so that a busy machine slows both alike. CPU is the tool's own, without the server's.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from peer import schemathesis_cli, suite
from peer.servers import served

VERSION = "2022-01-01.15.0"
SEEDS = (1, 2)
BOUND, BUILD_BOUND = 2.0, 3.0
BUILDING = f"""
import time
start = time.perf_counter()
from conformance import contract
from conformance.contract.openapi import render
from conformance.fuzz.document import describe
from conformance.fuzz.leaves import Body
from conformance.fuzz.values import Values
at = contract.at("{VERSION}")
document = describe(render("{VERSION}"), at)
shapes = [Body(one.body) for one in document.operations if one.body is not None]
Values(leaf.schema for shape in shapes for leaf in shape.leaves)
print(len(document.operations), time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Measured:
    requests: int
    seconds: float
    cpu: float


def of_st(document: Path, seed: int, seconds: float) -> Measured:
    with tempfile.TemporaryDirectory() as folder, served() as told:
        run = schemathesis_cli.run(document, told["url"], seed, f"--max-time={seconds:.0f}", Path(folder))
        return Measured(run.requests, run.seconds, run.cpu)


def of_fuzz(document: Path, seed: int, seconds: float) -> Measured:
    more = ["--fuzz-only", f"--fuzz-time={seconds}", "--fuzz-examples=1000000", f"--seed={seed}", f"--spec={document}"]
    with tempfile.TemporaryDirectory() as folder, served() as told:
        run = suite.unsigned(told["url"], VERSION, more, Path(folder))
    if run.failed:
        print(f"seed {seed}: failed on the clean service: {', '.join(sorted(run.failed))}")
    return Measured(run.requests, run.seconds, run.cpu)


def rate(what: str, measured: Sequence[Measured]) -> float:
    requests, seconds = sum(m.requests for m in measured), sum(m.seconds for m in measured)
    each = ", ".join(f"{m.requests / m.seconds:.0f}" for m in measured)
    cpu = sum(m.cpu for m in measured)
    print(f"{what:<42} {requests / seconds:9.0f} requests/s   ({each}; {requests} in {seconds:.0f} s, {cpu:.0f} s of CPU)")
    return requests / seconds


def building() -> None:
    told = [subprocess.check_output([sys.executable, "-c", BUILDING], text=True).split() for _ in range(3)]
    best = min(float(seconds) for _, seconds in told)
    print(f"strategies of {told[0][0]} operations, imports included   {best:5.2f} s (bound {BUILD_BOUND:.1f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each of the four runs")
    seconds = parser.parse_args().seconds
    building()
    with tempfile.TemporaryDirectory() as folder:
        document = schemathesis_cli.document(VERSION, Path(folder) / "openapi.json")
        pairs = [(of_st(document, seed, seconds), of_fuzz(document, seed, seconds)) for seed in SEEDS]
    peer = rate("st run, all checks and phases", [one for one, _ in pairs])
    ours = rate("the fuzz, every answer judged", [one for _, one in pairs])
    print(f"{'':<42} {ours / peer:9.1f} times st run (bound {BOUND:.0f})")


if __name__ == "__main__":
    main()
