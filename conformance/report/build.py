"""From judgements to a report: counts, and records without secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from conformance.report.model import (
    AcceptedBehaviour,
    Audit,
    Counts,
    EvidenceRecord,
    ExchangeRef,
    Fuzz,
    ProfileSummary,
    Recording,
    Report,
    RequirementRecord,
    SeenRef,
    SourceRef,
    Suite,
    Summary,
    Target,
    VerdictName,
)
from conformance.requirements import Catalogue, Evidence, ExchangeSummary, Judgement, Requirement, Verdict
from conformance.requirements.catalogue import Seen

_SHOWN_AGAINST = 20
_NAMES: Mapping[Verdict, VerdictName] = {
    Verdict.UNTESTED: "untested",
    Verdict.NOT_CLAIMED: "not-claimed",
    Verdict.NOT_PERMITTED: "not-permitted",
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ERROR: "error",
}
_BROKEN = {"failed", "error"}


@dataclass(frozen=True)
class RunInfo:
    """What is to be said about a run beside its verdicts. `exchanges` counts those that were judged."""

    suite: Suite
    target: Target
    started: datetime
    finished: datetime
    exchanges: int
    seed: int | None = None
    notes: tuple[str, ...] = ()
    suite_errors: int = 0
    audit: Audit | None = None
    interrupted: bool = False
    recording: Recording | None = None
    fuzz: Fuzz | None = None


def build(
    judgements: Mapping[str, Judgement],
    catalogue: Catalogue,
    run: RunInfo,
    *,
    scrub: Callable[[str], str],
) -> Report:
    """The report, in the order of the catalogue. `scrub` takes secrets out of a text; every text of evidence goes through it.

    Raises:
        KeyError: a judgement is about a requirement that the catalogue lacks.
    """
    clean = _writable(scrub)
    strangers = judgements.keys() - catalogue.requirements.keys()
    if strangers:
        raise KeyError(f"judged, but not in the catalogue: {', '.join(sorted(strangers))}")
    stale = run.recording is not None and run.recording.stale
    records = [
        _record(requirement, judgements[requirement.id], clean, stale)
        for requirement in catalogue.requirements.values()
        if requirement.id in judgements
    ]
    claimed = set(run.target.profiles)
    return Report(
        suite=run.suite,
        target=run.target,
        started=run.started,
        finished=run.finished,
        duration_s=round((run.finished - run.started).total_seconds(), 3),
        exchanges=run.exchanges,
        seed=run.seed,
        summary=_summary([r for r in records if r.profile in claimed], records, whole=not (run.interrupted or run.suite_errors)),
        profiles=_profiles(records, run.target.profiles),
        requirements=records,
        notes=[clean(note) for note in run.notes],
        suite_errors=run.suite_errors,
        audit=run.audit,
        recording=run.recording,
        fuzz=run.fuzz,
    )


def _writable(scrub: Callable[[str], str]) -> Callable[[str], str]:
    """JSON of a service may hold halves of surrogate pairs, which no file in UTF-8 can: they are written as escapes."""

    @lru_cache(maxsize=8192)  # the same few reasons and expectations stand in thousands of records
    def clean(text: str) -> str:
        return scrub(text).encode("utf-8", "backslashreplace").decode("utf-8")

    return clean


def _summary(claimed: Iterable[RequirementRecord], records: list[RequirementRecord], *, whole: bool) -> Summary:
    return Summary(
        conformant=_conformant(claimed) and whole,
        must=_counts(records, "MUST"),
        should=_counts(records, "SHOULD"),
        may=_counts(records, "MAY"),
    )


def _profiles(records: list[RequirementRecord], claimed: list[str]) -> list[ProfileSummary]:
    by_profile: dict[str, list[RequirementRecord]] = {profile: [] for profile in claimed}
    for record in records:
        by_profile.setdefault(record.profile, []).append(record)
    return [
        ProfileSummary(
            id=profile,
            claimed=profile in claimed,
            conformant=_conformant(own),
            must=_counts(own, "MUST"),
            should=_counts(own, "SHOULD"),
            may=_counts(own, "MAY"),
        )
        for profile, own in by_profile.items()
    ]


def _conformant(records: Iterable[RequirementRecord]) -> bool:
    return not any(r.level == "MUST" and r.verdict in _BROKEN for r in records)


def _counts(records: Iterable[RequirementRecord], level: str) -> Counts:
    found = Counter(r.verdict.replace("-", "_") for r in records if r.level == level)
    return Counts(**found)


def _record(requirement: Requirement, judgement: Judgement, scrub: Callable[[str], str], stale: bool) -> RequirementRecord:
    kept = [_evidence(e, scrub, stale) for e in _kept(judgement.evidence)]
    return RequirementRecord(
        id=requirement.id,
        level=requirement.level,
        profile=requirement.profile,
        title=requirement.title,
        source=SourceRef(document=requirement.source.document, section=requirement.source.section),
        verdict=_NAMES[judgement.verdict],
        evidence=kept,
        reason=scrub(judgement.reason),
        count_for=judgement.count_for,
        count_against=judgement.count_against,
        flaky=judgement.flaky,
        seen=_seen(requirement.seen) if requirement.seen else None,
        ambiguity=[AcceptedBehaviour(**accepted.model_dump()) for accepted in requirement.ambiguity],
        choice=_choice(requirement, kept),
    )


def _seen(seen: Seen) -> SeenRef:
    return SeenRef(recording=seen.recording, date=seen.date, api_version=seen.api_version)


def _kept(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """The first for, the first 20 of the rest: the judge keeps no more, and a report holds no more."""
    seen_for, others = False, 0
    for one in evidence:
        if one.outcome == "for":
            if not seen_for:
                seen_for = True
                yield one
        elif others < _SHOWN_AGAINST:
            others += 1
            yield one


def _evidence(evidence: Evidence, scrub: Callable[[str], str], stale: bool) -> EvidenceRecord:
    return EvidenceRecord(
        kind=evidence.kind,
        by=evidence.by,
        outcome=evidence.outcome,
        message=scrub(evidence.message),
        expected=scrub(evidence.expected),
        actual=scrub(evidence.actual),
        exchange=_exchange(evidence.exchange, scrub) if evidence.exchange else None,
        reproduce=scrub(evidence.reproduce),
        stale=stale,
    )


def _exchange(exchange: ExchangeSummary, scrub: Callable[[str], str]) -> ExchangeRef:
    return ExchangeRef(
        method=exchange.method,
        url=scrub(exchange.url),
        status=exchange.status,
        index=exchange.index,
        source=exchange.source,
    )


def _choice(requirement: Requirement, evidence: list[EvidenceRecord]) -> str:
    """Where documents disagree, the observation that held tells which behaviour the target has."""
    if not requirement.ambiguity:
        return ""
    return next((e.actual or e.message for e in evidence if e.outcome == "for"), "")
