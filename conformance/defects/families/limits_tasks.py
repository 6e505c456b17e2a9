"""Limits of tasks that are not kept, or kept too strictly."""

from __future__ import annotations

from conformance.defects.combined import together
from conformance.defects.leniency import has_member, lacks_member, lenient, longer, refuses, stub
from conformance.defects.model import Defect
from conformance.defects.requests import parameter
from conformance.defects.tasks import ADD, COLLECTION, LIST, ONE, collection_takes
from conformance.defects.where import has

_INVALID, _MISSING = "InvalidPropertyValue", "MissingRequiredProperty"

DEFECTS = (
    Defect(
        "task-name-1025",
        "A displayName of a task may have any length.",
        "limits",
        ("tasks.add.display-name-1025-refused",),
        "Text columns have no length.",
        lenient(ADD, "displayName", kept=True),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "task-slots-zero",
        "A task may require no slots.",
        "limits",
        ("tasks.add.required-slots-zero-refused",),
        "Zero is taken for not sent.",
        lenient(ADD, "requiredSlots"),
        consequences=(
            "protocol.errors.outside-limits",
            "protocol.errors.unknown-property",
            "tasks.versions.required-slots",
        ),
    ),
    Defect(
        "task-action-without-job",
        "Exit conditions may act on a job that takes no action when a task fails.",
        "schema",
        ("tasks.add.job-action-without-task-failure-refused",),
        "A rule between two resources.",
        stub(ADD, 201, properties=("exitConditions.jobAction",)),
    ),
    Defect(
        "task-dependencies-always",
        "A task may have dependencies in a job that uses none.",
        "schema",
        ("tasks.add.depends-without-permission-refused", "tasks.add-collection.dependencies-not-used"),
        "Dependencies work anyway.",
        together(stub(ADD, 201, "TaskDependenciesNotSpecifiedOnJob"), collection_takes("TaskDependenciesNotSpecifiedOnJob")),
    ),
    Defect(
        "task-dependencies-many",
        "A list of ids to depend on may have any length.",
        "limits",
        ("tasks.add.depends-list-outside-refused",),
        "Nobody counts characters over a list.",
        stub(ADD, 201, "TaskDependencyListTooLong"),
    ),
    Defect(
        "task-dependencies-few",
        "A list of ids to depend on may have 500 of them.",
        "limits",
        ("tasks.add.depends-list-inside-accepted",),
        "A round number.",
        refuses(ADD, has_member("dependsOn.taskIds", longer(500)), "TaskDependencyListTooLong"),
    ),
    Defect(
        "task-retries-not-negative",
        "The maxTaskRetryCount of a task may not be negative.",
        "limits",
        ("tasks.add.retries-unlimited-accepted",),
        "Counts are not negative.",
        refuses(ADD, has_member("constraints.maxTaskRetryCount", lambda count: count == -1)),
    ),
    Defect(
        "task-retries-two",
        "A task may be retried twice at most.",
        "limits",
        ("tasks.requests.valid-served",),
        "A limit of the emulator for one of the service.",
        refuses(ADD, has_member("constraints.maxTaskRetryCount", lambda count: count > 2)),
    ),
    Defect(
        "task-environment-value-needed",
        "An environment setting needs a value.",
        "schema",
        ("tasks.add.environment-value-optional",),
        "What has a name has a value.",
        refuses(
            ADD,
            lambda asked: has_member("environmentSettings.0.name")(asked) and lacks_member("environmentSettings.0.value")(asked),
        ),
    ),
    Defect(
        "task-enums-unfinished",
        "Some values of enumerations of a task are not known: taskfailure, disable, block.",
        "schema",
        (
            "tasks.add.output-conditions-accepted",
            "tasks.add.job-actions-accepted",
            "tasks.add.dependency-actions-accepted",
        ),
        "An enumeration that was written from an example.",
        together(
            refuses(ADD, has_member("outputFiles.0.uploadOptions.uploadCondition", lambda value: value == "taskfailure")),
            refuses(ADD, has_member("exitConditions.default.jobAction", lambda value: value == "disable")),
            refuses(ADD, has_member("exitConditions.default.dependencyAction", lambda value: value == "block")),
        ),
    ),
    Defect(
        "task-expand-refused",
        "$expand is refused where tasks are read.",
        "queries",
        ("tasks.get.expand-stats-accepted", "tasks.list.expand-stats-accepted"),
        "There are no statistics, so there is nothing to expand.",
        refuses(f"{ONE}, {LIST}", has("$expand"), "InvalidQueryParameterValue"),
    ),
    Defect(
        "task-page-999",
        "A page of tasks has less than 1000 elements.",
        "limits",
        ("tasks.list.maxresults-thousand-accepted",),
        "Off by one.",
        refuses(LIST, lambda asked: asked.parameters().get("maxresults") == "1000", "InvalidQueryParameterValue"),
    ),
    Defect(
        "task-page-1001",
        "A page of tasks may be asked to have any size.",
        "limits",
        ("tasks.list.maxresults-above-refused",),
        "The page is cut to what is possible.",
        parameter(LIST, "maxresults", lambda size: "1000" if size == "1001" else size),
        consequences=("protocol.paging.maxresults-above-refused",),
    ),
    Defect(
        "collection-unchecked",
        "What is wrong with a task of a collection is overlooked, and the task is added.",
        "task-collections",
        ("tasks.add-collection.invalid-not-added",),
        "Only single tasks are validated.",
        lenient(COLLECTION, "value.*.constraints.*", "value.*.displayName"),
    ),
    Defect(
        "collection-101",
        "A collection may have any number of tasks.",
        "limits",
        ("tasks.add-collection.hundred-and-one-refused",),
        "Nobody counts.",
        stub(COLLECTION, 200, properties=("value",)),
        consequences=(
            "protocol.body.json",
            "protocol.errors.missing-property",
            "protocol.errors.outside-limits",
            "protocol.headers.no-resource-headers",
            "tasks.add-collection.value-required",
        ),
    ),
    Defect(
        "collection-99",
        "A collection has less than 100 tasks.",
        "limits",
        ("tasks.add-collection.hundred",),
        "Off by one.",
        refuses(COLLECTION, has_member("value", longer(99))),
        consequences=("tasks.add-collection.too-large-refused",),
    ),
)
