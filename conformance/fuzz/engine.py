"""Sends plan after plan, within bounds; takes each new cause of failure aside and shrinks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from conformance.exchange import Exchange
from conformance.fuzz.causes import Cause, by_cause
from conformance.fuzz.failure import Failure, Violation
from conformance.fuzz.plan import Plan
from conformance.fuzz.shrink import shrink

_SHRUNK_AT_MOST = 20
_TRIES_AT_MOST = 150
_TRIES_WITHOUT_ANSWER = 12
_STOPPED_AFTER = 3


@dataclass(frozen=True)
class Attempt:
    """What one sending of a plan showed. `steps` has the step of each exchange, -1 for what cleaned up after it; `unanswered`: a
    step got no HTTP answer, which is one of the violations."""

    exchanges: tuple[Exchange, ...]
    steps: tuple[int, ...]
    violations: tuple[Violation, ...]
    unanswered: bool = False


@dataclass(frozen=True)
class Bounds:
    """None: no bound. Of the requests, shrinking takes half at most, so that one failure hides no others."""

    plans: int | None = None
    seconds: float | None = None
    requests: int | None = None


@dataclass
class Findings:
    """`stopped` says why it ended early, if it did; `gone`: the target does not answer any more."""

    failures: list[Failure] = field(default_factory=list)
    plans: int = 0
    requests: int = 0
    seconds: float = 0.0
    stopped: str = ""
    gone: bool = False


class Engine:
    """`attempt` sends a plan and judges it; told to be patient, it waits as long as the target is given. `alive` probes
    the target, `clock` counts seconds."""

    def __init__(
        self, attempt: Callable[[Plan, bool], Attempt], alive: Callable[[], bool], clock: Callable[[], float], bounds: Bounds
    ) -> None:
        self._attempt = attempt
        self._alive = alive
        self._clock = clock
        self._bounds = bounds
        self._began = clock()
        self._known: dict[Cause, Failure] = {}
        self._silences = 0
        self._shrinking = 0
        self.findings = Findings()

    def run(self, plans: Iterable[Plan]) -> Findings:
        """Until the plans, the time or the target's patience are used up."""
        found = self.findings
        for plan in plans:
            if self._over() or found.stopped:
                break
            found.plans += 1
            attempt = self._try(plan)
            if attempt.unanswered and self._alive():
                attempt = self._try(plan, patient=True)  # what is slow is not silent
            self._weigh(plan, attempt)
        found.seconds = round(self._clock() - self._began, 3)
        return found

    def _over(self) -> bool:
        bounds = self._bounds
        spent = bounds.requests is not None and self.findings.requests >= bounds.requests
        return self._late() or spent or (bounds.plans is not None and self.findings.plans >= bounds.plans)

    def shrinks(self) -> bool:
        """Whether there is time and budget for shrinking."""
        most = self._bounds.requests
        return not self._late() and (most is None or self._shrinking < most / 2)

    def _late(self) -> bool:
        return self._bounds.seconds is not None and self._clock() - self._began >= self._bounds.seconds

    def _try(self, plan: Plan, *, patient: bool = False) -> Attempt:
        attempt = self._attempt(plan, patient)
        self.findings.requests += len(attempt.exchanges)
        return attempt

    def again(self, plan: Plan) -> Attempt:
        """Sends a plan for the sake of shrinking."""
        attempt = self._try(plan)
        self._shrinking += len(attempt.exchanges)
        return attempt

    def _weigh(self, plan: Plan, attempt: Attempt) -> None:
        if attempt.unanswered and not self._alive():
            self.findings.gone = True
            self.findings.stopped = "the target does not answer any more"
        for cause, violations in by_cause(attempt.violations).items():
            known = self._known.get(cause)
            if known is None:
                known = self._known[cause] = self._new(plan, cause, violations[0], attempt)
                self.findings.failures.append(known)
            else:
                known.count += 1
            _count(known, violations)
        if attempt.unanswered:
            self._silences += 1
            if self._silences >= _STOPPED_AFTER and not self.findings.stopped:
                self.findings.stopped = f"{_STOPPED_AFTER} requests got no answer"

    def _new(self, plan: Plan, cause: Cause, violation: Violation, attempt: Attempt) -> Failure:
        number = len(self.findings.failures) + 1
        cut = _cut(plan, violation, attempt)
        failure = Failure(f"F{number}", violation, cut, _until(attempt, violation))
        if self.findings.gone or number > _SHRUNK_AT_MOST or not self.shrinks():
            return failure
        tries = _Tries(self, cause, _TRIES_WITHOUT_ANSWER if attempt.unanswered else _TRIES_AT_MOST)
        if not tries(cut) and not tries(plan):
            failure.flaky = not tries.ended
            return failure
        smallest = shrink(tries.plan or plan, tries)
        if tries.violation is not None and tries.attempt is not None:
            failure.violation, failure.plan = tries.violation, smallest
            failure.exchanges = _until(tries.attempt, tries.violation)
            failure.shrunk = not tries.ended
        return failure


class _Tries:
    """Says whether a plan still fails for the same cause; remembers the last one that did."""

    def __init__(self, engine: Engine, cause: Cause, most: int) -> None:
        self._engine = engine
        self._cause = cause
        self._left = most
        self._refused: set[bytes] = set()
        self.ended = False
        self.plan: Plan | None = None
        self.attempt: Attempt | None = None
        self.violation: Violation | None = None

    def __call__(self, plan: Plan) -> bool:
        seen = plan.dump()
        if seen in self._refused:
            return False
        if self._left <= 0 or not self._engine.shrinks() or self._engine.findings.gone:
            self.ended = True
            return False
        self._left -= 1
        attempt = self._engine.again(plan)
        found = by_cause(attempt.violations).get(self._cause)
        if not found:
            self._refused.add(seen)
            return False
        self.plan, self.attempt, self.violation = plan, attempt, found[0]
        return True


def _count(failure: Failure, violations: Iterable[Violation]) -> None:
    for one in violations:
        failure.requirements[one.requirement] = failure.requirements.get(one.requirement, 0) + 1
        if one.operation:
            failure.operations[one.operation] = failure.operations.get(one.operation, 0) + 1


def _cut(plan: Plan, violation: Violation, attempt: Attempt) -> Plan:
    """Without the steps after the one that showed it; what shows only in cleaning up needs them all."""
    at = attempt.steps[violation.index] if 0 <= violation.index < len(attempt.steps) else -1
    return plan if at < 0 else replace(plan, steps=plan.steps[: at + 1])


def _until(attempt: Attempt, violation: Violation) -> tuple[Exchange, ...]:
    return attempt.exchanges[: violation.index + 1] if violation.index >= 0 else attempt.exchanges


def interleaved(first: Iterable[Plan], more: Iterator[Plan], share: int = 3) -> Iterator[Plan]:
    """`share` of `more` after each of `first`."""
    for plan in first:
        yield plan
        for _ in range(share):
            following = next(more, None)
            if following is not None:
                yield following
    yield from more
