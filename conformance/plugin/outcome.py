"""From how a scenario ended to evidence about each requirement that it is marked with. Whose fault it is decides the exception's
type: only `expect` speaks against a target; any other failure is the suite's."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from conformance.plugin.expect import Blocked, NotHeld, NotPermitted
from conformance.requirements import Evidence
from conformance.requirements.verdict import Outcome
from conformance.target import BudgetExhausted, TargetUnreachable, TooSlow


def unjudged(by: str, ids: Collection[str], recorded: list[Evidence], error: BaseException | None) -> Iterator[Evidence]:
    """Evidence about the ids that `expect` has said nothing about. `error` is what ended the scenario, None for its own end."""
    judged = {evidence.requirement for evidence in recorded}
    outcome, message = concluded(error)
    for name in ids:
        if name not in judged:
            yield Evidence(name, "scenario", by, outcome, message)


def concluded(error: BaseException | None) -> tuple[Outcome, str]:
    match error:
        case None:
            return "error", "the scenario ended without judging it"
        case NotHeld():
            return "blocked", "the scenario ended before: another requirement that it verifies does not hold"
        case BudgetExhausted() | NotPermitted():
            return "not-permitted", str(error)
        case Blocked() | pytest.skip.Exception():
            return "blocked", str(error)
        case TooSlow():
            return "error", f"too slow: {error}"
        case TargetUnreachable():
            return "error", f"the target broke off: {error}"
        case _:
            return "error", f"the scenario broke: {type(error).__name__}: {error}"
