"""How fast recordings are judged, beside what bounds it, in one run: the C YAML loader for cassettes, json.loads for JSON lines.

The recordings are those of BATCH_SHARED/real-traffic, else the project's own `cassettes`, else the fixtures. Rounds of all
measurements alternate, and the best of each counts, so that a busy machine slows all of them alike. CPU time of one core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from conformance.audit import audit
from conformance.audit.run import judged_from
from conformance.exchange import Exchange, read_recordings, write_exchange
from conformance.requirements import load
from conformance.rules import context_for, findings

ROOT = Path(__file__).parents[2]
ROUNDS = 7
MOST = 200
PEER = 699  # oav validate-traffic, exchanges a second, as the project's plan gives it
MEMORY = """
import resource, sys
from conformance.audit import audit
audit(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def recordings() -> list[Path]:
    """As many as are read in a moment."""
    return [p for p in sorted(folder().rglob("*.yaml")) if "\ninteractions:" in f"\n{p.read_text(encoding='utf-8')}"][:MOST]


def folder() -> Path:
    shared = os.environ.get("BATCH_SHARED")
    candidates = [*([Path(shared) / "real-traffic"] if shared else []), ROOT / "cassettes"]
    return next((c for c in candidates if any(c.rglob("*.yaml"))), ROOT / "tests" / "fixtures" / "recordings" / "good")


def exchanges(paths: list[Path]) -> Iterator[Exchange]:
    return (e for e in read_recordings(paths) if isinstance(e, Exchange))


def best(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of CPU of each, the best of all rounds."""
    found: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            found[name] = min(found.get(name, 1e9), time.process_time() - start)
    return found


def lines_of(source: list[Path], target: Path, count: int, accounts: int = 1_000_000) -> int:
    """The same exchanges as JSON lines, again and again, each time with another account, as long as there is one."""
    kept = [e for e in exchanges(source) if "/providers/" not in e.request.path]
    written = 0
    with target.open("w", encoding="utf-8") as stream:
        while written < count:
            for one in kept:
                url = one.request.url.replace("://", f"://n{written // len(kept) % accounts}-", 1)
                write_exchange(stream, replace(one, request=replace(one.request, url=url), source=""))
                written += 1
    return written


def show(what: str, count: int, seconds: float, beside: float, of: str) -> None:
    print(f"{what:<42} {count / seconds:9.0f} /s   {beside / seconds:.2f} of {of}")


def cassettes(source: list[Path]) -> None:
    texts = [p.read_text(encoding="utf-8") for p in source]
    count = len(list(exchanges(source)))
    found = best(
        {
            "load": lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts],
            "read": lambda: list(exchanges(source)),
            "rules": lambda: [findings(context_for(e)) for e in exchanges(source)],
            "judge": lambda: judged_from(source, load()),
            "audit": lambda: audit(source),
        }
    )
    limit, of = found["load"], "the loader"
    print(f"{len(texts)} cassettes, {count} exchanges")
    show("C YAML loader, nothing else", count, limit, limit, of)
    show("reading", count, found["read"], limit, of)
    show("reading and rules", count, found["rules"], limit, of)
    show("reading, rules, oracle (bound 0.60)", count, found["judge"], limit, of)
    show("the whole audit, report included", count, found["audit"], limit, of)


def json_lines(source: list[Path], target: Path) -> None:
    count = lines_of(source, target, 5_000)
    found = best(
        {
            "load": lambda: sum(json.loads(line) is None for line in target.open("rb")),
            "read": lambda: sum(1 for _ in exchanges([target])),
            "rules": lambda: sum(not findings(context_for(e)) for e in exchanges([target])),
            "judge": lambda: judged_from([target], load()),
        }
    )
    limit, of = found["load"], "json.loads"
    print(f"{count} JSON lines")
    show("json.loads of each, nothing else", count, limit, limit, of)
    show("reading", count, found["read"], limit, of)
    show("reading and rules", count, found["rules"], limit, of)
    show("reading, rules, oracle (bound 5,000 /s)", count, found["judge"], limit, of)
    print(f"{'':<42} {count / found['judge'] / PEER:9.1f} times oav validate-traffic at {PEER} /s (bound 7)")


def memory(source: list[Path], target: Path) -> None:
    """The most that a process of its own held, for a short file and a long one about the same resources."""
    for count in (5_000, 50_000):
        lines_of(source, target, count, accounts=2)
        held = subprocess.check_output([sys.executable, "-c", MEMORY, str(target)], text=True)
        print(f"{f'memory at {count} JSON lines':<42} {int(held) // 1024:9} MB")


def main() -> None:
    source = recordings()
    cassettes(source)
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "lines.jsonl"
        json_lines(source, target)
        memory(source, target)


if __name__ == "__main__":
    main()
