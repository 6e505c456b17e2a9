"""Updates that drop, keep, merge or ignore, and defaults."""

from __future__ import annotations

from conformance.defects.answers import member
from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, after
from conformance.reference.wire import Json

_JOB_SETTINGS = ("priority", "constraints", "poolInfo", "metadata", "onAllTasksComplete", "maxParallelTasks")


def _drops_metadata(changed: Changed) -> None:
    if "metadata" not in changed.sent:
        changed.now.pop("metadata", None)


def _keeps_settings(changed: Changed) -> None:
    changed.restore(*_JOB_SETTINGS)


def _keeps_omitted_metadata(changed: Changed) -> None:
    if not changed.sent.get("metadata"):
        changed.restore("metadata")


def _keeps_omitted_constraints(changed: Changed) -> None:
    if "constraints" not in changed.sent:
        changed.restore("constraints")


def _merged(old: Json, new: Json) -> Json:
    deep = {name: _merged(old[name], new[name]) for name in old.keys() & new.keys() if isinstance(old[name], dict)}
    return {**old, **new, **deep}


def _merges_start_task(changed: Changed) -> None:
    if changed.sent.get("startTask") and "startTask" in changed.was:
        changed.now["startTask"] = _merged(changed.was["startTask"], changed.now["startTask"])


DEFECTS = (
    Defect(
        "pool-patch-drops-metadata",
        "PATCH of a pool removes the metadata when it does not name them.",
        "partial-update",
        ("pools.patch.keeps-omitted-metadata", "pools.trace.kept"),
        "PATCH written like a replacement.",
        after("PATCH /pools/{}", _drops_metadata),
        consequences=("pools.patch.empty-body-changes-nothing", "pools.trace.writes-shown"),
        panel=True,
    ),
    Defect(
        "job-patch-ignored",
        "PATCH of a job is answered 200 and changes none of its settings.",
        "partial-update",
        (
            "jobs.patch.sets-priority",
            "jobs.patch.sets-constraints",
            "jobs.patch.sets-max-parallel-tasks",
            "jobs.patch.sets-metadata",
            "jobs.patch.sets-on-all-tasks-complete",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
        "A stub that says yes.",
        after("PATCH /jobs/{}", _keeps_settings),
        panel=True,
        consequences=(
            "jobs.auto-pool.keep-alive-updated",
            "jobs.on-all-tasks-complete.ends-job",
            "jobs.on-all-tasks-complete.last-task-ends-job",
            "jobs.patch.empty-metadata-removes",
            "jobs.patch.pool-of-disabled-set",
            "jobs.patch.replaces-constraints",
            "jobs.patch.termination-not-revoked",
            "jobs.trace.whole",
            "jobs.update.termination-not-revoked",
        ),
    ),
    Defect(
        "pool-patch-merges-start-task",
        "PATCH of a pool merges the start task with the old one instead of replacing it.",
        "partial-update",
        ("pools.patch.replaces-start-task",),
        "JSON merge patch, which this PATCH is not.",
        after("PATCH /pools/{}", _merges_start_task),
        consequences=("pools.trace.writes-shown",),
    ),
    Defect(
        "pool-replace-keeps-metadata",
        "A replacement by updateproperties without metadata keeps the old ones.",
        "full-replace",
        ("pools.update-properties.clears-omitted-metadata", "pools.trace.sent-shown", "pools.trace.unsent-absent"),
        "The replacement written like PATCH.",
        after("POST /pools/{}/updateproperties", _keeps_omitted_metadata),
        consequences=("pools.update-properties.*-metadata*", "pools.trace.writes-shown"),
        panel=True,
    ),
    Defect(
        "job-replace-keeps-constraints",
        "PUT of a job without constraints keeps the old ones.",
        "full-replace",
        (
            "jobs.update.clears-omitted-constraints",
            "jobs.trace.defaults",
        ),
        "PUT written like PATCH.",
        after("PUT /jobs/{}", _keeps_omitted_constraints),
    ),
    Defect(
        "pool-resize-timeout-default",
        "A pool without resizeTimeout gets 5 minutes instead of 15.",
        "defaults",
        (
            "pools.add.resize-timeout-default",
            "pools.trace.defaults",
        ),
        "The minimum taken for the default.",
        member("GET /pools/{}", "resizeTimeout", lambda value: "PT5M" if value == "PT15M" else value),
        consequences=(
            "pools.trace.writes-shown",
            "pools.list.element-equals-get",
        ),
    ),
    Defect(
        "job-priority-lost",
        "A new job gets priority 0 whatever was sent.",
        "defaults",
        (
            "jobs.add.priority-kept",
            "jobs.trace.sent-shown",
        ),
        "A property that the creation does not read.",
        deaf_to_member("POST /jobs", "priority"),
        consequences=(
            "jobs.add.priority-ends-accepted",
            "jobs.add.priority-outside-refused",
            "jobs.trace.writes-shown",
            "protocol.errors.outside-limits",
        ),
    ),
)
