"""Damages a sample of recorded exchanges, one at a time, judges the trace of each again, and counts what was noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random

from conformance.audit.grouping import Grouping
from conformance.audit.sieve import Sieve
from conformance.audit.survey import Survey
from conformance.exchange import Exchange, read_recordings
from conformance.exchange.outline import outline
from conformance.judge import Traces, Watch
from conformance.qualify.recordings.model import Damage, MutationReport, Operator, Place, Survivor, Tally
from conformance.qualify.recordings.operators import OPERATORS
from conformance.requirements import Catalogue, Evidence, load

_EXAMPLES = 5
_LATER = "second-"
Progress = Callable[[str], None]


class _Judge:
    """Judges one trace after the other, as an audit does."""

    def __init__(self, catalogue: Catalogue, labels: dict[int, str], alone: bool) -> None:
        self._labels = labels
        claims = frozenset(r.profile for r in catalogue.requirements.values())
        traces = Traces(of=lambda exchange: "", recording=self._label, whole=alone)
        self._watch = Watch(catalogue, claims, None, None, traces)
        self._told: dict[int, frozenset[str]] = {}

    def _label(self, exchange: Exchange) -> str:
        label = self._labels[exchange.index]
        return f"{_LATER}{label}" if exchange.source.startswith(_LATER) else label

    def known(self, trace: Sequence[Exchange]) -> frozenset[str]:
        """What speaks against the trace as it was recorded."""
        first = trace[0].index
        if first not in self._told:
            self._told[first] = frozenset(e.requirement for e in self._hear(trace))
        return self._told[first]

    def notices(self, trace: Sequence[Exchange], damage: Damage) -> list[str]:
        """The requirements that speak against the damaged trace only, of the first exchange that any does."""
        known = self.known(trace)
        heard = [e for n, one in enumerate(trace) if (e := damage.instead.get(n, one)) is not None]
        self._watch.forget()
        for exchange in heard:
            new = {e.requirement for e in self._against(exchange)} - known
            if new:
                return sorted(new)
        return []

    def _hear(self, trace: Sequence[Exchange]) -> Iterator[Evidence]:
        self._watch.forget()
        for exchange in trace:
            yield from self._against(exchange)

    def _against(self, exchange: Exchange) -> list[Evidence]:
        return [e for e in self._watch.hear(exchange) if e.outcome == "against"]


def mutate(
    paths: Sequence[Path],
    *,
    sample: int,
    seed: int,
    progress: Progress,
    alone: bool = False,
    operators: Sequence[Operator] = OPERATORS,
) -> MutationReport:
    """Damage the recordings in `paths`: of each operator at most `sample` exchanges, spread over all kinds of them. The same
    seed gives the same damages. `alone`: each recording has all that was done to what it creates, as `audit --alone` says.
    """
    traces, labels = read(paths, alone=alone)
    places = [Place(trace, n) for trace in traces for n in range(len(trace))]
    progress(f"{len(places)} exchanges in {len(traces)} traces")
    catalogue = load()
    judge = _Judge(catalogue, labels, alone)
    spread = _Spread(places, seed)
    report = MutationReport(len(places), len(traces), sample, seed)
    for operator in operators:
        tally = Tally(operator)
        for place, damage in _chosen(operator, spread, sample, seed):
            _count(tally, catalogue, place, damage, judge.notices(place.trace, damage))
        report.tallies.append(tally)
        progress(f"{operator.id}: {tally.killed} of {tally.tried}")
    return report


def read(paths: Sequence[Path], *, alone: bool) -> tuple[list[list[Exchange]], dict[int, str]]:
    """The traces as an audit makes them, and the recording that each exchange is of."""
    survey, sieve, grouping = Survey(), Sieve(), Grouping()
    traces = grouping.for_judge(alone)
    found: dict[object, list[Exchange]] = {}
    labels: dict[int, str] = {}
    for index, one in enumerate(sieve.batch(survey.readable(read_recordings(paths, survey.skipped, in_time=True)))):
        exchange = replace(one, index=index)
        grouping.hear(exchange)
        labels[index] = traces.recording(exchange)
        found.setdefault(traces.of(exchange), []).append(exchange)
    return list(found.values()), labels


class _Spread:
    """Places in an order that shows each kind of exchange early: first one of each kind, then a second one, and so on."""

    def __init__(self, places: Sequence[Place], seed: int) -> None:
        self._seed = seed
        ordered = sorted(places, key=_kind)
        self._kinds = [list(same) for _, same in groupby(ordered, key=_kind)]

    def order(self, name: str) -> Iterator[Place]:
        rng = Random(f"{self._seed} {name}")
        left = [rng.sample(places, len(places)) for places in self._kinds]
        while left:
            rng.shuffle(left)
            for places in left:
                yield places.pop()
            left = [places for places in left if places]


def _kind(place: Place) -> str:
    exchange = place.exchange
    return f"{outline(exchange.request.method, exchange.request.url)} {exchange.response.status}"


def _chosen(operator: Operator, spread: _Spread, sample: int, seed: int) -> Iterator[tuple[Place, Damage]]:
    rng, left = Random(f"{seed} {operator.id} which"), sample
    for place in spread.order(operator.id):
        if not left:
            return
        damages = operator.make(place, rng)
        if damages:
            left -= 1
            yield place, rng.choice(damages)


def _count(tally: Tally, catalogue: Catalogue, place: Place, damage: Damage, noticed: list[str]) -> None:
    tally.tried += 1
    tally.killed += bool(noticed)
    tally.must += any(catalogue.requirements[name].level == "MUST" for name in noticed)
    for name in noticed:
        tally.by[name] = tally.by.get(name, 0) + 1
    if bool(noticed) is tally.operator.harmless and len(tally.examples) < _EXAMPLES:
        exchange = place.exchange
        what = f"{damage.what} ({', '.join(noticed)})" if noticed else damage.what
        tally.examples.append(
            Survivor(exchange.request.method, exchange.request.url, exchange.response.status, exchange.source, what)
        )
