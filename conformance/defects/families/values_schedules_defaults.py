"""Job schedules: defaults of the tasks that their jobs bring, and values for what has none."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body, member
from conformance.defects.combined import hears, together
from conformance.defects.model import Defect, Maker
from conformance.defects.paths import ABSENT
from conformance.defects.schedules import ADD, GET, SPEC
from conformance.reference.wire import Json

_FOREVER = "P10675199DT2H48M5.4775807S"
_SHOWN = ("job-schedules.trace.sent-shown", "job-schedules.trace.writes-shown")
_AGREES = ("job-schedules.list.element-equals-get", "job-schedules.trace.list-agrees", "job-schedules.trace.whole")


def _fills(*places: tuple[str, Any]) -> Maker:
    """A creation that does not name them gets these values."""
    return hears(ADD, *((place, lambda value, told=told: told if value is ABSENT else value) for place, told in places))


def _shows(*places: tuple[str, Any, Any]) -> Maker:
    """A read shows the second of these values for the first, at each place."""

    def other(was: Any, told: Any) -> Any:
        return lambda value: told if value == was else value

    return together(*(member(GET, place, other(was, told)) for place, was, told in places))


def _cleared(*names: str) -> tuple[str, ...]:
    """An update that leaves them out says what they are."""
    return tuple(f"job-schedules.{way}.replaces-{name}" for name in names for way in ("patch", "update"))


def _instead(told: str, was: str) -> Any:
    return lambda value: told if value == was else value


def _recurs(document: Json) -> None:
    times = document.get("schedule")
    if isinstance(times, dict):
        times.setdefault("startWindow", "PT1H")
        times.setdefault("recurrenceInterval", "P1D")


def _defaults(*names: str) -> tuple[str, ...]:
    return tuple(f"job-schedules.add.{name}-default" for name in names)


DEFECTS = (
    Defect(
        "schedule-default-flags",
        "Job schedules show usesTaskDependencies and allowTaskPreemption as true where nobody said so.",
        "defaults",
        _defaults("uses-task-dependencies", "allow-task-preemption"),
        "The newer way of doing things taken for the default.",
        _shows((f"{SPEC}/usesTaskDependencies", False, True), (f"{SPEC}/allowTaskPreemption", False, True)),
        consequences=(
            "job-schedules.trace.reads-agree",
            *_SHOWN,
            *_AGREES,
            *_cleared("uses-task-dependencies", "allow-task-preemption"),
        ),
    ),
    Defect(
        "schedule-default-numbers",
        "Job schedules show a priority of 500 and a maxParallelTasks of 1 where nobody said so.",
        "defaults",
        _defaults("priority", "max-parallel-tasks"),
        "The middle of the range, and the default of nodes.",
        _shows((f"{SPEC}/priority", 0, 500), (f"{SPEC}/maxParallelTasks", -1, 1)),
        consequences=("job-schedules.trace.reads-agree", *_SHOWN, *_AGREES, *_cleared("priority", "max-parallel-tasks")),
    ),
    Defect(
        "schedule-default-endings",
        "Job schedules show terminatejob and performexitoptionsjobaction where nobody said so.",
        "defaults",
        _defaults("on-all-tasks-complete", "on-task-failure"),
        "The last value of an enumeration taken for the default.",
        _shows(
            (f"{SPEC}/onAllTasksComplete", "noaction", "terminatejob"),
            (f"{SPEC}/onTaskFailure", "noaction", "performexitoptionsjobaction"),
        ),
        consequences=(
            "job-schedules.add.on-all-tasks-complete-kept",
            "job-schedules.add.on-task-failure-kept",
            "job-schedules.trace.reads-agree",
            *_SHOWN,
            *_AGREES,
            *_cleared("on-all-tasks-complete", "on-task-failure"),
        ),
    ),
    Defect(
        "schedule-default-limits",
        "Scheduled jobs have a week where nobody set a limit, their managers a day, and release tasks ten minutes.",
        "defaults",
        _defaults("max-wall-clock-time", "task-time-limit", "release-time-limit"),
        "Limits of a cluster that the author knew.",
        together(
            member(GET, f"{SPEC}/constraints/maxWallClockTime", _instead("P7D", _FOREVER)),
            member(GET, f"{SPEC}/jobManagerTask/constraints/maxWallClockTime", _instead("P1D", _FOREVER)),
            member(GET, f"{SPEC}/jobReleaseTask/maxWallClockTime", _instead("PT10M", "PT15M")),
        ),
        consequences=(
            "job-schedules.update.replaces-release",
            "job-schedules.*.release-kept",
            "job-schedules.*.release-time-limit-15-minutes-accepted",
            *_SHOWN,
            *_AGREES,
            *_cleared("constraints"),
            "job-schedules.trace.reads-agree",
        ),
    ),
    Defect(
        "schedule-default-manager",
        "A scheduled job manager neither ends its job nor runs alone, and is an administrator, where nobody said so.",
        "defaults",
        _defaults("manager-kill", "manager-exclusive", "manager-elevation"),
        "Booleans that are false unless told otherwise.",
        _fills(
            (f"{SPEC}.jobManagerTask.killJobOnCompletion", False),
            (f"{SPEC}.jobManagerTask.runExclusive", False),
            (f"{SPEC}.jobManagerTask.userIdentity", {"autoUser": {"scope": "task", "elevationLevel": "admin"}}),
        ),
        consequences=_SHOWN,
    ),
    Defect(
        "schedule-default-preparation",
        "A scheduled preparation task is not waited for and not run again, where nobody said so.",
        "defaults",
        _defaults("preparation-wait", "preparation-rerun"),
        "Booleans that are false unless told otherwise.",
        _fills(
            (f"{SPEC}.jobPreparationTask.waitForSuccess", False),
            (f"{SPEC}.jobPreparationTask.rerunOnNodeRebootAfterSuccess", False),
        ),
        consequences=_SHOWN,
    ),
    Defect(
        "schedule-default-ids",
        "Scheduled preparation and release tasks are called prep and release where nobody named them.",
        "defaults",
        _defaults("preparation-id", "release-id"),
        "Short names that the author liked better.",
        _fills((f"{SPEC}.jobPreparationTask.id", "prep"), (f"{SPEC}.jobReleaseTask.id", "release")),
        consequences=_SHOWN,
    ),
    Defect(
        "schedule-default-times",
        "A job schedule shows a startWindow of an hour and a recurrenceInterval of a day where nobody said so.",
        "defaults",
        _defaults("start-window", "recurrence-interval"),
        "What most schedules have.",
        body(GET, _recurs),
        consequences=(*_AGREES, "job-schedules.trace.unsent-absent", *_cleared("start-window", "recurrence-interval")),
    ),
    Defect(
        "schedule-default-names",
        "A job schedule, and the jobs that it makes, have a displayName where nobody named them.",
        "defaults",
        (
            "job-schedules.add.display-name-absent",
            "job-schedules.add.job-display-name-absent",
            "job-schedules.trace.unsent-absent",
        ),
        "Something has to stand in the list.",
        hears(
            ADD,
            ("displayName", lambda value: "unnamed" if value is ABSENT else value),
            (f"{SPEC}.displayName", lambda value: "unnamed" if value is ABSENT else value),
        ),
        consequences=_SHOWN,
    ),
)
