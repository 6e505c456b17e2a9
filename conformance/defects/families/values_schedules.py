"""Job schedules: what is lost of what was said, and what stands for what was not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from conformance.defects.answers import body, member
from conformance.defects.combined import stores, together
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.paths import ABSENT, sent
from conformance.defects.schedules import ADD, GET, SPEC, WAYS, each_way
from conformance.defects.where import fits
from conformance.reference.instants import to_datetime
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_MANAGER = f"{SPEC}.jobManagerTask"
_SHOWN = ("job-schedules.trace.sent-shown", "job-schedules.trace.writes-shown")
_NEXT = "job-schedules.*.reaches-next-job"
_AGREES = ("job-schedules.list.element-equals-get", "job-schedules.trace.list-agrees", "job-schedules.trace.whole")


def _lost(*names: str) -> Maker:
    return stores(WAYS, *((f"{SPEC}.{name}", ABSENT) for name in names))


def _shows(*places: tuple[str, Any, Any]) -> Maker:
    """A read shows the second of these values for the first, at each place."""

    def other(was: Any, told: Any) -> Any:
        return lambda value: told if value == was else value

    return together(*(member(GET, place, other(was, told)) for place, was, told in places))


def _cleared(*names: str) -> tuple[str, ...]:
    """An update that leaves them out says what they are."""
    return tuple(f"job-schedules.{way}.replaces-{name}" for name in names for way in ("patch", "update"))


def _defaults(*names: str) -> tuple[str, ...]:
    return tuple(f"job-schedules.add.{name}-default" for name in names)


def _capped(service: Service) -> Lie:
    """What is more than five weeks ahead is shown as five weeks ahead."""
    most = timedelta(weeks=5)

    def change(document: Json) -> None:
        last = f"{to_datetime(service.settings.clock.now()) + most:%Y-%m-%dT%H:%M:%SZ}"
        times = document.get("schedule", {})
        times.update({name: min(times[name], last) for name in ("doNotRunUntil", "doNotRunAfter") if name in times})

    return body(GET, change)(service)


def _ascii(value: Any) -> Any:
    return value.encode("ascii", "ignore").decode() if isinstance(value, str) else value


def _one_name(service: Service) -> Lie:
    """A unique index over the displayName."""
    refusing = refuses(ADD, lambda asked: True)(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        name = sent(asked).get("displayName") if fits(ADD, asked) else None
        taken = isinstance(name, str) and any(one.get("displayName") == name for one in service.store.all("jobschedule"))
        return await (refusing(asked, ask) if taken else ask(asked))

    return lie


DEFECTS = (
    Defect(
        "schedule-texts-lost",
        "Names, metadata and environment settings in a job specification are not kept.",
        "schema",
        each_way("job-display-name-kept", "job-metadata-kept", "common-environment-kept"),
        "What the emulator does not use, it does not store.",
        _lost("displayName", "metadata", "commonEnvironmentSettings"),
        consequences=(
            *_SHOWN,
            *_cleared("common-environment", "job-display-name", "job-metadata"),
            _NEXT,
            *each_way("job-display-name-1024-accepted", "environment-value-optional"),
        ),
    ),
    Defect(
        "schedule-numbers-lost",
        "priority, maxParallelTasks and constraints in a job specification are not kept.",
        "schema",
        each_way("priority-kept", "max-parallel-tasks-kept", "constraints-kept"),
        "What the emulator does not use, it does not store.",
        _lost("priority", "maxParallelTasks", "constraints"),
        consequences=(
            "jobs.responses.always-shown",
            *_SHOWN,
            *_cleared("priority", "constraints", "max-parallel-tasks"),
            _NEXT,
            *each_way("priority-ends-accepted", "max-task-retry-count-unlimited-accepted"),
        ),
    ),
    Defect(
        "schedule-flags-lost",
        "usesTaskDependencies and allowTaskPreemption in a job specification are never true.",
        "schema",
        (*each_way("uses-task-dependencies-kept", "allow-task-preemption-kept"), "job-schedules.trace.sent-shown"),
        "A table store without booleans.",
        _lost("usesTaskDependencies", "allowTaskPreemption"),
        consequences=(*_SHOWN, *_cleared("uses-task-dependencies", "allow-task-preemption")),
    ),
    Defect(
        "schedule-endings-lost",
        "onAllTasksComplete and onTaskFailure in a job specification are never anything but noaction.",
        "schema",
        each_way("on-all-tasks-complete-kept", "on-task-failure-kept"),
        "An enumeration of which only the first value is there.",
        _lost("onAllTasksComplete", "onTaskFailure"),
        consequences=(*_SHOWN, *_cleared("on-all-tasks-complete", "on-task-failure")),
    ),
    Defect(
        "schedule-tasks-lost",
        "The manager, the preparation and the release task in a job specification are not kept.",
        "schema",
        each_way("manager-kept", "preparation-kept", "release-kept"),
        "What the emulator does not use, it does not store.",
        _lost("jobManagerTask", "jobPreparationTask", "jobReleaseTask"),
        consequences=(
            *_SHOWN,
            *_cleared("manager", "preparation", "release"),
            *each_way(
                "manager-*-kept", "manager-*-accepted", "task-retries-*-accepted", "preparation-*-accepted", "release-*-accepted"
            ),
        ),
    ),
    Defect(
        "schedule-manager-parts-lost",
        "A scheduled job manager has no files, no user and no choice of nodes.",
        "schema",
        each_way("manager-output-files-kept", "manager-files-kept", "manager-user-kept", "manager-low-priority-kept"),
        "A class with the properties that its author knew.",
        _lost(*(f"jobManagerTask.{name}" for name in ("outputFiles", "resourceFiles", "userIdentity", "allowLowPriorityNode"))),
        consequences=(*_SHOWN, *_cleared("manager"), *each_way("manager-kept")),
    ),
    Defect(
        "schedule-spans-short",
        "startWindow and recurrenceInterval of a job schedule are shown with their largest unit only.",
        "schema",
        each_way("start-window-kept", "recurrence-interval-kept"),
        "Durations written for people.",
        _shows(("schedule/startWindow", "PT1H30M", "PT1H"), ("schedule/recurrenceInterval", "P1DT12H", "P1D")),
        consequences=(*_SHOWN, *_cleared("start-window", "recurrence-interval")),
    ),
    Defect(
        "schedule-instants-capped",
        "doNotRunUntil and doNotRunAfter of a job schedule are shown as no more than five weeks ahead.",
        "schema",
        each_way("do-not-run-until-kept", "do-not-run-after-kept"),
        "A timer of 32 bits.",
        _capped,
        consequences=("job-schedules.trace.reads-agree", *_SHOWN, *_cleared("do-not-run-until", "do-not-run-after"), *_AGREES),
    ),
    Defect(
        "schedule-name-ascii",
        "displayName of a job schedule loses its letters beyond ASCII, and metadata their last letter.",
        "schema",
        ("job-schedules.add.display-name-kept", "job-schedules.add.metadata-kept"),
        "Text encoded for an old database, in columns of a fixed length.",
        stores(ADD, ("displayName", _ascii), ("metadata.0.value", lambda value: value[:-1] if isinstance(value, str) else value)),
        consequences=_SHOWN,
    ),
    Defect(
        "schedule-name-unique",
        "Two job schedules cannot have one displayName.",
        "schema",
        ("job-schedules.add.display-name-shared",),
        "Names taken for keys.",
        _one_name,
    ),
)
