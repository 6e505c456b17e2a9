"""Job schedules: limits that are not there, on every way to state them."""

from __future__ import annotations

from conformance.defects.combined import nods, together
from conformance.defects.leniency import lenient
from conformance.defects.model import Defect
from conformance.defects.schedules import ADD, AUTO, SPEC, WAYS, each_way

# what was told as created is not found when it is deleted
_LOST = "job-schedules.trace.found"
_LIMITS = "protocol.errors.outside-limits"
_MISSING = "protocol.errors.missing-nested-property"
_DURATION = "protocol.errors.invalid-duration"
_MANAGER = f"{SPEC}.jobManagerTask"
_PREPARATION = f"{SPEC}.jobPreparationTask"
_RELEASE = f"{SPEC}.jobReleaseTask"

DEFECTS = (
    Defect(
        "schedule-times-unchecked",
        "A job schedule may recur and wait as shortly as one likes: a wrong duration is left out.",
        "limits",
        each_way(
            "start-window-below-refused",
            "start-window-malformed-refused",
            "recurrence-interval-below-refused",
            "recurrence-interval-malformed-refused",
        ),
        "Durations parsed with a default for what cannot be parsed.",
        lenient(WAYS, "schedule.startWindow", "schedule.recurrenceInterval"),
        consequences=(
            "job-schedules.trace.writes-shown",
            _DURATION,
            _LIMITS,
        ),
    ),
    Defect(
        "schedule-instants-unchecked",
        "A doNotRunUntil or doNotRunAfter that is no instant is left out of a job schedule.",
        "limits",
        each_way("instant-malformed-refused"),
        "A parser that gives None.",
        lenient(WAYS, "schedule.doNotRun*"),
        consequences=(_LIMITS,),
    ),
    Defect(
        "schedule-metadata-unchecked",
        "Metadata of a job schedule and of its jobs may lack a value or have an empty name.",
        "limits",
        each_way("metadata-empty-name-refused", "metadata-item-needs-value", "job-metadata-empty-name-refused"),
        "Pairs kept as a dictionary take any key.",
        nods(WAYS, "", "metadata.*.value", codes=("EmptyMetadataKey", "MissingRequiredProperty")),
        consequences=(
            _LOST,
            _MISSING,
        ),
    ),
    Defect(
        "schedule-priority-unbounded",
        "The priority in a job specification is not bounded.",
        "limits",
        each_way("priority-outside-refused"),
        "Checked where jobs are added, and not where schedules are.",
        lenient(WAYS, f"{SPEC}.priority"),
        consequences=(_LIMITS,),
    ),
    Defect(
        "schedule-display-names-unbounded",
        "displayName of a job schedule, of its jobs, their manager and their auto pool may be of any length.",
        "limits",
        (
            "job-schedules.add.display-name-1025-refused",
            *each_way(
                "job-display-name-1025-refused", "manager-display-name-1025-refused", "auto-pool-display-name-1025-refused"
            ),
        ),
        "A column without length.",
        together(nods(ADD, "displayName"), nods(WAYS, f"{SPEC}.*displayName")),
        consequences=(
            _LOST,
            _LIMITS,
        ),
    ),
    Defect(
        "schedule-pool-info-unchecked",
        "Where the jobs of a schedule run may be left open, or said twice.",
        "limits",
        each_way("pool-info-required", "pool-info-empty-refused", "pool-info-both-refused"),
        "Looked at only when a job is made.",
        nods(WAYS, f"{SPEC}.poolInfo", f"{SPEC}.poolInfo.poolId or *", AUTO),
        consequences=(
            _LOST,
            _MISSING,
            "protocol.errors.property-combination",
        ),
    ),
    Defect(
        "schedule-retries-below",
        "maxTaskRetryCount of the jobs of a schedule and of their tasks may be below -1.",
        "limits",
        each_way("max-task-retry-count-below-refused", "task-retries-below-refused"),
        "Any negative number taken for unlimited.",
        nods(WAYS, "*.constraints.maxTaskRetryCount"),
        consequences=(
            _LOST,
            _LIMITS,
        ),
    ),
    Defect(
        "schedule-wall-clock-unchecked",
        "A maxWallClockTime of the jobs of a schedule that is no duration is left out.",
        "limits",
        each_way("max-wall-clock-time-malformed-refused"),
        "A parser that gives None.",
        lenient(WAYS, f"{SPEC}.constraints.maxWallClockTime"),
        consequences=(_DURATION,),
    ),
    Defect(
        "schedule-parallel-zero",
        "maxParallelTasks of the jobs of a schedule may be 0.",
        "limits",
        each_way("max-parallel-tasks-zero-refused"),
        "0 is false, and false is unlimited.",
        nods(WAYS, "maxParallelTasks"),
        consequences=(_LOST,),
    ),
    Defect(
        "schedule-environment-nameless",
        "An environment setting of the jobs of a schedule or of their manager may lack its name.",
        "limits",
        each_way("environment-name-required"),
        "Required properties looked at on the first level only.",
        nods(WAYS, "*nvironmentSettings.0.name"),
        consequences=(
            _LOST,
            _MISSING,
        ),
    ),
    Defect(
        "schedule-enums-unchecked",
        "Enumerated properties of a job specification take any text.",
        "limits",
        each_way(
            "on-all-tasks-complete-unknown-refused",
            "on-task-failure-unknown-refused",
            "manager-output-condition-unknown-refused",
            "auto-pool-lifetime-unknown-refused",
        ),
        "Text where generated code has an enumeration.",
        nods(WAYS, f"{SPEC}.on*", "*.uploadCondition", "*.poolLifetimeOption", codes=("InvalidPropertyValue",)),
        consequences=(
            _LOST,
            "protocol.errors.invalid-enum",
        ),
    ),
    Defect(
        "schedule-task-ids-unchecked",
        "The tasks that the jobs of a schedule bring may have ids of any length and with any characters.",
        "limits",
        each_way(
            "manager-id-65-refused",
            "manager-id-charset-refused",
            "preparation-id-65-refused",
            "preparation-id-charset-refused",
            "release-id-65-refused",
            "release-id-charset-refused",
        ),
        "The rules of ids stand where tasks are added.",
        nods(WAYS, f"{_MANAGER}.id", f"{_PREPARATION}.id", f"{_RELEASE}.id", codes=("InvalidPropertyValue",)),
        consequences=(
            _LOST,
            _LIMITS,
        ),
    ),
    Defect(
        "schedule-tasks-unchecked",
        "The tasks that the jobs of a schedule bring may lack a command line, and the manager its id.",
        "limits",
        each_way("manager-id-required", "manager-command-required", "preparation-command-required", "release-command-required"),
        "Required properties looked at on the first level only.",
        nods(WAYS, f"{SPEC}.job*Task.id", f"{SPEC}.job*Task.commandLine", codes=("MissingRequiredProperty",)),
        consequences=(
            _LOST,
            _MISSING,
        ),
    ),
)
