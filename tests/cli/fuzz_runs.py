"""Runs of the fuzzer as processes of their own, and what they leave."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx

from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.store import Store, database

VERSION = "2022-01-01.15.0"
# xdist's workers ignore SIGINT, and what they start would inherit that
START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from conformance.cli import main; main(sys.argv[1:])"
)
_COLLECTIONS = ("pools", "jobs", "jobschedules", "certificates")
_NAME = re.compile(r"bcs-?[0-9a-f]{8}[\w-]*|tvm-[\w-]+")
# what is made for a run, and what the service makes up
_MADE = re.compile(r'("(?:data|password|thumbprint)": ")[^"]*|(thumbprint=)[0-9A-Fa-f]+|(skiptoken=)[^&]*|^http://[^/]*')


@dataclass
class Run:
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "report.json").read_text())

    @property
    def fuzz(self) -> Any:
        return self.report["fuzz"]

    @property
    def exchanges(self) -> list[Any]:
        lines = (self.folder / "exchanges.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def exchanges_of(self, source: str) -> list[Any]:
        return [one for one in self.exchanges if one["source"] == source]

    def repro(self, name: str) -> Any:
        return json.loads((self.folder / "repro" / f"{name}.json").read_text())

    @property
    def causes(self) -> dict[str, Any]:
        """By requirement."""
        return {one["requirement"]: one for one in self.fuzz["failures"]}


@contextmanager
def begun(environment: Mapping[str, str], folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-c", START, "run", "--fuzz-only", "--api-version", VERSION, "--report", str(folder), *words]
    told = {**environment, "BATCH_CONFORMANCE_CACHE": environment.get("BATCH_CONFORMANCE_CACHE", str(folder.parent / "cache"))}
    with subprocess.Popen(line, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def ended(child: subprocess.Popen[str], folder: Path) -> Run:
    out, err = child.communicate(timeout=100)
    return Run(child.returncode, out, err, folder)


def fuzzed(environment: Mapping[str, str], folder: Path, *words: str) -> Run:
    with begun(environment, folder, *words) as child:
        return ended(child, folder)


@contextmanager
def served(environment: Mapping[str, str], *defects: str, port: int = 0) -> Iterator[str]:
    """A reference service without authentication; its URL."""
    words = [sys.executable, "-m", "conformance", "serve", "--port", str(port), "--speed", "200"]
    words += [f"--defect={name}" for name in defects]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield json.loads(child.stdout.readline())["url"]
        finally:
            child.terminate()


def stored(cache: Path, url: str, family: str, *steps: Step) -> Store:
    """What is kept of runs against a service without authentication; with steps, such a plan is kept as if it had failed."""
    store = Store(database(cache), f"{url} ", VERSION, family)
    if steps:
        store.keep(Plan(family, steps))
    return store


def left_at(url: str) -> list[str]:
    """What is there and is not about to go."""
    with httpx.Client(base_url=url, params={"api-version": VERSION}, trust_env=False) as http:
        found = [element for name in _COLLECTIONS for element in http.get(f"/{name}").json()["value"]]
    return [one.get("id") or one["thumbprint"] for one in found if one["state"] != "deleting"]


def requests_of(run: Run) -> list[tuple[str, str, str, str]]:
    """What was sent, plan by plan. Names stand in the order in which they were first used; waiting again counts once. How many
    pages a list has, and what has to be removed in the end, is the target's matter: both may still be going when it is asked."""
    names: dict[str, str] = {}

    def plain(text: str | None) -> str:
        known = _NAME.sub(lambda found: names.setdefault(found[0], f"name-{len(names)}"), text or "")
        return _MADE.sub(lambda found: "".join(part or "" for part in found.groups()), known)

    said = []
    for exchange in run.exchanges:
        asked = exchange["request"]
        if "$skiptoken" in asked["url"] or exchange["source"] == "cleanup":
            continue
        said.append((exchange["source"], asked["method"], plain(asked["url"]), plain(asked.get("body"))))
    return [one for one, _ in groupby(said)]
