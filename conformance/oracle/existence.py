"""What exists, what does not, and what is on its way out: the claims that follow from it."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.oracle.claims import Accepts, Claim
from conformance.oracle.model import Account, Finding, Presence, Resource, Step
from conformance.oracle.plans import Plan

_MISSING = 404


def claims(account: Account, resource: Resource | None, plan: Plan, step: Step) -> Iterator[Claim]:
    if resource is None or not account.sure(resource):
        return
    match resource.presence:
        case Presence.PRESENT:
            yield from _present(account, resource, plan, step)
        case Presence.ABSENT:
            yield from _absent(resource, plan)
        case Presence.DELETING:
            yield from _deleting(resource, plan)
        case Presence.UNKNOWN:
            pass


def _present(account: Account, resource: Resource, plan: Plan, step: Step) -> Iterator[Claim]:
    if plan.kind == "create":
        if not plan.managed and stands(account, resource, plan):  # managed: the request that creates also changes
            yield Claim("create.exists", plan.operation.id, _refused, "refused: it exists", earlier=resource.created)
        return
    if plan.kind == "list" or step.operation is None:
        return
    if step.operation.path != plan.entity.path:
        if plan.kind == "action":  # which says by its code whether it looked for this resource
            found = _found(plan, certain=False)
            yield Claim("exists.found", plan.operation.id, found, "not 404: it exists", earlier=resource.created)
        return
    check = "operation.ends" if resource.promised is not None else "exists.found"
    about = resource.promised.operation if resource.promised is not None else plan.operation.id
    certain = plan.kind in ("get", "exists") and stands(account, resource, plan)
    yield Claim(check, about, _found(plan, certain), "not 404: it exists", earlier=resource.created)


def stands(account: Account, resource: Resource, plan: Plan) -> bool:
    """Whether what the resource is in is known to exist: otherwise it may be gone with it, once something was deleted or acted
    upon."""
    if not plan.parent or resource.since > account.upset:
        return True
    parent = account.find((plan.parent, *resource.key[1 : 1 + len(plan.outer)]))
    return parent is not None and parent.presence is Presence.PRESENT and account.sure(parent)


def _found(plan: Plan, certain: bool) -> Accepts:
    """A 404 for something else that the request names says nothing about this resource, unless it is `certain` that there is
    nothing else to miss."""
    own = f"{_named(plan)}NotFound"
    return lambda status, code: status != _MISSING or not (certain or code == own)


def leaves_untold(account: Account, resource: Resource, plan: Plan, step: Step) -> Iterator[Finding]:
    """A refusal because the resource is being deleted, which nobody asked for."""
    leaving = f"{_named(plan)}BeingDeleted"
    if (
        resource.presence is Presence.PRESENT
        and step.code == leaving
        and account.sure(resource)
        and stands(account, resource, plan)
    ):
        said, expected = "the answer contradicts the trace", f"not {leaving}: nobody deleted it"
        yield Finding("exists.found", False, plan.operation.id, "", said, expected, leaving, resource.created)


def _named(plan: Plan) -> str:
    """The kind of resource, as error codes name it."""
    return "".join(part.capitalize() for part in plan.entity.name.split("-"))


def _absent(resource: Resource, plan: Plan) -> Iterator[Claim]:
    if plan.kind == "create":
        yield Claim(
            "create.free",
            plan.operation.id,
            lambda status, code: not (status == 409 and code.endswith("Exists")),
            "not refused as existing: it was deleted",
            earlier=resource.deleted,
        )
    elif plan.kind in ("get", "exists") and resource.promised is not None:
        yield Claim("operation.ends", resource.promised.operation, _refused, "404: it was deleted", earlier=resource.deleted)
    elif plan.kind in ("get", "exists"):
        yield Claim("deleted.gone", plan.operation.id, _refused, "404: it was deleted", earlier=resource.deleted)
    elif plan.kind in ("patch", "replace", "delete", "action"):
        yield Claim("missing.refused", plan.operation.id, _refused, "404: it was deleted", earlier=resource.deleted)


def _deleting(resource: Resource, plan: Plan) -> Iterator[Claim]:
    if plan.kind in ("patch", "replace"):
        yield Claim("deleting.refuses", plan.operation.id, _refused, "refused: it is being deleted", earlier=resource.deleted)


def _refused(status: int, code: str) -> bool:
    return not 200 <= status < 300
