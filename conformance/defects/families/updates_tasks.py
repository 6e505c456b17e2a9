"""Updates of tasks that drop, keep or ignore, and ETags that do not follow them."""

from __future__ import annotations

from conformance.defects.leniency import lenient
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.tasks import UPDATE
from conformance.defects.where import fits
from conformance.reference.instants import iso
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_OURS = ("id", "creationTime", "lastModified", "state", "stateTransitionTime", "executionInfo", "constraints", "eTag")
_FIXED = ("displayName", "commandLine", "state")


def _ignores(changed: Changed) -> None:
    changed.restore("constraints")


def _keeps(changed: Changed) -> None:
    if not changed.sent.get("constraints"):
        changed.restore("constraints")


def _merges(changed: Changed) -> None:
    if changed.sent.get("constraints"):
        changed.now["constraints"] = {**changed.was.get("constraints", {}), **changed.sent["constraints"]}


def _clears(changed: Changed) -> None:
    for name in list(changed.now):
        if not name.startswith("_") and not name.startswith("previous") and name not in _OURS:
            del changed.now[name]
    changed.now["commandLine"] = ""


def _anew(changed: Changed) -> None:
    changed.now["stateTransitionTime"] = iso(changed.now["_modified"])


def _half_done(service: Service) -> Lie:
    """What comes before the wrong value has been taken."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        place = place_of(asked.path) if fits(UPDATE, asked) and answer.status == 400 else None
        task = service.store.get(*place) if place else None
        limit = sent(asked).get("constraints", {}).get("maxWallClockTime")
        if task is not None and str(limit).startswith("PT"):
            task["constraints"] = {**task.get("constraints", {}), "maxWallClockTime": limit}
        return answer

    return lie


DEFECTS = (
    Defect(
        "task-update-ignored",
        "An update of a task is answered 200 and changes nothing but its ETag.",
        "full-replace",
        (
            "tasks.update.time-limit-replaced",
            "tasks.update.retention-replaced",
            "tasks.update.retries-replaced",
            "tasks.run.retries-updated",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
        "A stub that says yes.",
        after(UPDATE, _ignores),
        consequences=(
            "tasks.update.constraints-default",
            "tasks.update.empty-constraints-default",
            "tasks.update.retention-defaults",
            "tasks.update.retries-default",
            "tasks.update.time-limit-defaults",
        ),
    ),
    Defect(
        "task-update-keeps",
        "An update of a task without constraints, or with empty ones, leaves the old ones.",
        "full-replace",
        ("tasks.update.constraints-default", "tasks.update.empty-constraints-default"),
        "PUT written like PATCH.",
        after(UPDATE, _keeps),
        consequences=("tasks.trace.writes-shown",),
    ),
    Defect(
        "task-update-merges",
        "An update of a task merges the constraints with the old ones.",
        "full-replace",
        (
            "tasks.update.time-limit-defaults",
            "tasks.update.retention-defaults",
            "tasks.update.retries-default",
        ),
        "PUT written like a merge patch.",
        after(UPDATE, _merges),
        consequences=(
            "tasks.trace.defaults",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-update-clears",
        "An update of a task makes it what was sent: all that cannot be sent is gone.",
        "full-replace",
        (
            "tasks.update.keeps-display-name",
            "tasks.update.keeps-command-line",
            "tasks.update.keeps-environment",
            "tasks.update.keeps-affinity",
            "tasks.update.keeps-resource-files",
            "tasks.update.keeps-output-files",
            "tasks.update.keeps-required-slots",
            "tasks.update.keeps-user-identity",
            "tasks.update.keeps-multi-instance",
            "tasks.update.keeps-depends-on",
            "tasks.update.keeps-exit-conditions",
            "tasks.update.keeps-container-settings",
            "tasks.update.keeps-authentication-token",
            "tasks.trace.kept",
        ),
        "PUT as books on REST have it: the body is the resource.",
        after(UPDATE, _clears),
        consequences=(
            "tasks.run.retries-updated",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-update-clears-elevation",
        "An update of a task forgets that it runs elevated.",
        "full-replace",
        ("tasks.update.keeps-run-elevated",),
        "PUT as books on REST have it: the body is the resource.",
        after(UPDATE, _clears),
        at="2016-07-01.3.1",
        consequences=(
            "tasks.run.retries-updated",
            "tasks.trace.kept",
            "tasks.trace.writes-shown",
            "tasks.update.keeps-affinity",
            "tasks.update.keeps-command-line",
            "tasks.update.keeps-depends-on",
            "tasks.update.keeps-display-name",
            "tasks.update.keeps-environment",
            "tasks.update.keeps-exit-conditions",
            "tasks.update.keeps-multi-instance",
            "tasks.update.keeps-resource-files",
        ),
    ),
    Defect(
        "task-update-dates-state",
        "An update of a task dates its state anew.",
        "full-replace",
        ("tasks.update.keeps-state",),
        "Whatever is saved gets the time of saving.",
        after(UPDATE, _anew),
    ),
    Defect(
        "task-update-half-done",
        "An update of a task that is refused for one constraint has changed another one.",
        "full-replace",
        ("tasks.update.refused-changes-nothing",),
        "Values are checked while they are taken.",
        _half_done,
        consequences=("tasks.trace.reads-agree",),
    ),
    Defect(
        "task-update-fixed-ignored",
        "An update of a task overlooks what it cannot change.",
        "schema",
        ("tasks.update.fixed-property-refused",),
        "JSON libraries leave out members that a class does not have.",
        lenient(UPDATE, *_FIXED),
    ),
    Defect(
        "task-update-fixed-taken",
        "An update of a task changes all that is sent.",
        "full-replace",
        ("tasks.update.fixed-property-unchanged",),
        "The newest api-versions send the whole task, so it is saved as it comes.",
        lenient(UPDATE, *_FIXED, kept=True),
        at="2025-06-01",
        consequences=(
            "tasks.responses.state",
            "tasks.trace.kept",
            "tasks.trace.state-times",
            "tasks.update.keeps-command-line",
            "tasks.update.keeps-display-name",
        ),
    ),
)
