"""What a new job tells of its beginning."""

from __future__ import annotations

from datetime import datetime, timedelta

from conformance.defects.answers import body, member, no_member
from conformance.defects.model import Defect
from conformance.reference.wire import Json

_JOB, _LIST = "GET /jobs/{}", "GET /jobs"
_READS = f"{_JOB}, {_LIST}"


def _hour_late(text: str) -> str:
    return f"{datetime.fromisoformat(text[:19]) + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}{text[19:]}"


def _without_state_before(document: Json) -> None:
    document.setdefault("previousState", None)


def _endless(document: Json) -> None:
    if "executionInfo" in document:
        document["executionInfo"].setdefault("endTime", "0001-01-01T00:00:00Z")


def _enabling(document: Json) -> None:
    if document.get("state") == "active" and "previousState" not in document:
        document["state"] = "enabling"


DEFECTS = (
    Defect(
        "job-new-enabling",
        "A new job is enabling until something happens to it.",
        "life-cycles",
        ("jobs.add.state-active", "jobs.trace.states"),
        "The first value of the enumeration that is not an end.",
        body(_JOB, _enabling),
        consequences=(
            "job-schedules.clock.active-job-outlives-end",
            "job-schedules.jobs.element-equals-get",
            "jobs.list.element-equals-get",
            "jobs.list.selects",
            "jobs.manager.leaves-job",
            "jobs.on-all-tasks-complete.noaction-goes-on",
            "jobs.responses.state",
            "jobs.trace.previous-state",
            "jobs.trace.state-times",
            "tasks.exit-conditions.default-not-named",
            "tasks.exit-conditions.range-outside",
        ),
    ),
    Defect(
        "job-previous-state-null",
        "A job in its first state shows null as the one before.",
        "schema",
        ("jobs.add.no-previous-state",),
        "Serializers that write members without a value.",
        body(_JOB, _without_state_before),
        consequences=(
            "job-schedules.jobs.element-equals-get",
            "jobs.get.selects",
            "jobs.list.element-equals-get",
            "protocol.body.no-null",
            "protocol.select.only-selected",
        ),
    ),
    Defect(
        "job-end-time-zero",
        "A job that has not ended has ended at the beginning of time.",
        "defaults",
        ("jobs.add.no-end",),
        "The default of DateTime in .NET.",
        body(_JOB, _endless),
        consequences=(
            "jobs.list.element-equals-get",
            "jobs.responses.state",
            "protocol.consistency.times",
        ),
    ),
    Defect(
        "job-created-late",
        "The creation time of a job is told an hour late.",
        "schema",
        ("jobs.add.times-in-order",),
        "Local time with a Z behind it.",
        member(_JOB, "creationTime", _hour_late),
        consequences=(
            "job-schedules.clock.first-job-at-once",
            "jobs.list.element-equals-get",
            "jobs.patch.keeps-identity-times",
            "jobs.trace.identity",
            "protocol.consistency.times",
        ),
    ),
    Defect(
        "job-no-start-time",
        "The executionInfo of a job does not tell when it started.",
        "schema",
        ("jobs.add.start-time", "jobs.responses.required-present"),
        "It is written when the first task runs.",
        no_member(_READS, "executionInfo/startTime"),
        consequences=(
            "jobs.list.element-equals-get",
            "jobs.responses.required-present",
            "jobs.terminate.end-time",
            "jobs.trace.identity",
            "jobs.trace.reads-agree",
        ),
    ),
    Defect(
        "job-execution-pool-upper",
        "The executionInfo of a job names its pool in upper case.",
        "schema",
        ("jobs.add.execution-pool",),
        "Keys that compare without case are stored in upper case.",
        member(_JOB, "executionInfo/poolId", str.upper),
        consequences=(
            "job-schedules.auto-pool.prefix",
            "jobs.auto-pool.prefix",
            "jobs.auto-pool.prefix-20-accepted",
            "jobs.list.element-equals-get",
        ),
    ),
)
