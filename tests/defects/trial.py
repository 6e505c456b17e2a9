"""Runs the whole suite against defective services and says which requirements failed: `trial.py [DEFECT…] [--api-version V]`.

For maintainers: who changes a defect or its requirements looks here whether they are true. `clean` stands for the service
without defect, `one+two` for a service with both. One line each; `-v` tells the first finding of each requirement.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic
from typing import Any

from conformance.defects import DEFECTS
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE

CLEAN = "clean"
_SPEED = "200"
_ROOT = Path(__file__).parents[2]
# as `run` starts pytest; the service's time moves with the requests, so that nothing is waited for
_HURRIED = [
    "-m",
    "pytest",
    str(_ROOT / "scenarios"),
    "-c",
    str(_ROOT / "conformance" / "commands" / "run.ini"),
    f"--rootdir={_ROOT}",
]
_HURRIED += [
    "-p",
    "conformance.plugin",
    "-p",
    "no:cacheprovider",
    "--batch-probed",
    "--batch-embedded",
    "--batch-repeatable",
    "-q",
]


@contextmanager
def served(defect: str, keys: dict[str, str], hurried: bool) -> Iterator[dict[str, str]]:
    words = [sys.executable, "-m", "conformance", "serve", "--port", "0"]
    words += ["--clock", "requests"] if hurried else ["--speed", _SPEED]
    words += [f"--defect={one}" for one in defect.split("+") if one != CLEAN]
    with subprocess.Popen(words, env={**os.environ, **keys}, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            yield json.loads(child.stdout.readline())
        finally:
            child.terminate()


def judged(defect: str, version: str, workers: int, more: list[str]) -> tuple[dict[str, Any], float]:
    """`workers` 0: one, in a hurry."""
    keys = {KEY_VARIABLE: base64.b64encode(secrets.token_bytes(64)).decode(), TOKEN_VARIABLE: secrets.token_urlsafe(32)}
    with tempfile.TemporaryDirectory() as folder, served(defect, keys, not workers) as told:
        url, group = told["url"], told["resource_groups"].split(",")[0]
        start = (
            ["-m", "conformance", "run", f"--workers={workers}", f"--report={folder}"]
            if workers
            else [*_HURRIED, f"--batch-report={folder}"]
        )
        words = [sys.executable, *start, f"--endpoint={url}", "--auth=shared-key", "--start-nodes"]
        words += [f"--account={told['account']}", f"--management-endpoint={url}", f"--subscription={told['subscription']}"]
        words += [f"--resource-group={group}", "--create-accounts", f"--api-version={version}"]
        words += ["--timeout=5", "--deadline=20", *more]
        began = monotonic()
        done = subprocess.run(
            words, env={**os.environ, **keys, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, text=True, check=False
        )
        took = monotonic() - began
        report = Path(folder, "report.json")
        if not report.exists():
            raise SystemExit(f"{defect}: no report: {done.stderr.strip().splitlines()[-1:] or done.stdout[-300:]}")
        return json.loads(report.read_text(encoding="utf-8")), took


def failed(report: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: one for one in report["requirements"] if one["verdict"] in ("failed", "error")}


def told(defect: str, report: dict[str, Any], took: float, verbose: bool) -> str:
    found = failed(report)
    defects = [DEFECTS[one] for one in defect.split("+") if one != CLEAN]
    declared = [glob for one in defects for glob in one.requirements]
    more = [glob for one in defects for glob in one.consequences]
    missing = [glob for glob in declared if not any(fnmatchcase(name, glob) for name in found)]
    beside = [name for name in found if not any(fnmatchcase(name, glob) for glob in (*declared, *more))]
    errors = [name for name, one in found.items() if one["verdict"] == "error"]
    line = f"{defect}: {'as declared' if not (missing or beside) else 'NOT as declared'}; {len(found)} failed, {took:.0f} s"
    lines = [line, *(f"  MISSING {glob}" for glob in missing), *(f"  ERROR {name}" for name in errors)]
    lines += [f"  BESIDE {name}" + (_first(found[name]) if verbose else "") for name in sorted(beside)]
    return "\n".join(lines)


def _first(requirement: dict[str, Any]) -> str:
    against = [each for each in requirement["evidence"] if each["outcome"] in ("against", "error")]
    return f"\n    {against[0]['by']}: {against[0]['message'][:200]}" if against else f"\n    {requirement['reason'][:200]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("defect", nargs="*", help="ids, `clean`, or nothing for the panel")
    parser.add_argument("--api-version", default="2022-01-01.15.0")
    parser.add_argument("--workers", type=int, default=0, help="as `run` does it, with so many processes; default: in a hurry")
    parser.add_argument("-v", action="store_true", dest="verbose")
    given, more = parser.parse_known_args()
    # what the fuzz finds depends on its seed: the requirements are those that scenarios, rules and oracle find
    more = more or ["--fuzz-examples=0"]
    for defect in given.defect or [name for name, one in DEFECTS.items() if one.panel]:
        report, took = judged(defect, given.api_version, given.workers, more)
        print(told(defect, report, took, given.verbose), flush=True)


if __name__ == "__main__":
    main()
