"""`st run` with all its checks and phases against a server, and its own report of it (NDJSON)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.contract.openapi import render
from peer.timing import timed

_ST = Path(sys.executable).with_name("st")
_MOST = 1200.0


@dataclass(frozen=True)
class Found:
    """A failure as st tells them apart for a reader: what kind, at which operation. `chain`: the test case that failed, and those
    that it builds upon."""

    kind: str
    operation: str
    chain: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.kind} at {self.operation}"


@dataclass(frozen=True)
class Run:
    """`unique` is how many failures st itself counts as different."""

    requests: int
    seconds: float
    cpu: float
    unique: int
    found: tuple[Found, ...]


def document(version: str, path: Path) -> Path:
    """The contract's document without its `security`: the servers take unsigned requests, and to be told so at every operation
    would be no fault of st."""
    rendered = {name: value for name, value in render(version).items() if name != "security"}
    rendered["components"] = {name: value for name, value in rendered["components"].items() if name != "securitySchemes"}
    path.write_text(json.dumps(rendered), encoding="utf-8")
    return path


def run(location: Path, url: str, seed: int, bound: str, folder: Path) -> Run:
    """In `folder`; `bound` is the option that ends it. Raises RuntimeError when st did not come to its end."""
    words = [str(_ST), "run", str(location), f"--url={url}", "--checks=all", "--phases=examples,coverage,fuzzing,stateful"]
    words += [f"--seed={seed}", bound, "--continue-on-failure", "--generation-database=none", "--no-color"]
    words += ["--request-timeout=5", "--report=json,ndjson", "--report-json-path=st.json", "--report-ndjson-path=st.ndjson"]
    took = timed(words, {}, folder, _MOST)
    try:
        told = json.loads((folder / "st.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RuntimeError(f"st run wrote no report: {took.last}") from None
    scenarios = list(_scenarios(folder / "st.ndjson"))
    requests = sum(len(one.get("interactions", {})) for one in scenarios)
    found = tuple(each for one in scenarios for each in _failures(one))
    return Run(requests, told["running_time"], took.cpu, told["test_cases"]["unique_failures"], found)


def _scenarios(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            event = json.loads(line)
            if "ScenarioFinished" in event:
                yield event["ScenarioFinished"]["recorder"]


def _failures(recorder: Mapping[str, Any]) -> Iterator[Found]:
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] == "failure":
                failure = check["failure_info"]["failure"]
                yield Found(failure["type"], failure["operation"], tuple(_chain(case, recorder["cases"])))


def _chain(case: str | None, cases: Mapping[str, Any]) -> Iterator[str]:
    while case is not None and case in cases:
        yield str(case)
        case = cases[case].get("parent_id")
