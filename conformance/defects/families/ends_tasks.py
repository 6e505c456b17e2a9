"""Tasks that are terminated or reactivated, and do not end or begin as they should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.defects.answers import simply
from conformance.defects.leniency import stub
from conformance.defects.model import Ask, Defect
from conformance.defects.stored import Changed, after
from conformance.defects.tasks import TERMINATE, execution, inside, set_to, shown, without
from conformance.defects.where import fits
from conformance.reference.wire import Json, WireAnswer, WireRequest

_STATE = ("state", "stateTransitionTime", "previousState", "previousStateTransitionTime", "executionInfo", "_ran")


def _stays(changed: Changed) -> None:
    changed.restore(*_STATE)


def _no_node(task: Json) -> None:
    if task.get("nodeInfo") == {}:
        task["nodeInfo"] = {"nodeId": "", "poolId": ""}


def _service_fault(failure: Json) -> None:
    failure["category"] = "servererror"


def _success(info: Json) -> None:
    if "result" in info:
        info["result"] = "success"


async def _ends_job(asked: WireRequest, ask: Ask) -> WireAnswer:
    """A job whose tasks are all completed is terminated, asked for or not."""
    answer = await ask(asked)
    if fits(TERMINATE, asked) and answer.status == 204:
        job = "/".join(asked.path.split("/")[:3])
        await ask(replace(asked, path=f"{job}/terminate", headers=_unconditional(asked)))
    return answer


def _unconditional(asked: WireRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, value in asked.headers if not name.lower().startswith("if-")]


def _lower_camel(code: Any) -> Any:
    return "Terminated" if code == "TaskEnded" else code


DEFECTS = (
    Defect(
        "task-terminate-ignored",
        "Terminating a task is answered 204, and it goes on as it was.",
        "life-cycles",
        ("tasks.terminate.completes", "tasks.trace.actions-lead"),
        "A stub that says yes.",
        after(TERMINATE, _stays),
        consequences=(
            "jobs.task-counts.slots",
            "tasks.list.filter-and-pages",
            "tasks.list.filter-combined",
            "tasks.list.filter-end-time",
            "tasks.list.filter-result",
            "tasks.list.filter-state",
            "tasks.reactivate.honours-conditions",
            "tasks.run.terminate-running",
            "tasks.terminate.completed-refused",
            "tasks.versions.failure-info",
            "tasks.versions.reactivate",
        ),
    ),
    Defect(
        "task-without-previous-state",
        "A task does not show the state before.",
        "life-cycles",
        ("tasks.terminate.previous-state", "tasks.reactivate.previous-state"),
        "Nothing needs it.",
        shown(without("previousState", "previousStateTransitionTime")),
        consequences=(
            "tasks.responses.state",
            "tasks.run.previous-state-running",
        ),
    ),
    Defect(
        "task-without-end-time",
        "A task that has ended does not show when.",
        "life-cycles",
        ("tasks.terminate.end-time", "tasks.run.terminate-running"),
        "The time of the state tells the same.",
        execution(without("endTime")),
        consequences=(
            "jobs.manager.exclusive",
            "tasks.dependencies.starts-after",
            "tasks.responses.state",
            "tasks.run.times-in-order",
        ),
    ),
    Defect(
        "task-without-failure",
        "A task that failed shows no failureInfo.",
        "life-cycles",
        (
            "tasks.terminate.failure-info",
            "tasks.run.terminate-running-failure",
            "tasks.node-loss.terminated-failure",
            "tasks.versions.failure-info",
            "tasks.run.failure-info",
        ),
        "The exit code says enough.",
        execution(without("failureInfo")),
        consequences=("tasks.responses.state",),
    ),
    Defect(
        "task-failure-code",
        "The error of a terminated task in old api-versions has a code of its own.",
        "life-cycles",
        ("tasks.terminate.scheduling-error",),
        "Codes are made up as they are needed.",
        execution(inside("schedulingError", set_to("code", _lower_camel))),
        at="2016-07-01.3.1",
    ),
    Defect(
        "task-failure-of-service",
        "What ends a task is a fault of the service.",
        "life-cycles",
        (
            "tasks.terminate.error-category",
            "tasks.run.failure-category",
        ),
        "Errors are 500 to who does not tell them apart.",
        execution(inside("failureInfo", _service_fault)),
        consequences=(),
    ),
    Defect(
        "task-result-success",
        "The result of a task that was ended is success.",
        "life-cycles",
        ("tasks.terminate.result-failure", "tasks.run.result-failure", "tasks.run.time-limit-failure"),
        "It is completed, after all.",
        execution(_success),
        consequences=(
            "tasks.responses.state",
            "tasks.list.filter-result",
            "tasks.list.filter-state",
            "tasks.trace.list-filter",
            "tasks.versions.result",
        ),
    ),
    Defect(
        "task-node-of-nowhere",
        "A task that was ended before it had a node shows one with empty names.",
        "life-cycles",
        ("tasks.terminate.node-info-empty",),
        "Texts that were never set are empty ones.",
        shown(_no_node),
    ),
    Defect(
        "task-ends-job",
        "When a task is terminated its job is, too.",
        "life-cycles",
        ("tasks.terminate.job-stays",),
        "A job without work has nothing to do.",
        simply(_ends_job),
        consequences=(
            "jobs.on-all-tasks-complete.last-task-ends-job",
            "jobs.on-all-tasks-complete.noaction-goes-on",
            "jobs.trace.etag-transition",
            "tasks.run.slots-limit",
            "tasks.versions.reactivate",
        ),
    ),
    Defect(
        "task-terminate-again",
        "Terminating a completed task is answered 204.",
        "life-cycles",
        ("tasks.terminate.completed-refused", "tasks.run.terminate-ended-refused"),
        "What is so already need not be refused.",
        stub(TERMINATE, 204, "TaskCompleted"),
    ),
)
