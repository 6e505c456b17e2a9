"""Tasks that are retried or requeued, and count it wrongly."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.tasks import execution, runs_on, shown, without
from conformance.reference.wire import Json

_NEVER = "0001-01-01T00:00:00Z"


def _never_leaves(task: Json) -> None:
    retries = task.get("constraints", {}).get("maxTaskRetryCount", 0)
    if retries > 0 and task.get("executionInfo", {}).get("exitCode") == 0:
        runs_on(task)


def _zero(info: Json) -> None:
    info.setdefault("exitCode", 0)


def _year_one(info: Json) -> None:
    info.setdefault("lastRetryTime", _NEVER)
    info.setdefault("lastRequeueTime", _NEVER)


def _attempts(info: Json) -> None:
    if "startTime" in info:
        info["retryCount"] = info.get("retryCount", 0) + 1


def _all_again(info: Json) -> None:
    info["retryCount"] = info.get("retryCount", 0) + info.get("requeueCount", 0)


def _not_requeued(info: Json) -> None:
    info["requeueCount"] = 0
    info.pop("lastRequeueTime", None)


DEFECTS = (
    Defect(
        "task-with-retries-stuck",
        "A task that may be retried is still running when its command has ended well.",
        "life-cycles",
        ("tasks.run.completes",),
        "The loop of retries is left by failures only.",
        shown(_never_leaves),
    ),
    Defect(
        "task-exit-code-zero-first",
        "A task that has not ended by itself shows the exit code 0.",
        "life-cycles",
        ("tasks.add.no-execution", "tasks.run.running-start", "tasks.run.time-limit-ends"),
        "A number that was never set is 0.",
        execution(_zero),
        consequences=(
            "jobs.disable.terminate-ends-tasks",
            "tasks.responses.state",
        ),
    ),
    Defect(
        "task-retried-in-year-one",
        "A task that was never retried shows the first of January of year 1 as the time of it.",
        "life-cycles",
        ("tasks.add.no-retry-times",),
        "A date that was never set in .NET.",
        execution(_year_one),
    ),
    Defect(
        "task-attempts-counted",
        "The retryCount of a task counts its first attempt.",
        "life-cycles",
        ("tasks.run.no-retry-on-success", "tasks.run.zero-retries", "tasks.run.retries-counted"),
        "Attempts are counted, not retries.",
        execution(_attempts),
        consequences=(
            "jobs.max-task-retry-count.retries",
            "jobs.max-task-retry-count.zero",
            "tasks.run.reactivate-resets-retries",
            "tasks.run.retries-of-job",
        ),
    ),
    Defect(
        "task-requeues-are-retries",
        "A task that was requeued counts as retried.",
        "life-cycles",
        ("tasks.run.requeue-not-retry",),
        "Both begin it again.",
        execution(_all_again),
    ),
    Defect(
        "task-requeues-uncounted",
        "Nothing tells that a task was requeued.",
        "life-cycles",
        ("tasks.run.requeue-count", "tasks.node-loss.requeue-counted"),
        "Only retries are counted.",
        execution(_not_requeued),
    ),
    Defect(
        "task-without-retry-time",
        "A task that was retried does not show when.",
        "life-cycles",
        ("tasks.run.retry-time",),
        "Its start tells the same.",
        execution(without("lastRetryTime")),
    ),
)
