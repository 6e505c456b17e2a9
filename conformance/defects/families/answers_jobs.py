"""Answers about jobs of another form."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, member, renamed
from conformance.defects.model import Defect
from conformance.reference.wire import Json

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"
_CLOCK = {"PT12H": "12:00:00"}


def _clocked(constraints: Json) -> Json:
    return {name: _CLOCK.get(value, value) if isinstance(value, str) else value for name, value in constraints.items()}


def _ended(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """Only of a completed job."""

    def edit(job: Json) -> None:
        if job.get("state") == "completed":
            change(job)

    return edit


def _no_action(job: Json) -> None:
    if job.get("onAllTasksComplete") == "noaction":
        job["onAllTasksComplete"] = "none"


def _poolless(job: Json) -> None:
    job.pop("poolInfo", None)


def _numbered(job: Json) -> None:
    job["id"] = f"{job['id']}-1"


def _of_pools(job: Json) -> None:
    job["url"] = job["url"].replace("/jobs/", "/pools/")


def _tells_twice(document: Json) -> None:
    document["status"] = document.get("state")


DEFECTS = (
    Defect(
        "job-status-member",
        "A completed job shows its state a second time, under the name that it had in a draft.",
        "schema",
        ("jobs.responses.no-unknown-property",),
        "A member for an old client that was never taken away.",
        body(_JOB, _ended(_tells_twice)),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
        ),
    ),
    Defect(
        "job-pool-info-untold",
        "A completed job shows no poolInfo.",
        "schema",
        ("jobs.responses.always-shown",),
        "It has no pool any more.",
        body(_JOB, _ended(_poolless)),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "job-schedules.jobs.filter-pool-id",
            "jobs.list.element-equals-get",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-retry-count-text",
        "The maxTaskRetryCount of a job is told as a text when it is not 0.",
        "schema",
        ("jobs.responses.types",),
        "Numbers from a table store.",
        member(_JOB, "constraints/maxTaskRetryCount", lambda count: str(count) if count else count),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "job-schedules.jobs.element-equals-get",
            "jobs.add.constraints-kept",
            "jobs.add.max-task-retry-count-unlimited-accepted",
            "jobs.list.element-equals-get",
            "jobs.patch.replaces-constraints",
            "jobs.patch.sets-constraints",
            "jobs.update.replaces-constraints",
            "jobs.update.sets-constraints",
        ),
    ),
    Defect(
        "job-no-action-none",
        "The onAllTasksComplete of a completed job that is noaction is shown as none.",
        "schema",
        ("jobs.responses.enum-values",),
        "The word that the tasks have for it.",
        body(_JOB, _ended(_no_action)),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-durations-clock",
        "Half a day is told as hours, minutes and seconds with colons.",
        "schema",
        ("jobs.responses.durations",),
        "How .NET prints a TimeSpan.",
        member(_JOB, "constraints", _clocked),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "jobs.add.constraints-kept",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
        ),
    ),
    Defect(
        "job-id-number",
        "A completed job is shown with the id of its row.",
        "schema",
        ("jobs.responses.id",),
        "The key of the table instead of the name.",
        body(_JOB, _ended(_numbered)),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
            "jobs.list.selects",
            "jobs.patch.keeps-identity-times",
            "jobs.trace.identity",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-url-of-pools",
        "The url of a completed job is that of a pool of its name.",
        "schema",
        ("jobs.responses.url",),
        "Copied from the pools.",
        body(_JOB, _ended(_of_pools)),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
            "jobs.patch.keeps-identity-times",
            "jobs.trace.identity",
        ),
    ),
    Defect(
        "job-list-items",
        "The list of jobs is called items.",
        "paging",
        ("jobs.responses.paging",),
        "What lists are called elsewhere.",
        renamed(_LIST, "value", "items"),
        consequences=(
            "jobs.responses.no-unknown-property",
            "protocol.paging.value-array",
        ),
    ),
    Defect(
        "job-auto-pool-password",
        "A job with an auto pool shows the account that the service has made on its nodes, with the password.",
        "secrets",
        ("jobs.responses.secrets",),
        "Shown for debugging, in an emulator that uses one account for everything.",
        member(
            _READS, "poolInfo/autoPoolSpecification/pool/userAccounts", [{"name": "runner", "password": "known to everybody"}]
        ),
        consequences=(
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "protocol.secrets.absent",
        ),
    ),
)
