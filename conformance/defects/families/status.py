"""Another status than the documented one."""

from __future__ import annotations

from conformance.defects.answers import status
from conformance.defects.model import Defect

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
        status("POST /jobs", 409, 400),
    ),
)
