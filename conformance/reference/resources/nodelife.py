"""The states of a simulated node, by the clock: one course of states at a time, a new course ends the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.reference.instants import iso
from conformance.reference.resources import folders
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
    def enter(due: int) -> None:
        if node["_course"] == token and node["state"] != "leavingpool":
            move(node, _settled(node, state), due)
            if state == "idle":
                _booted(store, node, due)
                for tell in IDLE:
                    tell(store, due)

    return enter


def _settled(node: Json, state: str) -> str:
    """A node that takes no tasks is offline where it would be idle."""
    return "offline" if state == "idle" and node["schedulingState"] == "disabled" else state


def _booted(store: Store, node: Json, now: int) -> None:
    """A node that has booted has what its pool refers to by now."""
    pool = store.get("pool", node["_pool"]) or {}
    node["certificateReferences"] = pool.get("certificateReferences")
    node |= agent(iso(now))
    folders.boot(node, now)
    if "startTask" in node:
        times = {"startTime": iso(now), "endTime": iso(now)}
        node["startTaskInfo"] = {"state": "completed", **times, "exitCode": 0, "retryCount": 0, "result": "success"}
