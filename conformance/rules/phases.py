"""What a job, a schedule or a task shows belongs to the state that it shows: nothing that is still going on has ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conformance.rules.model import HOLDS, Case, Context, Problem, Rule, clip

_STATE, _TOLD = "state", "executionInfo"
_PREVIOUS = ("previousState", "previousStateTransitionTime")


@dataclass(frozen=True)
class Phases:
    """The states in which something goes on, and what is not shown of it then; the state in which it has ended, and what is
    shown then. Of what is being deleted nothing is said: it shows what it did before."""

    going_on: frozenset[str]
    not_yet: tuple[str, ...]
    ended: str = "completed"
    at_last: tuple[str, ...] = ("endTime",)
    first: str = "active"
    never_started: frozenset[str] = frozenset()


_JOB = Phases(frozenset({"active", "disabling", "disabled", "enabling", "terminating"}), ("endTime",))
_SCHEDULE = Phases(frozenset({"active", "disabled", "terminating"}), ("endTime",))
_TASK = Phases(
    frozenset({"active", "preparing", "running"}),
    ("endTime", "exitCode"),
    never_started=frozenset({"active", "preparing"}),
)
_OF: Final[Mapping[str, Phases]] = {
    "CloudJob": _JOB,
    "CloudJobPaged": _JOB,
    "CloudJobSchedule": _SCHEDULE,
    "CloudJobSchedulePaged": _SCHEDULE,
    "CloudTask": _TASK,
    "CloudTaskPaged": _TASK,
}


def _told(case: Case) -> bool:
    return case.data and case.success and case.model in _OF


def _fits(context: Context) -> Sequence[Problem] | None:
    phases = _OF[context.case.model or ""]
    found: list[Problem] = []
    looked = False
    whole = not context.selected
    for shown in context.items if context.case.kind == "list" else (context.body,):
        state = shown.get(_STATE) if isinstance(shown, dict) else None
        if isinstance(state, str):
            looked = True
            found.extend(_against(phases, state.lower(), shown, whole))
    return (found or HOLDS) if looked else None


def _against(phases: Phases, state: str, shown: Mapping[str, Any], whole: bool) -> Iterator[Problem]:
    told = shown.get(_TOLD)
    told = told if isinstance(told, dict) else {}
    if state in phases.going_on:
        for name in phases.not_yet:
            if told.get(name) is not None:
                yield _early(state, name, told[name])
        if state in phases.never_started and told.get("startTime") is not None:
            yield _early(state, "startTime", told["startTime"])
    elif state == phases.ended and whole:
        yield from _at_its_end(phases, state, told)
    if whole and state != phases.first and state in (*phases.going_on, phases.ended):
        yield from _from_nowhere(state, shown)


def _at_its_end(phases: Phases, state: str, told: Mapping[str, Any]) -> Iterator[Problem]:
    for name in phases.at_last:
        if told.get(name) is None:
            yield Problem(f"{name} is not shown, though the state is {state}", "a time", "absent", f"/{_TOLD}/{name}")
    failed = told.get("result")
    if isinstance(failed, str) and (failed.lower() == "failure") != ("failureInfo" in told):
        shown = "present" if "failureInfo" in told else "absent"
        yield Problem(
            f"failureInfo is {shown}, though the result is {failed}", "a failure to say why", shown, f"/{_TOLD}/failureInfo"
        )


def _from_nowhere(state: str, shown: Mapping[str, Any]) -> Iterator[Problem]:
    for name in _PREVIOUS:
        if shown.get(name) is None:
            yield Problem(f"{name} is not shown, though the state is {state}", "what was before", "absent", f"/{name}")


def _early(state: str, name: str, value: object) -> Problem:
    return Problem(f"{name} is shown, though the state is {state}", "absent", clip(value), f"/{_TOLD}/{name}")


RULES = (Rule("consistency.state", "what is shown belongs to the state that is shown", _told, _fits),)
