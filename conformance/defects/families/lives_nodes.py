"""Nodes: what actions on them do not do, users, start tasks."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import body, with_body
from conformance.defects.leniency import refuses, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.nodelies import NODE, acted, lost, undone
from conformance.defects.paths import at, sent
from conformance.defects.poolparts import corrected, each
from conformance.defects.where import always, fits, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_READS = "GET /pools/{}/nodes, GET /pools/{}/nodes/{}"
_STUB = "A stub that says yes."
_STUCK = "The event that ends it gets lost."
_NO_STATES = "States are not looked at."
_START = "Emulators run the command once, if at all."


def _old_boot(resource: Json) -> None:
    if "allocationTime" in resource and "lastBootTime" in resource:
        resource["lastBootTime"] = resource["allocationTime"]


def _without_info(resource: Json) -> None:
    resource.pop("startTaskInfo", None)


def _successful(resource: Json) -> None:
    info = resource.get("startTaskInfo") or {}
    if "exitCode" in info:
        info["exitCode"] = 0
        info.pop("failureInfo", None)


def _idle_anyway(resource: Json) -> None:
    if resource.get("state") == "starttaskfailed":
        resource["state"] = "idle"


def _no_retries(resource: Json) -> None:
    if (resource.get("startTaskInfo") or {}).get("retryCount"):
        resource["startTaskInfo"]["retryCount"] = 0


def _again(count: object) -> object:
    return 1 if count == 0 else count


def _first_start_task(service: Service) -> Lie:
    """A reboot runs the start task that the node was made with."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits("POST /pools/{}/updateproperties", asked) and answer.status == 204:
            pool = service.store.get("pool", asked.path.split("/")[2])
            mine = [node for node in service.store.all("node") if pool and node["_pool"] == pool["id"].lower()]
            if pool is not None and mine and "startTask" in mine[0]:
                pool["startTask"] = mine[0]["startTask"]
        return answer

    return lie


def _users_stay(service: Service) -> Lie:
    """Deleting a user, and adding one that was deleted: it is still there."""
    gone: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(f"DELETE {NODE}/users/{{}}", asked):
            if asked.path in gone and answer.status == 404:
                return replace(answer, status=200, body=b"")
            gone.add(asked.path)
        elif fits(f"POST {NODE}/users", asked) and answer.status == 201 and f"{asked.path}/{sent(asked).get('name')}" in gone:
            return await ask(asked)
        return answer

    return lie


def _names_taken(service: Service) -> Lie:
    gone: set[str] = set()

    def taken(asked: WireRequest) -> bool:
        return f"{asked.path}/{sent(asked).get('name')}" in gone

    refused = refuses(f"POST {NODE}/users", taken, "NodeUserExists")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await refused(asked, ask)
        if fits(f"DELETE {NODE}/users/{{}}", asked) and answer.status == 200:
            gone.add(asked.path)
        return answer

    return lie


def _always_waited(service: Service) -> Lie:
    """The pool shows what was sent, and its nodes have something else."""
    waiting: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        document = sent(asked)
        if not fits("POST /pools", asked) or at(document, "startTask.waitForSuccess") is not False:
            answer = await ask(asked)
            unread = fits("GET /pools/{}", asked) and asked.path in waiting and answer.status == 200
            return with_body(answer, lambda pool: pool["startTask"].update(waitForSuccess=False)) if unread else answer
        waiting.add(f"/pools/{document.get('id')}")
        document["startTask"]["waitForSuccess"] = True
        return await ask(replace(asked, body=json.dumps(document).encode()))

    return lie


