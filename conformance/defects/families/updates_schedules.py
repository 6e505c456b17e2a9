"""Job schedules: updates that merge, keep, drop or reach too far."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.model import Defect
from conformance.defects.schedules import PATCH, PUT
from conformance.defects.stored import Changed, after

_TIMES = ("do-not-run-until", "do-not-run-after", "start-window", "recurrence-interval")
_OF_JOBS = (
    "job-display-name",
    "priority",
    "constraints",
    "max-parallel-tasks",
    "allow-task-preemption",
    "uses-task-dependencies",
    "common-environment",
    "job-metadata",
    "on-all-tasks-complete",
    "on-task-failure",
    "manager",
    "preparation",
    "release",
)
_EITHER = f"{PATCH}, {PUT}"
_SHOWN = "job-schedules.trace.writes-shown"


def _replaces(way: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"job-schedules.{way}.replaces-{name}" for name in names)


def _merges(name: str) -> Callable[[Changed], None]:
    def change(changed: Changed) -> None:
        new = changed.sent.get(name)
        if isinstance(new, dict):
            said = {member: value for member, value in changed.now[name].items() if member in new}
            changed.now[name] = {**changed.was.get(name, {}), **said}

    return change


def _keeps_omitted(changed: Changed) -> None:
    if "metadata" not in changed.sent:
        changed.restore("metadata")


def _drops_omitted(changed: Changed) -> None:
    if "metadata" not in changed.sent:
        changed.now.pop("metadata", None)
    if "schedule" not in changed.sent:
        changed.now["schedule"] = {}
    if "jobSpecification" not in changed.sent:
        changed.now["jobSpecification"].pop("priority", None)


def _drops_name(changed: Changed) -> None:
    changed.now.pop("displayName", None)


def _keeps_etag(changed: Changed) -> None:
    changed.restore("_modified", "eTag", "lastModified")


def _begins_anew(changed: Changed) -> None:
    changed.now["creationTime"] = changed.now["lastModified"]


def _keeps_next(changed: Changed) -> None:
    if changed.now["state"] == changed.was["state"]:
        changed.restore("executionInfo")


def _appends(changed: Changed) -> None:
    if changed.sent.get("metadata"):
        names = {item["name"] for item in changed.sent["metadata"]}
        old = [item for item in changed.was.get("metadata", ()) if item["name"] not in names]
        changed.now["metadata"] = [*old, *changed.now["metadata"]]


DEFECTS = (
    Defect(
        "schedule-patch-merges-specification",
        "PATCH of a job specification keeps what the old one said and the new one does not.",
        "partial-update",
        (*_replaces("patch", _OF_JOBS), "job-schedules.trace.whole"),
        "JSON merge patch, which this PATCH is not.",
        after(PATCH, _merges("jobSpecification")),
        consequences=(_SHOWN,),
    ),
    Defect(
        "schedule-patch-merges-times",
        "PATCH of a job schedule keeps the times that the new schedule does not name.",
        "partial-update",
        _replaces("patch", _TIMES),
        "JSON merge patch, which this PATCH is not.",
        after(PATCH, _merges("schedule")),
        consequences=("job-schedules.trace.whole", _SHOWN),
    ),
    Defect(
        "schedule-put-merges-specification",
        "PUT of a job specification keeps what the old one said and the new one does not.",
        "full-replace",
        (*_replaces("update", _OF_JOBS), "job-schedules.trace.whole"),
        "PUT written like PATCH.",
        after(PUT, _merges("jobSpecification")),
        consequences=(_SHOWN,),
    ),
    Defect(
        "schedule-put-merges-times",
        "PUT of a job schedule keeps the times that the new schedule does not name.",
        "full-replace",
        _replaces("update", _TIMES),
        "PUT written like PATCH.",
        after(PUT, _merges("schedule")),
        consequences=("job-schedules.trace.whole", _SHOWN),
    ),
    Defect(
        "schedule-put-keeps-omitted",
        "PUT of a job schedule keeps the metadata that it leaves out.",
        "full-replace",
        ("job-schedules.update.clears-omitted-metadata",),
        "PUT written like PATCH.",
        after(PUT, _keeps_omitted),
        consequences=("job-schedules.trace.unsent-absent", _SHOWN),
    ),
    Defect(
        "schedule-patch-drops-omitted",
        "PATCH of a job schedule clears what it leaves out.",
        "partial-update",
        tuple(f"job-schedules.patch.keeps-omitted-{name}" for name in ("schedule", "specification", "metadata")),
        "PATCH written like PUT.",
        after(PATCH, _drops_omitted),
        consequences=("job-schedules.trace.kept", _SHOWN, "job-schedules.patch.empty-body-changes-nothing"),
    ),
    Defect(
        "schedule-update-drops-name",
        "PATCH and PUT of a job schedule lose its displayName, which they cannot name.",
        "partial-update",
        ("job-schedules.patch.keeps-display-name", "job-schedules.update.keeps-display-name", "job-schedules.trace.kept"),
        "The row is written anew from the request.",
        after(_EITHER, _drops_name),
        consequences=(
            _SHOWN,
            "job-schedules.patch.empty-body-changes-nothing",
        ),
    ),
    Defect(
        "schedule-update-keeps-etag",
        "PATCH and PUT of a job schedule leave its ETag and its lastModified.",
        "partial-update",
        (
            "job-schedules.patch.moves-etag",
            "job-schedules.update.moves-etag",
            "job-schedules.trace.etag-answered",
            "job-schedules.trace.modified-forward",
        ),
        "The ETag is made at creation.",
        after(_EITHER, _keeps_etag),
        consequences=("protocol.etag.write-answers-new",),
    ),
    Defect(
        "schedule-update-born-again",
        "PATCH and PUT of a job schedule set its creationTime.",
        "partial-update",
        (
            "job-schedules.patch.keeps-identity-times",
            "job-schedules.update.keeps-identity-times",
            "job-schedules.trace.identity",
        ),
        "An upsert writes the whole row.",
        after(_EITHER, _begins_anew),
        consequences=("protocol.consistency.times",),
    ),
    Defect(
        "schedule-update-keeps-next-run",
        "PATCH and PUT of the times of a job schedule leave its nextRunTime.",
        "partial-update",
        ("job-schedules.patch.next-run-time-follows", "job-schedules.update.next-run-time-follows"),
        "Computed once, when the schedule is made.",
        after(_EITHER, _keeps_next),
    ),
    Defect(
        "schedule-metadata-appended",
        "Metadata that PATCH and PUT of a job schedule send are added to the old ones.",
        "partial-update",
        ("job-schedules.patch.replaces-metadata", "job-schedules.update.replaces-metadata"),
        "Metadata kept as a dictionary, and updated as one.",
        after(_EITHER, _appends),
        consequences=("job-schedules.trace.sent-shown", _SHOWN),
    ),
)
