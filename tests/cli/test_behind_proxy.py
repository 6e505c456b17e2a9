"""A service behind a proxy is judged, and not the proxy."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from fuzz_runs import served
from plain_proxy import proxied

VERBS, NO_ERROR = ("errors.unknown-verb", "errors.unsupported-verb"), "robustness.no-server-error"


def test_a_plain_proxy_takes_nothing_from_the_verdict(
    cli: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str], tmp_path: Path
) -> None:
    words = ["--profile=protocol", "--fuzz-examples=6", *(f"--requirement=protocol.{name}" for name in (*VERBS, NO_ERROR))]
    with served(environment) as url, proxied(url) as front:
        run = cli("run", f"--endpoint={front}", *words, "--report=report", BATCH_CONFORMANCE_CACHE=str(tmp_path / "cache"))
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "here" / "report" / "report.json").read_text(encoding="utf-8"))
    verdicts = {one["id"]: one["verdict"] for one in report["requirements"]}
    assert [verdicts[f"protocol.{name}"] for name in (*VERBS, NO_ERROR)] == ["untested", "passed", "passed"]
