"""One process of a qualification: scenarios and generated requests meet a service, and what they notice is put together."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from conformance.contract import Plane, at, versions
from conformance.defects import Defect
from conformance.defects.direct import Direct
from conformance.exchange import Exchange
from conformance.plugin.fuzzing import watch_of
from conformance.plugin.hooks import CARRIED, ProcessHooks, unpacked
from conformance.plugin.options import Settings
from conformance.plugin.process import PROCESS, Place, Process
from conformance.qualify.choice import Choice
from conformance.qualify.fuzzing import Plans
from conformance.qualify.model import CLEAN, Job, Outcome
from conformance.qualify.service import service
from conformance.qualify.touch import Heard, spread, touched
from conformance.qualify.verdicts import Noticed, noticed
from conformance.qualify.wire import Wire
from conformance.reference.wire import WireAnswer, WireRequest
from conformance.requirements import Evidence

_LABEL = "0"
_WARMING = 100
# of those that meet a defect
_MOST_PLANS = 40


@dataclass(frozen=True)
class Baseline:
    """The clean service. `heard`: what each source of requests sent and got; `plans`: the same for generated sequences."""

    outcome: Outcome
    heard: Mapping[str, Sequence[Heard]]
    plans: Mapping[str, Sequence[Heard]]

    def with_more(self, more: Baseline) -> Baseline:
        one, other = self.outcome, more.outcome
        outcome = Outcome(
            defect=CLEAN,
            version=one.version,
            requests=one.requests + other.requests,
            seconds=max(one.seconds, other.seconds),
            failed={**one.failed, **other.failed},
            errors=sorted({*one.errors, *other.errors}),
            fuzzed=[*one.fuzzed, *other.fuzzed],
            fuzz_plans=one.fuzz_plans + other.fuzz_plans,
            fuzz_requests=one.fuzz_requests + other.fuzz_requests,
            recorded=sorted({*one.recorded, *other.recorded}),
            broke="; ".join(told for told in (one.broke, other.broke) if told),
        )
        return Baseline(outcome, _joined(self.heard, more.heard), _joined(self.plans, more.plans))


def _joined(one: Mapping[str, Sequence[Heard]], other: Mapping[str, Sequence[Heard]]) -> Mapping[str, Sequence[Heard]]:
    """What scenarios share may have been sent in both."""
    return {name: [*one.get(name, ()), *other.get(name, ())] for name in {**one, **other}}


@dataclass(eq=False)  # pluggy keeps plugins in sets
class _Gathering:
    """Takes the evidence out of the run. `enough` ends it at the first that speaks against the target."""

    enough: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    against: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = [unpacked(raw, {}) for raw in getattr(report, CARRIED, None) or ()]
        self.evidence += found
        self.against = self.against or any(one.outcome == "against" for one in found)
        if report.failed and not found:
            self.broken.append(f"{report.nodeid}: {report.longrepr}")


class Meeting:
    """What all processes of a session share, made before the first of them is forked."""

    def __init__(self, settings: Settings, session: pytest.Session, job: Job, process: Process) -> None:
        self.settings = settings
        self.job = job
        self.plans = Plans(process, job.plans, job.seed)
        self._session = session
        self._choice = Choice(session.items, job.most)
        self._watch = watch_of(process)

    def warm(self, place: Path) -> None:
        """What is worked out at first use (contracts, shapes, fixtures) is worked out here, and not in every process again."""
        for plane in Plane:
            for version in versions(plane):
                at(version.name, plane)
        self._run(spread(self._session.items, _WARMING), [], place)

    def met(self, defect: Defect, clean: Baseline, place: Path) -> Outcome:
        began = time.monotonic()
        sources = touched([defect], clean.heard)
        concerned = self._choice.concerned(sources)
        chosen = self._choice.of(defect, concerned, sources)
        found = self._run(chosen, [defect], place)
        outcome = self._told(defect.id, found, began).model_copy(update={"touched": len(concerned), "ran": len(chosen)})
        if self.job.plans and not (self.job.first and found.failed):
            worth = self.plans.worth(touched([defect], clean.plans))
            there = self._process(place.with_name(f"{place.name}-fuzz"), self._service([defect]))
            fuzzed = self.plans.send(there, worth, self._watch, _MOST_PLANS)
            outcome = outcome.model_copy(
                update={"fuzzed": fuzzed.against, "fuzz_plans": fuzzed.plans, "fuzz_requests": fuzzed.requests}
            )
        return outcome.model_copy(update={"seconds": round(time.monotonic() - began, 3)})

    def clean(self, place: Path, part: int, parts: int) -> Baseline:
        """One part of the scenarios on the clean service. Each part has a service of its own."""
        began = time.monotonic()
        heard: defaultdict[str, list[Heard]] = defaultdict(list)
        items = self._session.items
        found = self._run(items[part * len(items) // parts : (part + 1) * len(items) // parts], [], place, heard)
        return Baseline(self._told(CLEAN, found, began), dict(heard), {})

    def clean_plans(self, place: Path) -> Baseline:
        """The generated sequences on the clean service."""
        began = time.monotonic()
        plans: defaultdict[str, list[Heard]] = defaultdict(list)
        fuzzed = self.plans.send(self._process(place, self._service([]), plans), self.plans.all, self._watch)
        outcome = Outcome(
            defect=CLEAN,
            version=self.job.version,
            seconds=round(time.monotonic() - began, 3),
            fuzzed=fuzzed.against,
            fuzz_plans=fuzzed.plans,
            fuzz_requests=fuzzed.requests,
        )
        return Baseline(outcome, {}, dict(plans))

    def _told(self, name: str, found: Noticed, began: float) -> Outcome:
        return Outcome(
            defect=name,
            version=self.job.version,
            requests=len(found.exchanges),
            seconds=round(time.monotonic() - began, 3),
            failed=found.failed,
            errors=found.errors,
            recorded=found.recorded,
            broke=found.broke,
        )

    def _run(
        self,
        items: Sequence[pytest.Item],
        defects: Collection[Defect],
        place: Path,
        heard: defaultdict[str, list[Heard]] | None = None,
    ) -> Noticed:
        served = self._service(defects)
        process = self._process(place, served, heard)
        exchanges: list[Exchange] = []
        process.client.recorder = exchanges.append
        gathering = _Gathering(self.job.first)
        config = self._session.config
        config.stash[PROCESS] = process
        hooks = ProcessHooks(process)
        config.pluginmanager.register(hooks, "batch-process")
        config.pluginmanager.register(gathering)
        try:
            _run_all(items, self._session, gathering)
        finally:
            config.pluginmanager.unregister(hooks)
            config.pluginmanager.unregister(gathering)
            process.close()
        found = noticed(exchanges, gathering.evidence, gathering.broken, self.settings)
        # a lie that breaks is to be mended, and not a service that nothing speaks against
        return replace(found, broke=served.broke) if served.broke and not (found.failed or found.broke) else found

    def _service(self, defects: Collection[Defect]) -> Direct:
        return service(defects, self.job.seed)

    def _process(self, place: Path, served: Direct, heard: defaultdict[str, list[Heard]] | None = None) -> Process:
        place.mkdir(parents=True, exist_ok=True)
        process: Process | None = None

        def hear(asked: WireRequest, answer: WireAnswer) -> None:
            if heard is not None and process is not None:
                heard[process.client.source].append((asked, answer))

        process = Process(self.settings, Place(place, _LABEL), Wire(served, hear))
        return process


def _run_all(items: Sequence[pytest.Item], session: pytest.Session, gathering: _Gathering) -> None:
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop or (gathering.enough and gathering.against):
            break
    session._setupstate.teardown_exact(None)
