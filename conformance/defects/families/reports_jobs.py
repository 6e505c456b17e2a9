"""What is told of the work of a job: counts of tasks, status of preparation and release, statistics."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from conformance.defects.answers import answered, body, no_member, status
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.requests import parameter
from conformance.defects.where import When, before, fits, lacks, since
from conformance.reference.problem import BatchProblem
from conformance.reference.rendering import common_headers, failure
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_COUNTS, _STATISTICS = "GET /jobs/{}/taskcounts", "GET /lifetimejobstats"
_STATUS = "GET /jobs/{}/jobpreparationandreleasetaskstatus"
_BEFORE, _AFTER = "value/*/jobPreparationTaskExecutionInfo", "value/*/jobReleaseTaskExecutionInfo"
_FIRST, _FLAT, _NESTED = "2017-06-01.5.1", "2018-08-01.7.0", "2020-09-01.12.0"
_NEW, _VALIDATED = "2022-01-01.15.0", "2018-03-01.6.1"


def _both(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """In tasks and in slots."""

    def edit(document: Json) -> None:
        for counts in (document.get("taskCounts", document), document.get("taskSlotCounts", {})):
            if counts:
                change(counts)

    return edit


def _running_counted_active(counts: Json) -> None:
    counts["active"], counts["running"] = counts["active"] + counts["running"], 0


def _active_counted_running(counts: Json) -> None:
    counts["running"], counts["active"] = counts["active"] + counts["running"], 0


def _all_succeeded(counts: Json) -> None:
    counts["succeeded"], counts["failed"] = counts["completed"], 0


def _nothing_null(counts: Json) -> None:
    if not any(counts.values()):
        counts.update(dict.fromkeys(counts, None))


def _slots_are_tasks(document: Json) -> None:
    if "taskCounts" in document:
        document["taskSlotCounts"] = dict(document["taskCounts"])


def _flattened(document: Json) -> None:
    document.update(document.pop("taskCounts", {}))
    document.pop("taskSlotCounts", None)


def _at(version: str, when: When) -> Maker:
    """Counts are told as at another api-version."""
    return parameter(_COUNTS, "api-version", lambda was: version, when)


def _between(first: str, last: str) -> When:
    return lambda asked: since(first)(asked) and before(last)(asked)


def _without_task(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    """An empty list instead of a refusal."""
    if b"JobPreparationTaskNotSpecified" not in answer.body:
        return answer
    return replace(answer, status=200, body=json.dumps({"odata.metadata": "", "value": []}).encode())


def _nowhere(service: Service) -> Lie:
    """A refusal instead of an empty list."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        whole = fits(_STATUS, asked) and answer.status == 200 and lacks("$filter")(asked)
        if not whole or json.loads(answer.body).get("value") != []:
            return answer
        now = service.settings.clock.now()
        problem = BatchProblem("JobPreparationTaskNotSpecified")
        return failure(problem, asked, common_headers(asked, service.store.guid(), now), now)

    return lie


def _updated_before(document: Json) -> None:
    document["lastUpdateTime"], document["startTime"] = document["startTime"], document["lastUpdateTime"]


