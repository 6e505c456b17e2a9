"""Jobs under a name: made twice, found late, told in another spelling."""

from __future__ import annotations

import json

from conformance.defects.answers import body
from conformance.defects.combined import together
from conformance.defects.leniency import stub
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.problem import BatchProblem
from conformance.reference.rendering import common_headers, failure
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ADD, _JOB, _LIST = "POST /jobs", "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"


def _missing(service: Service, asked: WireRequest) -> WireAnswer:
    now = service.settings.clock.now()
    return failure(BatchProblem("JobNotFound"), asked, common_headers(asked, service.store.guid(), now), now)


def _first_read_misses(service: Service) -> Lie:
    unseen: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(_JOB, asked) and asked.path in unseen:
            unseen.discard(asked.path)
            return _missing(service, asked)
        answer = await ask(asked)
        if fits(_ADD, asked) and answer.status == 201:
            unseen.add(f"/jobs/{sent(asked)['id']}")
        elif fits("DELETE /jobs/{}", asked):
            unseen.discard(asked.path)
        return answer

    return lie


def _newest_unlisted(service: Service) -> Lie:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_LIST, asked) or answer.status != 200:
            return answer
        jobs = list(service.store.all("job"))
        last = jobs[-1]["id"] if jobs else None
        document = json.loads(answer.body)
        document["value"] = [job for job in document["value"] if job.get("id") != last]
        return WireAnswer(answer.status, answer.headers, json.dumps(document).encode())

    return lie


def _overwrites(service: Service) -> Lie:
    """The refusal comes after the write."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(_ADD, asked) and b'"JobExists"' in answer.body:
            job = service.store.get("job", sent(asked)["id"])
            if job is not None and "displayName" in sent(asked):
                job["displayName"] = sent(asked)["displayName"]
        return answer

    return lie


def _case_counts(service: Service) -> Lie:
    """A job is found only under the spelling of its creation."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits("* /jobs/{}...", asked) else None
        job = service.store.get(*place) if place and place[0] == "job" else None
        if place and job is not None and job["id"] != place[1]:
            return _missing(service, asked)
        return await ask(asked)

    return lie


def _lower(document: Json) -> None:
    for job in document.get("value", [document]):
        if isinstance(job.get("id"), str):
            job["id"] = job["id"].lower()


def _exists(codes: str) -> Maker:
    return stub("POST /jobs, POST /jobschedules", 201, codes)


DEFECTS = (
    Defect(
        "job-first-read-misses",
        "The first read of a new job does not find it.",
        "concurrency",
        ("jobs.add.readable", "jobs.trace.found"),
        "Reads from a replica that lags behind.",
        _first_read_misses,
        consequences=(
            "jobs.delete.deleting-or-gone",
            "jobs.delete.ends-not-found",
            "jobs.delete.missing-refused",
            "jobs.list.deleted-vanishes",
            "jobs.terminate.missing-refused",
            "jobs.trace.etag-stays",
            "jobs.trace.gone",
            "jobs.trace.list-only",
            "protocol.etag.stable-on-read",
        ),
    ),
    Defect(
        "job-newest-unlisted",
        "The list of jobs lacks the one that was made last.",
        "paging",
        ("jobs.add.listed", "jobs.trace.list-complete"),
        "An index that lags behind by one.",
        _newest_unlisted,
        consequences=(
            "jobs.add.id-case-kept",
            "jobs.list.element-equals-get",
            "jobs.list.expands-stats",
            "jobs.list.filter-creation-time",
            "jobs.list.filter-id",
            "jobs.list.filter-last-modified",
            "jobs.list.filter-start-time",
            "jobs.list.filter-state",
            "jobs.list.filter-state-transition-time",
            "jobs.list.lists-all",
            "jobs.list.pages",
        ),
    ),
    Defect(
        "job-upsert",
        "A job that exists already is answered 201.",
        "concurrency",
        ("jobs.add.duplicate-refused", "jobs.add.duplicate-ignores-case", "jobs.trace.exists"),
        "An upsert.",
        stub(_ADD, 201, "JobExists"),
    ),
    Defect(
        "job-duplicate-written",
        "A job that exists already is refused, after its displayName was taken over.",
        "concurrency",
        ("jobs.add.duplicate-changes-nothing",),
        "The refusal comes after the write.",
        _overwrites,
        consequences=("jobs.trace.reads-agree",),
    ),
    Defect(
        "job-id-case-counts",
        "A job is found only by the spelling of its id at its creation.",
        "schema",
        ("jobs.get.id-ignores-case", "jobs.patch.id-ignores-case"),
        "Keys of a dictionary.",
        _case_counts,
        consequences=("jobs.trace.found",),
    ),
    Defect(
        "job-id-lower",
        "A job shows its id in lower case.",
        "schema",
        ("jobs.add.id-case-kept",),
        "Ids that compare without case are stored in lower case.",
        body(_READS, _lower),
        consequences=("jobs.trace.sent-shown",),
    ),
    Defect(
        "job-beside-schedule",
        "A job and a job schedule may have one id.",
        "schema",
        ("jobs.add.same-id-as-schedule-refused", "jobs.add.schedule-with-same-id-refused"),
        "Two tables know nothing of each other.",
        together(_exists("JobScheduleWithSameIdExists"), _exists("JobWithSameIdExists")),
        consequences=(
            "job-schedules.add.same-id-as-job-refused",
            "job-schedules.trace.found",
            "jobs.trace.found",
        ),
    ),
)
