"""Compares what a read shows of a resource with what is known of it, and takes over what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from conformance.contract import Plane, Property, at
from conformance.oracle import final, identity, states
from conformance.oracle.edition import same_edition
from conformance.oracle.merge import let_go
from conformance.oracle.model import Account, Finding, Origin, Pending, Resource, Step, Write, holds
from conformance.oracle.plans import Plan, unwrapped
from conformance.oracle.values import SCRUBBED, Comparison, empty

_LONGEST = 200

Selected = tuple[frozenset[str], frozenset[str]] | None
"""The members that a read names by `$select`, and those of them that it names only parts of; None when it shows all."""


def show(account: Account, resource: Resource, plan: Plan, step: Step, body: Mapping[str, Any], found: list[Finding]) -> None:
    """Adds to `found` what a representation of a resource contradicts or confirms. `step` is the read, or the page of a list,
    that shows it."""
    told = unwrapped(body)
    about = step.operation.id if step.operation is not None else ""
    selected = _selected(step)
    comparable = same_edition(account, resource, plan, step, told, found)
    identity.stays(account, resource, plan, told, found, sure=comparable, whole=selected is None)
    states.seen(account, resource, plan, told, comparable, found)
    found.extend(final.stays(resource, plan, told, whole=selected is None))
    if comparable:
        let_go(resource, plan, told)
        _compare(resource, plan, about, told, selected, found)
    _adopt(resource, plan, told, selected)


def _selected(step: Step) -> Selected:
    if not step.exchange.request.parts.query:
        return None
    stated = step.exchange.request.query.get("$select")
    return _parsed(stated) if stated else None


@lru_cache(maxsize=256)
def _parsed(stated: str) -> Selected:
    paths = [path.strip() for path in stated.split(",") if path.strip()]
    return frozenset(p.partition("/")[0] for p in paths), frozenset(p.partition("/")[0] for p in paths if "/" in p)


def _compare(
    resource: Resource, plan: Plan, about: str, told: Mapping[str, Any], selected: Selected, found: list[Finding]
) -> None:
    comparison = comparer(plan.contract.version.name, plan.contract.version.plane)
    if resource.seen is not None:
        _unwritten(resource, plan, comparison, about, told, selected, found)
    for name, pending in resource.pending.items():
        prop = plan.writable.get(name)
        if prop is None or not _shown(name, selected):
            continue
        actual = told.get(name)
        other = pending.write.version != plan.contract.version.name
        if _unsayable(pending.value, actual, other):
            continue
        found.extend(_written(resource, comparison, name, prop, pending, actual))
        if other:
            found.append(holds("version.same", about, name))


def _shown(name: str, selected: Selected) -> bool:
    return selected is None or (name in selected[0] and name not in selected[1])


def _unsayable(expected: Any, actual: Any, other_version: bool) -> bool:
    """Across api-versions the members of an object may be other ones; a text that was scrubbed says nothing."""
    if isinstance(actual, str) and SCRUBBED in actual:
        return True
    if not other_version:
        return False
    return expected is None or actual is None or isinstance(expected, dict | list) or isinstance(actual, dict | list)


def _unwritten(
    resource: Resource,
    plan: Plan,
    comparison: Comparison,
    about: str,
    told: Mapping[str, Any],
    selected: Selected,
    found: list[Finding],
) -> None:
    """What no write since the last read concerned."""
    seen, last = resource.seen, resource.write
    assert seen is not None
    other = resource.seen_version != plan.contract.version.name
    kept = f"{role_of(last)}.kept" if last is not None else _reading(plan, other)
    moving = last is None and not _at_rest(plan, seen, told)
    names = _names(plan, frozenset(resource.pending), frozenset(resource.unknown), moving, selected)
    wrong = 0
    for name in names:
        old, new = seen.get(name), told.get(name)
        if old is new or old == new or _unsayable(old, new, other) or _same(comparison, plan.writable[name], old, new):
            continue
        wrong += 1
        found.append(_changed(resource, kept, about, name, old, new))
    if wrong or not names:
        return
    if last is None:
        found.append(holds(kept, about))
        return
    found.extend(_all_hold(kept, last.operation, names))
    if other:
        found.append(holds("version.same", about))


def _reading(plan: Plan, other_version: bool) -> str:
    """Which check two reads are about that no write separates."""
    return "list.agrees" if plan.kind == "list" else "version.same" if other_version else "read.stable"


def _at_rest(plan: Plan, seen: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether the service cannot have changed a number or a word by itself between two reads: it entered no state, and nothing
    drives it."""
    entity = plan.entity
    if not entity.volatile or any(shown.get(by) is not False for shown in (seen, told) for by in entity.driven.values()):
        return False
    states = [name for state in plan.stateful for name in (state, f"{state}TransitionTime")]
    return all(name in told and seen.get(name) == told[name] for name in states)


@lru_cache(maxsize=4096)
def _names(plan: Plan, pending: frozenset[str], unknown: frozenset[str], moving: bool, selected: Selected) -> tuple[str, ...]:
    left = frozenset(n for n in plan.entity.volatile if moving or (n in plan.writable and plan.writable[n].ref is not None))
    return tuple(n for n in plan.writable if n not in pending and n not in unknown and n not in left and _shown(n, selected))


