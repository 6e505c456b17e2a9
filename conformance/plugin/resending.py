"""Sends a plan of the fuzzer again, and says whether it still fails as it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.fuzz.engine import Attempt
from conformance.fuzz.failure import Violation
from conformance.fuzz.plan import Plan
from conformance.plugin.expect import NotHeld
from conformance.plugin.fuzzing import attempt, watch_of
from conformance.plugin.process import Process


@dataclass(frozen=True)
class Again:
    """`same` is the violation of the same requirement, None when it is not violated any more; `others` are of other ones."""

    attempt: Attempt
    same: Violation | None
    others: tuple[Violation, ...]


def resend(process: Process, plan: Plan, requirement: str) -> Again:
    """Raises BudgetExhausted."""
    made = attempt(process, plan, watch_of(process), f"replay::{requirement}")
    same = next((one for one in made.violations if one.requirement == requirement), None)
    return Again(made, same, tuple(one for one in made.violations if one.requirement != requirement))


class Resend:
    """What a ready test asks for."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def __call__(self, plan: Mapping[str, Any], requirement: str) -> None:
        """Raises NotHeld while the requirement is violated."""
        again = resend(self._process, Plan.load(json.dumps(plan)), requirement)
        if again.same is not None:
            raise NotHeld(told(again.same))


def told(violation: Violation) -> str:
    return f"{violation.requirement}: {violation.message}\n  expected {violation.expected}\n  actual   {violation.actual}"
