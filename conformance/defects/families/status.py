"""Another status than the documented one."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import answered, status
from conformance.defects.model import Defect
from conformance.reference.wire import WireAnswer, WireRequest


def _bad_request(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
    return replace(answer, status=400) if b'"JobExists"' in answer.body else answer


DEFECTS = (
    Defect(
        "pool-delete-200",
        "DELETE of a pool answers 200 instead of 202.",
        "status",
        ("pools.delete.answers-202",),
        "Frameworks answer 200 unless told otherwise.",
        status("DELETE /pools/{}", 202, 200),
        panel=True,
    ),
    Defect(
        "job-schedule-add-200",
        "POST of a job schedule answers 200 instead of 201.",
        "status",
        ("job-schedules.add.answers-201",),
        "Frameworks answer 200 unless told otherwise.",
        status("POST /jobschedules", 201, 200),
        panel=True,
    ),
    Defect(
        "task-terminate-202",
        "Terminating a task answers 202, as terminating a job does, instead of 204.",
        "status",
        ("tasks.terminate.answers-204",),
        "Terminating a job is answered 202: the two are easily taken for one another.",
        status("POST /jobs/{}/tasks/{}/terminate", 204, 202),
    ),
    Defect(
        "job-exists-400",
        "A job that exists already is refused with 400 instead of 409.",
        "status",
        ("jobs.add.duplicate-refused", "protocol.errors.code-status"),
        "Everything that is refused is a bad request, says a lazy shortcut.",
        answered("POST /jobs", _bad_request),
        consequences=(
            "jobs.add.duplicate-ignores-case",
            "jobs.add.same-id-as-schedule-refused",
        ),
    ),
)
