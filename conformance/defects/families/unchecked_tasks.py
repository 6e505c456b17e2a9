"""Tasks that are taken although they break a rule, and such as are refused although they keep it."""

from __future__ import annotations

from conformance.defects.leniency import lenient, stub
from conformance.defects.model import Defect
from conformance.defects.tasks import ADD, UPDATE

_INVALID, _MISSING = "InvalidPropertyValue", "MissingRequiredProperty"

DEFECTS = (
    Defect(
        "task-ids-unchecked",
        "Any id of a task is taken.",
        "limits",
        ("tasks.add.id-65-refused", "tasks.add.id-charset-refused", "tasks.add.id-empty-refused"),
        "Ids are keys, and keys of a dictionary have no rules.",
        stub(ADD, 201, _INVALID, properties=("id",)),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "task-id-made",
        "A task without id gets one.",
        "schema",
        ("tasks.add.id-required",),
        "Databases make keys where none is named.",
        stub(ADD, 201, _MISSING, properties=("id",)),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "task-without-command-taken",
        "A task without commandLine is taken.",
        "schema",
        ("tasks.add.command-line-required",),
        "A container has a command of its own.",
        stub(ADD, 201, _MISSING, properties=("commandLine",)),
        consequences=(
            "protocol.errors.missing-property",
            "tasks.add.id-required",
        ),
    ),
    Defect(
        "task-constraints-unchecked",
        "Constraints of a new task are not looked at.",
        "limits",
        (
            "tasks.add.retries-below-refused",
            "tasks.add.time-limit-malformed-refused",
            "tasks.add.retention-malformed-refused",
        ),
        "They are only kept, to be used later.",
        lenient(ADD, "constraints.*", kept=True),
        consequences=(
            "protocol.errors.invalid-duration",
            "protocol.errors.outside-limits",
        ),
    ),
    Defect(
        "task-update-constraints-unchecked",
        "Constraints of an updated task are not looked at.",
        "limits",
        (
            "tasks.update.retries-below-refused",
            "tasks.update.time-limit-malformed-refused",
            "tasks.update.retention-malformed-refused",
        ),
        "Only creations are validated.",
        lenient(UPDATE, "constraints.*", kept=True),
        consequences=(
            "protocol.errors.invalid-duration",
            "protocol.errors.outside-limits",
            "tasks.responses.durations",
            "tasks.update.constraints-default",
            "tasks.update.empty-constraints-default",
            "tasks.update.refused-changes-nothing",
        ),
    ),
    Defect(
        "task-user-unchecked",
        "The user of a task may be named twice, or not at all.",
        "schema",
        ("tasks.add.user-exclusive", "tasks.add.user-needs-one"),
        "JSON schemas cannot say it easily.",
        stub(ADD, 201, properties=("userIdentity.*",)),
        consequences=("protocol.errors.property-combination",),
    ),
    Defect(
        "task-files-unchecked",
        "A resource file of a task may lack its source or its path, or have two sources.",
        "schema",
        (
            "tasks.add.file-one-source",
            "tasks.add.file-source-required",
            "tasks.add.file-path-required",
            "tasks.versions.resource-file-containers",
        ),
        "Every property of the model is optional.",
        stub(ADD, 201, properties=("resourceFiles.*",)),
        consequences=(
            "protocol.errors.missing-nested-property",
            "protocol.errors.property-combination",
            "protocol.errors.unknown-nested-property",
            "tasks.versions.identity-reference",
            "tasks.versions.resource-file-sources",
        ),
    ),
    Defect(
        "task-outputs-unchecked",
        "Output files of a task are not validated.",
        "schema",
        (
            "tasks.add.output-pattern-required",
            "tasks.add.output-destination-required",
            "tasks.add.output-options-required",
            "tasks.add.output-container-url-required",
            "tasks.add.output-condition-unknown-refused",
        ),
        "Nothing is uploaded, so nobody looks.",
        stub(ADD, 201, properties=("outputFiles.*",)),
        consequences=(
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
        ),
    ),
    Defect(
        "task-nested-required-unchecked",
        "What is required inside settings, packages, containers and affinity of a task may be missing.",
        "schema",
        (
            "tasks.add.environment-name-required",
            "tasks.add.affinity-id-required",
            "tasks.add.package-application-required",
            "tasks.add.coordination-required",
            "tasks.add.container-image-required",
            "tasks.versions.coordination-command",
        ),
        "Only the top level of a body is validated.",
        stub(
            ADD,
            201,
            _MISSING,
            properties=("environmentSettings.*", "affinityInfo.*", "application*", "multiInstance*", "containerSettings.*"),
        ),
        consequences=("protocol.errors.missing-nested-property",),
    ),
    Defect(
        "task-conditions-unchecked",
        "Exit conditions and ranges of dependencies may lack what they need, and name actions that there are not.",
        "schema",
        (
            "tasks.add.range-start-required",
            "tasks.add.range-end-required",
            "tasks.add.exit-code-required",
            "tasks.add.exit-range-bounds-required",
            "tasks.add.exit-options-required",
            "tasks.add.job-action-unknown-refused",
            "tasks.add.dependency-action-unknown-refused",
        ),
        "Only the top level of a body is validated.",
        stub(ADD, 201, properties=("exitConditions.*.*", "dependsOn.*")),
        consequences=(
            "protocol.errors.invalid-enum",
            "protocol.errors.missing-nested-property",
            "protocol.errors.unknown-nested-property",
            "tasks.versions.dependency-action",
        ),
    ),
    Defect(
        "task-instances-optional",
        "The numberOfInstances may be missing in old api-versions, too.",
        "versions",
        ("tasks.add.instances-required",),
        "The rule of the newer versions for all of them.",
        stub(ADD, 201, _MISSING, properties=("multiInstanceSettings.numberOfInstances",)),
        at="2016-07-01.3.1",
        consequences=(
            "protocol.consistency.etag-ticks",
            "tasks.versions.coordination-command",
        ),
    ),
)
