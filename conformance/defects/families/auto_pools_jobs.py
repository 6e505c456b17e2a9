"""Auto pools of jobs that are not made, are others than was said, or are told otherwise."""

from __future__ import annotations

from conformance.defects.answers import body, member
from conformance.defects.combined import acts_by
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.paths import ABSENT, at, put
from conformance.defects.stored import Changed, created
from conformance.defects.unsaid import shows_unsaid
from conformance.reference.wire import Json

_ADD, _JOB = "POST /jobs", "GET /jobs/{}"
_AUTO = "poolInfo.autoPoolSpecification"
_IS_AUTO = has_member(f"{_AUTO}.pool")
_PREFIX = f"{_AUTO}.autoPoolIdPrefix"
_TASKS = ("jobManagerTask.constraints", "jobPreparationTask.constraints", "jobReleaseTask")


def _not_made(changed: Changed) -> None:
    changed.store.remove("pool", str(changed.now["executionInfo"].get("poolId")))


def _shares(changed: Changed) -> None:
    """With the first job that has the same prefix."""
    for job in changed.store.all("job"):
        alike = at(job, _PREFIX) == at(changed.now, _PREFIX) is not ABSENT and job["state"] == "active"
        if alike and job is not changed.now and at(job, f"{_AUTO}.pool.displayName") is not ABSENT:
            changed.now["executionInfo"] = {**changed.now["executionInfo"], "poolId": job["executionInfo"]["poolId"]}


def _without_prefix(heard: Json, now: int) -> None:
    put(heard, _PREFIX, ABSENT)


def _plainer(heard: Json, now: int) -> None:
    put(heard, f"{_AUTO}.pool.displayName", ABSENT)


def _forgets_metadata(changed: Changed) -> None:
    put(changed.now, f"{_AUTO}.pool.metadata", ABSENT)


def _names_pool(job: Json) -> None:
    if at(job, _AUTO) is not ABSENT:
        put(job, "poolInfo.poolId", at(job, "executionInfo.poolId"))


DEFECTS = (
    Defect(
        "job-auto-pool-not-made",
        "A job with an auto pool names a pool that is not there.",
        "life-cycles",
        ("jobs.auto-pool.created",),
        "What an emulator does not carry out, it makes a name for.",
        created(_ADD, _not_made, _IS_AUTO),
        consequences=(
            "jobs.auto-pool.keep-alive-updated",
            "jobs.auto-pool.kept-alive",
        ),
    ),
    Defect(
        "job-auto-pool-shared",
        "Jobs with auto pools of one prefix run on one pool.",
        "life-cycles",
        ("jobs.auto-pool.unique",),
        "The prefix taken for the id.",
        created(_ADD, _shares, _IS_AUTO),
    ),
    Defect(
        "job-auto-pool-prefix-lost",
        "The id of an auto pool has nothing of the prefix.",
        "schema",
        ("jobs.auto-pool.prefix",),
        "A new id is a new id.",
        acts_by(_ADD, _without_prefix, _PREFIX, when=has_member(_PREFIX)),
        consequences=(
            "jobs.auto-pool.prefix-20-accepted",
            "jobs.auto-pool.prefix-21-refused",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "job-auto-pool-plainer",
        "An auto pool has no displayName, whatever its specification says.",
        "schema",
        ("jobs.auto-pool.as-specified",),
        "The pool is made by hand from the members that its author knew.",
        acts_by(_ADD, _plainer, f"{_AUTO}.pool.displayName", when=has_member(f"{_AUTO}.pool.displayName")),
        consequences=(
            "jobs.auto-pool.display-name-1025-refused",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "job-auto-pool-metadata-lost",
        "A job shows its auto pool without the metadata that it has.",
        "schema",
        ("jobs.auto-pool.specification-kept",),
        "Only the first levels are stored.",
        created(_ADD, _forgets_metadata, has_member(f"{_AUTO}.pool.metadata")),
        consequences=(
            "jobs.add.pool-info-kept",
            "jobs.trace.sent-shown",
        ),
    ),
    Defect(
        "job-auto-pool-told-as-pool",
        "The poolInfo of a job with an auto pool names the pool beside its specification.",
        "schema",
        ("jobs.auto-pool.pool-id-not-shown",),
        "Every job has a pool, so every job shows one.",
        body(_JOB, _names_pool),
        consequences=("jobs.trace.list-agrees",),
    ),
    Defect(
        "job-auto-pool-kept-by-default",
        "A job shows its auto pool as one that is to be kept.",
        "defaults",
        ("jobs.auto-pool.keep-alive-default",),
        "Deleting is left to the client.",
        member(_JOB, "poolInfo/autoPoolSpecification/keepAlive", True),
        consequences=(
            "job-schedules.auto-pool.own-copy",
            "jobs.trace.defaults",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-auto-pool-four-slots",
        "A job shows four task slots for each node of its auto pool.",
        "defaults",
        ("jobs.auto-pool.defaults",),
        "As many as the nodes have processors.",
        member(_JOB, "poolInfo/autoPoolSpecification/pool/taskSlotsPerNode", 4),
        consequences=(
            "jobs.trace.defaults",
            "jobs.trace.list-agrees",
            "jobs.trace.reads-agree",
            "jobs.trace.writes-shown",
        ),
    ),
    Defect(
        "job-tasks-retention-week-early",
        "The retention time of the tasks that a job brings is a week at every api-version.",
        "versions",
        ("jobs.add.task-retention-default-old",),
        "The default of the newest version.",
        shows_unsaid("/jobs", {f"{task}.retentionTime": "P7D" for task in _TASKS}),
        at="2018-03-01.6.1",
        consequences=(
            "jobs.trace.defaults",
            "jobs.trace.writes-shown",
        ),
    ),
)
