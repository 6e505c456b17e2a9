"""What fuzzing found in all processes of a run: evidence, the report's part about it, and files that show it again."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Final

from conformance import report as reports
from conformance.exchange import read_exchanges
from conformance.fuzz import repro
from conformance.fuzz.causes import cause_of
from conformance.fuzz.failure import Failure
from conformance.plugin.options import Settings
from conformance.requirements import Evidence, ExchangeSummary

FOUND: Final = "fuzz-"
SCENARIOS: Final = "scenarios/fuzz/"
FOLDER: Final = "repro"


@dataclass
class Fuzzed:
    """All families together."""

    failures: list[Failure] = field(default_factory=list)
    families: int = 0
    sequences: int = 0
    requests: int = 0
    seconds: float = 0.0
    stopped: list[str] = field(default_factory=list)

    def note(self, seed: int) -> reports.Fuzz | None:
        """None when nothing was fuzzed."""
        if not self.families:
            return None
        return reports.Fuzz(
            seed=seed,
            sequences=self.sequences,
            requests=self.requests,
            seconds=round(self.seconds, 3),
            stopped=self.stopped,
            failures=[_record(failure) for failure in self.failures],
        )

    def evidence(self, folder: Path, settings: Settings) -> Iterator[Evidence]:
        """Against every requirement that a cause violates. What did not come again is evidence of the rule alone that saw it."""
        for failure in self.failures:
            if failure.flaky:
                continue
            for requirement in dict.fromkeys([failure.violation.requirement, *failure.requirements]):
                if requirement:
                    yield _evidence(failure, requirement, again(folder, failure, settings))


def gather(work: Path) -> Fuzzed:
    """From what the processes of a run left in its work folder. Failures are named F1, F2 … over all of it."""
    found = Fuzzed()
    ended: dict[str, list[str]] = {}
    for path in sorted(work.glob(f"{FOUND}*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        found.families += 1
        found.sequences += told["plans"]
        found.requests += told["requests"]
        found.seconds += told["seconds"]
        if told["stopped"]:
            ended.setdefault(told["stopped"], []).append(told["family"])
        for one in told["failures"]:
            exchanges = tuple(read_exchanges(StringIO(one["exchanges"]), path.name))
            _add(found.failures, Failure.from_json(one, exchanges))
    found.stopped = [f"{why} ({', '.join(families)})" for why, families in ended.items()]
    return found


def _add(failures: list[Failure], new: Failure) -> None:
    """Each family was fuzzed by itself: what another one found too is the same cause. The shorter plan shows it."""
    cause = cause_of(new.violation)
    for place, known in enumerate(failures):
        if cause_of(known.violation) != cause:
            continue
        shown = min(known, new, key=lambda one: (one.flaky, not one.shrunk, len(one.plan.dump())))
        failures[place] = replace(
            shown,
            id=known.id,
            count=known.count + new.count,
            requirements=dict(Counter(known.requirements) + Counter(new.requirements)),
            operations=dict(Counter(known.operations) + Counter(new.operations)),
        )
        return
    failures.append(replace(new, id=f"F{len(failures) + 1}"))


def publish(folder: Path, found: Fuzzed, version: str) -> None:
    """The files that show each failure again; what an earlier run left there is removed."""
    repro.write(folder / FOLDER, found.failures, version)


def _record(failure: Failure) -> reports.FuzzFailure:
    return reports.FuzzFailure(
        id=failure.id,
        requirement=failure.violation.requirement,
        level=failure.violation.level,
        by=failure.violation.by,
        message=failure.violation.message,
        count=failure.count,
        steps=len(failure.plan.steps),
        shrunk=failure.shrunk,
        flaky=failure.flaky,
        requirements=failure.requirements,
        operations=failure.operations,
    )


def _evidence(failure: Failure, requirement: str, reproduce: str) -> Evidence:
    violation = failure.violation
    last = failure.exchanges[-1] if failure.exchanges else None
    asked = ExchangeSummary(last.request.method, last.request.url, last.response.status, source=last.source) if last else None
    same = requirement == violation.requirement
    return Evidence(
        requirement=requirement,
        kind="fuzz",
        by=violation.by,
        outcome="against",
        message=violation.message if same else f"{violation.message} (cause {failure.id}, which violates it too)",
        expected=violation.expected,
        actual=violation.actual,
        exchange=asked,
        reproduce=reproduce,
    )


def again(folder: Path, failure: Failure, settings: Settings) -> str:
    """The command that sends it again: with how to reach the target, unless the report says all of that."""
    words = shlex.join(["batch-conformance", "replay", str(folder), failure.id])
    reaching = settings.command.removeprefix("batch-conformance run").strip()
    known = shlex.join(["--endpoint", settings.target.endpoint, "--api-version", settings.version])
    return words if settings.embedded or reaching == known else f"{words} {reaching}"
