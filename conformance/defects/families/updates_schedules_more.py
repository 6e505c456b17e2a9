"""Job schedules: updates that do more or less than they are for."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.jobsmade import Made, when_made
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import at, sent
from conformance.defects.schedules import PATCH, PUT
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits
from conformance.reference.resources.joblife import jobs_of
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_EITHER = f"{PATCH}, {PUT}"
_SHOWN = "job-schedules.trace.writes-shown"


def _keeps_for_empty(changed: Changed) -> None:
    if changed.sent.get("metadata") == []:
        changed.restore("metadata")


def _drops_for_nothing(changed: Changed) -> None:
    if not changed.sent:
        changed.now.pop("metadata", None)


def _reaches(changed: Changed) -> None:
    for job in jobs_of(changed.store, changed.now["id"]):
        if job["state"] == "active" and "jobSpecification" in changed.sent:
            job["priority"] = changed.now["jobSpecification"].get("priority", 0)


def _as_the_first(made: Made) -> None:
    if made.earlier:
        made.job["priority"] = made.earlier[0]["priority"]


def _nothing_new(service: Service) -> Lie:
    refusing = refuses(PUT, lambda asked: True)(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(PUT, asked) else None
        now = service.store.get(*place) if place else None
        told = [at(sent(asked), f"jobSpecification.{name}") for name in ("priority", "poolInfo")]
        same = now is not None and [at(now, f"jobSpecification.{name}") for name in ("priority", "poolInfo")] == told
        windows = [at(known, "schedule.startWindow") for known in (now or {}, sent(asked))]
        return await (refusing if same and windows == ["PT5M", "PT5M"] else _through)(asked, ask)

    return lie


async def _through(asked: WireRequest, ask: Ask) -> WireAnswer:
    return await ask(asked)


def _keeps_times(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        document = sent(asked)
        if not fits(PUT, asked) or "schedule" in document or "jobSpecification" not in document:
            return await ask(asked)
        place = place_of(asked.path)
        now = service.store.get(*place) if place else None
        heard = {**document, "schedule": now["schedule"] if now else {}}
        return await ask(replace(asked, body=json.dumps(heard).encode()))

    return lie


DEFECTS = (
    Defect(
        "schedule-empty-metadata-ignored",
        "PATCH of a job schedule with an empty list of metadata leaves the old ones.",
        "partial-update",
        ("job-schedules.patch.empty-metadata-removes",),
        "An empty list is false, and false is not there.",
        after(PATCH, _keeps_for_empty),
        consequences=("job-schedules.trace.sent-shown", _SHOWN),
    ),
    Defect(
        "schedule-empty-patch-clears",
        "PATCH of a job schedule with an empty object removes its metadata.",
        "partial-update",
        ("job-schedules.patch.empty-body-changes-nothing",),
        "No body taken for an empty resource.",
        after(PATCH, _drops_for_nothing),
        consequences=("job-schedules.trace.kept", _SHOWN, "job-schedules.patch.keeps-omitted-metadata"),
    ),
    Defect(
        "schedule-put-same-refused",
        "PUT of a job schedule is refused when it says of times and jobs what is there already.",
        "full-replace",
        ("job-schedules.update.same-accepted",),
        "Nothing to do is taken for a mistake.",
        _nothing_new,
    ),
    Defect(
        "schedule-update-reaches-job",
        "PATCH and PUT of a job specification change the priority of the active job, too.",
        "partial-update",
        ("job-schedules.patch.leaves-active-job", "job-schedules.update.leaves-active-job"),
        "The job refers to the specification instead of having a copy.",
        after(_EITHER, _reaches),
        consequences=("jobs.trace.reads-agree",),
    ),
    Defect(
        "schedule-update-never-reaches",
        "Each job of a schedule has the priority of the first one, whatever PATCH and PUT have said since.",
        "partial-update",
        ("job-schedules.patch.reaches-next-job", "job-schedules.update.reaches-next-job"),
        "The job is made from a template that is cached.",
        when_made(_as_the_first),
        consequences=("jobs.trace.reads-agree",),
    ),
    Defect(
        "schedule-put-keeps-times",
        "PUT of a job schedule without schedule is taken, and leaves the times as they were.",
        "full-replace",
        ("job-schedules.update.without-schedule", _SHOWN),
        "PUT written like PATCH.",
        _keeps_times,
    ),
)
