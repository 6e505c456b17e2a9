"""Answers about jobs of another status, without headers that belong to them, or of another form."""

from __future__ import annotations

from conformance.defects.answers import body, header, member, no_header, no_member, renamed, status
from conformance.defects.model import Defect
from conformance.reference.wire import Json

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"
_ACTIONS = "POST /jobs/{}/disable, POST /jobs/{}/enable, POST /jobs/{}/terminate, DELETE /jobs/{}"
_CHANGES = "PATCH|PUT /jobs/{}"
_WRITES = f"POST /jobs, {_CHANGES}, POST /jobs/{{}}/disable, POST /jobs/{{}}/enable, POST /jobs/{{}}/terminate"
_COUNTS = "GET /jobs/{}/taskcounts"
_STATUS, _STATISTICS, _OF_SCHEDULE = (
    "GET /jobs/{}/jobpreparationandreleasetaskstatus",
    "GET /lifetimejobstats",
    "GET /jobschedules/{}/jobs",
)
_CLOCK = {"PT12H": "12:00:00", "P10675199DT2H48M5.4775807S": "10675199.02:48:05.4775807"}


def _clocked(constraints: Json) -> Json:
    return {name: _CLOCK.get(value, value) if isinstance(value, str) else value for name, value in constraints.items()}


def _host_only(url: str) -> str:
    return "/" + url.split("//", 1)[-1].partition("/")[2]


def _tells_twice(document: Json) -> None:
    document["status"] = document.get("state")


