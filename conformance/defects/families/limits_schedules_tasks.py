"""Job schedules: what the tasks and the auto pools of their jobs may not be, and are."""

from __future__ import annotations

from conformance.defects.combined import nods, together
from conformance.defects.leniency import lenient
from conformance.defects.model import Defect
from conformance.defects.schedules import ADD, AUTO, PUT, SPEC, WAYS, each_way

_POOL = f"{AUTO}.pool"
_MANAGER = f"{SPEC}.jobManagerTask"
# what was told as created is not found when it is deleted
_LOST = "job-schedules.trace.found"
_LIMITS = "protocol.errors.outside-limits"
_MISSING = "protocol.errors.missing-nested-property"
_COMBINATION = "protocol.errors.property-combination"

DEFECTS = (
    Defect(
        "schedule-output-files-unchecked",
        "An output file of a scheduled job manager may lack its pattern, its destination, the container's URL or its options.",
        "limits",
        each_way(
            "manager-output-pattern-required",
            "manager-output-destination-required",
            "manager-output-container-url-required",
            "manager-output-options-required",
        ),
        "Files are uploaded by the node, which an emulator does not have.",
        nods(WAYS, f"{_MANAGER}.outputFiles.*", codes=("MissingRequiredProperty",)),
        consequences=(_LOST, _MISSING),
    ),
    Defect(
        "schedule-files-unchecked",
        "Packages and resource files of a scheduled job manager may lack what says which they are.",
        "limits",
        each_way("manager-package-application-required", "manager-file-path-required", "manager-file-source-required"),
        "Files are downloaded by the node, which an emulator does not have.",
        nods(WAYS, f"{_MANAGER}.applicationPackageReferences.*", f"{_MANAGER}.resourceFiles.*"),
        consequences=(_LOST, _MISSING, _COMBINATION),
    ),
    Defect(
        "schedule-user-unchecked",
        "The user of a scheduled job manager may be nobody, or two.",
        "limits",
        each_way("manager-user-exclusive", "manager-user-needs-one"),
        "A union without a tag, read by what comes first.",
        nods(WAYS, f"{_MANAGER}.userIdentity.*"),
        consequences=(_LOST, _COMBINATION),
    ),
    Defect(
        "schedule-release-unbounded",
        "A scheduled release task may take longer than 15 minutes.",
        "limits",
        each_way("release-time-limit-above-refused"),
        "A limit that is only in the description, which generated code does not read.",
        lenient(WAYS, f"{SPEC}.jobReleaseTask.maxWallClockTime"),
        consequences=(_LIMITS,),
    ),
    Defect(
        "schedule-prefix-unbounded",
        "autoPoolIdPrefix of a job schedule may have more than 20 characters.",
        "limits",
        each_way("auto-pool-prefix-21-refused"),
        "A limit that is only in the description, which generated code does not read.",
        lenient(WAYS, f"{AUTO}.autoPoolIdPrefix"),
        consequences=(_LIMITS,),
    ),
    Defect(
        "schedule-auto-pool-unchecked",
        "An auto pool of a job schedule may lack its lifetime, its specification or what every pool has to say.",
        "limits",
        each_way(
            "auto-pool-lifetime-required",
            "auto-pool-pool-required",
            "auto-pool-vm-size-required",
            "auto-pool-configuration-required",
            "auto-pool-targets-required",
        ),
        "Looked at only when the pool is made.",
        nods(
            WAYS, "pool", f"{AUTO}.poolLifetimeOption", f"{_POOL}.vmSize", f"{_POOL}.* or *", codes=("MissingRequiredProperty",)
        ),
        consequences=(_LOST, _MISSING, _COMBINATION),
    ),
    Defect(
        "schedule-auto-pool-both",
        "An auto pool of a job schedule may have both kinds of configuration.",
        "limits",
        each_way("auto-pool-configuration-one-only"),
        "A union without a tag, read by what comes first.",
        lenient(WAYS, f"{_POOL}.virtualMachineConfiguration"),
        consequences=(_COMBINATION,),
    ),
    Defect(
        "schedule-auto-pool-times-unbounded",
        "The resize timeout and the evaluation interval of an auto pool are not bounded.",
        "limits",
        each_way("auto-pool-resize-timeout-below-refused", "auto-pool-interval-outside-refused"),
        "The rules stand where pools are added.",
        lenient(WAYS, f"{_POOL}.resizeTimeout", f"{_POOL}.autoScaleEvaluationInterval"),
        consequences=(_LIMITS,),
    ),
    Defect(
        "schedule-auto-pool-formula-unchecked",
        "An auto pool may have a formula that it does not use, lack the one that it uses, or have a target beside it.",
        "limits",
        each_way("auto-pool-formula-required", "auto-pool-formula-alone-refused", "auto-pool-formula-with-target-refused"),
        "The rules stand where pools are added.",
        nods(WAYS, f"{_POOL}.autoScaleFormula", f"{_POOL}.targetDedicatedNodes"),
        consequences=(_LOST, _COMBINATION),
    ),
    Defect(
        "schedule-tasks-contradict",
        "A scheduled release task needs no preparation task, and the tasks of a job may share an id.",
        "limits",
        each_way("release-needs-preparation", "task-ids-differ"),
        "Each property is looked at alone.",
        nods(WAYS, "jobReleaseTask", "", codes=("InvalidPropertyValue", "TaskIdSameAs*")),
        consequences=(_LOST,),
    ),
    Defect(
        "schedule-ids-unchecked",
        "A job schedule may have an id of any length and with any characters.",
        "limits",
        (
            "job-schedules.add.id-65-refused",
            "job-schedules.add.id-charset-refused",
            "job-schedules.add.id-empty-refused",
        ),
        "The path is quoted, so anything goes.",
        nods(ADD, "id", codes=("InvalidPropertyValue",)),
        consequences=(_LOST, _LIMITS),
    ),
    Defect(
        "schedule-required-unchecked",
        "A job schedule may lack its id, its times or its job specification.",
        "limits",
        (
            "job-schedules.add.id-required",
            "job-schedules.add.schedule-required",
            "job-schedules.add.specification-required",
            "job-schedules.update.specification-required",
        ),
        "Every property is optional in the generated code.",
        together(
            nods(ADD, "id", "schedule", SPEC, codes=("MissingRequiredProperty",)),
            nods(PUT, SPEC, codes=("MissingRequiredProperty",)),
        ),
        consequences=(_LOST, "protocol.errors.missing-property"),
    ),
    Defect(
        "schedule-fixed-taken",
        "An update of a job schedule may name what cannot be changed, and it is left out.",
        "limits",
        ("job-schedules.patch.fixed-property-refused", "job-schedules.update.fixed-property-refused"),
        "JSON libraries pass over members that they do not know.",
        lenient("PATCH|PUT /jobschedules/{}", "id", "displayName", "state", "creationTime"),
    ),
)
