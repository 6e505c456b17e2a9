"""What is told of the preparation and release tasks of a job, and of all jobs."""

from __future__ import annotations

import json
from dataclasses import replace

from conformance.defects.answers import answered, body, no_member, status
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.where import fits, lacks
from conformance.reference.problem import BatchProblem
from conformance.reference.rendering import common_headers, failure
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_STATISTICS = "GET /lifetimejobstats"
_STATUS = "GET /jobs/{}/jobpreparationandreleasetaskstatus"
_BEFORE, _AFTER = "value/*/jobPreparationTaskExecutionInfo", "value/*/jobReleaseTaskExecutionInfo"


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
            "protocol.errors.metadata",
        ),
    ),
)
