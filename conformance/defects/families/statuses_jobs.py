"""Answers about jobs of another status."""

from __future__ import annotations

from conformance.defects.answers import status
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.where import has

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"
_ACTIONS = "POST /jobs/{}/disable, POST /jobs/{}/enable, POST /jobs/{}/terminate"
_CHANGES = "PATCH|PUT /jobs/{}"
_AUTO = "poolInfo.autoPoolSpecification"
_COUNTS = "GET /jobs/{}/taskcounts"
_STATUS, _STATISTICS, _OF_SCHEDULE = (
    "GET /jobs/{}/jobpreparationandreleasetaskstatus",
    "GET /lifetimejobstats",
    "GET /jobschedules/{}/jobs",
)


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
        "Disabling, enabling and terminating a job answer 204 instead of 202.",
        "status",
        (
            "jobs.disable.answers-202",
            "jobs.enable.answers-202",
            "jobs.terminate.answers-202",
        ),
        "No content, says a framework of an answer without a body.",
        status(_ACTIONS, 202, 204),
        consequences=(
            "jobs.disable.honours-conditions",
            "jobs.disable.terminate-ends-disabled",
            "jobs.disable.wait-ends-disabled",
            "jobs.enable.honours-conditions",
            "jobs.terminate.body-optional",
            "jobs.terminate.honours-conditions",
        ),
    ),
    Defect(
        "job-delete-if-match-204",
        "Deleting a job with If-Match answers 204 instead of 202.",
        "status",
        ("jobs.delete.answers-202",),
        "No content, says a framework of an answer without a body.",
        status("DELETE /jobs/{}", 202, 204, lambda asked: asked.header("If-Match") is not None),
        consequences=("jobs.delete.honours-conditions",),
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
)
