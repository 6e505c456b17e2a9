"""`predict` says what the next answer may be, `observe` judges the answer that came and folds it into what is known.

Both are pure in the sense that matters here: nothing but the trace decides what they say.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.oracle import batches, changes, conditions, existence, lists, promises, requestids
from conformance.oracle.claims import Claim
from conformance.oracle.merge import sent_by
from conformance.oracle.model import Account, Finding, Key, Presence, Resource, Step, Write, holds
from conformance.oracle.plans import Plan, plan
from conformance.oracle.shown import show

_UPDATES = frozenset({"patch", "replace", "action"})
_TIMEOUT = 408
_FRONT_DOOR = frozenset({401, 403, 429})
_GONE, _FOUND_DELETING = 404, "BeingDeleted"


def predict(account: Account, step: Step) -> list[Claim]:
    """What is known of the answer to a request before it comes; of the step, only the request is looked at."""
    known = _plan(step)
    key = _key(known, step) if known is not None else None
    resource = account.find(key) if key is not None else None
    return _claims(account, resource, known, step) if known is not None and resource is not None else []


def observe(account: Account, step: Step) -> list[Finding]:
    """What an exchange contradicts or confirms. Never raises: where the oracle breaks, it says so and forgets the resource."""
    if requestids.told_again(account, step):
        return []
    account.steps += 1
    found: list[Finding] = []
    try:
        _observe(account, step, found)
        requestids.observe(account, step, found)
    except Exception as error:
        _forget(account, step)
        said = f"the oracle broke: {type(error).__name__}: {error} ({_place(error)})"
        return [Finding("", False, step.operation.id if step.operation else "", message=said, suite_error=True)]
    return found


def _forget(account: Account, step: Step) -> None:
    known = _plan(step)
    key = known.key(step.path_parameters) if known is not None else None
    resource = account.find(key) if key is not None else None
    if resource is not None:
        resource.forget()


def _claims(account: Account, resource: Resource, known: Plan, step: Step) -> list[Claim]:
    return [*existence.claims(account, resource, known, step), *conditions.claims(account, resource, step)]


def _plan(step: Step) -> Plan | None:
    if step.operation is None:
        return None
    return plan(step.contract.version.name, step.contract.version.plane, step.operation.id)


def _key(known: Plan, step: Step) -> Key | None:
    """The resource that a request is about."""
    if known.kind == "list":
        return None
    key = known.key(step.path_parameters)
    if key is None and known.kind == "create":
        return known.key_in_body(step.path_parameters, step.sent)
    return key


def _observe(account: Account, step: Step, found: list[Finding]) -> None:
    if account.promises:
        found.extend(promises.kept(account, step))
    known = _plan(step)
    if known is None:
        return
    key = _key(known, step)
    if known.kind in ("create", "create-many") and step.sent is None:
        _any_may_exist(account, known, step)
    if step.status >= 500 or step.status in _FRONT_DOOR or step.status == _TIMEOUT:
        # nobody knows whether a server that broke did what it was asked for
        _doubt(account, known, key, step)
    elif known.kind == "list":
        lists.observe(account, known, step, found)
    elif known.kind == "create-many":
        found.extend(batches.observe(account, known, step, _write(known, step)))
    elif key is not None:
        resource = account.of(key, known.collection(step.path_parameters))
        resource.heard(step)
        found.extend(claim.judge(step) for claim in _claims(account, resource, known, step))
        _fold(account, resource, known, step, found)


def _write(known: Plan, step: Step) -> Write:
    return Write(step.exchange, known.operation.id, known.kind, known.contract.version.name)


def _doubt(account: Account, known: Plan, key: Key | None, step: Step) -> None:
    resource = account.find(key) if key is not None else None
    unclear = step.status >= 500 or step.status == _TIMEOUT
    if unclear and known.kind == "create-many":
        batches.doubted(account, known, step)
    if resource is not None and unclear and known.kind not in ("get", "exists", "list"):
        for child in account.below(resource.key):
            child.forget()
            child.presence, child.ours = Presence.UNKNOWN, False
        resource.forget()
        resource.moments.clear()
        if known.kind == "create":
            resource.reborn()
        resource.presence, resource.ours = Presence.UNKNOWN, False
        account.upset = account.steps


def _any_may_exist(account: Account, known: Plan, step: Step) -> None:
    """A creation that does not say of what, as the recording lost its body."""
    for resource in account.within(known.collection(step.path_parameters)):
        if resource.presence is Presence.ABSENT:
            resource.presence, resource.ours = Presence.UNKNOWN, False
            resource.reborn()


def _fold(account: Account, resource: Resource, known: Plan, step: Step, found: list[Finding]) -> None:
    if not step.success:
        found.extend(_refused(account, resource, known, step))
    elif known.kind in ("get", "exists"):
        _read(account, resource, known, step, found)
    else:
        _written(account, resource, known, step, found)


def _refused(account: Account, resource: Resource, known: Plan, step: Step) -> Iterator[Finding]:
    own = known.operation.path == known.entity.path
    if step.status == _GONE and known.kind in ("get", "exists") and own:
        if resource.presence is Presence.DELETING:
            yield holds("deleted.gone", known.operation.id)
        changes.gone(account, resource, step)
    elif step.code.endswith(_FOUND_DELETING) and known.kind != "create":
        yield from existence.leaves_untold(account, resource, known, step)
        resource.presence = Presence.DELETING


def _read(account: Account, resource: Resource, known: Plan, step: Step, found: list[Finding]) -> None:
    if known.operation.path != known.entity.path:
        return
    if resource.presence in (Presence.UNKNOWN, Presence.ABSENT):
        if resource.presence is Presence.ABSENT:
            resource.reborn()  # somebody else made it again
            resource.ours = False
        resource.presence, resource.since = Presence.PRESENT, account.steps
    if known.managed and account.whole:
        resource.ours = True  # accounts are shared by the scenarios of a process, one after the other
    if known.whole_representation and isinstance(step.shown, dict):
        show(account, resource, known, step, step.shown, found)


def _written(account: Account, resource: Resource, known: Plan, step: Step, found: list[Finding]) -> None:
    write = _write(known, step)
    if known.operation.long_running and step.status == 202:
        promises.made(account, resource, known, step, write)
    elif known.kind == "create" and known.managed and _asked_before(account, resource):
        # whether a second creation changes anything the documents do not say
        for name in [name for name, promise in account.promises.items() if promise.key == resource.key]:
            del account.promises[name]
        resource.forget()
        return
    elif known.kind == "create":
        changes.created(account, resource, known, write, sent_by(step, known))
        found.extend(changes.etag_answered(resource, known, write, step))
    elif known.kind == "delete":
        changes.deleted(account, resource, known, write)
    elif known.kind in _UPDATES and known.changes:
        found.extend(changes.changed(account, resource, known, write, step))
    if known.managed and known.whole_representation and isinstance(step.shown, dict):
        show(account, resource, known, step, step.shown, found)


def _asked_before(account: Account, resource: Resource) -> bool:
    return resource.presence is Presence.PRESENT or any(promise.key == resource.key for promise in account.promises.values())


def _place(error: Exception) -> str:
    step, told = error.__traceback__, ""
    while step is not None:
        told = f"{step.tb_frame.f_code.co_name}:{step.tb_lineno}"
        step = step.tb_next
    return told