@lru_cache(maxsize=4096)
def _all_hold(check: str, operation: str, names: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(holds(check, operation, name) for name in names)


def _same(comparison: Comparison, prop: Property, old: Any, new: Any) -> bool:
    return (empty(old) and empty(new)) or (old is not None and comparison.covers(old, new, prop) is None)


def _changed(resource: Resource, kept: str, about: str, name: str, old: Any, new: Any) -> Finding:
    last = resource.write
    if last is None:
        said = f"{name} changed though nothing was written"
        return Finding(kept, False, about, name, said, clip(old), clip(new))
    if resource.writes_unseen > 1:
        return finding("writes.shown", last, name, f"{name} is not as the writes left it", old, new)
    return finding(kept, last, name, f"{name} was not kept", old, new)


def role_of(write: Write) -> str:
    return "create" if write.kind == "create-many" else write.kind


def _written(
    resource: Resource, comparison: Comparison, name: str, prop: Property, pending: Pending, actual: Any
) -> Iterable[Finding]:
    """What a write since the last read left. After several writes, nobody can say which of them went wrong."""
    write, last = pending.write, resource.write
    role = role_of(write)
    wrong = _against(comparison, role, name, prop, pending, actual)
    if wrong is not None:
        if resource.writes_unseen > 1:
            said = f"{wrong.property} is not as the writes left it"
            return (
                Finding(
                    "writes.shown", False, write.operation, wrong.property, said, wrong.expected, wrong.actual, write.exchange
                ),
            )
        return (wrong,)
    told = [holds(_check(role, pending), write.operation, name)]
    if resource.writes_unseen > 1:
        told.append(holds("writes.shown", write.operation, name))
    if last is not None and last is not write:
        told.append(holds(f"{role_of(last)}.kept", last.operation, name))
    if role in ("patch", "replace") and isinstance(pending.before, dict) and isinstance(pending.value, dict):
        told.append(holds(f"{role}.whole", write.operation, name))
    return told


def _check(role: str, pending: Pending) -> str:
    if role == "create" and pending.origin is Origin.ABSENT:
        return "create.unsent"
    return f"{role}.{pending.origin.value}"


def _against(comparison: Comparison, role: str, name: str, prop: Property, pending: Pending, actual: Any) -> Finding | None:
    check, write = _check(role, pending), pending.write
    if pending.origin is Origin.ABSENT:
        if empty(actual) or actual is False or actual == 0:
            return None
        return finding(check, write, name, f"{name} is there, though it was left out", "absent", actual)
    if actual is None and empty(pending.value):
        return None
    wrong = comparison.covers(pending.value, actual, prop)
    if wrong is not None:
        path = name if wrong == "." else f"{name}/{wrong}"
        said = "is not what was sent" if pending.origin is Origin.SENT else "does not have its default"
        return finding(check, write, path, f"{path} {said}", pending.value, actual)
    return _deeper(comparison, role, name, prop, pending, actual) if isinstance(actual, dict) else None


def _deeper(comparison: Comparison, role: str, name: str, prop: Property, pending: Pending, actual: Any) -> Finding | None:
    if role == "action":
        return None
    off = comparison.undefaulted(pending.value, actual, prop)
    if off is not None:
        path, check = f"{name}/{off[0]}", f"{role}.default" if role != "patch" else "patch.whole"
        return finding(check, pending.write, path, f"{path} was left out and does not have its default", off[1], actual)
    left = comparison.survived(pending.before, pending.value, actual, prop) if role != "create" else None
    if left is not None:
        path = f"{name}/{left}"
        return finding(f"{role}.whole", pending.write, path, f"{path} outlived the replacement of {name}", "absent", actual)
    return None


def finding(check: str, write: Write, name: str, message: str, expected: Any, actual: Any) -> Finding:
    return Finding(check, False, write.operation, name, message, clip(expected), clip(actual), write.exchange)


def _adopt(resource: Resource, plan: Plan, told: Mapping[str, Any], selected: Selected) -> None:
    """From here on the resource is as it was shown, whatever was expected."""
    if selected is None:
        resource.seen, resource.seen_version = told, plan.contract.version.name
        resource.pending.clear()
        resource.unknown.clear()
        resource.write, resource.writes_unseen = None, 0
        return
    shown = {name for name in plan.writable if _shown(name, selected)}
    if resource.seen is None:
        resource.unknown |= plan.writable.keys()
    elif resource.seen_version != plan.contract.version.name:
        return
    resource.seen = {**(resource.seen or {}), **{name: told.get(name) for name in shown}}
    resource.seen_version = plan.contract.version.name
    resource.unknown -= shown
    for name in shown:
        resource.pending.pop(name, None)


@lru_cache(maxsize=64)
def comparer(version: str, plane: Plane) -> Comparison:
    return Comparison(at(version, plane), loose=plane is Plane.MANAGEMENT)


def clip(value: Any) -> str:
    text = value if isinstance(value, str) else "absent" if value is None else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
