"""Where tasks run, how long, and what becomes of them when their node goes."""

from __future__ import annotations

from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import sent_body
from conformance.defects.stored import place_of
from conformance.defects.tasks import DELETE, inside, runs_on, set_to, shown, without
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_UNLIMITED = "P10675199DT2H48M5.4775807S"


def _no_limit(task: Json) -> None:
    if "ran longer" in task.get("executionInfo", {}).get("failureInfo", {}).get("message", ""):
        runs_on(task)


def _hasty_limit(task: Json) -> None:
    limited = task.get("constraints", {}).get("maxWallClockTime", _UNLIMITED) != _UNLIMITED
    info = task.get("executionInfo", {})
    if limited and info.get("exitCode") == 0:
        del info["exitCode"]
        info |= {"result": "failure", "failureInfo": {"category": "usererror", "code": "TaskEnded", "message": "Time is up."}}


def _no_node_left(task: Json) -> None:
    if task.get("executionInfo", {}).get("failureInfo", {}).get("code") == "TaskEnded":
        task["nodeInfo"] = {}


def _pool_url(node: Json) -> None:
    if "nodeUrl" in node:
        node["poolId"] = node["nodeUrl"].partition("/nodes/")[0]


def _affinity_is_node(node: Json) -> None:
    if "nodeId" in node:
        node["affinityId"] = node["nodeId"]


def _running_stays(service: Service) -> Lie:
    refusal = refuses(DELETE, lambda asked: True, "OperationInvalidForCurrentState")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(DELETE, asked) else None
        task = service.store.get(*place) if place else None
        return await (refusal(asked, ask) if task is not None and task["state"] == "running" else ask(asked))

    return lie


def _always(option: str) -> Maker:
    def change(document: Json) -> None:
        if "nodeDeallocationOption" in document:
            document["nodeDeallocationOption"] = option

    return sent_body("POST /pools/{}/removenodes", change)


DEFECTS = (
    Defect(
        "task-node-pool-url",
        "The nodeInfo of a task has the URL of the pool as its id.",
        "life-cycles",
        ("tasks.run.node-info-pool", "tasks.run.terminate-keeps-node"),
        "A resource is named by its URL.",
        shown(inside("nodeInfo", _pool_url)),
        consequences=("tasks.responses.url",),
    ),
    Defect(
        "task-node-url-relative",
        "The nodeInfo of a task has the path of the node without host.",
        "life-cycles",
        ("tasks.run.node-info-node",),
        "Frameworks build relative locations.",
        shown(inside("nodeInfo", set_to("nodeUrl", lambda url: f"/{str(url).split('/', 3)[3]}"))),
    ),
    Defect(
        "task-affinity-is-node",
        "The nodeInfo of a task has the id of the node as affinityId.",
        "life-cycles",
        ("tasks.run.node-info-affinity",),
        "They look alike.",
        shown(inside("nodeInfo", _affinity_is_node)),
    ),
    Defect(
        "task-folder-without-url",
        "The nodeInfo of a task does not tell the URL of its folder.",
        "life-cycles",
        ("tasks.run.node-info-folder",),
        "The path is enough.",
        shown(inside("nodeInfo", without("taskRootDirectoryUrl"))),
    ),
    Defect(
        "task-ended-forgets-node",
        "A task that was terminated while it ran does not show its node.",
        "life-cycles",
        ("tasks.run.terminate-keeps-node",),
        "It is taken from its node, and so from its nodeInfo.",
        shown(_no_node_left),
    ),
    Defect(
        "task-limit-unwatched",
        "A task runs longer than its maxWallClockTime.",
        "life-cycles",
        ("tasks.run.time-limit-ends",),
        "Nobody watches the clock.",
        shown(_no_limit),
    ),
    Defect(
        "task-limit-always",
        "A task with a maxWallClockTime is ended by it, although it ends before.",
        "life-cycles",
        ("tasks.run.time-limit-inside",),
        "Seconds are compared with minutes.",
        shown(_hasty_limit),
    ),
    Defect(
        "task-delete-not-running",
        "A running task cannot be deleted.",
        "deletion",
        ("tasks.run.delete-running",),
        "What is in use is locked.",
        _running_stays,
    ),
    Defect(
        "node-loss-always-terminates",
        "A task whose node is removed ends, whatever was asked for.",
        "life-cycles",
        ("tasks.node-loss.requeued", "tasks.node-loss.waited-for"),
        "The option is not looked at.",
        _always("terminate"),
    ),
    Defect(
        "node-loss-always-requeues",
        "A task whose node is removed is active again, whatever was asked for.",
        "life-cycles",
        ("tasks.node-loss.terminated",),
        "The option is not looked at.",
        _always("requeue"),
        consequences=("tasks.node-loss.waited-for",),
    ),
)
