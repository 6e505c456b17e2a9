"""Sends kept failures again, one after the other, and cleans up after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from conformance.fuzz.failure import Failure, Violation
from conformance.plugin.cleanup import clean
from conformance.plugin.fuzzing import watch_of
from conformance.plugin.options import Settings
from conformance.plugin.probe import probe
from conformance.plugin.process import Place, Process
from conformance.plugin.resending import Again, resend
from conformance.plugin.work import close_work, new_run_id, open_work
from conformance.target import TargetUnreachable
from conformance.target.ledger import ledgers

Outcome = Literal["fixed", "still failing", "error"]
_FIXED, _FAILING, _ERROR = 0, 1, 3


@dataclass(frozen=True)
class Result:
    """What became of a failure. `why` is empty but for an error; `violation` is what is wrong now, None when nothing is."""

    failure: Failure
    outcome: Outcome
    violation: Violation | None = None
    why: str = ""
    others: tuple[str, ...] = ()
    requests: int = 0

    def as_json(self) -> dict[str, Any]:
        shown = self.violation or self.failure.violation
        return {
            "id": self.failure.id,
            "requirement": shown.requirement,
            "level": shown.level,
            "title": shown.title,
            "outcome": self.outcome,
            "why": self.why,
            "message": shown.message if self.violation else "",
            "expected": shown.expected if self.violation else "",
            "actual": shown.actual if self.violation else "",
            "others": list(self.others),
            "flaky": self.failure.flaky,
            "requests": self.requests,
        }


@dataclass
class Replay:
    """`left` has a line about each thing that could not be removed, once it is over."""

    settings: Settings
    left: list[str] = field(default_factory=list)

    def results(self, failures: Iterable[Failure]) -> Generator[Result]:
        """One by one. What is created stands on a ledger and is removed, also when the consumer stops."""
        with self._process() as process:
            watch = watch_of(process)
            for failure in failures:
                try:
                    # a target that the one before brought down would seem not to answer this one
                    probe(process.client, self.settings.version)
                except TargetUnreachable as gone:
                    yield Result(failure, "error", why=str(gone))
                    continue
                yield _result(failure, resend(process, failure.plan, failure.violation.requirement, watch))

    @contextmanager
    def _process(self) -> Iterator[Process]:
        run_id = new_run_id()
        work = open_work(run_id)
        try:
            process = Process(self.settings, Place(work, run_id))
            try:
                yield process
            finally:
                process.close()
        finally:
            try:
                self.left += self._clean(Place(work, run_id, "zz-cleanup", records=False))
            finally:
                close_work(work)

    def _clean(self, place: Place) -> list[str]:
        process = Process(self.settings, place)
        try:
            return clean(process.client, self.settings.version, ledgers(place.work))
        finally:
            process.close()


def _result(failure: Failure, again: Again) -> Result:
    others = tuple(dict.fromkeys(one.requirement for one in again.others if one.requirement))
    outcome: Outcome = "error" if again.hindrance else "still failing" if again.same else "fixed"
    return Result(failure, outcome, again.same, again.hindrance, others, len(again.exchanges))


def told(result: Result) -> str:
    """For people: a line, and what is wrong below it."""
    failure, shown = result.failure, result.violation or result.failure.violation
    level = f" [{shown.level}]" if shown.level else ""
    lines = [f"{failure.id}  {result.outcome}  {shown.requirement or 'the suite itself'}{level}"]
    if result.violation is not None:
        lines += [shown.title, shown.message, f"expected: {shown.expected}", f"actual:   {shown.actual}"]
    lines += [result.why] if result.why else []
    lines += [f"violated too: {', '.join(result.others)}"] if result.others else []
    if failure.flaky and result.outcome == "fixed":
        lines.append("It did not come again in that run either: one more look does not show that it is fixed.")
    return "\n    ".join(_flat(line) for line in lines)


def _flat(text: str) -> str:
    """A target's text must not move the cursor."""
    return "".join(c if c.isprintable() else "�" for c in text.replace("\n", " "))


def counts(results: list[Result]) -> str:
    numbers = Counter(result.outcome for result in results)
    return ", ".join(f"{numbers[outcome]} {outcome}" for outcome in get_args(Outcome) if numbers[outcome])


def code(results: list[Result]) -> int:
    """1 when one still fails, else 3 when one could not be told."""
    outcomes = {result.outcome for result in results}
    return _FAILING if "still failing" in outcomes else _ERROR if "error" in outcomes else _FIXED
