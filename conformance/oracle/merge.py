"""What a write leaves of a resource: the one place for how creations, updates and actions treat properties.

- A creation sets what it sends; the rest has its default, or is not there.
- A partial update sets what it sends, each property as a whole, and keeps the rest.
- A full replace sets what it sends; what else it could have named has its default again, or is gone; the rest it keeps.
- An action sets what its body names; what the contract calls volatile may have changed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from conformance.oracle.model import Origin, Pending, Resource, Step, Write
from conformance.oracle.plans import Plan, flat, unwrapped
from conformance.oracle.values import defaults_of, empty

Sent = Mapping[str, Any] | None
"""The members of a request body; None when it is not known."""


def apply(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    """Change what is known of a resource as a successful write does."""
    _EFFECTS[plan.kind](resource, plan, write, sent)


def sent_by(step: Step, plan: Plan) -> Sent:
    """What a request says about the properties of the resource. An empty body says nothing; one that a recording left out is
    not known."""
    request = step.exchange.request
    if not request.body_known:
        return None
    if not request.body:
        # a recording may have lost it without saying so
        return None if plan.operation.request_required else {}
    return unwrapped(step.sent) if isinstance(step.sent, dict) else None


def let_go(resource: Resource, plan: Plan, told: Mapping[str, Any]) -> None:
    """What the service sets by itself says nothing of what clients wrote."""
    for name, by in plan.entity.driven.items():
        pending = resource.pending.get(by)
        if True in (told.get(by), (resource.seen or {}).get(by), pending.value if pending is not None else None):
            _forget(resource, (name,))


def _leave(resource: Resource, write: Write, name: str, origin: Origin, value: Any) -> None:
    resource.pending[name] = Pending(origin, value, write, resource.sent.get(name))
    resource.unknown.discard(name)
    if origin is Origin.SENT:
        resource.sent[name] = value
    else:
        resource.sent.pop(name, None)


@cache
def _named(plan: Plan) -> frozenset[str]:
    """The properties of a read that the request can name."""
    return frozenset(flat(plan.contract, plan.request)) & plan.writable.keys() if plan.request is not None else frozenset()


def _all_of(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    """Every property that the request could name, whether it did or not."""
    if sent is None or plan.request is None:
        _forget(resource, _named(plan))
        return
    defaults = {} if plan.managed else defaults_of(plan.request, sent)
    for name in _named(plan):
        if name in sent:
            _leave(resource, write, name, Origin.SENT, sent[name])
        elif name in defaults:
            _leave(resource, write, name, Origin.DEFAULT, defaults[name])
        elif plan.managed:
            _forget(resource, (name,))
        else:
            _leave(resource, write, name, Origin.ABSENT, None)


def _patched(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _doubt_unnamed(resource, plan)
    if sent is None:
        _forget(resource, _named(plan))
        return
    for name in sent.keys() & plan.writable.keys():
        _leave(resource, write, name, Origin.SENT, sent[name])
    if plan.managed and plan.request is not None:
        _forget(resource, _set_back(resource, plan, sent))


def _set_back(resource: Resource, plan: Plan, sent: Mapping[str, Any]) -> list[str]:
    """What may get its default when it is left out, as documents of the management plane say of some; what has it keeps it."""
    assert plan.request is not None
    known = flat(plan.contract, plan.request)
    with_default = [name for name in known.keys() & plan.writable.keys() - sent.keys() if known[name].default is not None]
    return [name for name in with_default if _known(resource, name) not in (None, known[name].default)]


def _known(resource: Resource, name: str) -> Any:
    pending = resource.pending.get(name)
    return pending.value if pending is not None else (resource.seen or {}).get(name)


def _replaced(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _doubt_unnamed(resource, plan)
    _all_of(resource, plan, write, sent)


def _acted(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _forget(resource, plan.entity.volatile)
    for name in _named(plan):
        if sent is None or empty(sent.get(name)) or _passing(plan, name):
            _forget(resource, (name,))
        else:
            _leave(resource, write, name, Origin.SENT, sent[name])


def _passing(plan: Plan, name: str) -> bool:
    known = plan.request.properties.get(name) if plan.request is not None else None
    return known is not None and known.passing


def _forget(resource: Resource, names: Iterable[str]) -> None:
    for name in names:
        resource.pending.pop(name, None)
        resource.sent.pop(name, None)
        resource.unknown.add(name)


def _doubt_unnamed(resource: Resource, plan: Plan) -> None:
    """What this api-version does not know by that name may have been changed under another one."""
    if resource.seen is not None and resource.seen_version != plan.contract.version.name:
        resource.unknown |= resource.seen.keys() - plan.writable.keys()
    for name in [n for n in resource.pending if n not in plan.writable]:
        _forget(resource, (name,))


_EFFECTS: Mapping[str, Callable[[Resource, Plan, Write, Sent], None]] = {
    "create": _all_of,
    "create-many": _all_of,
    "patch": _patched,
    "replace": _replaced,
    "action": _acted,
}
