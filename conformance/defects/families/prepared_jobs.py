"""Preparation and release of jobs that do not happen, or happen otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.defects.answers import body, no_member
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import ABSENT
from conformance.defects.pretending import pretends
from conformance.defects.requests import heard
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ADD = "POST /jobs"
_STATUS = "GET /jobs/{}/jobpreparationandreleasetaskstatus"
_BEFORE, _AFTER = "jobPreparationTask", "jobReleaseTask"


def _acts(path: str, value: Any, default: Any = ABSENT) -> Maker:
    return pretends("/jobs", path, value, default)


def _as_reboot(asked: WireRequest) -> WireRequest:
    return replace(asked, path=f"{asked.path.rpartition('/')[0]}/reboot", body=b"{}")


def _spoils_node(service: Service) -> Lie:
    """As long as a job is active whose preparation failed on a pool, no new job gets a node of the pool."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(_ADD, asked) or answer.status != 201:
            return answer
        *others, job = service.store.all("job")
        pool = job["executionInfo"].get("poolId")
        failed = [one for one in others if _failed_on(one, pool)]
        if failed:
            job["executionInfo"]["poolId"] = "spoilt"
        return answer

    return lie


def _failed_on(job: Json, pool: object) -> bool:
    here = job["state"] == "active" and job["executionInfo"].get("poolId") == pool
    return here and any(done.get("result") == "failure" for done in job.get("_prepared", {}).values())


def _early(job: Json) -> None:
    if job.get("state") == "terminating" and _AFTER in job:
        job["state"] = "completed"


def _exit_zero(document: Json) -> None:
    for node in document["value"]:
        node.get("jobReleaseTaskExecutionInfo", {}).setdefault("exitCode", 0)


def _later(document: Json) -> None:
    for node in document["value"]:
        info = node.get("jobPreparationTaskExecutionInfo", {})
        if "endTime" in info:
            info["endTime"] = "2099-01-01T00:00:00Z"


DEFECTS = (
    Defect(
        "job-preparation-not-tried-again",
        "A preparation task that fails is not tried again.",
        "life-cycles",
        ("jobs.preparation.failure-retried",),
        "Retries are for tasks.",
        _acts(f"{_BEFORE}.constraints.maxTaskRetryCount", 0),
    ),
    Defect(
        "job-preparation-not-waited-for",
        "Tasks run where the preparation task has failed, whatever waitForSuccess says.",
        "life-cycles",
        ("jobs.preparation.failure-stops-tasks",),
        "A flag that is stored, and not read.",
        _acts(f"{_BEFORE}.waitForSuccess", False, True),
        consequences=("jobs.preparation.runs-first",),
    ),
    Defect(
        "job-preparation-always-waited-for",
        "No task runs where the preparation task has failed, whatever waitForSuccess says.",
        "life-cycles",
        ("jobs.preparation.failure-ignored",),
        "A flag that is stored, and not read.",
        _acts(f"{_BEFORE}.waitForSuccess", True),
    ),
    Defect(
        "job-preparation-spoils-node",
        "Where the preparation task of one job has failed, no task of another job runs.",
        "life-cycles",
        ("jobs.preparation.node-stays",),
        "As a start task that fails.",
        _spoils_node,
    ),
    Defect(
        "job-preparation-ends-late",
        "The end of a preparation task is told as far ahead.",
        "life-cycles",
        ("jobs.preparation.runs-first",),
        "The end of its retention taken for its own.",
        body(_STATUS, _later),
    ),
    Defect(
        "job-preparation-once",
        "The preparation task is not run again after a reboot.",
        "life-cycles",
        ("jobs.preparation.reruns-after-reboot",),
        "What has run on a node has run.",
        _acts(f"{_BEFORE}.rerunOnNodeRebootAfterSuccess", False, True),
    ),
    Defect(
        "job-preparation-after-each-reboot",
        "The preparation task is run again after each reboot, whatever rerunOnNodeRebootAfterSuccess says.",
        "life-cycles",
        ("jobs.preparation.rerun-declined",),
        "A node that was rebooted is a new one.",
        _acts(f"{_BEFORE}.rerunOnNodeRebootAfterSuccess", True),
    ),
    Defect(
        "node-reimage-reboots",
        "Reimaging a node reboots it.",
        "life-cycles",
        ("jobs.preparation.reruns-after-reimage",),
        "The nearest thing that an emulator has.",
        heard("POST /pools/{}/nodes/{}/reimage", _as_reboot),
        consequences=(
            "nodes.reimage.while-reimaging-refused",
            "nodes.responses.data-service-id-is-request-url",
        ),
    ),
    Defect(
        "job-release-untold",
        "The status of preparation and release tasks does not tell of release.",
        "schema",
        ("jobs.release.runs-at-end",),
        "The job is over, and with it the reports.",
        no_member(_STATUS, "value/*/jobReleaseTaskExecutionInfo"),
        consequences=(
            "jobs.common-environment.reaches-tasks",
            "jobs.release.before-completed",
        ),
    ),
    Defect(
        "job-release-not-waited-for",
        "A job with a release task is shown as completed while the task runs.",
        "life-cycles",
        ("jobs.release.before-completed",),
        "Cleaning up is done in the background.",
        body("GET /jobs/{}", _early),
        consequences=(
            "jobs.common-environment.reaches-tasks",
            "jobs.list.element-equals-get",
            "jobs.release.runs-at-end",
            "jobs.responses.state",
            "jobs.trace.state-times",
            "jobs.trace.states",
        ),
    ),
    Defect(
        "job-release-ends-well",
        "A release task whose time was over is shown with exit code 0.",
        "defaults",
        ("jobs.release.time-limit",),
        "A number that was not set is 0.",
        body(_STATUS, _exit_zero),
    ),
)
