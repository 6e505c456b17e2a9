"""Job schedules: links, pages and leaks between the service and who asks."""

from __future__ import annotations

from conformance.defects.answers import body, with_body
from conformance.defects.jobsmade import watching
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.schedules import GET, JOBS
from conformance.defects.where import fits, has
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST = "GET /jobschedules"
_TOKEN = "$skiptoken"
_SEVERAL = 2


def _moves(store: Store, schedule: Json, now: int) -> None:
    if schedule["state"] == "completed" and "_moved" not in schedule:
        schedule["_moved"] = True
        touch(schedule, now)


def _intrudes(document: Json) -> None:
    """A page that is not full ends with what does not fit."""
    if document["value"] and "odata.nextLink" not in document:
        document["value"].append({**document["value"][0], "id": "intruder"})


def _later(asked: WireRequest) -> bool:
    return has(_TOKEN)(asked) and has("$filter")(asked)


def _relative(document: Json) -> None:
    link = document.get("odata.nextLink")
    if link:
        document["odata.nextLink"] = link[link.index("/jobschedules") :]


def _plain(asked: WireRequest) -> bool:
    return asked.parameters().keys() <= {"api-version", "timeout"}


def _forgets_ended(service: Service) -> Lie:
    """An unfiltered list has no schedule that has ended."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not (fits(_LIST, asked) and answer.status == 200) or "$filter" in asked.parameters():
            return answer
        ended = {one["id"] for one in service.store.all("jobschedule") if one["state"] == "completed"}

        def cut(document: Json) -> None:
            document["value"] = [one for one in document["value"] if one.get("id") not in ended]

        return with_body(answer, cut)

    return lie


def _last_rows(service: Service) -> Lie:
    """Only the last two jobs of the account are looked at."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not (fits(JOBS, asked) and answer.status == 200 and _plain(asked)):
            return answer
        rows = sorted(service.store.all("job"), key=lambda job: int(job["_made"]))[-_SEVERAL:]
        last = {job["id"] for job in rows}

        def cut(document: Json) -> None:
            document["value"] = [job for job in document["value"] if job["id"] in last]

        return with_body(answer, cut)

    return lie


def _tells_passwords(service: Service) -> Lie:
    def tell(document: Json) -> None:
        users = _users(document)
        stored = _users(service.store.get("jobschedule", str(document.get("id"))) or {}) if users else []
        for shown, known in zip(users, stored, strict=False):
            shown["password"] = known.get("password", "")

    return body(GET, tell)(service)


def _users(schedule: Json) -> list[Json]:
    auto = schedule.get("jobSpecification", {}).get("poolInfo", {}).get("autoPoolSpecification", {})
    users: list[Json] = auto.get("pool", {}).get("userAccounts", [])
    return users


DEFECTS = (
    Defect(
        "schedule-list-forgets-ended",
        "The list of job schedules has none that is completed, unless it is filtered.",
        "paging",
        ("job-schedules.list.lists-all",),
        "What has ended is of no interest.",
        _forgets_ended,
    ),
    Defect(
        "schedule-jobs-last-rows",
        "The list of the jobs of a schedule is looked for among the last two jobs of the account.",
        "paging",
        ("job-schedules.jobs.lists-all",),
        "A limit that comes before the condition.",
        _last_rows,
        consequences=("job-schedules.clock.next-after-previous",),
    ),
    Defect(
        "schedule-completion-moves-etag",
        "The ETag of a job schedule moves when the clock completes it.",
        "conditions",
        ("job-schedules.trace.etag-transition",),
        "The row has one timestamp.",
        watching(_moves),
    ),
    Defect(
        "schedule-second-page-unfiltered",
        "The last page of several of a filtered list of job schedules has one that does not fit.",
        "paging",
        ("job-schedules.trace.list-pages-filter", "job-schedules.list.pages"),
        "The filter is not in the continuation token.",
        body(_LIST, _intrudes, _later),
        consequences=(
            "job-schedules.responses.url",
            "protocol.paging.keeps-filter",
        ),
    ),
    Defect(
        "schedule-next-link-relative",
        "odata.nextLink of the list of job schedules is a path.",
        "paging",
        ("job-schedules.responses.paging",),
        "Written so that it works behind any proxy.",
        body(_LIST, _relative),
        consequences=("protocol.paging.next-link-form",),
    ),
    Defect(
        "schedule-passwords-told",
        "A job schedule shows the passwords of the users of its auto pool.",
        "secrets",
        ("job-schedules.responses.secrets",),
        "What was sent is shown.",
        _tells_passwords,
        consequences=("protocol.secrets.absent",),
    ),
)
