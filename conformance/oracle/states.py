"""Life cycles: which state may follow which, when it was entered, and which was the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from conformance.contract import Lifecycle
from conformance.oracle.model import Account, Finding, Moment, Resource, Write, holds
from conformance.oracle.plans import Plan
from conformance.oracle.values import TICKS, ticks

_TIME = "TransitionTime"
_PREVIOUS = "previousState"
# clocks of the machines that write a resource differ (source: recordings)
_SLACK = 5 * TICKS


def seen(
    account: Account, resource: Resource, plan: Plan, told: Mapping[str, Any], unchanged: bool, found: list[Finding]
) -> None:
    """Every property with a time of its last transition, and those with a life cycle. `unchanged`: nobody else changed it, though
    somebody may have asked for its deletion, which its ETag does not tell (source: recordings)."""
    about = plan.operation.id
    for name in plan.stateful:
        value, entered = told.get(name), told.get(name + _TIME)
        if not isinstance(value, str):
            continue
        value = value.lower()
        if not isinstance(entered, str):
            entered = None
        lifecycle = plan.entity.lifecycles.get(name)
        before = resource.moments.get(name)
        if before is None:
            resource.moments[name] = Moment(value, entered)
            if lifecycle is not None and resource.created is not None and account.sure(resource):
                found.append(_first(about, name, value, lifecycle, resource))
            continue
        if before.value and before.entered is not None and entered is not None:
            settled = account.sure(resource) and _settled(resource, before, lifecycle)
            found.append(_time(about, name, before, value, entered, settled))
        if name == "state" and _PREVIOUS in told:
            once = lifecycle is not None and account.sure(resource) and _left_for_good(resource, before, lifecycle)
            found.extend(_previous(about, before, value, entered, told, once))
        if lifecycle is not None and unchanged:
            also = frozenset() if account.sure(resource) else _leaving(plan, lifecycle)
            found.append(_follows(about, name, before, value, lifecycle, also))
        before.value, before.entered, before.possible, before.action = value, entered, None, None


def acted(resource: Resource, plan: Plan, write: Write) -> None:
    """What may come after an operation that succeeded."""
    for name, lifecycle in plan.entity.lifecycles.items():
        states = lifecycle.after.get(plan.operation.id)
        moment = resource.moments.get(name)
        if states is None:
            continue
        possible = _closure(lifecycle, frozenset(states))
        if moment is None:
            resource.moments[name] = Moment("", None, possible, write)
        else:
            moment.possible, moment.action = possible, write


@cache
def _closure(lifecycle: Lifecycle, start: frozenset[str]) -> frozenset[str]:
    """Every state that the service may reach from these on its own."""
    found, todo = set(start), list(start)
    while todo:
        for state in lifecycle.own.get(todo.pop(), ()):
            if state not in found:
                found.add(state)
                todo.append(state)
    return frozenset(found)


def _first(about: str, name: str, value: str, lifecycle: Lifecycle, resource: Resource) -> Finding:
    if value in _closure(lifecycle, frozenset(lifecycle.starts)):
        return holds("create.starts", about, name)
    said, expected = f"{name} of a new resource", " or ".join(lifecycle.starts)
    return Finding("create.starts", False, about, name, said, expected, value, resource.created)


@cache
def _leaving(plan: Plan, lifecycle: Lifecycle) -> frozenset[str]:
    """The states on the way out."""
    deletion = plan.contract.operation_on(plan.entity.name, "delete")
    return _closure(lifecycle, frozenset(lifecycle.after.get(deletion.id, ()))) if deletion is not None else frozenset()


def _follows(about: str, name: str, before: Moment, value: str, lifecycle: Lifecycle, also: frozenset[str]) -> Finding:
    action = before.action
    if before.possible is not None and action is not None:
        if value in before.possible or value in also:
            return holds("state.answers", action.operation, name)
        said, expected = f"{name} after {action.operation}", " or ".join(sorted(before.possible))
        return Finding("state.answers", False, action.operation, name, said, expected, value, action.exchange)
    possible = _closure(lifecycle, frozenset({before.value}))
    if value == before.value or value in possible or value in also:
        return holds("state.follows", about, name)
    said = f"{name} was {before.value}, and nothing was asked for"
    return Finding("state.follows", False, about, name, said, " or ".join(sorted(possible)), value)


def _time(about: str, name: str, before: Moment, value: str, entered: str, settled: bool) -> Finding:
    """`settled`: the state that was seen cannot have been left and entered once more."""
    time = name + _TIME
    if entered == before.entered and value == before.value:
        return holds("state.time", about, time)
    old, new = ticks(before.entered or ""), ticks(entered)
    if old is None or new is None:
        return holds("state.time", about, time)
    if new < old:
        return Finding("state.time", False, about, time, f"{time} went back", f"not before {before.entered}", entered)
    if value != before.value and new == old:
        said = f"{name} went from {before.value} to {value}, {time} did not move"
        return Finding("state.time", False, about, time, said, f"after {before.entered}", entered)
    if settled and value == before.value and new - old > TICKS:
        said = f"{time} moved, and {name} was {value} all the time"
        return Finding("state.time", False, about, time, said, before.entered or "", entered)
    return holds("state.time", about, time)


def _settled(resource: Resource, before: Moment, lifecycle: Lifecycle | None) -> bool:
    return lifecycle is not None and before.possible is None and _left_for_good(resource, before, lifecycle)


def _left_for_good(resource: Resource, before: Moment, lifecycle: Lifecycle) -> bool:
    """Whether the state that was seen cannot have been entered once more since."""
    follow = lifecycle.own.get(before.value, ())
    possible = _closure(lifecycle, frozenset(follow)) if before.possible is None else before.possible
    return resource.writes_unseen <= 1 and before.value not in possible


def _previous(
    about: str, before: Moment, value: str, entered: str | None, told: Mapping[str, Any], once: bool
) -> Iterator[Finding]:
    """When the previous state was entered at the time that was seen for a state, it is that state; and the other way round when
    that state was entered only `once`."""
    stated, since = told.get(_PREVIOUS), told.get(_PREVIOUS + _TIME)
    if not (isinstance(stated, str) and isinstance(since, str) and before.value and before.entered):
        return
    again = once and value != before.value == stated.lower() and ticks(since) != ticks(before.entered)
    if again or _outside(since, before.entered, entered):
        said = f"when the state before {value} was entered"
        yield Finding("state.previous", False, about, _PREVIOUS + _TIME, said, f"from {before.entered} on", since)
        return
    if ticks(since) != ticks(before.entered) or ticks(entered or "") == ticks(before.entered):
        return
    if stated.lower() == before.value:
        yield holds("state.previous", about, _PREVIOUS)
    else:
        said = f"the state before {value}, which was entered at {since}"
        yield Finding("state.previous", False, about, _PREVIOUS, said, before.value, stated)


def _outside(since: str, earliest: str, latest: str | None) -> bool:
    """Whether a previous state was entered after the one that followed it, or before the one that was seen, though another one
    has come since."""
    when, first, last = ticks(since), ticks(earliest), ticks(latest or "")
    if when is None or first is None or last is None or last <= first:
        return False
    return when < first or when > last + _SLACK
