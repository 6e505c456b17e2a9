"""Life cycles: which state may follow which, when it was entered, and which was the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from conformance.contract import Lifecycle
from conformance.oracle.model import Account, Finding, Moment, Resource, Step, Write, holds
from conformance.oracle.plans import Plan
from conformance.oracle.values import ticks

_TIME = "TransitionTime"
_PREVIOUS = "previousState"


def seen(account: Account, resource: Resource, plan: Plan, step: Step, told: Mapping[str, Any]) -> Iterator[Finding]:
    """Every property with a time of its last transition, and those with a life cycle."""
    about = plan.operation.id
    for name in plan.stateful:
        if not isinstance(told.get(name), str):
            continue
        value = str(told[name]).lower()
        entered = told.get(name + _TIME)
        entered = entered if isinstance(entered, str) else None
        lifecycle = plan.entity.lifecycles.get(name)
        before = resource.moments.get(name)
        if before is None:
            if lifecycle is not None and resource.created is not None and account.sure(resource):
                yield from _first(about, name, value, lifecycle, resource)
        else:
            yield from _time(about, name, before, value, entered, lifecycle)
            if name == "state":
                yield from _previous(about, before, value, entered, told)
            if lifecycle is not None and account.sure(resource):
                yield from _follows(about, name, before, value, lifecycle)
        resource.moments[name] = Moment(value, entered, account.steps)


def acted(resource: Resource, plan: Plan, write: Write) -> None:
    """What may come after an operation that succeeded."""
    for name, lifecycle in plan.entity.lifecycles.items():
        states = lifecycle.after.get(plan.operation.id)
        moment = resource.moments.get(name)
        if states is None:
            continue
        possible = _closure(lifecycle, frozenset(states))
        if moment is None:
            resource.moments[name] = Moment("", None, write.index, possible, write)
        else:
            moment.possible, moment.action = possible, write


@lru_cache(maxsize=256)
def _reached(own: tuple[tuple[str, tuple[str, ...]], ...], start: frozenset[str]) -> frozenset[str]:
    table = dict(own)
    found, todo = set(start), list(start)
    while todo:
        for state in table.get(todo.pop(), ()):
            if state not in found:
                found.add(state)
                todo.append(state)
    return frozenset(found)


def _closure(lifecycle: Lifecycle, start: frozenset[str]) -> frozenset[str]:
    """Every state that the service may reach from these on its own."""
    return _reached(tuple(lifecycle.own.items()), start)


def _first(about: str, name: str, value: str, lifecycle: Lifecycle, resource: Resource) -> Iterator[Finding]:
    possible = _closure(lifecycle, frozenset(lifecycle.starts))
    if value in possible:
        yield holds("create.starts", about, name)
    else:
        said, expected = f"{name} of a new resource", " or ".join(lifecycle.starts)
        yield Finding("create.starts", False, about, name, said, expected, value, resource.created)


def _follows(about: str, name: str, before: Moment, value: str, lifecycle: Lifecycle) -> Iterator[Finding]:
    if before.possible is not None and before.action is not None:
        action = before.action
        if value in before.possible:
            yield holds("state.answers", action.operation, name)
        else:
            said = f"{name} after {action.operation}"
            yield Finding(
                "state.answers", False, action.operation, name, said, " or ".join(sorted(before.possible)), value, action.exchange
            )
        return
    if value in _closure(lifecycle, frozenset({before.value})):
        yield holds("state.follows", about, name)
    else:
        possible = sorted(_closure(lifecycle, frozenset({before.value})))
        said = f"{name} was {before.value}, and nothing was asked for"
        yield Finding("state.follows", False, about, name, said, " or ".join(possible), value)


def _time(
    about: str, name: str, before: Moment, value: str, entered: str | None, lifecycle: Lifecycle | None
) -> Iterator[Finding]:
    if not before.value or before.entered is None or entered is None:
        return
    old, new = ticks(before.entered), ticks(entered)
    if old is None or new is None:
        return
    time = name + _TIME
    if new < old:
        yield Finding("state.time", False, about, time, f"{time} went back", f"not before {before.entered}", entered)
    elif value != before.value and new == old:
        said = f"{name} went from {before.value} to {value}, {time} did not move"
        yield Finding("state.time", False, about, time, said, f"after {before.entered}", entered)
    else:
        yield holds("state.time", about, time)


def _previous(about: str, before: Moment, value: str, entered: str | None, told: Mapping[str, Any]) -> Iterator[Finding]:
    """When the previous state was entered at the time that was seen for a state, it is that state."""
    stated, since = told.get(_PREVIOUS), told.get(_PREVIOUS + _TIME)
    if not (isinstance(stated, str) and isinstance(since, str) and before.value and before.entered):
        return
    if ticks(since) != ticks(before.entered) or ticks(entered or "") == ticks(before.entered):
        return
    if stated.lower() == before.value:
        yield holds("state.previous", about, _PREVIOUS)
    else:
        said = f"the state before {value}, which was entered at {since}"
        yield Finding("state.previous", False, about, _PREVIOUS, said, before.value, stated)
