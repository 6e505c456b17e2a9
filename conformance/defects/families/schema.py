"""Bodies that are not of the documented shape."""

from __future__ import annotations

from conformance.defects.answers import member, no_member, null_when_absent, renamed
from conformance.defects.model import Defect
from conformance.defects.where import lacks

DEFECTS = (
    Defect(
        "job-priority-text",
        "A job shows its priority as text.",
        "schema",
        ("jobs.responses.types",),
        "Numbers come as text from a table store.",
        member("GET /jobs/{}", "priority", str),
        consequences=(
            "jobs.add.priority-*",
            "jobs.*.sets-priority",
            "jobs.update.resets-omitted-priority",
            "jobs.list.element-equals-get",
            "job-schedules.clock.job-as-specified",
            "job-schedules.jobs.element-equals-get",
            "job-schedules.*.reaches-next-job",
        ),
    ),
    Defect(
        "pool-without-creation-time",
        "A pool shows no creationTime.",
        "schema",
        ("pools.responses.always-shown",),
        "What nobody asks for is not kept.",
        no_member("GET /pools/{}", "creationTime"),
        consequences=(
            "pools.add.times-agree",
            "pools.list.element-equals-get",
            "pools.patch.keeps-identity-times",
            "pools.trace.identity",
        ),
    ),
    Defect(
        "task-state-unknown",
        "A task that has completed is shown as succeeded, a state that tasks do not have.",
        "schema",
        ("tasks.responses.enum-values",),
        "Other schedulers call it so.",
        member("GET /jobs/{}/tasks/{}", "state", lambda state: "succeeded" if state == "completed" else state),
        consequences=(
            "jobs.disable.terminate-ends-tasks",
            "jobs.disable.wait-lets-tasks-end",
            "jobs.manager.ends-running-tasks",
            "jobs.max-wall-clock-time.ends-running-tasks",
            "jobs.preparation.node-stays",
            "jobs.terminate.ends-running-tasks",
            "tasks.add.state-active",
            "tasks.dependencies.starts-after",
            "tasks.node-loss.terminated",
            "tasks.trace.actions-lead",
            "tasks.trace.states",
        ),
    ),
    Defect(
        "pool-null-start-task",
        "A pool without start task shows startTask: null.",
        "schema",
        ("protocol.body.no-null",),
        "JSON libraries write what is empty as null.",
        null_when_absent("GET /pools/{}", "startTask", lacks("$select")),
        consequences=("pools.list.element-equals-get",),
    ),
    Defect(
        "schedule-snake-case",
        "A job schedule shows last_modified instead of lastModified.",
        "schema",
        (
            "job-schedules.responses.no-unknown-property",
            "job-schedules.responses.always-shown",
            "job-schedules.add.times-equal",
        ),
        "Names of Python's attributes leak into JSON.",
        renamed("GET /jobschedules/{}", "lastModified", "last_modified"),
        consequences=(
            "job-schedules.list.element-equals-get",
            "job-schedules.patch.empty-body-changes-nothing",
        ),
    ),
)
