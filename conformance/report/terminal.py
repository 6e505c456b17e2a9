"""The report as plain text for 80 columns: what failed first, then what the suite itself could not do, a table, one verdict line.

No colour, no time of day: the same report gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conformance.report.model import Counts, EvidenceRecord, Fuzz, Recording, Report, RequirementRecord
from conformance.report.recorded import broken_places, recorded
from conformance.report.text import WIDTH
from conformance.report.text import count_of as _of
from conformance.report.text import wrap as _wrap

_DETAILED = 25
_LONGEST_VALUE = 600
_CAUSES = 10
_LEVELS = ("MUST", "SHOULD", "MAY")
# a shell word with its quotes, an option with its value, or a comment to the end; a quote that nothing closes stands for itself
_WORD = re.compile(r"#.*$|(?:--?[A-Za-z][\w-]*[ ](?![-#]))?(?:[^\s'\"]|'[^']*'|\"[^\"]*\"|['\"])+", re.DOTALL)


def render(report: Report) -> str:
    """The whole summary, ending in a line break."""
    failed = _by_level(r for r in report.requirements if r.verdict == "failed")
    errors = _by_level(r for r in report.requirements if r.verdict == "error")
    blocks = [
        *_section("FAILED", failed, "against"),
        *_section("ERROR, as the suite or the connection broke", errors, "error"),
        *([recorded(report.audit)] if report.audit else []),
        _choices(report.requirements),
        _table(report),
        _notes(report),
        verdict_line(report),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def verdict_line(report: Report) -> str:
    """One sentence, wrapped, that claims no more than was seen."""
    claimed = [r for r in report.requirements if r.profile in report.target.profiles and r.level == "MUST"]
    names = ("passed", "failed", "error", "untested", "not-permitted")
    count = {verdict: sum(r.verdict == verdict for r in claimed) for verdict in names}
    held_back = f", {count['not-permitted']} not permitted" if count["not-permitted"] else ""
    tail = f"{count['passed']} passed{held_back}, {count['untested']} untested (untested is not passed)"
    if count["failed"]:
        head = f"NOT CONFORMANT: {_of(count['failed'], 'claimed MUST')} failed"
        tail = f"{count['error']} ended in an error, {tail}" if count["error"] else tail
    elif count["error"]:
        head = f"NO VERDICT: {_of(count['error'], 'claimed MUST')} ended in an error of the suite or the connection"
    elif not count["passed"]:
        head = "NOTHING JUDGED: no claimed MUST was exercised"
    elif report.suite_errors:
        head = "NO VERDICT: no claimed MUST failed, but the suite or the connection broke"
    elif not report.summary.conformant:
        head = "INTERRUPTED: no claimed MUST failed so far, but not all was reached"
    else:
        head = "CONFORMANT: no claimed MUST failed"
    return _wrap(f"{head}{_unread(report)}; {tail}.")


def _unread(report: Report) -> str:
    """Belongs to the verdict: what could not be read may hold what would have failed."""
    broken = broken_places(report.audit) if report.audit else 0
    return f", BUT {_of(broken, 'broken place')} of the recordings could not be read" if broken else ""


def _by_level(records: Iterable[RequirementRecord]) -> list[RequirementRecord]:
    return sorted(records, key=lambda r: _LEVELS.index(r.level))


def _section(head: str, records: list[RequirementRecord], outcome: str) -> Iterator[str]:
    if not records:
        return
    levels = ", ".join(f"{n} {level}" for level in _LEVELS if (n := sum(r.level == level for r in records)))
    yield f"{head}: {len(records)} ({levels})"
    for record in records[:_DETAILED]:
        yield _detail(record, outcome)
    if len(records) > _DETAILED:
        rest = "\n".join(f"  {r.level:<6} {r.id}" for r in records[_DETAILED:])
        yield f"and {len(records) - _DETAILED} more, in full in report.json:\n{rest}"


def _detail(record: RequirementRecord, outcome: str) -> str:
    lines = [f"* {record.id}  [{record.level}]", _wrap(record.title, "    ")]
    lines.append(_field("source", f"{record.source.document}, {record.source.section}"))
    if record.reason:
        lines.append(_field("reason", record.reason))
    first = next((e for e in record.evidence if e.outcome == outcome), None)
    if first is not None:
        lines += _observed(first)
    if record.count_against > 1:
        lines.append(_field("count", f"{record.count_against} times against, {record.count_for} for; the first is shown"))
    return "\n".join(lines)


def _observed(evidence: EvidenceRecord) -> Iterator[str]:
    yield _field("found by", f"{evidence.kind} {evidence.by}")
    if evidence.message:
        yield _field("message", evidence.message)
    if evidence.expected:
        yield _field("expected", evidence.expected)
    if evidence.actual:
        yield _field("actual", evidence.actual)
    if (exchange := evidence.exchange) is not None:
        yield _field("request", f"{exchange.method} {exchange.url} -> {exchange.status}")
        if exchange.source:
            yield _field("from", exchange.source)
    if evidence.reproduce:
        yield "    reproduce:\n" + "\n".join(_command(line) for line in evidence.reproduce.splitlines())


def _field(name: str, value: str) -> str:
    """`name` and a value; what is long is cut, report.json has it in full. Ids and URLs are not broken."""
    flat = "".join(c if c.isprintable() else "�" for c in " ".join(value.split()))
    short = flat if len(flat) <= _LONGEST_VALUE else f"{flat[:_LONGEST_VALUE]} … ({len(flat)} characters)"
    return _wrap(f"{name + ':':<10} {short}", "    ", " " * 15)


def _command(line: str) -> str:
    """The command over several lines, still fit for a shell: broken between words only."""
    rows: list[str] = []
    for word in _WORD.findall(line):
        if rows and len(rows[-1]) + len(word) + 1 <= WIDTH - 8:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return " \\\n".join(f"      {row}" for row in rows)


def _choices(records: Iterable[RequirementRecord]) -> str:
    chosen = [r for r in records if r.choice]
    if not chosen:
        return ""
    lines = ["Where the documents disagree, this target chose:"]
    lines += [_wrap(f"* {r.id}: {r.choice}", "  ", "    ") for r in chosen]
    return "\n".join(lines)


def _table(report: Report) -> str:
    if not report.profiles:
        return ""
    group = f"{'pass':>5}{'fail':>5}{'err':>4}{'untested':>9}{'other':>6}"
    lines = [f"{'':<21}{'MUST':>29} {'SHOULD':>29}", f"{'profile':<14}{'claims':<7}{group} {group}"]
    for profile in report.profiles:
        claimed = "yes" if profile.claimed else "no"
        lines.append(f"{profile.id:<14.13}{claimed:<7}{_cells(profile.must)} {_cells(profile.should)}")
    lines.append(f"{'all':<21}{_cells(report.summary.must)} {_cells(report.summary.should)}")
    return "\n".join(lines)


def _cells(counts: Counts) -> str:
    other = counts.not_claimed + counts.not_permitted
    return f"{counts.passed:>5}{counts.failed:>5}{counts.error:>4}{counts.untested:>9}{other:>6}"


def _notes(report: Report) -> str:
    other = report.target.management_api_version
    version = f"{report.target.api_version}{f' (management {other})' if other else ''}"
    target = f"{report.target.endpoint}, api-version {version}, {report.exchanges} exchanges"
    notes = [*([_replayed(report.recording)] if report.recording else []), *report.notes]
    notes += [_fuzzed(report.fuzz)] if report.fuzz else []
    told = [_wrap(f"Judged: {target}."), *_qualified(report)]
    return "\n".join([*told, *(_wrap(f"Note: {note}", "", "  ") for note in notes)])


def _qualified(report: Report) -> Iterator[str]:
    """What the verdict is worth."""
    known = report.suite.qualified
    if known is not None:
        noticed = (
            f"it notices {known.noticed} of {known.defects} seeded defects, which fail {known.must_killed} of {known.must} MUST"
        )
        yield _wrap(f"The suite, qualified on {known.date}: {noticed}.")


def _fuzzed(fuzz: Fuzz) -> str:
    """How much was generated, and what came of it."""
    sent = f"fuzzing sent {_of(fuzz.sequences, 'sequence')}, {_of(fuzz.requests, 'request')} in all, seed {fuzz.seed}"
    ended = "".join(f"; it ended early: {why}" for why in fuzz.stopped)
    if not fuzz.failures:
        return f"{sent}; no failure{ended}"
    named = ", ".join(
        f"{f.id} {f.requirement} ({_of(f.count, 'time')}{', flaky' if f.flaky else ''})" for f in fuzz.failures[:_CAUSES]
    )
    more = f" and {len(fuzz.failures) - _CAUSES} more" if len(fuzz.failures) > _CAUSES else ""
    return f"{sent}; {_of(len(fuzz.failures), 'cause')} of failures: {named}{more}{ended}"


def _replayed(recording: Recording) -> str:
    commit = f" at {recording.commit[:12]}" if recording.commit else ""
    made = f"replayed from {recording.folder}, recorded on {recording.recorded:%Y-%m-%d} by suite {recording.suite}{commit}"
    old = (
        f"; it is {recording.age_days:g} days old, more than --max-age allows, so its evidence is STALE"
        if recording.stale
        else ""
    )
    return made + old
