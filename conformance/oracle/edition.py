"""ETag and time of change of what a read shows: whether it is the edition that is known, and what they must not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.oracle.model import Account, Finding, Resource, Step, Write, holds
from conformance.oracle.plans import Plan
from conformance.oracle.values import TICKS, bare, ticks

_OF_NO_ACCOUNT = frozenset({"eTag", "lastModified", "url", "stats", "odata.metadata"})
"""What says nothing of a change that the service made: it moves with the ETag, with the request, or all the time."""


def same_edition(
    account: Account, resource: Resource, plan: Plan, step: Step, told: Mapping[str, Any], found: list[Finding]
) -> bool:
    """Whether what is known can be compared with what is shown: nobody else has changed the resource."""
    stated, modified = told.get("eTag"), told.get("lastModified")
    sure = account.sure(resource)
    if not isinstance(stated, str) or plan.managed:
        # what a read does not date may be older or newer than what is known
        if not sure:
            resource.forget()
        return sure
    etag = bare(stated)
    about = step.operation.id if step.operation is not None else ""
    known, write = resource.etag, resource.etag_from
    same = known is None or etag == known
    if known is not None:
        if same or not _later(resource.modified, modified) or (sure and not _driven(resource, plan, told)):
            found.append(_etag(resource, plan, about, known, etag, told))
        if isinstance(modified, str) and resource.modified is not None and (same or sure):
            found.append(_modified(resource, about, write, modified, same))
        if not same:
            resource.retire_etag(known)
    if known is None and not sure and etag in resource.past and plan.kind != "list":  # a page may be as its list was begun
        found.append(_come_back(resource, about, etag))
    if not same and not sure:
        resource.forget()
        # somebody may have created it anew
        resource.fixed = {name: value for name, value in resource.fixed.items() if name == "id"}
    resource.etag, resource.etag_from = etag, None
    if isinstance(modified, str):
        resource.modified = modified
    return sure or (same and known is not None)


def _come_back(resource: Resource, about: str, etag: str) -> Finding:
    """Whoever changed it, and even if it was created anew: there is no way back to an edition that was replaced."""
    said, known = "an ETag that was replaced came back", resource.etag or "another one"
    return Finding("etag.still", False, about, "eTag", said, known, etag)


def _driven(resource: Resource, plan: Plan, told: Mapping[str, Any]) -> bool:
    """Whether the service set what it sets by itself: that is a change like one of a client."""
    seen = resource.seen or {}
    return any(told.get(by) is True and seen.get(name) != told.get(name) for name, by in plan.entity.driven.items())


def _passed(resource: Resource, plan: Plan, told: Mapping[str, Any]) -> bool:
    """Whether the service moved a state since it was last seen."""
    for name in plan.stateful:
        moment = resource.moments.get(name)
        if moment is not None and name in told and moment.entered != told.get(f"{name}TransitionTime"):
            return True
    return False


def _moved(resource: Resource, plan: Plan, told: Mapping[str, Any]) -> bool:
    """Whether the service may have changed something by itself: no state was seen yet, and it is not the one that everything
    begins in, or was entered later; or something that no client can set is not as it was."""
    for name, lifecycle in plan.entity.lifecycles.items():
        value = told.get(name)
        if name in resource.moments or not isinstance(value, str):
            continue
        if value.lower() != lifecycle.starts[0] or _later_than_made(told, name):
            return True
    seen = resource.seen
    return seen is not None and any(
        seen.get(name) != value for name, value in told.items() if name not in plan.writable and name not in _OF_NO_ACCOUNT
    )


def _later_than_made(told: Mapping[str, Any], name: str) -> bool:
    """A job becomes active a moment after its creation, which is no transition (source: recordings)."""
    made, entered = (ticks(str(told.get(member, ""))) for member in ("creationTime", f"{name}TransitionTime"))
    return made is not None and entered is not None and entered - made > TICKS


def _etag(resource: Resource, plan: Plan, about: str, known: str, etag: str, told: Mapping[str, Any]) -> Finding:
    write = resource.etag_from
    passed = _passed(resource, plan, told)
    check = "etag.transition" if passed else "etag.answered" if write is not None else "etag.still"
    operation = write.operation if write is not None else about
    if etag == known:
        return holds(check, operation)
    if _moved(resource, plan, told):
        check = "etag.transition"
    said = "the write before answered another ETag" if write is not None else "the ETag changed though nothing was written"
    return Finding(check, False, operation, "eTag", said, known, etag, write.exchange if write else None)


def _modified(resource: Resource, about: str, write: Write | None, modified: str, same: bool) -> Finding:
    known = resource.modified or ""
    if known == modified and write is None:
        return holds("modified.forward", about)
    old, new = ticks(known), ticks(modified)
    if old is None or new is None:
        return holds("modified.forward", about)
    if new < old:
        return Finding("modified.forward", False, about, "lastModified", "lastModified went back", known, modified)
    if write is None or not same:
        return holds("modified.forward", about)
    if new - new % TICKS == old - old % TICKS:
        return holds("modified.answered", write.operation)
    said = "the write before answered another Last-Modified"
    return Finding("modified.answered", False, write.operation, "lastModified", said, known, modified, write.exchange)


def _later(known: str | None, modified: Any) -> bool:
    """Whether somebody may have changed the resource since: a later time of change says so, an unknown one may."""
    before, now = ticks(known or ""), ticks(modified) if isinstance(modified, str) else None
    return before is None or now is None or now > before
