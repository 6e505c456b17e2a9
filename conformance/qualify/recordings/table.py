"""The report as rows of a table."""

from __future__ import annotations

from conformance.qualify.recordings.model import MutationReport, Tally

HEAD = ("operator", "what is done", "tried", "noticed", "%", "by")
_NAMED = 3
Row = tuple[str, str, str, str, str, str]


def rows(report: MutationReport) -> list[Row]:
    """One row for each operator that had something to damage, and the sums."""
    found = [_row(tally) for tally in report.tallies if tally.tried]
    total = f"{100 * report.killed / report.tried:.0f}" if report.tried else ""
    return [*found, ("all that are not harmless", "", str(report.tried), str(report.killed), total, "")]


def _row(tally: Tally) -> Row:
    names = sorted(tally.by, key=lambda name: (-tally.by[name], name))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    by, rate, operator = ", ".join(names[:_NAMED]) + more, f"{100 * tally.rate:.0f}", tally.operator
    what = f"{operator.sentence} (Not in every recording: {operator.unless})" if operator.unless else operator.sentence
    return operator.id, what, str(tally.tried), str(tally.killed), rate, by