DEFECTS = (
    Defect(
        "job-counts-flat",
        "Task counts stand in the answer itself, as in older versions.",
        "versions",
        ("jobs.task-counts.nested",),
        "Written from an older description.",
        body(_COUNTS, _flattened, since(_NESTED)),
        consequences=(
            "jobs.responses.no-unknown-property",
            "jobs.responses.required-present",
            "jobs.task-counts.slots",
            "jobs.versions.task-counts-result",
        ),
    ),
    Defect(
        "job-counts-nested-early",
        "Task counts are told as newer versions tell them.",
        "versions",
        ("jobs.task-counts.flat", "jobs.versions.task-counts-result"),
        "One form for every api-version, the newest.",
        _at(_NEW, _between(_FIRST, _NESTED)),
        at=_VALIDATED,
        consequences=(
            "jobs.responses.no-unknown-property",
            "jobs.responses.required-present",
        ),
    ),
    Defect(
        "job-counts-not-validated",
        "Task counts have no validationStatus.",
        "versions",
        ("jobs.task-counts.validation-status", "jobs.versions.validation-status"),
        "A member that newer versions have lost.",
        no_member(_COUNTS, "validationStatus"),
        at=_VALIDATED,
        consequences=("jobs.responses.required-present",),
    ),
    Defect(
        "job-counts-before-their-time",
        "The tasks of a job can be counted at every api-version.",
        "versions",
        ("jobs.versions.task-counts",),
        "Routes that do not know the api-version.",
        _at(_NEW, before(_FIRST)),
        consequences=("protocol.version.other-version-operation-refused",),
    ),
    Defect(
        "job-counts-null",
        "The counts of a job without tasks are null.",
        "schema",
        ("jobs.task-counts.empty",),
        "A sum over no rows in SQL.",
        body(_COUNTS, _both(_nothing_null)),
        consequences=("protocol.body.no-null",),
    ),
    Defect(
        "job-counts-active-running",
        "Tasks that wait are counted as running.",
        "life-cycles",
        ("jobs.task-counts.active",),
        "Everything that has not ended is running.",
        body(_COUNTS, _both(_active_counted_running)),
    ),
    Defect(
        "job-counts-running-active",
        "Tasks that run are counted as active.",
        "life-cycles",
        ("jobs.task-counts.running",),
        "Everything that has not ended is active.",
        body(_COUNTS, _both(_running_counted_active)),
    ),
    Defect(
        "job-counts-succeeded",
        "Every task that has ended is counted as succeeded.",
        "life-cycles",
        ("jobs.task-counts.completed",),
        "The exit code is not looked at.",
        body(_COUNTS, _both(_all_succeeded)),
    ),
    Defect(
        "job-counts-slots",
        "A task counts as one slot, whatever it requires.",
        "schema",
        ("jobs.task-counts.slots",),
        "The same numbers twice.",
        body(_COUNTS, _slots_are_tasks),
    ),
    Defect(
        "job-status-none-empty",
        "The status of preparation and release of a job that has no such tasks is an empty list.",
        "status",
        ("jobs.preparation-status.none-refused",),
        "There is nothing to list.",
        answered(_STATUS, _without_task),
        consequences=("protocol.body.metadata-present",),
    ),
    Defect(
        "job-status-nowhere-refused",
        "The status of preparation and release of a job that has run nowhere is refused.",
        "status",
        ("jobs.preparation-status.empty",),
        "There is nothing to tell.",
        _nowhere,
    ),
    Defect(
        "job-status-pool-unnamed",
        "The status of preparation and release tasks does not name the pool.",
        "schema",
        ("jobs.preparation-status.node-named",),
        "It is that of the job.",
        no_member(_STATUS, "value/*/poolId"),
    ),
    Defect(
        "job-status-exit-code-zero",
        "The status of a preparation task that went well has no exit code.",
        "schema",
        ("jobs.preparation-status.preparation-result",),
        "A number that is 0 is false in many languages.",
        no_member(_STATUS, f"{_BEFORE}/exitCode"),
        consequences=("jobs.common-environment.reaches-tasks",),
    ),
    Defect(
        "job-status-release-open",
        "The status of a release task that has ended shows no end.",
        "schema",
        ("jobs.preparation-status.release-result",),
        "Nobody is left to write it down.",
        no_member(_STATUS, f"{_AFTER}/endTime"),
    ),
    Defect(
        "job-statistics-backward",
        "The statistics of all jobs were updated before they began.",
        "schema",
        ("jobs.lifetime-statistics.times-in-order",),
        "Two members mistaken for one another.",
        body(_STATISTICS, _updated_before),
    ),
    Defect(
        "job-statistics-404",
        "The statistics of all jobs are not found.",
        "status",
        ("jobs.lifetime-statistics.shown",),
        "Newer versions have them no more.",
        status(_STATISTICS, 200, 404),
        consequences=(
            "protocol.errors.code",
            "protocol.errors.members",
            "protocol.errors.message",
        ),
    ),
)
