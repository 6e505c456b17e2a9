"""Compares what a read shows of a resource with what is known of it, and takes over what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from conformance.contract import Plane, Property, at
from conformance.oracle import states
from conformance.oracle.model import Account, Finding, Known, Origin, Resource, Step, Write, holds
from conformance.oracle.plans import Plan, unwrapped
from conformance.oracle.values import SCRUBBED, TICKS, Comparison, empty, ticks

_LONGEST = 200
_ROLES: Mapping[str, str] = {
    "create": "create",
    "create-many": "create",
    "patch": "patch",
    "replace": "replace",
    "action": "action",
}


def show(account: Account, resource: Resource, plan: Plan, step: Step, body: Mapping[str, Any]) -> Iterator[Finding]:
    """What a representation of a resource contradicts or confirms. `step` is the read, or the page of a list, that shows it."""
    told = unwrapped(body)
    selected = _selected(step)
    comparable = yield from _edition(account, resource, plan, step, told)
    yield from _fixed(resource, step, plan, told)
    yield from states.seen(account, resource, plan, step, told)
    if comparable:
        yield from _compare(resource, plan, step, told, selected)
    _adopt(resource, plan, account.steps, told, selected)


def _selected(step: Step) -> tuple[frozenset[str], frozenset[str]] | None:
    """The members that a read names, and those of them that it names only parts of; None when it shows all."""
    stated = step.exchange.request.query.get("$select")
    if not stated:
        return None
    paths = [path.strip() for path in stated.split(",") if path.strip()]
    return frozenset(p.partition("/")[0] for p in paths), frozenset(p.partition("/")[0] for p in paths if "/" in p)


def _edition(account: Account, resource: Resource, plan: Plan, step: Step, told: Mapping[str, Any]) -> Iterator[Finding] | Any:
    """Whether what is known still holds: nobody else has changed the resource. Checks the ETag on the way."""
    etag, modified = told.get("eTag"), told.get("lastModified")
    sure = account.sure(resource)
    if not isinstance(etag, str) or plan.managed:
        # what a read does not date may be older or newer than what is known
        if not sure:
            resource.forget()
        return sure
    known, write = resource.etag, resource.etag_from
    same = True
    if known is not None:
        same = etag == known
        if same or sure or not _later(resource.modified, modified):
            yield _etag_finding(resource, step, write, same, known, etag, _passed(resource, plan, told))
        if isinstance(modified, str) and resource.modified is not None and (same or sure):
            yield from _modified(resource, step, write, modified, same)
        if not same:
            resource.retire_etag(known)
    if not same and not sure:
        resource.forget()
    comparable = sure or (same and known is not None)
    resource.etag, resource.etag_from = etag, None
    if isinstance(modified, str):
        resource.modified = modified
    return comparable


def _passed(resource: Resource, plan: Plan, told: Mapping[str, Any]) -> bool:
    """Whether the service moved a state since it was last seen."""
    for name in plan.stateful:
        moment = resource.moments.get(name)
        if moment is not None and name in told and moment.entered != told.get(f"{name}TransitionTime"):
            return True
    return False


def _etag_finding(
    resource: Resource, step: Step, write: Write | None, same: bool, known: str, etag: str, passed: bool
) -> Finding:
    check = "etag.transition" if passed else "etag.answered" if write is not None else "etag.still"
    about = write.operation if write is not None else _operation(step)
    if same:
        return holds(check, about)
    said = "the write before answered another ETag" if write is not None else "the ETag changed though nothing was written"
    return Finding(check, False, about, "eTag", said, known, etag, write.exchange if write else None)


def _modified(resource: Resource, step: Step, write: Write | None, modified: str, same: bool) -> Iterator[Finding]:
    known, new = ticks(resource.modified or ""), ticks(modified)
    if known is None or new is None:
        return
    if new < known:
        said = "lastModified went back"
        yield Finding("modified.forward", False, _operation(step), "lastModified", said, resource.modified or "", modified)
    elif write is None or not same:
        yield holds("modified.forward", _operation(step))
    elif new - new % TICKS == known - known % TICKS:
        yield holds("modified.answered", write.operation)
    else:
        said = "the write before answered another Last-Modified"
        expected = resource.modified or ""
        yield Finding("modified.answered", False, write.operation, "lastModified", said, expected, modified, write.exchange)


def _later(known: str | None, modified: Any) -> bool:
    """Whether somebody may have changed the resource since: a later time of change says so, an unknown one may."""
    before, now = ticks(known or ""), ticks(modified) if isinstance(modified, str) else None
    return before is None or now is None or now > before


def _fixed(resource: Resource, step: Step, plan: Plan, told: Mapping[str, Any]) -> Iterator[Finding]:
    for name in plan.entity.fixed:
        value = told.get(name)
        if value is None:
            continue
        known = resource.fixed.get(name)
        if known is None:
            resource.fixed[name] = value
        elif known == value or _same_name(name, known, value):
            yield holds("read.fixed", _operation(step), name)
        elif resource.created is not None or name == "id":
            yield Finding(
                "read.fixed", False, _operation(step), name, f"{name} changed", str(known), str(value), resource.created
            )
            resource.fixed[name] = value
        else:
            # created anew by somebody else, perhaps
            resource.forget()
            resource.fixed[name] = value


def _same_name(name: str, known: Any, value: Any) -> bool:
    """Names and addresses compare without case; hosts may differ, as a proxy has its own."""
    if not (isinstance(known, str) and isinstance(value, str)):
        return False
    if name == "url":
        known, value = known.partition("://")[2].partition("/")[2], value.partition("://")[2].partition("/")[2]
    return bool(known.lower() == value.lower())


def _compare(
    resource: Resource, plan: Plan, step: Step, told: Mapping[str, Any], selected: tuple[frozenset[str], frozenset[str]] | None
) -> Iterator[Finding]:
    comparison = comparer(plan.contract.version.name, plan.contract.version.plane)
    version = plan.contract.version.name
    unchanged = True
    for name, known in resource.values.items():
        prop = plan.writable.get(name)
        if prop is None or (selected is not None and (name not in selected[0] or name in selected[1])):
            continue
        actual = told.get(name)
        if known.origin is Origin.SEEN and (resource.write is None or known.index >= resource.write.index):
            if actual != known.value and name not in plan.entity.volatile and _comparable(known, version, actual):
                yield _stable(step, name, known, actual)
                unchanged = False
            continue
        if not _comparable(known, version, actual):
            continue
        yield from _property(resource, comparison, step, name, prop, known, actual, version)
    if unchanged and resource.values:
        yield holds("read.stable", _operation(step))


def _comparable(known: Known, version: str, actual: Any) -> bool:
    """Across api-versions the members of an object may be other ones; a text that was scrubbed says nothing."""
    if known.version != version and (isinstance(known.value, dict | list) or isinstance(actual, dict | list)):
        return False
    if known.version != version and (known.value is None or actual is None):
        return False
    return not (isinstance(actual, str) and SCRUBBED in actual)


def _stable(step: Step, name: str, known: Known, actual: Any) -> Finding:
    return Finding(
        "read.stable",
        False,
        _operation(step),
        name,
        f"{name} changed though nothing was written",
        clip(known.value),
        clip(actual),
    )


def _property(
    resource: Resource,
    comparison: Comparison,
    step: Step,
    name: str,
    prop: Property,
    known: Known,
    actual: Any,
    version: str,
) -> Iterator[Finding]:
    last = resource.write
    if last is not None and known.index < last.index:
        yield from _kept(resource, comparison, last, name, prop, known, actual)
        return
    write = known.write
    assert write is not None
    role = _ROLES.get(write.kind, write.kind)
    if resource.writes_unseen > 1:
        role = "writes"
    found = _against(comparison, role, write, name, prop, known, actual)
    if found is not None:
        yield found
    else:
        yield holds(_check(role, known), write.operation, name)
        if role in ("patch", "replace") and isinstance(known.before, dict) and isinstance(known.value, dict):
            yield holds(f"{role}.whole", write.operation, name)
        if known.version != version:
            yield holds("version.same", _operation(step), name)


def _check(role: str, known: Known) -> str:
    if role == "writes":
        return "writes.shown"
    if role == "create" and known.origin is Origin.ABSENT:
        return "create.unsent"
    return f"{role}.{known.origin.value}"


def _against(
    comparison: Comparison, role: str, write: Write, name: str, prop: Property, known: Known, actual: Any
) -> Finding | None:
    check = _check(role, known)
    if known.origin is Origin.ABSENT:
        if empty(actual) or actual is False or actual == 0:
            return None
        return _finding(check, write, name, f"{name} is there, though it was left out", "absent", actual)
    if known.origin is Origin.SENT and actual is None and empty(known.value):
        return None
    wrong = comparison.covers(known.value, actual, prop)
    if wrong is not None:
        path = name if wrong == "." else f"{name}/{wrong}"
        said = "is not what was sent" if known.origin is Origin.SENT else "does not have its default"
        return _finding(check, write, path, f"{path} {said}", known.value, actual)
    return _deeper(comparison, role, write, name, prop, known, actual)


def _deeper(
    comparison: Comparison, role: str, write: Write, name: str, prop: Property, known: Known, actual: Any
) -> Finding | None:
    if role in ("writes", "action"):
        return None
    off = comparison.undefaulted(known.value, actual, prop)
    if off is not None:
        return _finding(
            f"{role}.default" if role != "patch" else "patch.whole",
            write,
            f"{name}/{off[0]}",
            f"{name}/{off[0]} was left out and does not have its default",
            off[1],
            actual,
        )
    left = comparison.survived(known.before, known.value, actual, prop) if role != "create" else None
    if left is not None:
        path = f"{name}/{left}"
        return _finding(f"{role}.whole", write, path, f"{path} outlived the replacement of {name}", "absent", actual)
    return None


def _kept(
    resource: Resource, comparison: Comparison, last: Write, name: str, prop: Property, known: Known, actual: Any
) -> Iterator[Finding]:
    """What was there before the last write, and what that write left out. When it was never seen before, nobody can say which
    write went wrong."""
    kept = f"{_ROLES.get(last.kind, last.kind)}.kept"
    seen = known.origin is Origin.SEEN and resource.writes_unseen <= 1
    if _unchanged(comparison, prop, known, actual):
        yield holds(kept, last.operation, name)
        if not seen and known.write is not None:
            role = _ROLES.get(known.write.kind, known.write.kind)
            yield holds(_check(role, known), known.write.operation, name)
    elif seen:
        yield _finding(kept, last, name, f"{name} was not kept", known.value, actual)
    else:
        yield _finding("writes.shown", last, name, f"{name} is not as the writes left it", known.value, actual)


def _unchanged(comparison: Comparison, prop: Property, known: Known, actual: Any) -> bool:
    if known.origin is Origin.ABSENT:
        return empty(actual) or actual is False or actual == 0
    if known.value == actual or (empty(known.value) and empty(actual)):
        return True
    return comparison.covers(known.value, actual, prop) is None


def _finding(check: str, write: Write, name: str, message: str, expected: Any, actual: Any) -> Finding:
    return Finding(check, False, write.operation, name, message, clip(expected), clip(actual), write.exchange)


def _adopt(
    resource: Resource,
    plan: Plan,
    index: int,
    told: Mapping[str, Any],
    selected: tuple[frozenset[str], frozenset[str]] | None,
) -> None:
    """From here on the resource is as it was shown, whatever was expected."""
    version = plan.contract.version.name
    values = resource.values
    for name in plan.writable:
        if selected is not None and (name not in selected[0] or name in selected[1]):
            continue
        actual = told.get(name)
        known = values.get(name)
        if known is not None and known.origin is Origin.SEEN and known.value == actual and known.version == version:
            known.index = index
        elif known is not None and known.version != version and actual is None:
            continue
        else:
            sent = known.sent if known is not None else None
            values[name] = Known(Origin.SEEN, actual, None, version, index, sent=sent)
    if selected is None:
        resource.writes_unseen = 0


@lru_cache(maxsize=64)
def comparer(version: str, plane: Plane) -> Comparison:
    return Comparison(at(version, plane), loose=plane is Plane.MANAGEMENT)


def _operation(step: Step) -> str:
    return step.operation.id if step.operation is not None else ""


def clip(value: Any) -> str:
    text = value if isinstance(value, str) else "absent" if value is None else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
