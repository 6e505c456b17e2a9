"""Tasks in api-versions that know less or more."""

from __future__ import annotations

from conformance.defects.leniency import stub
from conformance.defects.model import Defect
from conformance.defects.requests import parameter
from conformance.defects.tasks import ADD, REACTIVATE, execution, set_to, shown
from conformance.defects.where import before
from conformance.reference.wire import Json


def _result(info: Json) -> None:
    if "endTime" in info:
        info["result"] = "failure"


def _shouted(task: Json) -> None:
    if "commandLine" in task:
        task["commandLine"] = f"cmd /c {task['commandLine']}"


_NESTED = ("*.*",)
_TOP = ("runElevated", "userIdentity", "outputFiles", "exitConditions", "authenticationTokenSettings")
_MORE = ("requiredSlots", "containerSettings", "applicationPackageReferences")

DEFECTS = (
    Defect(
        "task-other-properties-taken",
        "Properties of a task that an api-version does not have yet, or any more, are overlooked.",
        "versions",
        (
            "tasks.versions.run-elevated",
            "tasks.versions.user-identity",
            "tasks.versions.output-files",
            "tasks.versions.exit-conditions",
            "tasks.versions.authentication-token",
            "tasks.versions.required-slots",
            "tasks.versions.container-settings",
            "tasks.versions.application-packages",
        ),
        "JSON libraries skip members that they do not know.",
        stub(ADD, 201, "UnsupportedProperty", properties=(*_TOP, *_MORE)),
        consequences=("protocol.errors.unknown-property",),
    ),
    Defect(
        "task-other-nested-taken",
        "Properties inside those of a task that an api-version does not have yet, or any more, are overlooked.",
        "versions",
        (
            "tasks.versions.pre-processing-error",
            "tasks.versions.file-upload-error",
            "tasks.versions.dependency-action",
            "tasks.versions.working-directory",
            "tasks.versions.resource-file-sources",
            "tasks.versions.identity-reference",
        ),
        "Only the top level of a body is compared with the model.",
        stub(ADD, 201, "UnsupportedProperty", properties=_NESTED),
        consequences=(
            "protocol.errors.property-combination",
            "protocol.errors.unknown-nested-property",
            "tasks.add.file-source-required",
        ),
    ),
    Defect(
        "task-result-early",
        "A task shows its result in old api-versions, too.",
        "versions",
        ("tasks.versions.result",),
        "One model for all api-versions.",
        execution(_result, before("2017-05-01.5.0")),
        consequences=(
            "tasks.responses.state",
            "tasks.responses.no-unknown-property",
        ),
    ),
    Defect(
        "task-never-elevated",
        "Old api-versions show every task as not elevated.",
        "versions",
        ("tasks.versions.run-elevated-shown",),
        "The old name is answered with its default.",
        shown(set_to("runElevated", False), before("2017-01-01.4.0")),
    ),
    Defect(
        "task-reactivate-early",
        "A task can be reactivated in every api-version.",
        "versions",
        ("tasks.versions.reactivate",),
        "Routes know no versions.",
        parameter(REACTIVATE, "api-version", lambda version: max(version, "2016-07-01.3.1")),
        consequences=("protocol.version.other-version-operation-refused",),
    ),
    Defect(
        "task-command-by-version",
        "Old api-versions show the command line of a task with the shell before it.",
        "versions",
        ("tasks.trace.version-same",),
        "Each api-version has a view of its own.",
        shown(_shouted, before("2017-05-01.5.0")),
        consequences=(
            "tasks.add-collection.kept",
            "tasks.add.command-line-kept",
            "tasks.trace.sent-shown",
            "tasks.trace.writes-shown",
        ),
    ),
)
