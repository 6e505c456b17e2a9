"""Whether a write changed anything: what says nothing new may leave the ETag as it was."""

from __future__ import annotations

from conformance.oracle.model import Origin, Pending, Resource, Write
from conformance.oracle.plans import Plan
from conformance.oracle.shown import comparer
from conformance.oracle.values import empty


def changes(resource: Resource, plan: Plan, write: Write) -> bool:
    """Whether a write that succeeded left something else than is known to have been there. To be asked once its effect is
    known, and before a read shows it."""
    if any(p.write is write and _differs(resource, plan, name, p) for name, p in resource.pending.items()):
        return True
    for name, lifecycle in plan.entity.lifecycles.items():
        moment = resource.moments.get(name)
        if plan.operation.id in lifecycle.after and moment is not None and moment.value:
            return moment.value not in (moment.possible or ())
    return False


def _differs(resource: Resource, plan: Plan, name: str, pending: Pending) -> bool:
    """What clients sent last counts before what was seen before that."""
    if pending.origin is Origin.ABSENT:
        return isinstance(pending.before, str | list | dict) and not empty(pending.before)  # what the service gave may stay
    if pending.origin is Origin.DEFAULT or (pending.before is None and resource.seen is None):
        return False  # it may have had its default before
    was = pending.before if pending.before is not None else (resource.seen or {}).get(name)
    if empty(pending.value):
        return not empty(was)
    comparison = comparer(plan.contract.version.name, plan.contract.version.plane)
    return comparison.covers(pending.value, was, plan.writable.get(name)) is not None
