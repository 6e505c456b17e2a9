"""Job schedules: what is refused and should not be, what is not and should, and in which words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conformance.defects.answers import REFUSED, answered, status
from conformance.defects.combined import together
from conformance.defects.leniency import lenient, stub
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.paths import sent
from conformance.defects.requests import deaf_to_header, heard
from conformance.defects.schedules import ADD, GET, SPEC, WAYS
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_CHANGE = "PATCH|PUT /jobschedules/{}"
_SWITCH = "POST /jobschedules/{}/disable, POST /jobschedules/{}/enable"
_TERMINATE, _DELETE = "POST /jobschedules/{}/terminate", "DELETE /jobschedules/{}"
_ONE = "* /jobschedules/{}..."
_CONDITIONS = ("get", "exists", "patch", "update", "disable", "enable", "terminate", "delete")
_MISSING = ("get", "patch", "update", "delete", "disable", "enable", "terminate", "jobs")
_COMPLETED = ("patch", "update", "disable", "enable", "terminate")


def _each(names: tuple[str, ...], slug: str) -> tuple[str, ...]:
    return tuple(f"job-schedules.{name}.{slug}" for name in names)


def _of_jobs(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return replace(answer, body=answer.body.replace(b'"JobScheduleNotFound"', b'"JobNotFound"'))


def _other_tag(asked: WireRequest) -> WireRequest:
    return replace(asked, headers=[(name, f"{value}0" if name.lower() == "if-match" else value) for name, value in asked.headers])


def _upsert(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        name = sent(asked).get("id") if fits(ADD, asked) else None
        if isinstance(name, str):
            service.store.remove("jobschedule", name)
        return await ask(asked)

    return lie


def _overwrites(service: Service) -> Lie:
    """The refusal comes too late."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        document = sent(asked) if fits(ADD, asked) and b'"JobScheduleExists"' in answer.body else {}
        first = service.store.get("jobschedule", str(document.get("id")))
        if first is not None and "displayName" in document:
            first["displayName"] = document["displayName"]
        return answer

    return lie


def _exact(service: Service) -> Lie:
    """Whoever writes the id in another letter case asks for another one."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(GET, asked) else None
        known = service.store.get(*place) if place else None
        if place is None or known is None or known["id"] == place[1]:
            return await ask(asked)
        return await ask(replace(asked, path="/jobschedules/none"))

    return lie


def _lowered(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    document: Any = json.loads(answer.body)
    for one in document["value"]:
        one["id"] = str(one.get("id", "")).lower()
    return replace(answer, body=json.dumps(document, separators=(",", ":")).encode())


DEFECTS = (
    Defect(
        "schedule-upsert",
        "POST of a job schedule that exists replaces it.",
        "status",
        ("job-schedules.add.duplicate-refused", "job-schedules.add.duplicate-ignores-case", "job-schedules.trace.exists"),
        "A table store that merges or inserts.",
        _upsert,
    ),
    Defect(
        "schedule-refused-and-written",
        "A duplicate of a job schedule is refused, and its displayName is that of the first one from then on.",
        "status",
        ("job-schedules.add.duplicate-changes-nothing",),
        "The check follows the write.",
        _overwrites,
        consequences=("job-schedules.trace.reads-agree",),
    ),
    Defect(
        "schedule-like-job",
        "A job schedule may have the id of a job.",
        "status",
        ("job-schedules.add.same-id-as-job-refused",),
        "Two tables.",
        stub(ADD, 201, "JobWithSameIdExists"),
        consequences=(
            "jobs.add.schedule-with-same-id-refused",
            "job-schedules.trace.found",
        ),
    ),
    Defect(
        "schedule-id-exact",
        "A job schedule is found only by its id in the letter case of its creation.",
        "status",
        ("job-schedules.get.id-ignores-case",),
        "Keys of a dictionary.",
        _exact,
    ),
    Defect(
        "schedule-list-lower-case",
        "The list of job schedules shows their ids in small letters.",
        "schema",
        ("job-schedules.add.id-case-kept",),
        "Ids are made equal before they are kept.",
        answered("GET /jobschedules", _lowered, statuses=range(200, 201)),
        consequences=("job-schedules.trace.sent-shown",),
    ),
    Defect(
        "schedule-missing-like-job",
        "A job schedule that does not exist is told as a missing job.",
        "error-codes",
        (*_each(_MISSING, "missing-refused"), "job-schedules.delete.jobs-not-found"),
        "Copied from the handlers of jobs.",
        answered(_ONE, _of_jobs, statuses=REFUSED),
        consequences=("job-schedules.delete.deleted-refused",),
    ),
    Defect(
        "schedule-exists-always",
        "HEAD of a job schedule that does not exist is answered 200.",
        "status",
        ("job-schedules.exists.missing-404",),
        "A framework that answers HEAD by itself.",
        status("HEAD /jobschedules/{}", 404, 200),
        consequences=(
            "job-schedules.responses.etag-present",
            "job-schedules.responses.last-modified-present",
        ),
    ),
    Defect(
        "schedule-exists-never",
        "HEAD of a job schedule is answered 404.",
        "status",
        ("job-schedules.exists.found",),
        "A framework without HEAD.",
        status("HEAD /jobschedules/{}", 200, 404),
        consequences=(
            "job-schedules.*.missing-refused",
            "job-schedules.delete.gone",
            "job-schedules.trace.etag-stays",
            "protocol.etag.stable-on-read",
            "job-schedules.delete.missing-refused",
            "job-schedules.exists.honours-conditions",
            "job-schedules.trace.found",
            "job-schedules.trace.gone",
            "protocol.headers.no-resource-headers",
        ),
    ),
    Defect(
        "schedule-conditions-ignored",
        "No conditional header is looked at for job schedules.",
        "conditions",
        (*_each(_CONDITIONS, "honours-conditions"), "job-schedules.trace.condition-unmet"),
        "Emulators leave out conditions first.",
        deaf_to_header(_ONE, "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"),
    ),
    Defect(
        "schedule-if-match-never",
        "If-Match is never met for job schedules.",
        "conditions",
        ("job-schedules.trace.condition-met",),
        "An ETag with quotes compared with one without.",
        heard(_ONE, _other_tag),
        consequences=("job-schedules.*.honours-conditions",),
    ),
    Defect(
        "schedule-completed-changes",
        "A job schedule that is completed may be changed, disabled, enabled and terminated.",
        "life-cycles",
        (*_each(_COMPLETED, "completed-refused"), "job-schedules.terminate.again-refused"),
        "No look at the state.",
        together(
            stub(_CHANGE, 200, "JobScheduleCompleted"),
            stub(_SWITCH, 204, "JobScheduleCompleted"),
            stub(_TERMINATE, 202, "JobScheduleCompleted", "JobScheduleBeingTerminated"),
        ),
    ),
    Defect(
        "schedule-newer-properties",
        "A job specification may have properties that its api-version does not know; they are left out.",
        "versions",
        (
            "job-schedules.versions.on-all-tasks-complete",
            "job-schedules.versions.on-task-failure",
            "job-schedules.versions.max-parallel-tasks",
        ),
        "JSON libraries pass over members that they do not know.",
        lenient(WAYS, f"{SPEC}.onAllTasksComplete", f"{SPEC}.onTaskFailure", f"{SPEC}.maxParallelTasks"),
        consequences=("protocol.errors.unknown-nested-property",),
        at="2016-07-01.3.1",
    ),
)
