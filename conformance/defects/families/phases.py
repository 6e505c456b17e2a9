"""Jobs, schedules and tasks that show what does not belong to the state that they show."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.schedules import GET as SCHEDULE
from conformance.defects.tasks import shown
from conformance.reference.wire import Json


def _end(state: str, resource: Json) -> None:
    """Who is in that state shows that it ended when it came there."""
    if resource.get("state") == state and "executionInfo" in resource:
        resource["executionInfo"]["endTime"] = resource["stateTransitionTime"]


DEFECTS = (
    Defect(
        "job-terminating-with-end",
        "A job that is still terminating shows an end.",
        "life-cycles",
        ("jobs.responses.state",),
        "The end is written where termination is asked for, not where it is done.",
        shown(lambda job: _end("terminating", job), where="GET /jobs/{}"),
    ),
    Defect(
        "schedule-disabled-with-end",
        "A job schedule that is disabled shows an end.",
        "life-cycles",
        ("job-schedules.responses.state",),
        "Whatever is not active is taken as over.",
        shown(lambda schedule: _end("disabled", schedule), where=f"{SCHEDULE}, GET /jobschedules"),
    ),
    Defect(
        "task-running-with-end",
        "A task that is running shows an end.",
        "life-cycles",
        ("tasks.responses.state",),
        "A table of runs has no empty times: the end begins as the start.",
        shown(lambda task: _end("running", task)),
        consequences=("tasks.run.running-start",),
    ),
)
