"""The reports of several api-versions beside each other: one row per version, and the requirements whose verdict differs.

`matrix.json` is read by other tools, as `report.json` is: fields are added, never renamed within one `schema_version`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from conformance.report.model import Counts, Report, VerdictName

MATRIX, MATRIX_TEXT = "matrix.json", "matrix.txt"
INTERRUPTED = 130
_WIDTH = 80


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(_Record):
    """One api-version. `report` is the path of its report below the folder of the matrix."""

    api_version: str
    report: str
    exit_code: int
    conformant: bool
    must: Counts
    should: Counts
    may: Counts
    exchanges: int
    seconds: float


class Missing(_Record):
    """An api-version that has no report, and why; with exit code 0, because there is nothing to judge at it."""

    api_version: str
    exit_code: int
    reason: str


class Difference(_Record):
    """Requirements whose verdict depends on the api-version, all in the same way; versions without them are absent."""

    versions: dict[VerdictName, list[str]]
    requirements: list[str]


class Matrix(_Record):
    schema_version: Literal[1] = 1
    endpoint: str
    conformant: bool
    rows: list[Row]
    missing: list[Missing]
    differences: list[Difference]


def matrix(endpoint: str, reports: Mapping[str, tuple[Report, int]], missing: Sequence[Missing]) -> Matrix:
    """`reports` by api-version, oldest first, each with the exit code of its run."""
    rows = [_row(version, report, code) for version, (report, code) in reports.items()]
    codes = [*(row.exit_code for row in rows), *(one.exit_code for one in missing)]
    return Matrix(
        endpoint=endpoint,
        conformant=bool(rows) and all(row.conformant for row in rows) and not any(codes),
        rows=rows,
        missing=list(missing),
        # what an interrupted run did not reach says nothing about its version
        differences=differences({version: report for version, (report, code) in reports.items() if code != INTERRUPTED}),
    )


def _row(version: str, report: Report, code: int) -> Row:
    return Row(
        api_version=version,
        report=f"{version}/report.json",
        exit_code=code,
        conformant=report.summary.conformant,
        must=report.summary.must,
        should=report.summary.should,
        may=report.summary.may,
        exchanges=report.exchanges,
        seconds=round(report.duration_s, 1),
    )


def differences(reports: Mapping[str, Report]) -> list[Difference]:
    """Grouped, the largest group first."""
    verdicts: dict[str, dict[str, VerdictName]] = {}
    for version, report in reports.items():
        for record in report.requirements:
            verdicts.setdefault(record.id, {})[version] = record.verdict
    groups: dict[tuple[tuple[str, VerdictName], ...], list[str]] = {}
    for name, by_version in verdicts.items():
        if len(set(by_version.values())) > 1:
            groups.setdefault(tuple(by_version.items()), []).append(name)
    found = [Difference(versions=_by_verdict(pairs), requirements=names) for pairs, names in groups.items()]
    return sorted(found, key=lambda difference: -len(difference.requirements))


def _by_verdict(pairs: Iterable[tuple[str, VerdictName]]) -> dict[VerdictName, list[str]]:
    found: dict[VerdictName, list[str]] = {}
    for version, verdict in pairs:
        found.setdefault(verdict, []).append(version)
    return found


def render_matrix(table: Matrix) -> str:
    """The matrix as text for 80 columns, ending in a line break."""
    blocks = ["\n".join(_table(table)), "\n".join(_missing(table.missing)), _different(table), _verdict(table)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(table: Matrix) -> Iterator[str]:
    group = f"{'fail':>5}{'err':>4}{'unt':>4}{'perm':>5}"
    yield f"{'':<16}{'MUST':>23}{'SHOULD':>23}"
    yield f"{'api-version':<16}{'pass':>5}{group}{'pass':>5}{group}{'sent':>7}{'sec':>6}  ok"
    for row in table.rows:
        ok = "cut" if row.exit_code == INTERRUPTED else "yes" if row.conformant else "NO"
        ok += f", exit {row.exit_code}" if row.exit_code in (2, 3) else ""
        yield f"{row.api_version:<16}{_cells(row.must)}{_cells(row.should)}{row.exchanges:>7}{row.seconds:>6.0f}  {ok}"
    yield "unt: untested, perm: not permitted or claimed, sent: exchanges, cut: interrupted"


def _cells(counts: Counts) -> str:
    other = counts.not_permitted + counts.not_claimed
    return f"{counts.passed:>5}{counts.failed:>5}{counts.error:>4}{counts.untested:>4}{other:>5}"


def _missing(missing: Iterable[Missing]) -> Iterator[str]:
    for one in missing:
        yield _wrap(f"{one.api_version}: no report: {one.reason}", "", "  ")


def _different(table: Matrix) -> str:
    order = [row.api_version for row in table.rows]
    if sum(row.exit_code != INTERRUPTED for row in table.rows) < 2:
        return ""
    if not table.differences:
        return "Every requirement has the same verdict at each api-version where it holds."
    lines = ["Verdicts that differ between api-versions where the requirement holds:"]
    for difference in table.differences:
        told = "; ".join(f"{verdict} at {spans(versions, order)}" for verdict, versions in difference.versions.items())
        lines.append(_wrap(f"* {told}", "", "  "))
        lines.append(_wrap(", ".join(difference.requirements), "    ", "    "))
    return "\n".join(lines)


def spans(versions: Sequence[str], order: Sequence[str]) -> str:
    """`A to B, D`: neighbours in `order` as one span."""
    runs: list[list[str]] = []
    for version in versions:
        if runs and order.index(version) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(version)
        else:
            runs.append([version])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _verdict(table: Matrix) -> str:
    cut = sum(row.exit_code == INTERRUPTED for row in table.rows)
    count = len(table.rows) - cut
    wrong = [row.api_version for row in table.rows if not row.conformant and row.exit_code != INTERRUPTED]
    told = f"{count} api-version{'' if count == 1 else 's'} judged"
    if table.missing or cut:
        told += f", {len(table.missing) + cut} not"
    if table.conformant:
        return f"CONFORMANT at every api-version: {told}."
    if not wrong:
        broken = ", ".join(row.api_version for row in table.rows if row.exit_code not in (0, INTERRUPTED))
        return _wrap(f"NO VERDICT: {told}{'; the suite or the connection broke at ' if broken else ''}{broken}.")
    return _wrap(f"NOT CONFORMANT at {', '.join(wrong)}: {told}.")


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
