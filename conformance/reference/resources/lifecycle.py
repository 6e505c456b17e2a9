"""What the life of every resource has in common: an ETag that moves, a state with its times."""

from __future__ import annotations

from conformance.reference.instants import etag, iso
from conformance.reference.wire import Json, Reply


def touch(resource: Json, now: int) -> Reply:
    """A client changed the resource: its ETag moves, even when two changes fall on one tick."""
    resource["_modified"] = max(now, resource.get("_modified", 0) + 1)
    resource["eTag"], resource["lastModified"] = etag(resource["_modified"]), iso(resource["_modified"])
    return Reply(modified=resource["_modified"])


def enter(resource: Json, state: str, now: int) -> None:
    """Go from one state to another; the one before stays known, with its time. A new job becomes active a moment after its
    creation: what comes within that moment is not dated before it."""
    resource["_entered"] = now = max(now, resource.get("_entered", 0))
    if "state" in resource:
        resource["previousState"] = resource["state"]
        resource["previousStateTransitionTime"] = resource["stateTransitionTime"]
    resource["state"], resource["stateTransitionTime"] = state, iso(now)
