"""One audit: read, judge, report."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from conformance.audit.names import recording_of
from conformance.audit.sieve import Sieve
from conformance.audit.survey import Survey
from conformance.exchange import Exchange, read_recordings, scrub_text
from conformance.exchange.files import STDIN
from conformance.exchange.har import NO_ANSWER
from conformance.judge import Judged, judge
from conformance.report import Report, RunInfo, Target, build, suite
from conformance.requirements import Catalogue, Verdict, load

_THRESHOLD = 50_000
_TOLD_EACH = 500
Progress = Callable[[int, str], None]


def audit(
    paths: Sequence[str | Path],
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    alone: bool = False,
) -> Report:
    """Judge every exchange of the recordings in `paths` (files, folders, archives, or `-`), each account's in order of time.
    `progress` is told now and then how many exchanges were judged, and from which recording the last one was. `alone`:
    nobody else touched what a recording creates.

    Raises:
        UserError: a path is not there, or no exchange could be read.
        CatalogueError, ContractDataError: the suite's own data is broken.
    """
    missing = [str(p) for p in paths if str(p) != STDIN and not Path(p).exists()]
    if missing:
        raise _wrong(f"no such file or folder: {', '.join(missing)}")
    catalogue = catalogue or load()
    started = datetime.now(UTC)
    judged, survey, sieve = judged_from(paths, catalogue, progress, alone)
    if not judged.exchanges:
        raise _wrong(_nothing(paths, survey, sieve))
    claimed = _claimed(judged, catalogue)
    run = RunInfo(
        suite=suite(),
        target=Target(endpoint=survey.endpoint(), api_version=survey.api_versions(), auth="recorded", profiles=claimed),
        started=started,
        finished=datetime.now(UTC),
        exchanges=judged.exchanges,
        notes=tuple(f"the suite broke: {error.by}: {error.message}" for error in judged.suite_errors[:5]),
        suite_errors=len(judged.suite_errors),
        audit=survey.told(judged, sieve),
    )
    return build(judged.judgements, catalogue, run, scrub=scrub_text)


def judged_from(
    paths: Sequence[str | Path], catalogue: Catalogue, progress: Progress | None = None, alone: bool = False
) -> tuple[Judged, Survey, Sieve]:
    """What the judge concludes, and what was heard beside it: an audit without its report."""
    survey, sieve = Survey(), Sieve()
    entries = read_recordings(paths, survey.skipped, in_time=True)
    with _rarer_collections():
        judged = judge(
            _numbered(sieve.batch(survey.readable(entries)), survey, progress),
            catalogue=catalogue,
            claims=frozenset(r.profile for r in catalogue.requirements.values()),
            traces=survey.grouping.for_judge(alone),
        )
    return judged, survey, sieve


@contextmanager
def _rarer_collections() -> Iterator[None]:
    """Reading makes many objects and no cycles: searching for cycles as often as usual costs a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(_THRESHOLD, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _numbered(exchanges: Iterable[Exchange], survey: Survey, progress: Progress | None) -> Iterator[Exchange]:
    """Each exchange is one of the whole trace, whichever recording it is from."""
    for index, one in enumerate(exchanges):
        exchange = Exchange(one.request, one.response, index, one.source, one.started, one.elapsed)
        survey.hear(exchange)
        if progress is not None and index % _TOLD_EACH == 0:
            progress(index, recording_of(exchange))
        yield exchange


def _nothing(paths: Sequence[str | Path], survey: Survey, sieve: Sieve) -> str:
    if sieve.others:
        hosts = ", ".join(host or "no host" for host in list(sieve.others)[:3])
        return f"no exchange names an operation of Azure Batch (hosts: {hosts}{', …' if len(sieve.others) > 3 else ''})"
    unanswered = [entry for entry in survey.skipped.kept if entry.problem == NO_ANSWER]
    broken = [*survey.broken.kept, *unanswered]
    if not broken:
        return f"no recording in {', '.join(map(str, paths))}"
    count = survey.broken.count + len(unanswered)
    return scrub_text(f"{broken[0]}{f' (and {count - 1} more)' if count > 1 else ''}")


def _wrong(message: str) -> Exception:
    """Imported when it is needed: the room of the target brings an HTTP client, which an audit does without."""
    from conformance.target.errors import UserError

    return UserError(message)


def _claimed(judged: Judged, catalogue: Catalogue) -> list[str]:
    """A recording claims nothing: it is judged by the profiles that it exercises. The others' requirements are not claimed."""
    profiles = {name: catalogue.requirements[name].profile for name in judged.judgements}
    exercised = {profiles[name] for name, j in judged.judgements.items() if j.count_for or j.count_against}
    for name, judgement in judged.judgements.items():
        if profiles[name] not in exercised:
            judgement.verdict = Verdict.NOT_CLAIMED
            judgement.reason = f"the recordings exercise nothing of the profile {profiles[name]}"
    return [profile for profile in dict.fromkeys(profiles.values()) if profile in exercised]
