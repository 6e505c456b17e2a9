"""Tasks that do not come back as they were sent, and defaults that are not the documented ones."""

from __future__ import annotations

from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, created
from conformance.defects.tasks import ADD, inside, shown
from conformance.reference.wire import Json

_OLD = "2016-07-01.3.1"


def _reversed(task: Json) -> None:
    task["environmentSettings"] = task["environmentSettings"][::-1]


def _last_range(changed: Changed) -> None:
    ranges = changed.now.get("dependsOn", {}).get("taskIdRanges")
    if ranges:
        changed.now["dependsOn"]["taskIdRanges"] = ranges[:1]


def _relative(file: Json) -> None:
    if "filePath" in file:
        file["filePath"] = f"wd/{file['filePath']}"


DEFECTS = (
    Defect(
        "task-environment-reversed",
        "The environment settings of a task come back the other way round.",
        "schema",
        ("tasks.add.environment-kept",),
        "Each is put before the ones that are there.",
        shown(lambda task: _reversed(task) if "environmentSettings" in task else None),
        consequences=("tasks.add-collection.kept",),
    ),
    Defect(
        "task-unfinished-dropped",
        "Containers, tokens, packages and output files of a task are not kept.",
        "schema",
        (
            "tasks.add.container-settings-kept",
            "tasks.add.authentication-token-kept",
            "tasks.add.packages-kept",
            "tasks.add.output-files-kept",
        ),
        "What an emulator cannot do it does not read.",
        deaf_to_member(ADD, "containerSettings", "authenticationTokenSettings", "applicationPackageReferences", "outputFiles"),
        consequences=(
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
            "protocol.errors.unknown-nested-property",
            "protocol.errors.unknown-property",
            "tasks.add.container-image-required",
            "tasks.add.output-condition-unknown-refused",
            "tasks.add.output-container-url-required",
            "tasks.add.output-destination-required",
            "tasks.add.output-options-required",
            "tasks.add.output-pattern-required",
            "tasks.add.package-application-required",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.versions.application-packages",
            "tasks.versions.authentication-token",
            "tasks.versions.container-settings",
            "tasks.versions.output-files",
            "tasks.versions.working-directory",
        ),
    ),
    Defect(
        "task-placement-dropped",
        "Affinity, slots, instances and exit conditions of a task are not kept.",
        "schema",
        (
            "tasks.add.affinity-kept",
            "tasks.add.required-slots-kept",
            "tasks.add.multi-instance-kept",
            "tasks.add.exit-conditions-kept",
            "tasks.run.slots-limit",
            "tasks.exit-conditions.code",
            "tasks.exit-conditions.range-inclusive",
            "tasks.exit-conditions.default-others",
            "tasks.exit-conditions.zero-named",
            "tasks.dependencies.block",
            "tasks.dependencies.satisfy",
        ),
        "An emulator without nodes has no use for them.",
        deaf_to_member(ADD, "affinityInfo", "requiredSlots", "multiInstanceSettings", "exitConditions"),
        consequences=(
            "jobs.on-task-failure.disables",
            "jobs.on-task-failure.none-goes-on",
            "jobs.task-counts.slots",
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
            "protocol.errors.outside-limits",
            "protocol.errors.unknown-nested-property",
            "protocol.errors.unknown-property",
            "tasks.add.affinity-id-required",
            "tasks.add.coordination-required",
            "tasks.add.dependency-action-unknown-refused",
            "tasks.add.exit-code-required",
            "tasks.add.exit-options-required",
            "tasks.add.exit-range-bounds-required",
            "tasks.add.instances-default",
            "tasks.add.job-action-unknown-refused",
            "tasks.add.job-action-without-task-failure-refused",
            "tasks.add.required-slots-zero-refused",
            "tasks.exit-conditions.default-not-named",
            "tasks.exit-conditions.range-outside",
            "tasks.multi-instance.subtasks",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.versions.coordination-command",
            "tasks.versions.dependency-action",
            "tasks.versions.exit-conditions",
            "tasks.versions.file-upload-error",
            "tasks.versions.pre-processing-error",
            "tasks.versions.required-slots",
        ),
    ),
    Defect(
        "task-dependencies-dropped",
        "What a task depends on is not kept, and it does not wait for it.",
        "schema",
        (
            "tasks.add.depends-on-ids-kept",
            "tasks.add.depends-on-ranges-kept",
            "tasks.dependencies.waits",
            "tasks.dependencies.all-of-them",
            "tasks.dependencies.failure-blocks",
            "tasks.dependencies.range",
            "tasks.dependencies.absent-blocks",
            "tasks.dependencies.satisfy-other-code",
            "tasks.dependencies.starts-after",
        ),
        "An emulator runs what it gets.",
        deaf_to_member(ADD, "dependsOn"),
        consequences=(
            "protocol.errors.missing-nested-property",
            "tasks.add.depends-list-inside-accepted",
            "tasks.add.depends-list-outside-refused",
            "tasks.add.depends-without-permission-refused",
            "tasks.add.range-end-required",
            "tasks.add.range-start-required",
            "tasks.dependencies.block",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-user-dropped",
        "The user of a task is not kept.",
        "schema",
        ("tasks.add.user-identity-kept", "tasks.add.user-name-kept"),
        "An emulator has one user.",
        deaf_to_member(ADD, "userIdentity"),
        consequences=(
            "protocol.errors.property-combination",
            "protocol.errors.unknown-property",
            "tasks.add.user-exclusive",
            "tasks.add.user-needs-one",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.versions.run-elevated-shown",
            "tasks.versions.user-identity",
        ),
    ),
    Defect(
        "task-elevation-dropped",
        "The runElevated of a task is not kept.",
        "schema",
        ("tasks.add.run-elevated-kept",),
        "An emulator has one user.",
        deaf_to_member(ADD, "runElevated"),
        at=_OLD,
        consequences=(
            "protocol.errors.unknown-property",
            "tasks.trace.sent-shown",
            "tasks.versions.run-elevated",
            "tasks.versions.run-elevated-shown",
        ),
    ),
    Defect(
        "task-file-path-moved",
        "The path of a resource file comes back below the working directory.",
        "schema",
        ("tasks.add.resource-files-kept",),
        "The path on the node is kept instead of the one that was sent.",
        shown(inside("resourceFiles", _relative)),
        consequences=(
            "tasks.add-collection.kept",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-ranges-one",
        "Of several ranges of ids that a task depends on the first is kept.",
        "schema",
        ("tasks.add.depends-on-ranges-kept",),
        "Nobody needs more than one.",
        created(ADD, _last_range),
        consequences=(
            "tasks.add.depends-on-ids-kept",
            "tasks.trace.sent-shown",
        ),
    ),
)
