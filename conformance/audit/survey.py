"""What an audit read, and what of it the contract knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conformance.contract import Plane
from conformance.exchange import BrokenEntry, Exchange, scrub_text
from conformance.judge import Judged, Seen, Unmatched
from conformance.report import model as report
from conformance.report.model import Audit, BrokenPlace, PlaneTotals, VersionNote

_ACCOUNT = re.compile(r"/batchaccounts/([^/?]+)", re.IGNORECASE)
_PLACE = re.compile(r"(#\d+|:\d+)$")
_NAMED = 5
_OTHER = "other hosts"


@dataclass
class Survey:
    """Filled while the recordings are read."""

    broken: list[BrokenEntry] = field(default_factory=list)
    skipped: list[BrokenEntry] = field(default_factory=list)
    unanswered: list[BrokenEntry] = field(default_factory=list)
    _recordings: set[str] = field(default_factory=set)
    _traces: set[tuple[str, str]] = field(default_factory=set)
    _hosts: Counter[str] = field(default_factory=Counter)
    _versions: set[str] = field(default_factory=set)

    def hear(self, exchange: Exchange) -> None:
        recording = recording_of(exchange)
        host = (exchange.request.parts.hostname or "").lower()
        self._recordings.add(recording)
        self._traces.add((recording, account(exchange)))
        self._hosts[host] += 1
        if exchange.api_version:
            self._versions.add(exchange.api_version)

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

    def told(self, judged: Judged, others: Mapping[str, list[Exchange]]) -> Audit:
        return Audit(
            recordings=len(self._recordings),
            traces=len(self._traces),
            planes=[
                PlaneTotals(plane=p, exchanges=judged.planes[p], matched=judged.matched[p]) for p in Plane if judged.planes[p]
            ],
            operations=dict(sorted(judged.operations.items())),
            unmatched=[*_grouped(judged.unmatched), *_elsewhere(others)],
            versions=[
                VersionNote(plane=s.plane, api_version=s.stated, judged_by=s.judged_by, exchanges=count)
                for s, count in sorted(judged.stand_ins.items(), key=lambda item: (item[0].plane, item[0].stated))
            ],
            broken=_places(self.broken),
            skipped=_places([*self.skipped, *self.unanswered]),
        )


def account(exchange: Exchange) -> str:
    """What tells traces apart: the account of a management request, else the host."""
    named = _ACCOUNT.search(exchange.request.path)
    return named[1].lower() if named else (exchange.request.parts.hostname or "").lower()


def _places(entries: Iterable[BrokenEntry]) -> list[BrokenPlace]:
    return [BrokenPlace(place=entry.place, problem=scrub_text(entry.problem)) for entry in entries]


def _grouped(unmatched: Mapping[Unmatched, Seen]) -> Iterator[report.Unmatched]:
    for kind, seen in sorted(unmatched.items(), key=lambda item: (item[0].plane, -item[1].count, item[0].why, item[0].request)):
        yield report.Unmatched(plane=kind.plane, reason=kind.why, request=kind.request, count=seen.count, first=seen.first)


def _elsewhere(others: Mapping[str, list[Exchange]]) -> Iterator[report.Unmatched]:
    reason = "no exchange with this host names an operation of Azure Batch"
    for host, exchanges in sorted(others.items(), key=lambda item: (-len(item[1]), item[0])):
        yield report.Unmatched(plane=_OTHER, reason=reason, request=host, count=len(exchanges), first=exchanges[0].source)


def recording_of(exchange: Exchange) -> str:
    """The path of the file that it was read from."""
    return _PLACE.sub("", exchange.source)


def recording_name(exchange: Exchange, roots: Iterable[str | Path]) -> str:
    """Its recording as seen from the folder that was named, so that it says the same on every machine."""
    path = Path(recording_of(exchange))
    root = next((r for r in roots if Path(r).is_dir() and path.is_relative_to(r)), path.parent)
    return path.relative_to(root).as_posix()
