"""Dependencies, exit conditions and instances that do something else."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body, no_member
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.requests import sent_body
from conformance.defects.stored import Changed, created, place_of
from conformance.defects.tasks import ADD, SUBTASKS, shown
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def _deadlock(service: Service) -> Lie:
    """When a task is added that others wait for, nothing of the job is started any more."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        job = place_of(asked.path.rpartition("/")[0]) if fits(ADD, asked) and answer.status == 201 else None
        there = service.store.get(*job) if job else None
        new = str(sent(asked).get("id")).lower()
        waiting = service.store.all(f"task of {job[1].lower()}") if job else ()
        if there is not None and any(new in _names(task) for task in waiting if task["state"] == "active"):
            there["maxParallelTasks"] = 0
        return answer

    return lie


def _names(task: Json) -> list[str]:
    return [name.lower() for name in task.get("dependsOn", {}).get("taskIds", ())]


def _wider(document: Json) -> None:
    for span in document.get("exitConditions", {}).get("exitCodeRanges", ()):
        if "start" in span and "end" in span:
            span |= {"start": span["start"] - 1, "end": span["end"] + 1}


def _no_none(document: Json) -> None:
    """An action none is no action, so it is not kept."""
    conditions = document.get("exitConditions", {})
    codes = conditions.get("exitCodes", ())
    kept = [one for one in codes if one.get("exitOptions", {}).get("jobAction") != "none"]
    if len(kept) != len(codes):
        conditions["exitCodes"] = kept


def _zero_too(document: Json) -> None:
    conditions = document.get("exitConditions", {})
    if conditions.get("default", {}).get("jobAction") == "disable" and "exitCodes" not in conditions:
        conditions["exitCodes"] = [{"code": 0, "exitOptions": conditions["default"]}]


def _exclusive_end(changed: Changed) -> None:
    for span in changed.now.get("dependsOn", {}).get("taskIdRanges", ()):
        span["end"] = max(span["start"], span["end"] - 1)


def _one_more(changed: Changed) -> None:
    settings: dict[str, Any] = changed.now.get("multiInstanceSettings", {})
    if settings.get("numberOfInstances", 1) > 1:
        settings["numberOfInstances"] += 1


def _gives_up(task: Json) -> None:
    info = task.get("executionInfo", {})
    if task.get("constraints", {}).get("maxTaskRetryCount") == -1 and "startTime" in info:
        task["state"] = "completed"
        info |= {"exitCode": 3, "retryCount": 0}


def _nothing(document: Json) -> None:
    document["value"] = []


DEFECTS = (
    Defect(
        "dependency-deadlock",
        "When a task is added that another one waits for, the job starts no more tasks.",
        "life-cycles",
        ("tasks.dependencies.absent-added",),
        "A lock that two wait for.",
        _deadlock,
    ),
    Defect(
        "dependency-range-exclusive",
        "The end of a range of ids to depend on is not part of it.",
        "life-cycles",
        ("tasks.dependencies.range",),
        "Ranges of programming languages are so.",
        created(ADD, _exclusive_end),
        consequences=(
            "tasks.add.depends-on-ids-kept",
            "tasks.add.depends-on-ranges-kept",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "exit-range-wider",
        "A range of exit codes takes in the codes beside it.",
        "life-cycles",
        ("tasks.exit-conditions.range-outside",),
        "Off by one, on both sides.",
        sent_body(ADD, _wider),
        consequences=(
            "tasks.add.exit-conditions-kept",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "exit-none-is-default",
        "An exit code whose action is none is left to the default.",
        "life-cycles",
        ("tasks.exit-conditions.default-not-named",),
        "None is taken for not stated.",
        sent_body(ADD, _no_none),
        consequences=(
            "jobs.on-task-failure.none-goes-on",
            "tasks.add.exit-conditions-kept",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "exit-default-for-zero",
        "The default action is taken for exit code 0, too.",
        "life-cycles",
        ("tasks.exit-conditions.default-not-zero",),
        "Default means for all.",
        sent_body(ADD, _zero_too),
    ),
    Defect(
        "task-unlimited-retries-none",
        "A task with a maxTaskRetryCount of -1 is not retried.",
        "life-cycles",
        ("tasks.run.retries-unlimited",),
        "The loop runs while the count is less than the limit.",
        shown(_gives_up),
        consequences=(
            "tasks.responses.state",
            "tasks.trace.reads-agree",
        ),
    ),
    Defect(
        "instances-beside-primary",
        "The numberOfInstances does not count the primary.",
        "life-cycles",
        ("tasks.multi-instance.completes",),
        "Off by one: so many subtasks, and the primary.",
        created(ADD, _one_more),
        consequences=(
            "tasks.add.multi-instance-kept",
            "tasks.trace.sent-shown",
        ),
    ),
    Defect(
        "subtasks-never",
        "A task has no subtasks, however many instances it has.",
        "life-cycles",
        ("tasks.multi-instance.subtasks",),
        "An operation that answers an empty list until somebody writes it.",
        body(SUBTASKS, _nothing),
    ),
    Defect(
        "subtask-without-end",
        "A subtask that is completed does not show its end.",
        "life-cycles",
        ("tasks.multi-instance.subtask-state",),
        "Only the primary is dated.",
        no_member(SUBTASKS, "value/*/endTime"),
    ),
    Defect(
        "subtask-without-node",
        "A subtask does not show its node.",
        "life-cycles",
        ("tasks.multi-instance.subtask-node",),
        "Only the primary is shown with one.",
        no_member(SUBTASKS, "value/*/nodeInfo"),
    ),
)
