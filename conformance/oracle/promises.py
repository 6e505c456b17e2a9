"""Long-running operations of the management plane: where they are asked about, and what they end in."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.oracle import changes
from conformance.oracle.lists import address
from conformance.oracle.merge import sent_by
from conformance.oracle.model import Account, Finding, Presence, Promise, Resource, Step, Write
from conformance.oracle.plans import Plan, plan
from conformance.oracle.shown import show

_ADDRESSES = ("location", "azure-asyncoperation")
_RUNNING = 202
_UNDER_WAY = frozenset({"inprogress", "running", "updating", "deleting", "creating", "accepted"})


def made(account: Account, resource: Resource, known: Plan, step: Step, write: Write) -> None:
    """A 202 that names where to ask on."""
    headers = step.exchange.response.headers
    for name in _ADDRESSES:
        if name in headers:
            account.promise(address(headers[name]), Promise(resource.key, write.kind, write, sent_by(step, known)))
    resource.presence = Presence.DELETING if write.kind == "delete" else Presence.UNKNOWN
    resource.forget()


def kept(account: Account, step: Step) -> Iterator[Finding]:
    """A poll of an operation that is under way."""
    place = address(step.exchange.request.url)
    promise = account.promises.get(place)
    if promise is None or step.exchange.request.method != "GET" or step.status == _RUNNING:
        return
    if _under_way(step):
        return
    resource = account.find(promise.key)
    for other in [name for name, p in account.promises.items() if p.write is promise.write]:
        del account.promises[other]
    if resource is None:
        return
    if not step.success:
        resource.forget()
        return
    yield from _ended(account, resource, promise, step)


def _under_way(step: Step) -> bool:
    body = step.shown
    status = body.get("status") if isinstance(body, dict) else None
    return isinstance(status, str) and status.lower() in _UNDER_WAY


def _ended(account: Account, resource: Resource, promise: Promise, step: Step) -> Iterator[Finding]:
    body = step.shown
    status = body.get("status") if isinstance(body, dict) else None
    if isinstance(status, str) and status.lower() != "succeeded":
        return
    resource.since = account.steps
    resource.promised = promise.write
    if promise.kind == "delete":
        resource.presence, resource.deleted = Presence.ABSENT, promise.write.exchange
        return
    known = _plan_of(promise, step)
    if promise.kind == "create" and known is not None and resource.created is None:
        changes.created(account, resource, known, promise.write, promise.sent)
        resource.promised = promise.write
    resource.presence, resource.ours = Presence.PRESENT, True
    if known is not None and isinstance(body, dict) and _names(body.get("id"), known, resource):
        found: list[Finding] = []
        show(account, resource, known, step, body, found)
        yield from found


def _names(path: object, known: Plan, resource: Resource) -> bool:
    """Whether the path in a body is that of the resource."""
    found = known.contract.match("GET", path) if isinstance(path, str) else None
    return found is not None and known.key(found.path_parameters) == resource.key


def _plan_of(promise: Promise, step: Step) -> Plan | None:
    version = promise.write.version
    return plan(version, step.contract.version.plane, promise.write.operation)
