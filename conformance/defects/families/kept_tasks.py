"""Tasks that do not come back as they were sent, and defaults that are not the documented ones."""

from __future__ import annotations

from typing import Any

from conformance.defects.model import Defect
from conformance.defects.requests import deaf_to_member
from conformance.defects.stored import Changed, created
from conformance.defects.tasks import ADD, inside, set_to, shown
from conformance.defects.where import before
from conformance.reference.wire import Json

_UNLIMITED = "P10675199DT2H48M5.4775807S"
_DEFAULTS = {"maxWallClockTime": _UNLIMITED, "retentionTime": "P7D", "maxTaskRetryCount": 0}
_OLD = "2016-07-01.3.1"


def _reversed(task: Json) -> None:
    task["environmentSettings"] = task["environmentSettings"][::-1]


def _no_defaults(task: Json) -> None:
    constraints = task.get("constraints", {})
    for name, default in _DEFAULTS.items():
        if constraints.get(name) == default:
            del constraints[name]


def _as_sent(changed: Changed) -> None:
    constraints = changed.sent.get("constraints")
    if constraints and len(constraints) < len(_DEFAULTS):
        changed.now["constraints"] = constraints


def _no_retries_of_job(changed: Changed) -> None:
    if "constraints" not in changed.sent:
        changed.now["constraints"] = dict(_DEFAULTS)


def _last_range(changed: Changed) -> None:
    ranges = changed.now.get("dependsOn", {}).get("taskIdRanges")
    if ranges:
        changed.now["dependsOn"]["taskIdRanges"] = ranges[:1]


def _forget(changed: Changed) -> None:
    for name in ("userIdentity", "requiredSlots"):
        if name not in changed.sent:
            changed.now.pop(name, None)
    if "numberOfInstances" not in changed.sent.get("multiInstanceSettings", {}):
        changed.now.get("multiInstanceSettings", {}).pop("numberOfInstances", None)


def _image_folder(settings: Json) -> None:
    settings["workingDirectory"] = "containerImageDefault"


def _flagged(task: Json) -> None:
    if task.get("runElevated") is False:
        del task["runElevated"]


def _relative(file: Json) -> None:
    if "filePath" in file:
        file["filePath"] = f"wd/{file['filePath']}"


def _weekly(value: Any) -> Any:
    return "P7D" if value == _UNLIMITED else value


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
            "tasks.trace.sent-shown",
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
        ),
        "An emulator runs what it gets.",
        deaf_to_member(ADD, "dependsOn"),
        consequences=(
            "protocol.errors.missing-nested-property",
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
            "tasks.versions.run-elevated-shown",
            "tasks.versions.user-identity",
        ),
    ),
    Defect(
        "task-elevation-dropped",
        "runElevated of a task is not kept.",
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
        consequences=("tasks.trace.sent-shown",),
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
    Defect(
        "task-defaults-unsaid",
        "Constraints that have their default are not shown.",
        "defaults",
        (
            "tasks.add.time-limit-default",
            "tasks.add.retention-default",
            "tasks.add.retry-count-default",
            "tasks.update.time-limit-defaults",
            "tasks.update.retention-defaults",
            "tasks.update.retries-default",
        ),
        "Serializers leave out what has its default.",
        shown(_no_defaults),
    ),
    Defect(
        "task-new-settings-unsaid",
        "The user, the slots and the number of instances of a task are not shown where they were not sent.",
        "defaults",
        (
            "tasks.add.required-slots-default",
            "tasks.add.user-scope-default",
            "tasks.add.user-elevation-default",
            "tasks.add.instances-default",
        ),
        "Defaults are applied where they are used.",
        created(ADD, _forget),
        consequences=(
            "tasks.trace.defaults",
            "tasks.trace.writes-shown",
            "tasks.versions.run-elevated-shown",
        ),
    ),
    Defect(
        "task-constraints-as-sent",
        "Constraints that are sent in part have no defaults for the rest.",
        "defaults",
        ("tasks.add.partial-constraints-default",),
        "Only a missing object is replaced by the default one.",
        created(ADD, _as_sent),
    ),
    Defect(
        "task-retries-own",
        "A task without constraints does not have the maxTaskRetryCount of its job.",
        "defaults",
        ("tasks.add.retry-count-of-job", "tasks.run.retries-of-job"),
        "A default that stands in another resource.",
        created(ADD, _no_retries_of_job),
        consequences=("jobs.max-task-retry-count.retries",),
    ),
    Defect(
        "task-retention-early",
        "The retention time of 7 days is the default of old api-versions, too.",
        "versions",
        ("tasks.add.retention-default-old", "tasks.update.retention-defaults-old", "tasks.versions.retention-default"),
        "The default of today for all times.",
        shown(inside("constraints", set_to("retentionTime", _weekly)), before("2018-12-01.8.0")),
        at="2018-03-01.6.1",
        consequences=(
            "tasks.trace.defaults",
            "tasks.trace.writes-shown",
        ),
    ),
    Defect(
        "task-elevation-unsaid",
        "runElevated of a task is shown only when it is true.",
        "defaults",
        ("tasks.add.run-elevated-default",),
        "Serializers leave out what is false.",
        shown(_flagged),
        at=_OLD,
        consequences=(
            "tasks.add.run-elevated-kept",
            "tasks.trace.defaults",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
            "tasks.versions.run-elevated",
        ),
    ),
    Defect(
        "task-image-folder",
        "A container of a task works in the folder of its image unless told otherwise.",
        "defaults",
        ("tasks.add.working-directory-default",),
        "What Docker does.",
        shown(inside("containerSettings", _image_folder)),
    ),
)