DEFECTS = (
    Defect(
        "node-reboot-ignored",
        "A reboot is answered 202, and the node goes on as before.",
        "life-cycles",
        ("nodes.reboot.boot-time-moves",),
        _STUB,
        acted(f"POST {NODE}/reboot", undone),
    ),
    Defect(
        "node-reimage-ignored",
        "A reimage is answered 202, and the node goes on as before.",
        "life-cycles",
        ("nodes.reimage.while-reimaging-refused",),
        _STUB,
        acted(f"POST {NODE}/reimage", undone),
    ),
    Defect(
        "node-reboot-stuck",
        "A node that is rebooted stays so for ever.",
        "life-cycles",
        ("nodes.reboot.comes-back",),
        _STUCK,
        acted(f"POST {NODE}/reboot", lost),
    ),
    Defect(
        "node-reimage-stuck",
        "A node that is reimaged stays so for ever.",
        "life-cycles",
        ("nodes.reimage.comes-back",),
        _STUCK,
        acted(f"POST {NODE}/reimage", lost),
    ),
    Defect(
        "node-boot-time-first",
        "lastBootTime is the time when the node was allocated.",
        "life-cycles",
        ("nodes.reboot.boot-time-moves",),
        "One time for all.",
        body(_READS, each(_old_boot), lacks("$select")),
    ),
    Defect(
        "node-actions-any-state",
        "A node that is being rebooted or reimaged takes the action again.",
        "life-cycles",
        ("nodes.reboot.while-rebooting-refused", "nodes.reimage.while-reimaging-refused"),
        _NO_STATES,
        stub(f"POST {NODE}/reboot, POST {NODE}/reimage", 202, "NodeBeing*"),
    ),
    Defect(
        "node-scheduling-ignored",
        "Disabling the scheduling of a node is answered 200, and it stays enabled.",
        "life-cycles",
        ("nodes.disable-scheduling.shows-disabled",),
        _STUB,
        acted(f"POST {NODE}/disablescheduling", undone),
    ),
    Defect(
        "node-enabling-ignored",
        "Enabling the scheduling of a node is answered 200, and it stays disabled.",
        "life-cycles",
        ("nodes.enable-scheduling.shows-enabled",),
        _STUB,
        acted(f"POST {NODE}/enablescheduling", undone),
    ),
    Defect(
        "node-disabling-idempotent",
        "Disabling the scheduling of a node where it is disabled is answered 200.",
        "life-cycles",
        ("nodes.disable-scheduling.twice-refused",),
        "It is as was asked.",
        stub(f"POST {NODE}/disablescheduling", 200, "NodeAlreadyInTargetSchedulingState"),
    ),
    Defect(
        "node-enabling-idempotent",
        "Enabling the scheduling of a node where it is enabled is answered 200.",
        "life-cycles",
        ("nodes.enable-scheduling.twice-refused",),
        "It is as was asked.",
        stub(f"POST {NODE}/enablescheduling", 200, "NodeAlreadyInTargetSchedulingState"),
    ),
    Defect(
        "node-user-name-taken",
        "The name of a user of a node that was deleted cannot be given again.",
        "deletion",
        ("nodes.delete-user.name-free-again", "nodes.trace.free-again"),
        "Deleted rows are marked, and their keys stay.",
        _names_taken,
    ),
    Defect(
        "node-user-not-found",
        "A user of a node is not found when it is changed.",
        "life-cycles",
        ("nodes.trace.found",),
        "Two tables of users.",
        refuses(f"PUT {NODE}/users/{{}}", always, "NodeUserNotFound"),
    ),
    Defect(
        "node-deallocate-ignored",
        "Deallocating a node is answered 202, and it goes on as before.",
        "life-cycles",
        ("nodes.deallocate.becomes-deallocated",),
        _STUB,
        acted(f"POST {NODE}/deallocate", undone),
        at="2024-07-01.20.0",
    ),
    Defect(
        "node-start-stuck",
        "A deallocated node that is started stays starting for ever.",
        "life-cycles",
        ("nodes.start.becomes-idle",),
        _STUCK,
        acted(f"POST {NODE}/start", lost),
        at="2024-07-01.20.0",
    ),
    Defect(
        "node-user-twice",
        "A user of a node can be added twice.",
        "life-cycles",
        ("nodes.add-user.duplicate-refused", "nodes.trace.exists"),
        "What is there is overwritten.",
        stub(f"POST {NODE}/users", 201, "NodeUserExists"),
    ),
    Defect(
        "node-user-missing-accepted",
        "Updating and deleting a user that a node does not have is answered 200.",
        "deletion",
        ("nodes.update-user.missing-refused", "nodes.delete-user.missing-refused", "nodes.trace.gone"),
        "It is as was asked.",
        stub(f"PUT|DELETE {NODE}/users/{{}}", 200, "NodeUserNotFound"),
    ),
    Defect(
        "node-user-stays",
        "A user of a node that was deleted is still there.",
        "deletion",
        ("nodes.delete-user.missing-refused", "nodes.trace.gone"),
        "Deleted from a copy.",
        _users_stay,
    ),
    Defect(
        "start-task-never-told",
        "A node does not tell how its start task ended.",
        "life-cycles",
        ("nodes.start-task.runs",),
        _START,
        body(_READS, each(_without_info), lacks("$select")),
        consequences=(
            "nodes.start-task.no-retry",
            "nodes.start-task.not-waited-for",
            "nodes.start-task.retries",
        ),
    ),
    Defect(
        "start-task-of-creation",
        "A node that is rebooted runs the start task that it was made with.",
        "life-cycles",
        ("nodes.start-task.runs-after-reboot",),
        "The node has a copy of its own.",
        _first_start_task,
    ),
    Defect(
        "start-task-tried-once",
        "A start task that fails is not tried again.",
        "life-cycles",
        ("nodes.start-task.retries",),
        _START,
        body(_READS, each(_no_retries), lacks("$select")),
    ),
    Defect(
        "start-task-tried-twice",
        "A start task that may not be retried is retried once.",
        "life-cycles",
        ("nodes.start-task.no-retry",),
        "Off by one.",
        corrected("POST /pools", "startTask.maxTaskRetryCount", _again),
        consequences=(
            "pools.add.start-task-kept",
            "pools.trace.sent-shown",
        ),
    ),
    Defect(
        "start-task-failure-idle",
        "A node whose start task failed is idle all the same.",
        "life-cycles",
        ("nodes.start-task.failed-node",),
        "Nobody looks how it ended.",
        body(_READS, each(_idle_anyway), lacks("$select")),
    ),
    Defect(
        "start-task-always-well",
        "Every start task ends with the exit code 0.",
        "life-cycles",
        ("nodes.start-task.failure-shown",),
        _START,
        body(_READS, each(_successful), lacks("$select")),
    ),
    Defect(
        "start-task-always-waited",
        "A node waits for its start task, whatever waitForSuccess says.",
        "life-cycles",
        ("nodes.start-task.not-waited-for", "nodes.start-task.failure-ignored"),
        "A flag that nobody reads.",
        _always_waited,
    ),
)
