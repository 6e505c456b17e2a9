"""Failures such as fuzzing keeps."""

from __future__ import annotations

from typing import Any

from conformance.exchange import Exchange, Headers, Request, Response
from conformance.fuzz.failure import Failure, Violation
from conformance.fuzz.plan import Plan, Step

LOCATION = "jobs.responses.location"
ANSWERS = "protocol.robustness.answers"
JOB = Step("Job_Add", "POST", "/jobs", body={"id": "<<job:1>>", "poolInfo": {"poolId": "none"}})
COLLECTION = Step("Task_AddCollection", "POST", "/jobs/<<job:1>>/addtaskcollection", body={"value": []})


def failure(name: str, requirement: str, *steps: Step, family: str = "jobs", flaky: bool = False, **more: Any) -> Failure:
    told = {"level": "MUST", "title": "A title.", "source": "a document", "by": "a.rule", "message": "it is wrong"}
    violation = Violation(**{"requirement": requirement, **told, "expected": "this", "actual": "that", "index": 0, **more})
    return Failure(
        name, violation, Plan(family, steps), (), {requirement: 1}, {steps[0].operation: 1} if steps else {}, flaky=flaky
    )


def asked(method: str, url: str, body: bytes = b"", status: int = 201, **headers: str) -> Exchange:
    return Exchange(Request(method, url, Headers(headers), body), Response(status))
