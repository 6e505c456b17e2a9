"""Counts of the tasks of a job."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, no_member
from conformance.defects.model import Defect, Maker
from conformance.defects.requests import parameter
from conformance.defects.where import When, before, since
from conformance.reference.wire import Json

_COUNTS = "GET /jobs/{}/taskcounts"
_FIRST, _NESTED = "2017-06-01.5.1", "2020-09-01.12.0"
_NEW, _VALIDATED = "2022-01-01.15.0", "2018-03-01.6.1"


def _both(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """In tasks and in slots."""

    def edit(document: Json) -> None:
        for counts in (document.get("taskCounts", document), document.get("taskSlotCounts", {})):
            if counts:
                change(counts)

    return edit


def _running_counted_active(counts: Json) -> None:
    counts["active"], counts["running"] = counts["active"] + counts["running"], 0


def _active_counted_running(counts: Json) -> None:
    counts["running"], counts["active"] = counts["active"] + counts["running"], 0


def _all_succeeded(counts: Json) -> None:
    counts["succeeded"], counts["failed"] = counts["completed"], 0


def _nothing_null(counts: Json) -> None:
    if not any(counts.values()):
        counts.update(dict.fromkeys(counts, None))


def _slots_are_tasks(document: Json) -> None:
    if "taskCounts" in document:
        document["taskSlotCounts"] = dict(document["taskCounts"])


def _flattened(document: Json) -> None:
    document.update(document.pop("taskCounts", {}))
    document.pop("taskSlotCounts", None)


def _at(version: str, when: When) -> Maker:
    """Counts are told as at another api-version."""
    return parameter(_COUNTS, "api-version", lambda was: version, when)


def _between(first: str, last: str) -> When:
    return lambda asked: since(first)(asked) and before(last)(asked)


DEFECTS = (
    Defect(
        "job-counts-flat",
        "Task counts stand in the answer itself, as in older versions.",
        "versions",
        ("jobs.task-counts.nested",),
        "Written from an older description.",
        body(_COUNTS, _flattened, since(_NESTED)),
        consequences=(
            "jobs.responses.no-unknown-property",
            "jobs.responses.required-present",
            "jobs.task-counts.slots",
            "jobs.versions.task-counts-result",
        ),
    ),
    Defect(
        "job-counts-nested-early",
        "Task counts are told as newer versions tell them.",
        "versions",
        ("jobs.task-counts.flat", "jobs.versions.task-counts-result"),
        "One form for every api-version, the newest.",
        _at(_NEW, _between(_FIRST, _NESTED)),
        at=_VALIDATED,
        consequences=(
            "jobs.responses.no-unknown-property",
            "jobs.responses.required-present",
        ),
    ),
    Defect(
        "job-counts-not-validated",
        "Task counts have no validationStatus.",
        "versions",
        ("jobs.task-counts.validation-status", "jobs.versions.validation-status"),
        "A member that newer versions have lost.",
        no_member(_COUNTS, "validationStatus"),
        at=_VALIDATED,
        consequences=("jobs.responses.required-present",),
    ),
    Defect(
        "job-counts-before-their-time",
        "The tasks of a job can be counted at every api-version.",
        "versions",
        ("jobs.versions.task-counts",),
        "Routes that do not know the api-version.",
        _at(_NEW, before(_FIRST)),
        consequences=("protocol.version.other-version-operation-refused",),
    ),
    Defect(
        "job-counts-null",
        "The counts of a job without tasks are null.",
        "schema",
        ("jobs.task-counts.empty",),
        "A sum over no rows in SQL.",
        body(_COUNTS, _both(_nothing_null)),
        consequences=(
            "protocol.body.no-null",
            "tasks.delete.uncounted",
        ),
    ),
    Defect(
        "job-counts-active-running",
        "Tasks that wait are counted as running.",
        "life-cycles",
        ("jobs.task-counts.active",),
        "Everything that has not ended is running.",
        body(_COUNTS, _both(_active_counted_running)),
    ),
    Defect(
        "job-counts-running-active",
        "Tasks that run are counted as active.",
        "life-cycles",
        ("jobs.task-counts.running",),
        "Everything that has not ended is active.",
        body(_COUNTS, _both(_running_counted_active)),
    ),
    Defect(
        "job-counts-succeeded",
        "Every task that has ended is counted as succeeded.",
        "life-cycles",
        ("jobs.task-counts.completed",),
        "The exit code is not looked at.",
        body(_COUNTS, _both(_all_succeeded)),
    ),
    Defect(
        "job-counts-slots",
        "A task counts as one slot, whatever it requires.",
        "schema",
        ("jobs.task-counts.slots",),
        "The same numbers twice.",
        body(_COUNTS, _slots_are_tasks),
    ),
)
