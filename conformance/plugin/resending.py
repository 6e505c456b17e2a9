"""Sends a plan of the fuzzer again, and says whether it still fails as it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.exchange import Exchange
from conformance.fuzz.engine import Attempt
from conformance.fuzz.failure import Violation
from conformance.fuzz.plan import Plan
from conformance.judge import Watch
from conformance.plugin.expect import Blocked, Expect
from conformance.plugin.fuzzing import NOT_JUDGED, attempt, watch_of
from conformance.plugin.process import Process
from conformance.requirements import load
from conformance.target import BudgetExhausted
from conformance.target.client import is_management


@dataclass(frozen=True)
class Again:
    """`same` is the violation of the same requirement, None when it is not violated any more; `others` are of other ones.
    `hindrance` says why nothing can be concluded; it is empty when something can."""

    same: Violation | None = None
    others: tuple[Violation, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    hindrance: str = ""


def resend(process: Process, plan: Plan, requirement: str, watch: Watch | None = None) -> Again:
    """`watch` is for those who send several. Whatever the plan created is removed."""
    hindrance = _beforehand(process, plan, requirement)
    if hindrance:
        return Again(hindrance=hindrance)
    try:
        made = attempt(process, plan, watch or watch_of(process), f"replay::{requirement}")
    except BudgetExhausted as ended:
        return Again(hindrance=str(ended))
    same = next((one for one in made.violations if one.requirement == requirement and one.by != NOT_JUDGED), None)
    others = tuple(one for one in made.violations if one.requirement != requirement)
    return Again(same, others, made.exchanges, "" if same else _afterwards(plan, requirement, made))


def _beforehand(process: Process, plan: Plan, requirement: str) -> str:
    """What is not judged cannot be called fixed."""
    settings = process.settings
    if not plan.steps:
        return "the plan has no steps"
    known = load().requirements.get(requirement)
    if requirement and known is None:
        return f"there is no requirement {requirement} any more"
    if known is not None and known.profile not in settings.claims:
        return f"{requirement} belongs to the profile {known.profile}, which the target does not claim"
    if known is not None and not process.live(requirement):
        return f"{requirement} does not hold at api-version {settings.version}"
    if any(is_management(step.path) for step in plan.steps) and not settings.target.management_endpoint:
        return "it is about the management plane, and no --management-endpoint is given"
    return ""


def _afterwards(plan: Plan, requirement: str, made: Attempt) -> str:
    """No violation says nothing when not all was sent or judged."""
    broken = next((one for one in made.violations if one.by == NOT_JUDGED and one.requirement in ("", requirement)), None)
    if broken is not None:
        return f"the suite broke: {broken.message}"
    if made.unanswered:
        return f"{made.violations[-1].message}: {made.violations[-1].actual}"
    last = len(plan.steps) - 1
    if last in made.steps:
        return ""
    step = plan.steps[last]
    answers = {
        number: exchange.response.status for number, exchange in zip(made.steps, made.exchanges, strict=True) if number >= 0
    }
    told = ", ".join(f"step {number + 1} was answered {status}" for number, status in answers.items())
    return (
        f"step {last + 1} of {last + 1}, {step.method} {step.path}, could not be sent: the target does not permit it, or an "
        f"earlier answer lacks what it needs{f' ({told})' if told else ''}"
    )


class Resend:
    """What a ready test asks for."""

    def __init__(self, process: Process, expect: Expect) -> None:
        self._process = process
        self._expect = expect

    def __call__(self, plan: Mapping[str, Any], requirement: str = "") -> None:
        """Raises NotHeld while the requirement is violated, Blocked when that cannot be known."""
        __tracebackhide__ = True
        again = resend(self._process, Plan.load(json.dumps(plan)), requirement)
        if again.hindrance:
            raise Blocked(again.hindrance)
        if not requirement:  # what the suite itself broke on is of no requirement
            return
        same, last = again.same, again.exchanges[-1]
        self._expect(
            requirement,
            same is None,
            expected=same.expected if same else "",
            actual=same.actual if same else "",
            message=same.message if same else f"{len(again.exchanges)} requests were sent",
            exchange=again.exchanges[same.index] if same and 0 <= same.index < len(again.exchanges) else last,
        )
