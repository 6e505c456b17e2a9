"""Services that take the tasks that a job brings as they come."""

from __future__ import annotations

from conformance.defects.leniency import lenient, stub
from conformance.defects.model import Defect

_ADD = "POST /jobs"
_MISSING, _INVALID = "MissingRequiredProperty", "InvalidPropertyValue"

_PARTS = ("outputFiles", "applicationPackageReferences", "resourceFiles", "userIdentity")

DEFECTS = (
    Defect(
        "jobs-manager-parts-opaque",
        "Files, output files, packages and user of a job manager are stored as they come.",
        "schema",
        (
            "jobs.add.manager-file-path-required",
            "jobs.add.manager-file-source-required",
            "jobs.add.manager-output-container-url-required",
            "jobs.add.manager-output-destination-required",
            "jobs.add.manager-output-options-required",
            "jobs.add.manager-output-pattern-required",
            "jobs.add.manager-package-application-required",
            "jobs.add.manager-user-exclusive",
            "jobs.add.manager-user-needs-one",
        ),
        "What an emulator does not carry out, it does not read.",
        stub(_ADD, 201, properties=tuple(f"jobManagerTask.{part}.*" for part in _PARTS)),
        consequences=(
            "jobs.add.manager-output-condition-unknown-refused",
            "jobs.trace.found",
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
            "protocol.errors.property-combination",
        ),
    ),
    Defect(
        "jobs-tasks-nothing-required",
        "The tasks that a job brings need neither an id nor a command line.",
        "schema",
        (
            "jobs.add.manager-id-required",
            "jobs.add.manager-command-required",
            "jobs.add.preparation-command-required",
            "jobs.add.release-command-required",
        ),
        "Only the outermost object is validated.",
        stub(_ADD, 201, _MISSING, properties=("job*Task.id", "job*Task.commandLine")),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.missing-nested-property",
        ),
    ),
    Defect(
        "jobs-task-ids-unchecked",
        "The ids of the tasks that a job brings may have any length and any characters.",
        "limits",
        (
            "jobs.add.manager-id-65-refused",
            "jobs.add.manager-id-charset-refused",
            "jobs.add.preparation-id-65-refused",
            "jobs.add.preparation-id-charset-refused",
            "jobs.add.release-id-65-refused",
            "jobs.add.release-id-charset-refused",
        ),
        "The rule stands with the tasks, and these are made elsewhere.",
        stub(_ADD, 201, _INVALID, properties=("job*Task.id",)),
        consequences=(
            "jobs.trace.found",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "jobs-task-relations-unchecked",
        "The tasks that a job brings are checked one by one, and not against each other.",
        "schema",
        ("jobs.add.task-ids-differ", "jobs.add.release-needs-preparation"),
        "Rules between two members do not fit into a schema.",
        stub(_ADD, 201, "TaskIdSame*", _INVALID, properties=("", "jobReleaseTask")),
        consequences=("jobs.trace.found",),
    ),
    Defect(
        "jobs-release-time-unlimited",
        "A release task may take longer than 15 minutes.",
        "limits",
        ("jobs.add.release-time-limit-above-refused",),
        "A limit that is only in the description.",
        lenient(_ADD, "jobReleaseTask.maxWallClockTime", kept=True),
        consequences=("protocol.errors.outside-limits",),
    ),
)
