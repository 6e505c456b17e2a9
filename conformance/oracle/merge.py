"""What a write leaves of a resource: the one place for how creations, updates and actions treat properties.

- A creation sets what it sends; the rest has its default, or is not there.
- A partial update sets what it sends, each property as a whole, and keeps the rest.
- A full replace sets what it sends; what else it could have named has its default again, or is gone; the rest it keeps.
- An action sets what its body names; what the contract calls volatile may have changed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.contract import Model
from conformance.oracle.model import Known, Origin, Resource, Step, Write
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


def _known(plan: Plan, write: Write, origin: Origin, value: Any, before: Any = None) -> Known:
    sent = value if origin is Origin.SENT else None
    return Known(origin, value, write, plan.contract.version.name, write.index, before, sent)


def _named(plan: Plan, request: Model | None) -> frozenset[str]:
    return frozenset(flat(plan.contract, request)) if request is not None else frozenset()


def _created(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    resource.values.clear()
    if sent is None or plan.request is None:
        return
    _all_of(resource, plan, write, sent)


def _all_of(resource: Resource, plan: Plan, write: Write, sent: Mapping[str, Any]) -> None:
    """Every property that the request could name, whether it did or not."""
    assert plan.request is not None
    defaults = {} if plan.managed else defaults_of(plan.request, sent)
    for name in _named(plan, plan.request) & plan.writable.keys():
        before = known.sent if (known := resource.values.get(name)) is not None else None
        if name in sent:
            resource.values[name] = _known(plan, write, Origin.SENT, sent[name], before)
        elif name in defaults:
            resource.values[name] = _known(plan, write, Origin.DEFAULT, defaults[name], before)
        elif plan.managed:
            resource.values.pop(name, None)
        else:
            resource.values[name] = _known(plan, write, Origin.ABSENT, None, before)


def _patched(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _drop_unnamed(resource, plan)
    if sent is None:
        _forget(resource, _named(plan, plan.request))
        return
    for name in sent.keys() & plan.writable.keys():
        before = known.sent if (known := resource.values.get(name)) is not None else None
        resource.values[name] = _known(plan, write, Origin.SENT, sent[name], before)


def _replaced(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _drop_unnamed(resource, plan)
    if sent is None or plan.request is None:
        _forget(resource, _named(plan, plan.request))
        return
    _all_of(resource, plan, write, sent)


def _acted(resource: Resource, plan: Plan, write: Write, sent: Sent) -> None:
    _forget(resource, plan.entity.volatile)
    named = _named(plan, plan.request) & plan.writable.keys()
    if sent is None:
        _forget(resource, named)
        return
    for name in named & sent.keys():
        if empty(sent[name]):
            _forget(resource, (name,))
        else:
            resource.values[name] = _known(plan, write, Origin.SENT, sent[name])


def _forget(resource: Resource, names: Any) -> None:
    for name in names:
        resource.values.pop(name, None)


def _drop_unnamed(resource: Resource, plan: Plan) -> None:
    """What this api-version does not know by that name may have been changed under another one."""
    for name in [n for n in resource.values if n not in plan.writable]:
        del resource.values[name]


_EFFECTS: Mapping[str, Callable[[Resource, Plan, Write, Sent], None]] = {
    "create": _created,
    "create-many": _created,
    "patch": _patched,
    "replace": _replaced,
    "action": _acted,
}
