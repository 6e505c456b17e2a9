"""A report folder with failures, as a run's fuzzing leaves it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conformance.fuzz.failure import Failure, Violation
from conformance.fuzz.plan import Plan, Step
from conformance.fuzz.repro import write
from conformance.report import Fuzz, FuzzFailure, RunInfo, Suite, Target, build, write_atomic
from conformance.requirements import Catalogue

VERSION = "2022-01-01.15.0"
PROFILES = ["accounts", "jobs", "pools", "protocol", "tasks"]
LOCATION, ANSWERS, NO_SERVER_ERROR = (
    "jobs.responses.location",
    "protocol.robustness.answers",
    "protocol.robustness.no-server-error",
)
JOB = Step("Job_Add", "POST", "/jobs", body={"id": "<<job:1>>", "poolInfo": {"poolId": "none"}})
HANGS = Step("Job_List", "GET", "/jobs", query={"$expand": "stats"})
COLLECTION = Step("Task_AddCollection", "POST", "/jobs/<<job:1>>/addtaskcollection", content='{"value":[]}')
CHANGED = Step("Job_Patch", "PATCH", "/jobs/<<job:1>>", headers={"If-Match": "<<etag:0>>"}, body={"priority": 1})


def failure(name: str, requirement: str, *steps: Step, flaky: bool = False) -> Failure:
    violation = Violation(requirement, "MUST", "A title.", "a document", "a.rule", "it was wrong", "this", "that", 0)
    return Failure(name, violation, Plan("jobs", steps), (), {requirement: 1}, flaky=flaky)


def keep(folder: Path, *failures: Failure, fuzzed: bool = True, **target: Any) -> Path:
    """Written as a run does it; returns the folder."""
    judged = {"endpoint": "http://127.0.0.1:1", "api_version": VERSION, "auth": "none", "profiles": PROFILES}
    started = datetime(2026, 1, 1, tzinfo=UTC)
    run = RunInfo(
        suite=Suite(name="azure-batch-conformance", version="0"),
        target=Target(**{**judged, **target}),
        started=started,
        finished=started,
        exchanges=1,
        seed=3,
        fuzz=Fuzz(seed=3, sequences=1, requests=1, seconds=1, failures=[_record(one) for one in failures]) if fuzzed else None,
    )
    write_atomic(folder, build({}, Catalogue({}, ()), run, scrub=str))
    write(folder / "repro", failures)
    return folder


def _record(one: Failure) -> FuzzFailure:
    told = {"requirement": one.violation.requirement, "level": "MUST", "by": "a.rule", "message": "it was wrong", "count": 1}
    more = {"steps": len(one.plan.steps), "shrunk": True, "flaky": one.flaky, "requirements": one.requirements, "operations": {}}
    return FuzzFailure.model_validate({"id": one.id, **told, **more})
