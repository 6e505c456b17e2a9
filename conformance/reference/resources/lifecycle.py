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
    """Go from one state to another; the one before stays known, with its time."""
    if "state" in resource:
        resource["previousState"] = resource["state"]
        resource["previousStateTransitionTime"] = resource["stateTransitionTime"]
    resource["state"], resource["stateTransitionTime"] = state, iso(now)