DEFECTS = (
    Defect(
        "job-add-200",
        "POST of a job answers 200 instead of 201.",
        "status",
        ("jobs.add.answers-201",),
        "Frameworks answer 200 unless told otherwise.",
        status("POST /jobs", 201, 200),
    ),
    Defect(
        "job-actions-204",
        "Deleting, disabling, enabling and terminating a job answer 204 instead of 202.",
        "status",
        (
            "jobs.delete.answers-202",
            "jobs.disable.answers-202",
            "jobs.enable.answers-202",
            "jobs.terminate.answers-202",
        ),
        "No content, says a framework of an answer without a body.",
        status(_ACTIONS, 202, 204),
        consequences=(
            "jobs.disable.honours-conditions",
            "jobs.disable.terminate-ends-disabled",
            "jobs.enable.honours-conditions",
            "jobs.terminate.body-optional",
            "jobs.terminate.honours-conditions",
        ),
    ),
    Defect(
        "job-changes-204",
        "PATCH and PUT of a job answer 204 instead of 200.",
        "status",
        ("jobs.patch.answers-200", "jobs.update.answers-200"),
        "No content, says a framework of an answer without a body.",
        status(_CHANGES, 200, 204),
        consequences=(
            "jobs.auto-pool.keep-alive-updated",
            "jobs.patch.empty-body-changes-nothing",
            "jobs.patch.honours-conditions",
            "jobs.patch.id-ignores-case",
            "jobs.patch.pool-of-disabled-set",
            "jobs.patch.sets-allow-task-preemption",
            "jobs.patch.sets-constraints",
            "jobs.patch.sets-max-parallel-tasks",
            "jobs.patch.sets-on-all-tasks-complete",
            "jobs.patch.sets-priority",
            "jobs.update.honours-conditions",
            "jobs.update.pool-of-disabled-set",
            "jobs.update.same-pool-accepted",
            "jobs.update.sets-allow-task-preemption",
            "jobs.update.sets-constraints",
            "jobs.update.sets-max-parallel-tasks",
            "jobs.update.sets-metadata",
            "jobs.update.sets-on-all-tasks-complete",
            "jobs.update.sets-priority",
        ),
    ),
    Defect(
        "job-reads-203",
        "Reads of a job and of the list of jobs answer 203 instead of 200.",
        "status",
        ("jobs.get.answers-200", "jobs.list.answers-200"),
        "A proxy that transforms what it passes on says so.",
        status(_READS, 200, 203),
        consequences=("job-schedules.terminate.keeps-jobs",),
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
        "A job shows its state a second time, under the name that it had in a draft.",
        "schema",
        ("jobs.responses.no-unknown-property",),
        "A member for an old client that was never taken away.",
        body(_JOB, _tells_twice),
        consequences=(
            "jobs.get.selects",
            "protocol.select.only-selected",
        ),
    ),
    Defect(
        "job-pool-info-untold",
        "A job shows no poolInfo, but the id of its pool at the top.",
        "schema",
        ("jobs.responses.always-shown",),
        "Flattened, because most jobs name a pool.",
        no_member(_READS, "poolInfo"),
        consequences=(
            "jobs.add.pool-info-kept",
            "jobs.get.selects",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-retry-count-text",
        "maxTaskRetryCount of a job is told as a text.",
        "schema",
        ("jobs.responses.types",),
        "Numbers from a table store.",
        member(_JOB, "constraints/maxTaskRetryCount", str),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "jobs.add.max-task-retry-count-default",
            "jobs.add.max-task-retry-count-unlimited-accepted",
        ),
    ),
    Defect(
        "job-no-action-none",
        "onAllTasksComplete noaction is shown as none.",
        "schema",
        ("jobs.responses.enum-values",),
        "The word that the tasks have for it.",
        member(_JOB, "onAllTasksComplete", lambda action: "none" if action == "noaction" else action),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.add.on-all-tasks-complete-default",
            "jobs.trace.defaults",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.writes-shown",
            "jobs.update.keeps-omitted-noaction",
        ),
    ),
    Defect(
        "job-durations-clock",
        "The durations of a job are told as hours, minutes and seconds with colons.",
        "schema",
        ("jobs.responses.durations",),
        "How .NET prints a TimeSpan.",
        member(_JOB, "constraints", _clocked),
        consequences=(
            "job-schedules.clock.job-as-specified",
            "job-schedules.jobs.element-equals-get",
            "jobs.add.constraints-kept",
            "jobs.add.max-wall-clock-time-default",
            "jobs.list.element-equals-get",
            "jobs.trace.defaults",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
            "jobs.update.clears-omitted-constraints",
        ),
    ),
    Defect(
        "job-id-number",
        "A job is shown with the id of its row.",
        "schema",
        ("jobs.responses.id",),
        "The key of the table instead of the name.",
        member(_JOB, "id", lambda name: f"{name}-1"),
        consequences=(
            "jobs.patch.keeps-identity-times",
            "jobs.trace.identity",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.sent-shown",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-url-of-pools",
        "The url of a job is that of a pool of its name.",
        "schema",
        ("jobs.responses.url",),
        "Copied from the pools.",
        member(_READS, "url", lambda url: url.replace("/jobs/", "/pools/")),
        consequences=(
            "jobs.patch.keeps-identity-times",
            "jobs.trace.identity",
        ),
    ),
    Defect(
        "job-writes-no-etag",
        "Writes of a job answer no ETag.",
        "headers",
        ("jobs.responses.etag-present",),
        "An ETag is for reads, thinks a framework.",
        no_header(_WRITES, "ETag"),
    ),
    Defect(
        "job-writes-no-last-modified",
        "Writes of a job answer no Last-Modified.",
        "headers",
        ("jobs.responses.last-modified-present",),
        "It is for caches, and writes are not cached.",
        no_header(_WRITES, "Last-Modified"),
    ),
    Defect(
        "job-location-relative",
        "The Location of a new job is a path without a host.",
        "headers",
        ("jobs.responses.location",),
        "Allowed by RFC 9110, and what frameworks do.",
        header("POST /jobs", "Location", _host_only),
        consequences=("jobs.responses.data-service-id-is-location",),
    ),
    Defect(
        "job-data-service-id-collection",
        "The DataServiceId of a new job is the URL of the collection.",
        "headers",
        ("jobs.responses.data-service-id-is-location",),
        "The URL of the request, as everywhere else.",
        header("POST /jobs", "DataServiceId", lambda url: url.rpartition("/")[0]),
    ),
    Defect(
        "job-writes-no-data-service-id",
        "Writes of a job answer no DataServiceId.",
        "headers",
        ("jobs.responses.data-service-id-present",),
        "A header that no client reads.",
        no_header(_WRITES, "DataServiceId"),
    ),
    Defect(
        "job-data-service-id-query",
        "The DataServiceId of a change or an action of a job has the query with it.",
        "headers",
        ("jobs.responses.data-service-id-is-request-url",),
        "The URL as the framework has it.",
        header(f"{_CHANGES}, {_ACTIONS}", "DataServiceId", lambda url: f"{url}?api-version=2022-01-01.15.0"),
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
