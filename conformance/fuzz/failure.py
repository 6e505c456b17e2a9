"""What the fuzzer found: a requirement that an answer violated, with the shortest plan that shows it."""

from __future__ import annotations

import json
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
            "operation": one.operation,
            "plan": {
                "family": self.plan.family,
                "origin": self.plan.origin,
                "steps": [step.as_json() for step in self.plan.steps],
            },
        }

    @staticmethod
    def from_json(told: Mapping[str, Any], exchanges: tuple[Exchange, ...] = ()) -> Failure:
        """Raises KeyError, TypeError or ValueError for anything else than what `as_json` wrote."""
        texts = ("requirement", "level", "title", "source", "by", "message", "expected", "actual", "operation")
        violation = Violation(**{name: str(told[name]) for name in texts}, index=len(exchanges) - 1)
        return Failure(
            id=str(told["id"]),
            violation=violation,
            plan=Plan.load(json.dumps(told["plan"])),
            exchanges=exchanges,
            requirements={str(name): int(count) for name, count in dict(told["requirements"]).items()},
            operations={str(name): int(count) for name, count in dict(told["operations"]).items()},
            count=int(told["count"]),
            shrunk=bool(told["shrunk"]),
            flaky=bool(told["flaky"]),
        )
