"""Services that take jobs as they come: what is required, limited or excluded is not looked at."""

from __future__ import annotations

from conformance.defects.leniency import has_member, lenient, stub
from conformance.defects.model import Defect

_ADD, _CHANGE = "POST /jobs", "PATCH|PUT /jobs/{}"
_MISSING, _INVALID = "MissingRequiredProperty", "InvalidPropertyValue"
_AUTO = "poolInfo.autoPoolSpecification"

DEFECTS = (
    Defect(
        "jobs-constraints-unchecked",
        "The constraints of a new job may be anything; what is no constraint is as if it had not been sent.",
        "limits",
        ("jobs.add.max-wall-clock-time-malformed-refused", "jobs.add.max-task-retry-count-below-refused"),
        "A parser that gives nothing where it cannot parse, and nobody who asks why.",
        lenient(_ADD, "constraints.*"),
        consequences=(
            "protocol.errors.invalid-duration",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "jobs-display-name-unlimited",
        "A displayName in the body of a job may have any length.",
        "limits",
        (
            "jobs.add.display-name-1025-refused",
            "jobs.add.manager-display-name-1025-refused",
            "jobs.auto-pool.display-name-1025-refused",
        ),
        "A text column without limit.",
        lenient(_ADD, "displayName", "*.displayName", kept=True),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "jobs-parallel-tasks-zero",
        "A maxParallelTasks that no job may have is taken for -1.",
        "limits",
        (
            "jobs.add.max-parallel-tasks-zero-refused",
            "jobs.patch.max-parallel-tasks-zero-refused",
            "jobs.update.max-parallel-tasks-zero-refused",
        ),
        "Other schedulers write 0 for no limit.",
        lenient(f"{_ADD}, {_CHANGE}", "maxParallelTasks"),
        consequences=(
            "jobs.versions.max-parallel-tasks",
            "protocol.errors.outside-limits",
            "protocol.errors.unknown-property",
        ),
    ),
    Defect(
        "jobs-changed-priority-unlimited",
        "A change of a job may give it any priority.",
        "limits",
        ("jobs.patch.priority-outside-refused", "jobs.update.priority-outside-refused"),
        "The limit is checked where a job is made, and only there.",
        lenient(_CHANGE, "priority", kept=True),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "jobs-unknown-words",
        "A word that is not on offer is taken for the default.",
        "schema",
        (
            "jobs.add.on-all-tasks-complete-unknown-refused",
            "jobs.add.on-task-failure-unknown-refused",
            "jobs.add.manager-output-condition-unknown-refused",
            "jobs.auto-pool.lifetime-unknown-refused",
        ),
        "Enumerations that are read with a fallback.",
        stub(
            _ADD, 201, _INVALID, properties=("onAllTasksComplete", "onTaskFailure", "*.uploadCondition", "*.poolLifetimeOption")
        ),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.invalid-enum",
        ),
    ),
    Defect(
        "jobs-nothing-required",
        "A job needs neither an id nor a pool.",
        "schema",
        ("jobs.add.id-required", "jobs.add.pool-info-required", "jobs.add.pool-info-empty-refused"),
        "A model of which every member is optional.",
        stub(_ADD, 201, _MISSING, properties=("id", "poolInfo", "poolInfo.poolId*")),
        consequences=(
            "jobs.add.id-65-refused",
            "jobs.trace.found",
            "protocol.errors.missing-property",
            "protocol.errors.outside-limits",
            "protocol.errors.property-combination",
            "protocol.errors.wrong-type",
        ),
    ),
    Defect(
        "jobs-pairs-opaque",
        "Metadata and environment settings of a job may lack a name or a value.",
        "schema",
        (
            "jobs.add.common-environment-name-required",
            "jobs.add.metadata-item-needs-value",
            "jobs.add.metadata-empty-name-refused",
        ),
        "Kept as a dictionary, in which a missing key is a key like any other.",
        stub(_ADD, 201, _MISSING, "EmptyMetadataKey", properties=("", "metadata.*", "commonEnvironmentSettings.*")),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.missing-nested-property",
        ),
    ),
    Defect(
        "jobs-id-unchecked",
        "A job id may be empty, and have any length and any characters.",
        "limits",
        ("jobs.add.id-65-refused", "jobs.add.id-charset-refused", "jobs.add.id-empty-refused"),
        "Any text is a key of a dictionary.",
        stub(_ADD, 201, _INVALID, properties=("id",)),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "jobs-two-pools",
        "A job that names a pool and an auto pool is put on the pool.",
        "schema",
        ("jobs.add.pool-info-both-refused",),
        "The first branch that fits is taken.",
        lenient(_ADD, _AUTO, when=has_member("poolInfo.poolId")),
        consequences=("protocol.errors.property-combination",),
    ),
)
