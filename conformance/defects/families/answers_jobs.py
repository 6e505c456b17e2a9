"""Answers about jobs of another status, without headers that belong to them, or of another form."""

from __future__ import annotations

from collections.abc import Callable

from conformance.defects.answers import body, header, member, no_header, renamed, status
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.where import has
from conformance.reference.wire import Json

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"
_ACTIONS = "POST /jobs/{}/disable, POST /jobs/{}/enable, POST /jobs/{}/terminate, DELETE /jobs/{}"
_CHANGES = "PATCH|PUT /jobs/{}"
_ENABLE, _AUTO = "POST /jobs/{}/enable", "poolInfo.autoPoolSpecification"
_COUNTS = "GET /jobs/{}/taskcounts"
_STATUS, _STATISTICS, _OF_SCHEDULE = (
    "GET /jobs/{}/jobpreparationandreleasetaskstatus",
    "GET /lifetimejobstats",
    "GET /jobschedules/{}/jobs",
)
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


def _host_only(url: str) -> str:
    return "/" + url.split("//", 1)[-1].partition("/")[2]


def _tells_twice(document: Json) -> None:
    document["status"] = document.get("state")


DEFECTS = (
    Defect(
        "job-add-200",
        "POST of a job with an auto pool answers 200 instead of 201.",
        "status",
        ("jobs.add.answers-201",),
        "Frameworks answer 200 unless told otherwise.",
        status("POST /jobs", 201, 200, has_member(_AUTO)),
    ),
    Defect(
        "job-actions-204",
        "Disabling, enabling and terminating a job, and deleting it if it has not changed, answer 204 instead of 202.",
        "status",
        (
            "jobs.delete.answers-202",
            "jobs.disable.answers-202",
            "jobs.enable.answers-202",
            "jobs.terminate.answers-202",
        ),
        "No content, says a framework of an answer without a body.",
        status(_ACTIONS, 202, 204, lambda asked: asked.method == "POST" or asked.header("If-Match") is not None),
        consequences=(
            "jobs.delete.honours-conditions",
            "jobs.disable.honours-conditions",
            "jobs.disable.terminate-ends-disabled",
            "jobs.enable.honours-conditions",
            "jobs.terminate.honours-conditions",
        ),
    ),
    Defect(
        "job-changes-204",
        "PATCH and PUT of the metadata of a job answer 204 instead of 200.",
        "status",
        ("jobs.patch.answers-200", "jobs.update.answers-200"),
        "No content, says a framework of an answer without a body.",
        status(_CHANGES, 200, 204, has_member("metadata")),
        consequences=(
            "jobs.patch.sets-metadata",
            "jobs.update.sets-metadata",
        ),
    ),
    Defect(
        "job-reads-203",
        "Reads of some members of a job or of the list of jobs answer 203 instead of 200.",
        "status",
        ("jobs.get.answers-200", "jobs.list.answers-200"),
        "A proxy that transforms what it passes on says so.",
        status(_READS, 200, 203, has("$select")),
    ),
    Defect(
        "job-reports-203",
        "What tells of the work of jobs answers 203 instead of 200.",
        "status",
        (
            "jobs.get-all-lifetime-statistics.answers-200",
            "jobs.get-task-counts.answers-200",
            "jobs.list-from-job-schedule.answers-200",
            "jobs.list-preparation-and-release-task-status.answers-200",
        ),
        "A proxy that transforms what it passes on says so.",
        status(f"{_STATUS}, {_STATISTICS}, {_OF_SCHEDULE}, {_COUNTS}", 200, 203),
        consequences=(
            "job-schedules.jobs.empty",
            "jobs.lifetime-statistics.shown",
            "jobs.preparation-status.empty",
            "jobs.preparation-status.filter-node-id",
            "jobs.preparation-status.filter-pool-id",
            "jobs.preparation-status.filter-preparation-end-time",
            "jobs.preparation-status.filter-preparation-exit-code",
            "jobs.preparation-status.filter-preparation-result",
            "jobs.preparation-status.filter-preparation-start-time",
            "jobs.preparation-status.filter-preparation-state",
            "jobs.preparation-status.filter-release-end-time",
            "jobs.preparation-status.filter-release-exit-code",
            "jobs.preparation-status.filter-release-result",
            "jobs.preparation-status.filter-release-start-time",
            "jobs.preparation-status.filter-release-state",
            "jobs.versions.task-counts",
        ),
    ),
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
        "maxTaskRetryCount of a job is told as a text when it is not 0.",
        "schema",
        ("jobs.responses.types",),
        "Numbers from a table store.",
        member(_JOB, "constraints/maxTaskRetryCount", lambda count: str(count) if count else count),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "jobs.add.constraints-kept",
            "jobs.add.max-task-retry-count-unlimited-accepted",
            "jobs.patch.replaces-constraints",
            "jobs.patch.sets-constraints",
            "jobs.update.replaces-constraints",
            "jobs.update.sets-constraints",
        ),
    ),
    Defect(
        "job-no-action-none",
        "onAllTasksComplete noaction of a completed job is shown as none.",
        "schema",
        ("jobs.responses.enum-values",),
        "The word that the tasks have for it.",
        body(_JOB, _ended(_no_action)),
        consequences=(
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
        "job-writes-no-etag",
        "PUT of a job answers no ETag.",
        "headers",
        ("jobs.responses.etag-present",),
        "An ETag is for reads, thinks a framework.",
        no_header("PUT /jobs/{}", "ETag"),
    ),
    Defect(
        "job-writes-no-last-modified",
        "Enabling a job answers no Last-Modified.",
        "headers",
        ("jobs.responses.last-modified-present",),
        "It is for caches, and writes are not cached.",
        no_header(_ENABLE, "Last-Modified"),
    ),
    Defect(
        "job-location-relative",
        "The Location of a new job with an auto pool is a path without a host.",
        "headers",
        ("jobs.responses.location",),
        "Allowed by RFC 9110, and what frameworks do.",
        header("POST /jobs", "Location", _host_only, has_member(_AUTO)),
        consequences=("jobs.responses.data-service-id-is-location",),
    ),
    Defect(
        "job-data-service-id-collection",
        "The DataServiceId of a new job with a displayName is the URL of the collection.",
        "headers",
        ("jobs.responses.data-service-id-is-location",),
        "The URL of the request, as everywhere else.",
        header("POST /jobs", "DataServiceId", lambda url: url.rpartition("/")[0], has_member("displayName")),
    ),
    Defect(
        "job-writes-no-data-service-id",
        "PUT of a job answers no DataServiceId.",
        "headers",
        ("jobs.responses.data-service-id-present",),
        "A header that no client reads.",
        no_header("PUT /jobs/{}", "DataServiceId"),
    ),
    Defect(
        "job-data-service-id-query",
        "The DataServiceId of a job that is enabled has the query with it.",
        "headers",
        ("jobs.responses.data-service-id-is-request-url",),
        "The URL as the framework has it.",
        header(_ENABLE, "DataServiceId", lambda url: f"{url}?api-version=2022-01-01.15.0"),
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
            "protocol.secrets.absent",
        ),
    ),
)
