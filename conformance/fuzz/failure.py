"""What the fuzzer found: a requirement that an answer violated, with the shortest plan that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conformance.exchange import Exchange
from conformance.fuzz.plan import Plan

Kind = Literal["violation", "unanswered"]


@dataclass(frozen=True)
class Violation:
    """One requirement that one exchange contradicts, as the judge says. `by` is the rule or the check of the oracle, `index` the
    place of the exchange in the plan's own trace. Ids and levels cross rooms as text."""

    requirement: str
    level: str
    title: str
    source: str
    by: str
    message: str
    expected: str
    actual: str
    index: int
    operation: str = ""


@dataclass
class Failure:
    """One cause. `id` is its name in the report (F1, F2 …), `violation` the one that is shown, `requirements` all that failed for
    this cause, by id, with how often; `operations` those that showed it. `exchanges` are what the shrunk plan did, without
    secrets. `shrunk`: it could be made no shorter (False: time or budget ended before). `flaky`: sent again, it did not show."""

    id: str
    violation: Violation
    plan: Plan
    exchanges: tuple[Exchange, ...]
    requirements: dict[str, int] = field(default_factory=dict)
    operations: dict[str, int] = field(default_factory=dict)
    count: int = 1
    shrunk: bool = False
    flaky: bool = False

    def as_json(self) -> Mapping[str, Any]:
        """What `ID.json` in the report's `repro` folder says: enough to send it again. No secrets: tokens stand for them."""
        one = self.violation
        return {
            "id": self.id,
            "requirement": one.requirement,
            "level": one.level,
            "title": one.title,
            "source": one.source,
            "by": one.by,
            "message": one.message,
            "expected": one.expected,
            "actual": one.actual,
            "count": self.count,
            "shrunk": self.shrunk,
            "flaky": self.flaky,
            "requirements": dict(sorted(self.requirements.items())),
            "operations": dict(sorted(self.operations.items())),
            "plan": {
                "family": self.plan.family,
                "origin": self.plan.origin,
                "steps": [step.as_json() for step in self.plan.steps],
            },
        }
