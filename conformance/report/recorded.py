"""What the report on an audit says about the recordings, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.report.model import Audit, BrokenPlace, TraceNote, Unmatched
from conformance.report.text import count_of, wrap

_GROUPS = 8
_TRACES = 5
_PLACES = 10


def recorded(audit: Audit) -> str:
    lines = [f"Read {count_of(audit.recordings, 'recording')}, {count_of(audit.traces, 'trace')}."]
    lines += _traces(audit)
    for plane in audit.planes:
        share = f" ({100 * plane.matched / plane.exchanges:.1f} %)" if plane.exchanges else ""
        lines.append(f"  {plane.plane:<11} {plane.exchanges} exchanges, {plane.matched} match an operation{share}")
    lines += _exercised(audit)
    for note in audit.versions:
        told = (
            f"{note.exchanges} exchanges at {note.api_version} ({note.plane}) judged by the nearest api-version {note.judged_by}"
        )
        lines.append(wrap(told, "  ", "    "))
    lines += _unmatched(audit.unmatched)
    lines += _listed("MADE NO SENSE, no exchange names an operation", audit.senseless, audit.senseless_count)
    lines += _listed("BROKEN, not read and not judged", audit.broken, audit.broken_count)
    return "\n".join(lines)


def broken_places(audit: Audit) -> int:
    """A report of an earlier version of the suite has no count beside the list."""
    return max(audit.broken_count, len(audit.broken))


def _traces(audit: Audit) -> Iterator[str]:
    for trace in audit.accounts[:_TRACES]:
        yield wrap(f"* {_trace(trace)}", "  ", "    ")
    if audit.accounts and audit.traces > _TRACES:
        yield f"  and {count_of(audit.traces - min(_TRACES, len(audit.accounts)), 'shorter trace')}, in report.json"


def _trace(trace: TraceNote) -> str:
    between = ""
    if trace.first and trace.last:
        days = [trace.first.date().isoformat(), trace.last.date().isoformat()]
        between = f", {days[0]}" if days[0] == days[1] else f", {days[0]} to {days[1]}"
    name = trace.host if trace.host.startswith(trace.account) else f"{trace.account} at {trace.host}"
    counts = f"{count_of(trace.exchanges, 'exchange')} in {count_of(trace.recordings, 'recording')}"
    return f"{name or 'no host'}: {counts}{between}"


def _exercised(audit: Audit) -> Iterator[str]:
    required = f" and {count_of(len(audit.requirements), 'requirement')}" if audit.requirements else ""
    operations = ", ".join(f"{name}×{count}" for name, count in audit.operations.items())
    told = f"{count_of(len(audit.operations), 'operation')}{required} exercised"
    yield wrap(f"{told}: {operations}" if operations else told, "  ", "    ")


def _unmatched(groups: list[Unmatched]) -> Iterator[str]:
    """By plane and reason; the groups come sorted by how often they were seen."""
    for plane, reason in dict.fromkeys((g.plane, g.reason) for g in groups):
        own = [g for g in groups if (g.plane, g.reason) == (plane, reason)]
        yield wrap(f"No operation, {sum(g.count for g in own)} of the {plane}{f': {reason}' if reason else ''}", "", "  ")
        yield from (wrap(f"{g.count:>4} × {g.request}", "  ", " " * 9) for g in own[:_GROUPS])
        if len(own) > _GROUPS:
            yield f"    and {len(own) - _GROUPS} more kinds of request, in report.json"


def _listed(head: str, places: list[BrokenPlace], count: int) -> Iterator[str]:
    count = max(count, len(places))
    if not count:
        return
    yield f"{head}: {count}"
    yield from (wrap(f"{one.place}: {one.problem}", "  ", "    ") for one in places[:_PLACES])
    if count > _PLACES:
        yield f"  and {count - _PLACES} more, {'the first 100 of all ' if count > len(places) else ''}in report.json"
