"""A collection of resources that one request creates: each has its own result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.oracle.changes import created
from conformance.oracle.model import Account, Finding, Key, Presence, Resource, Step, Write, holds
from conformance.oracle.plans import Plan, unwrapped
from conformance.oracle.values import bare

_SUCCESS, _CLIENT_ERROR = "success", "clienterror"


def observe(account: Account, plan: Plan, step: Step, write: Write) -> Iterator[Finding]:
    """The answer to a request that creates many."""
    results = step.shown.get("value") if isinstance(step.shown, dict) else None
    sent = _by_key(plan, step, step.sent.get("value"), ("id",)) if isinstance(step.sent, dict) else {}
    if step.success and not (sent and isinstance(results, list)):
        doubted(account, plan, step)
    if not step.success or not sent:
        return
    if not isinstance(results, list):
        if isinstance(step.shown, dict):
            yield from _each(plan, sent, {})
        return
    answered = Counter(key for key in (_key(plan, step, result) for result in results) if key is not None)
    yield from _each(plan, sent, answered)
    for result in results:
        key = _key(plan, step, result)
        if key is not None and key in sent and answered[key] == 1:
            yield from _result(account, plan, step, write, key, sent[key], result)


def doubted(account: Account, plan: Plan, step: Step) -> None:
    """Nobody knows which of them were created: those that were sent, or any, when it is not known what was sent."""
    items = step.sent.get("value") if isinstance(step.sent, dict) else None
    if isinstance(items, list):
        keys = {key for item in items if (key := plan.key_in_body(step.path_parameters, item)) is not None}
        resources = [resource for key in keys if (resource := account.find(key)) is not None]
    else:
        resources = list(account.within(plan.collection(step.path_parameters)))
    for resource in resources:
        _unknown(resource)


def _unknown(resource: Resource) -> None:
    resource.reborn()
    resource.presence, resource.ours = Presence.UNKNOWN, False


def _by_key(plan: Plan, step: Step, value: Any, names: tuple[str, ...]) -> dict[Key, Mapping[str, Any]]:
    """What was sent, by resource; nothing when two have the same name, as their results cannot be told apart."""
    found: dict[Key, Mapping[str, Any]] = {}
    for item in value if isinstance(value, list) else ():
        key = plan.key_in_body(step.path_parameters, item)
        if key is None or key in found:
            return {}
        found[key] = item
    return found


def _key(plan: Plan, step: Step, result: Any) -> Key | None:
    """A result names its resource as the path would: `taskId`."""
    name = result.get(plan.own[0]) if isinstance(result, dict) else None
    return (*plan.collection(step.path_parameters), name.lower()) if isinstance(name, str) else None


def _each(plan: Plan, sent: Mapping[Key, Any], answered: Mapping[Key, int]) -> Iterator[Finding]:
    about = plan.operation.id
    wrong = [(key, f"{count} results") for key, count in answered.items() if count > 1]
    wrong += [(key, "a result, though it was not sent") for key in answered.keys() - sent.keys()]
    wrong += [(key, "no result") for key in sent.keys() - answered.keys()]
    for key, actual in wrong:
        yield Finding("collection.each", False, about, "", f"{key[-1]} has {actual}", "one result", actual)
    if not wrong:
        yield holds("collection.each", about)


def _result(
    account: Account, plan: Plan, step: Step, write: Write, key: Key, sent: Mapping[str, Any], result: Mapping[str, Any]
) -> Iterator[Finding]:
    resource = account.of(key, plan.collection(step.path_parameters))
    resource.heard(step)
    status = str(result.get("status", "")).lower()
    existed = resource.presence is Presence.PRESENT and account.sure(resource)
    if status == _SUCCESS:
        if existed:
            said = "a result says that it created what exists"
            yield Finding("create.exists", False, write.operation, "", said, "an error", "Success", resource.created)
        created(account, resource, plan, write, unwrapped(sent))
        etag = result.get("eTag")
        resource.etag, resource.etag_from = (bare(etag), write) if isinstance(etag, str) else (None, None)
    elif existed:
        yield holds("create.exists", write.operation)
    elif status != _CLIENT_ERROR:
        _unknown(resource)
