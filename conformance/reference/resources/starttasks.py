"""The start task of a node: it runs whenever the node has booted, as often as it may while it fails."""

from __future__ import annotations

from collections.abc import Callable

from conformance.reference.instants import iso
from conformance.reference.resources.commandlines import attempts, course, environment
from conformance.reference.resources.preparation import follow
from conformance.reference.store import Store
from conformance.reference.wire import Json


def begin(store: Store, node: Json, now: int, then: Callable[[int], None]) -> None:
    """Run the start task of the node, and then `then`."""
    task = node["startTask"]
    node["startTaskInfo"] = info = {"state": "running", "startTime": iso(now), "retryCount": 0}
    follow(store, info, course(task["commandLine"], variables=environment({}, task)), attempts(task), now, then)


def waits(node: Json) -> bool:
    """Whether tasks wait for the start task to succeed."""
    return bool(node["startTask"].get("waitForSuccess", True))


def failed(node: Json) -> bool:
    return bool(node["startTaskInfo"].get("result") == "failure")
