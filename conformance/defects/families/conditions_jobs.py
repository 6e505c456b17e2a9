"""Conditions on jobs that are not heard, and ETags that stay or move as they should not."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import header_of, with_header
from conformance.defects.combined import nods
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.requests import deaf_to_header, heard
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits
from conformance.reference.instants import http_date
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_JOB, _OTHER = "GET /jobs/{}", "0x8D0000000000000"
_ACTIONS = "POST /jobs/{}/disable, POST /jobs/{}/enable, POST /jobs/{}/terminate, DELETE /jobs/{}"
_CHANGES = "PATCH|PUT /jobs/{}"
_NEWER = ("onAllTasksComplete", "onTaskFailure", "maxParallelTasks", "allowTaskPreemption", "networkConfiguration")


def _keeps_etag(service: Service) -> Lie:
    """The write is carried out, and neither the job nor the answer tells of it."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits("PUT /jobs/{}", asked) else None
        job = service.store.get(*place) if place else None
        was = {name: job[name] for name in ("_modified", "eTag", "lastModified")} if job is not None else {}
        answer = await ask(asked)
        if job is None or answer.status != 200:
            return answer
        job.update(was)
        return with_header(with_header(answer, "ETag", was["eTag"]), "Last-Modified", http_date(was["_modified"]))

    return lie


def _reads_touch(service: Service) -> Lie:
    """Each read counts as a change."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(_JOB, asked) else None
        answer = await ask(asked)
        job = service.store.get(*place) if place else None
        if job is not None and answer.status == 200:
            touch(job, service.settings.clock.now())
        return answer

    return lie


def _unmet(asked: WireRequest) -> WireRequest:
    kept = [(name, _OTHER if name.lower() == "if-match" else value) for name, value in asked.headers]
    return replace(asked, headers=kept)


def _remembered(service: Service) -> Lie:
    """Two caches: the one that is asked second still has what is gone."""
    seen: dict[str, WireAnswer] = {}
    missed: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer, path = await ask(asked), asked.path.lower()
        if not fits(_JOB, asked) or answer.status not in (200, 404):
            return answer
        if answer.status == 200:
            seen[path] = answer
        elif path in missed and path in seen:
            return with_header(seen[path], "Date", header_of(answer, "Date"))
        else:
            missed.add(path)
        return answer

    return lie


def _frozen(changed: Changed) -> None:
    changed.restore("stateTransitionTime")


DEFECTS = (
    Defect(
        "job-actions-unconditional",
        "Actions on a job and its deletion are carried out whatever the conditions.",
        "conditions",
        (
            "jobs.disable.honours-conditions",
            "jobs.enable.honours-conditions",
            "jobs.terminate.honours-conditions",
            "jobs.delete.honours-conditions",
            "jobs.trace.condition-unmet",
        ),
        "Conditions are for documents, and an action is none.",
        deaf_to_header(_ACTIONS, "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"),
    ),
    Defect(
        "job-changes-ignore-dates",
        "Changes of a job are carried out whatever the conditions about time.",
        "conditions",
        ("jobs.patch.honours-conditions", "jobs.update.honours-conditions"),
        "Conditions about ETags are there, those about dates are forgotten.",
        deaf_to_header(_CHANGES, "If-Modified-Since", "If-Unmodified-Since"),
        consequences=("jobs.trace.condition-unmet",),
    ),
    Defect(
        "job-read-always-whole",
        "A read of a job is answered in full although it has not changed since.",
        "conditions",
        ("jobs.get.honours-conditions",),
        "Caching left to a proxy.",
        deaf_to_header(_JOB, "If-Modified-Since"),
        consequences=("jobs.trace.condition-unmet",),
    ),
    Defect(
        "job-if-match-never-met",
        "A change of a job with If-Match is refused, although the ETag is the job's.",
        "conditions",
        ("jobs.trace.condition-met",),
        "Compared with the quotation marks on one side only.",
        heard(_CHANGES, _unmet),
        consequences=(
            "jobs.patch.honours-conditions",
            "jobs.update.honours-conditions",
        ),
    ),
    Defect(
        "job-put-keeps-etag",
        "PUT of a job changes it and leaves its ETag.",
        "conditions",
        ("jobs.update.moves-etag", "jobs.trace.etag-moves"),
        "The ETag is moved by PATCH, and PUT was written later.",
        _keeps_etag,
        consequences=("protocol.etag.moves-on-write",),
    ),
    Defect(
        "job-reads-touch",
        "Each read of a job gives it a new ETag.",
        "conditions",
        ("jobs.trace.etag-stays",),
        "The time of the last access stored as the time of the last change.",
        _reads_touch,
        consequences=(
            "jobs.disable.honours-conditions",
            "jobs.enable.honours-conditions",
            "jobs.trace.condition-unmet",
            "jobs.trace.etag-transition",
            "protocol.etag.stable-on-read",
        ),
    ),
    Defect(
        "job-state-time-frozen",
        "The time of the last transition of a job is that of its creation.",
        "life-cycles",
        ("jobs.trace.state-times",),
        "Written once, when the row is.",
        after("POST /jobs/{}/disable, POST /jobs/{}/enable", _frozen),
    ),
    Defect(
        "job-versions-alike",
        "Every api-version takes what any of them knows of a job, and ignores it where it does not know it.",
        "versions",
        (
            "jobs.versions.on-all-tasks-complete",
            "jobs.versions.on-task-failure",
            "jobs.versions.manager-application-packages",
            "jobs.versions.manager-run-elevated",
            "jobs.versions.manager-authentication-token",
            "jobs.versions.manager-low-priority-node",
            "jobs.versions.network-configuration",
            "jobs.versions.max-parallel-tasks",
            "jobs.versions.task-preemption",
        ),
        "One model for all versions.",
        nods("POST /jobs", *_NEWER, "jobManagerTask.*", codes=("UnsupportedProperty",)),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.unknown-nested-property",
            "protocol.errors.unknown-property",
        ),
    ),
    Defect(
        "job-gone-read",
        "A job that is gone can be read again, after one read that did not find it.",
        "deletion",
        ("jobs.trace.gone", "jobs.delete.ends-not-found"),
        "Two caches, one of which was not told.",
        _remembered,
        consequences=(
            "jobs.delete.deleting-or-gone",
            "jobs.trace.etag-stays",
            "protocol.etag.stable-on-read",
            "protocol.headers.request-id-differs",
        ),
    ),
)
