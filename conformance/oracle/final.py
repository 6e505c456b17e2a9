"""What came to its end tells of its end always the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from conformance.oracle.model import Finding, Resource, holds
from conformance.oracle.plans import Plan
from conformance.oracle.values import same_instant

_STATE, _TIME, _TOLD = "state", "stateTransitionTime", "executionInfo"
_FINAL = ("startTime", "endTime", "exitCode", "result", "retryCount", "requeueCount", "terminateReason")


def stays(resource: Resource, plan: Plan, told: Mapping[str, Any], whole: bool) -> Iterator[Finding]:
    """Of two reads of one end: of both, the state and when it was entered are the same, and no state follows it by itself. A
    member that the first one lacks, or the second unless it shows the `whole`, may be a matter of `$select`."""
    before, now = resource.seen, told.get(_TOLD)
    if before is None or resource.seen_version != plan.contract.version.name or not _ended(plan, told.get(_STATE)):
        return
    past = before.get(_TOLD)
    if not isinstance(past, dict) or not isinstance(now, dict) or not _same_end(before, told):
        return
    about = plan.operation.id
    for name in _FINAL:
        old, new = past.get(name), now.get(name)
        if old is None or (new is None and not whole) or old == new or same_instant(old, new) or _same_word(name, old, new):
            continue
        said = f"{name} changed after the end"
        yield Finding("read.stable", False, about, _TOLD, said, str(old), "absent" if new is None else str(new))
        return
    yield holds("read.stable", about, _TOLD)


def _same_word(name: str, old: Any, new: Any) -> bool:
    """A value of an enumeration may be written in another letter case."""
    return name == "result" and isinstance(old, str) and isinstance(new, str) and old.lower() == new.lower()


def _same_end(before: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    state, entered = before.get(_STATE), before.get(_TIME)
    return isinstance(state, str) and state.lower() == told[_STATE].lower() and entered is not None and entered == told.get(_TIME)


def _ended(plan: Plan, state: Any) -> bool:
    lifecycle = plan.entity.lifecycles.get(_STATE)
    return lifecycle is not None and isinstance(state, str) and state.lower() in _ends(plan)


@cache
def _ends(plan: Plan) -> frozenset[str]:
    """The states that the service reaches by itself, and leads nowhere from."""
    own = plan.entity.lifecycles[_STATE].own
    return frozenset(state for following in own.values() for state in following) - own.keys()
