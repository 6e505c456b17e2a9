"""The states of a simulated node, by the clock: one course of states at a time, a new course ends the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.reference.instants import iso
from conformance.reference.resources import folders, starttasks
from conformance.reference.resources.machines import agent
from conformance.reference.store import Store
from conformance.reference.wire import Json

# Seconds of the service's life after which each state is entered.
Course = Sequence[tuple[float, str]]
FIRST_BOOT: Course = ((30.0, "starting"), (60.0, "idle"))
REBOOT: Course = ((20.0, "starting"), (30.0, "idle"))
REIMAGE: Course = ((40.0, "starting"), (60.0, "idle"))
START: Course = ((30.0, "idle"),)
DEALLOCATE: Course = ((30.0, "deallocated"),)
# Called when a node becomes ready for tasks: store, instant.
IDLE: list[Callable[[Store, int], None]] = []


def move(node: Json, state: str, now: int) -> None:
    node |= {"state": state, "stateTransitionTime": iso(now)}


def follow(store: Store, node: Json, course: Course, now: int) -> None:
    """Enter the states of the course one after the other, unless another course begins before."""
    node["_course"] = token = node.get("_course", 0) + 1
    for seconds, state in course:
        store.agenda.after(now, seconds, _step(store, node, state, token))


def _step(store: Store, node: Json, state: str, token: int) -> Callable[[int], None]:
    def current() -> bool:
        return bool(node["_course"] == token and node["state"] != "leavingpool")

    def enter(due: int) -> None:
        if not current():
            return
        if state != "idle":
            move(node, state, due)
            return
        _boot(store, node, due)
        if "startTask" not in node:
            _ready(store, node, due)
            return
        starttasks.begin(store, node, due, started)
        if starttasks.waits(node):
            move(node, "waitingforstarttask", due)
        else:
            _ready(store, node, due)

    def started(due: int) -> None:
        if not current() or not starttasks.waits(node):
            return
        if starttasks.failed(node):
            move(node, "starttaskfailed", due)
        else:
            _ready(store, node, due)

    return enter


def _ready(store: Store, node: Json, now: int) -> None:
    """The node can take tasks; one that shall take none is offline where it would be idle."""
    move(node, "offline" if node["schedulingState"] == "disabled" else "idle", now)
    for tell in IDLE:
        tell(store, now)


def _boot(store: Store, node: Json, now: int) -> None:
    """A node that has booted has what its pool refers to by now."""
    pool = store.get("pool", node["_pool"]) or {}
    node["certificateReferences"] = pool.get("certificateReferences")
    for name in ("startTask", "startTaskInfo"):
        node.pop(name, None)
    if "startTask" in pool:
        node["startTask"] = pool["startTask"]
    node |= agent(iso(now))
    folders.boot(node, now)
