"""docs/detection.md, from what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from conformance.defects import DEFECTS
from peer.trials import Trial

_TOOLS = ("st run", "fuzz alone", "whole suite")
_HEAD = """\
# Detection, side by side

Generated on {today} by `python tests/bench/detection.py` in {minutes} minutes. Do not edit.

{servers} servers, each the reference service with one defect, and the clean one with the seeds {seeds}; api-version {version}.
Each tool gets a server of its own for each defect; {jobs} trials at a time on the same cores, so that rates are lower than alone:
`tests/bench/fuzz.py` compares rates.

- **st run**: schemathesis {schemathesis} with the document of `batch-conformance spec openapi` (without `security`, as its servers
  take unsigned requests): `st run openapi.json --url URL --checks=all --phases=examples,coverage,fuzzing,stateful --seed={seed}
  --max-time={st} --continue-on-failure --generation-database=none --request-timeout=5`
- **fuzz alone**: `batch-conformance run --endpoint URL --fuzz-only --fuzz-time={fuzz} --fuzz-examples=1000000 --seed={seed}`
- **whole suite**: `batch-conformance run --endpoint URL --workers=2 --seed={seed}`, its short fuzz included

The suite's own runs are signed, may start nodes and make accounts, and have a cache of their own.

A defect is **found** by st when st tells a kind of failure at an operation that it tells of the clean server with neither seed
({noise} different ones in all), and the defect changed what the failed check looks at: the servers that st talks to note which
answers their defect changed. It is found by the suite when a requirement fails that the defect is declared to violate. What else
is told counts as **false**: for st kinds of failure at an operation, for the suite requirements.
"""


@dataclass(frozen=True)
class Bounds:
    """Of one comparison: the api-version, the seeds, and the seconds that st and the fuzz have for each server."""

    version: str
    seeds: tuple[int, ...]
    st: float
    fuzz: float
    jobs: int


@dataclass(frozen=True)
class Row:
    defect: str
    family: str
    st: Trial
    fuzz: Trial
    whole: Trial

    @property
    def tools(self) -> tuple[Trial, Trial, Trial]:
        return self.st, self.fuzz, self.whole


@dataclass(frozen=True)
class Table:
    """`clean` has a row for each seed; `noise` is how many different failures st told of the clean server in all."""

    clean: tuple[Row, ...]
    rows: tuple[Row, ...]
    noise: int
    bounds: Bounds


def rendered(table: Table, seconds: float) -> str:
    return "\n".join([*_head(table, seconds), *_sums(table), *_details(table), *_evidence(table)]) + "\n"


def _head(table: Table, seconds: float) -> Iterator[str]:
    bounds = table.bounds
    yield _HEAD.format(
        today=f"{datetime.now(UTC):%Y-%m-%d}",
        minutes=f"{seconds / 60:.0f}",
        servers=len(table.rows),
        version=bounds.version,
        jobs=bounds.jobs,
        schemathesis=version("schemathesis"),
        seed=bounds.seeds[0],
        seeds=" and ".join(map(str, bounds.seeds)),
        st=f"{bounds.st:.0f}",
        fuzz=f"{bounds.fuzz:.0f}",
        noise=table.noise,
    )


def _sums(table: Table) -> Iterator[str]:
    yield f"| tool | found of {len(table.rows)} | false alarms on the clean server | on a defective one | requests/s | seconds |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for place, tool in enumerate(_TOOLS):
        own = [row.tools[place] for row in table.rows]
        requests, seconds = sum(t.requests for t in own), sum(t.seconds for t in own)
        clean = [len(row.tools[place].beside) for row in table.clean]
        yield (
            f"| {tool} | {sum(t.found for t in own)} | {_span(clean)} | {_span([len(t.beside) for t in own])} "
            f"| {requests / max(seconds, 0.001):.0f} | {seconds / max(len(own), 1):.0f} |"
        )
    yield ""


def _span(counts: Sequence[int]) -> str:
    if not counts:
        return "-"
    return str(min(counts)) if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"


def _details(table: Table) -> Iterator[str]:
    yield "| defect | family | " + " | ".join(f"{tool} | requests | s" for tool in _TOOLS) + " |"
    yield "| --- " * (2 + 3 * len(_TOOLS)) + "|"
    for row in (*table.rows, *table.clean):
        cells = (f"{_verdict(t)} | {t.requests} | {t.seconds:.0f}" for t in row.tools)
        yield f"| {row.defect} | {row.family or 'clean'} | {' | '.join(cells)} |"
    yield ""


def _verdict(trial: Trial) -> str:
    false = f", {len(trial.beside)} false" if trial.beside else ""
    return f"**found**{false}" if trial.found else f"-{false}"


def _evidence(table: Table) -> Iterator[str]:
    yield "## What showed each"
    yield ""
    for row in table.rows:
        yield f"- **{row.defect}**: {DEFECTS[row.defect].lie}"
        for tool, trial in zip(_TOOLS, row.tools, strict=True):
            if trial.found:
                more = f" and {len(trial.by) - 1} more" if len(trial.by) > 1 else ""
                yield f"  - {tool}: {trial.by[0]}{more}"
    own = [(row.defect, name) for row in (*table.rows, *table.clean) for t in row.tools[1:] for name in t.beside]
    if own:
        yield ""
        yield "False alarms of this suite: " + "; ".join(f"{name} ({defect})" for defect, name in sorted(set(own))) + "."
