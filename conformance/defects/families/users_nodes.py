"""Users of nodes, and start tasks."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import body, with_body
from conformance.defects.leniency import stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.nodelies import NODE
from conformance.defects.paths import at, sent
from conformance.defects.poolparts import corrected, each
from conformance.defects.where import fits, lacks
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_READS = "GET /pools/{}/nodes, GET /pools/{}/nodes/{}"
_START = "Emulators run the command once, if at all."


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
