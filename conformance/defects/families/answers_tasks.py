"""What answers about tasks say wrong in their status and their headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from conformance.defects.answers import REFUSED, body, header, no_header, status
from conformance.defects.combined import together
from conformance.defects.model import Defect
from conformance.defects.tasks import (
    ACTIONS,
    ADD,
    COLLECTION,
    DELETE,
    EVERY,
    REACTIVATE,
    READS,
    SUBTASKS,
    UPDATE,
    told_error,
)
from conformance.reference.wire import Json


def _no_task(document: Json) -> None:
    told_error(document, "TaskNotFound", "ResourceNotFound")


def _no_job(document: Json) -> None:
    told_error(document, "JobNotFound", "ResourceNotFound")


DEFECTS = (
    Defect(
        "task-add-200",
        "The addition of a task is answered 200.",
        "status",
        ("tasks.add.answers-201",),
        "The framework's default status.",
        status(ADD, 201, 200),
        consequences=("tasks.versions.coordination-command",),
    ),
    Defect(
        "task-collection-207",
        "A collection of tasks is answered 207.",
        "status",
        (
            "tasks.add-collection.answers-200",
            "tasks.add-collection.one",
        ),
        "Multi-status, as other protocols have it for many results.",
        status(COLLECTION, 200, 207),
        consequences=(
            "tasks.add-collection.dependencies-not-used",
            "tasks.add-collection.duplicates-inside",
            "tasks.add-collection.duplicates-inside-ignore-case",
            "tasks.add-collection.existing-ignores-case",
            "tasks.add-collection.hundred",
            "tasks.add-collection.partial-success",
            "tasks.add-collection.preparation-id",
        ),
    ),
    Defect(
        "task-update-204",
        "An update of a task is answered 204, and its deletion 202.",
        "status",
        ("tasks.update.answers-200", "tasks.delete.answers-200"),
        "Other APIs of the vendor answer so.",
        together(status(UPDATE, 200, 204), status(DELETE, 200, 202)),
        consequences=(
            "tasks.delete.completed-accepted",
            "tasks.run.delete-running",
        ),
    ),
    Defect(
        "task-reactivate-200",
        "A reactivation is answered 200.",
        "status",
        ("tasks.reactivate.answers-204",),
        "The framework's default status.",
        status(REACTIVATE, 204, 200),
        consequences=("tasks.versions.reactivate",),
    ),
    Defect(
        "task-reads-203",
        "Tasks are read with 203, and so are lists of tasks.",
        "status",
        (
            "tasks.get.answers-200",
            "tasks.list.answers-200",
        ),
        "A proxy that changes what passes through it says so.",
        status(READS, 200, 203),
        consequences=(
            "job-schedules.job.manager-created",
            "jobs.manager.task-created",
            "tasks.add-collection.one",
            "tasks.add.id-64-accepted",
            "tasks.add.id-charset-accepted",
            "tasks.add.readable",
            "tasks.get.expand-stats-accepted",
            "tasks.get.honours-conditions",
            "tasks.get.ignores-case",
            "tasks.list.expand-stats-accepted",
            "tasks.list.filter-and-pages",
            "tasks.list.maxresults-thousand-accepted",
            "tasks.list.pages",
        ),
    ),
    Defect(
        "subtasks-206",
        "A list of subtasks is answered 206.",
        "status",
        ("tasks.list-subtasks.answers-200",),
        "What has pages is partial content to some.",
        status(SUBTASKS, 200, 206),
    ),
    Defect(
        "task-write-without-etag",
        "Additions, updates and actions of tasks have no ETag.",
        "headers",
        ("tasks.responses.etag-present",),
        "Only reads know the row's tag.",
        no_header(f"{ADD}, {UPDATE}, {ACTIONS}", "ETag"),
    ),
    Defect(
        "task-without-last-modified",
        "No answer about a task has Last-Modified.",
        "headers",
        ("tasks.responses.last-modified-present",),
        "The ETag was thought to be enough.",
        no_header(EVERY, "Last-Modified"),
    ),
    Defect(
        "task-location-relative",
        "The Location of a new task is a path without host.",
        "headers",
        ("tasks.responses.location", "tasks.responses.data-service-id-is-location", "tasks.add.location-names-task"),
        "Frameworks build relative locations.",
        header(ADD, "Location", lambda url: urlsplit(url).path),
    ),
    Defect(
        "task-without-data-service-id",
        "Answers about tasks have no DataServiceId.",
        "headers",
        ("tasks.responses.data-service-id-present",),
        "A header of an old OData version that nobody seems to need.",
        no_header(EVERY, "DataServiceId"),
    ),
    Defect(
        "task-data-service-id-with-query",
        "The DataServiceId of updates and actions has the query of the request.",
        "headers",
        ("tasks.responses.data-service-id-is-request-url",),
        "The URL of the request taken as it came.",
        header(f"{UPDATE}, {ACTIONS}", "DataServiceId", lambda url: f"{url}?api-version=2022-01-01.15.0"),
    ),
    Defect(
        "task-not-found-generic",
        "A task that does not exist is answered with the code ResourceNotFound.",
        "error-codes",
        (
            "tasks.get.missing-refused",
            "tasks.update.missing-refused",
            "tasks.delete.missing-refused",
            "tasks.terminate.missing-refused",
            "tasks.reactivate.missing-refused",
            "tasks.subtasks.missing-refused",
            "tasks.get.task-of-other-job-refused",
            "tasks.delete.gone",
        ),
        "One code for all that is missing.",
        body(EVERY, _no_task, statuses=REFUSED),
        consequences=("tasks.run.delete-running",),
    ),
    Defect(
        "task-job-not-found-generic",
        "An operation on tasks of a job that does not exist is answered with the code ResourceNotFound.",
        "error-codes",
        (
            "tasks.add.missing-job-refused",
            "tasks.get.missing-job-refused",
            "tasks.update.missing-job-refused",
            "tasks.delete.missing-job-refused",
            "tasks.terminate.missing-job-refused",
            "tasks.reactivate.missing-job-refused",
            "tasks.subtasks.missing-job-refused",
            "tasks.list.missing-job-refused",
            "tasks.add-collection.missing-job-refused",
        ),
        "One code for all that is missing.",
        body(EVERY, _no_job, statuses=REFUSED),
        consequences=(
            "jobs.delete.tasks-gone",
            "tasks.get.missing-refused",
        ),
    ),
)
