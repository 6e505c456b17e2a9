"""What an audit read, and what of it the contract knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from conformance.audit.grouping import Grouping, Name, Trace, recording_named
from conformance.audit.places import Places
from conformance.audit.sieve import Other, Sieve
from conformance.contract import Plane
from conformance.exchange import BrokenEntry, Exchange, scrub_text
from conformance.exchange.har import NO_ANSWER
from conformance.judge import Heard, Judged, Seen, Unmatched
from conformance.oracle.order import when
from conformance.report import model as report
from conformance.report.model import Audit, BrokenPlace, PlaneTotals, TraceNote, VersionNote

_NAMED = 5
_LISTED = 100
_OTHER = "other hosts"
_FOREIGN = "no exchange with this host names an operation of Azure Batch"
_EARLY = "came long before anything showed that the host is one of Batch"


@dataclass
class Survey:
    """Filled while the recordings are read. Grows with files and accounts, not with exchanges."""

    broken: Places = field(default_factory=Places)
    skipped: Places = field(default_factory=Places)
    grouping: Grouping = field(default_factory=Grouping)
    _hosts: Counter[str] = field(default_factory=Counter)
    _versions: set[str] = field(default_factory=set)

    def hear(self, exchange: Exchange) -> None:
        self.grouping.hear(exchange)
        self._hosts[exchange.request.host] += 1
        if exchange.api_version and len(self._versions) < _LISTED:
            self._versions.add(exchange.api_version)

    def readable(self, entries: Iterable[Exchange | BrokenEntry]) -> Iterator[Exchange]:
        for entry in entries:
            if isinstance(entry, BrokenEntry):
                # a browser's HAR has many requests that were given up: they are read well, and there is nothing to judge
                (self.skipped if entry.problem == NO_ANSWER else self.broken).append(entry)
            else:
                yield entry

    def endpoint(self) -> str:
        """The hosts of the traffic, the most frequent first."""
        hosts = [host for host, _ in self._hosts.most_common() if host]
        more = f" and {len(hosts) - _NAMED} more" if len(hosts) > _NAMED else ""
        return ", ".join(hosts[:_NAMED]) + more

    def api_versions(self) -> str:
        versions = sorted(self._versions)
        if len(versions) <= _NAMED:
            return ", ".join(versions)
        return f"{versions[0]} to {versions[-1]} ({len(versions)} versions)"

    def told(self, judged: Judged, sieve: Sieve) -> Audit:
        senseless = list(_senseless(judged.recordings, sieve.others))
        traces = self.grouping.traces
        return Audit(
            recordings=len({recording_named(label) for label in judged.recordings}),
            traces=len(traces),
            planes=[
                PlaneTotals(plane=p, exchanges=judged.planes[p], matched=judged.matched[p]) for p in Plane if judged.planes[p]
            ],
            operations=dict(sorted(judged.operations.items())),
            unmatched=[*_grouped(judged.unmatched), *_elsewhere(sieve.others, _FOREIGN), *_elsewhere(sieve.late, _EARLY)],
            versions=[
                VersionNote(plane=s.plane, api_version=s.stated, judged_by=s.judged_by, exchanges=count)
                for s, count in sorted(judged.stand_ins.items(), key=lambda item: (item[0].plane, item[0].stated))
            ],
            broken=_places(self.broken.kept),
            broken_count=self.broken.count,
            skipped=_places(self.skipped.kept),
            skipped_count=self.skipped.count,
            accounts=[_note(name, traces[name]) for name in sorted(traces, key=lambda n: (-traces[n].exchanges, n))[:_LISTED]],
            senseless=_places(senseless[:_LISTED]),
            senseless_count=len(senseless),
            requirements=[name for name, j in judged.judgements.items() if j.count_for or j.count_against],
        )


def _note(name: Name, trace: Trace) -> TraceNote:
    host, account = name
    return TraceNote(
        host=host,
        account=account,
        exchanges=trace.exchanges,
        recordings=len(trace.recordings),
        first=when(trace.first),
        last=when(trace.last),
    )


def _places(entries: Iterable[BrokenEntry]) -> list[BrokenPlace]:
    return [BrokenPlace(place=entry.place, problem=scrub_text(entry.problem)) for entry in entries]


def _grouped(unmatched: Mapping[Unmatched, Seen]) -> Iterator[report.Unmatched]:
    for kind, seen in sorted(unmatched.items(), key=lambda item: (item[0].plane, -item[1].count, item[0].why, item[0].request)):
        yield report.Unmatched(plane=kind.plane, reason=kind.why, request=kind.request, count=seen.count, first=seen.first)


def _elsewhere(others: Mapping[str, Other], reason: str) -> Iterator[report.Unmatched]:
    for host, other in sorted(others.items(), key=lambda item: (-item[1].count, item[0])):
        yield report.Unmatched(plane=_OTHER, reason=reason, request=host, count=other.count, first=other.first)


def _senseless(recordings: Mapping[str, Heard], others: Mapping[str, Other]) -> Iterator[BrokenEntry]:
    """The recordings of which not one exchange names an operation, and why."""
    understood = {recording_named(label) for label, heard in recordings.items() if heard.matched}
    reasons: dict[str, str] = {}
    for label, heard in recordings.items():
        reasons.setdefault(recording_named(label), heard.why or "its URLs cannot be taken apart")
    for host, other in others.items():
        for name in other.recordings:
            reasons.setdefault(name, f"{_FOREIGN}: {host or 'no host'}")
    yield from (BrokenEntry(name, why) for name, why in sorted(reasons.items()) if name not in understood)
