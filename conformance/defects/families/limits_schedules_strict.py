"""Job schedules: what may be, and is refused."""

from __future__ import annotations

from typing import Any

from conformance.defects.combined import together
from conformance.defects.leniency import has_member, lacks_member, long, refuses
from conformance.defects.model import Defect
from conformance.defects.paths import at, sent
from conformance.defects.schedules import ADD, AUTO, SPEC, WAYS, each_way
from conformance.reference.wire import WireRequest

_POOL = f"{AUTO}.pool"
_MANAGER = f"{SPEC}.jobManagerTask"
_PREPARATION = f"{SPEC}.jobPreparationTask"
_RELEASE = f"{SPEC}.jobReleaseTask"


def _window_longer(asked: WireRequest) -> bool:
    times = at(sent(asked), "schedule")
    return isinstance(times, dict) and times.get("startWindow") == "PT1H" and times.get("recurrenceInterval") == "PT1M"


def _is(*values: Any) -> Any:
    return lambda value: value in values


def _any(*places: tuple[str, Any]) -> Any:
    return together(*(refuses(WAYS, has_member(path, wrong), values={"PropertyName": path}) for path, wrong in places))


DEFECTS = (
    Defect(
        "schedule-minute-refused",
        "startWindow and recurrenceInterval of a job schedule have to be longer than a minute.",
        "limits",
        (
            "job-schedules.requests.valid-served",
            *each_way("start-window-minute-accepted", "recurrence-interval-minute-accepted"),
        ),
        "Off by one: > for >=.",
        _any(("schedule.startWindow", _is("PT1M")), ("schedule.recurrenceInterval", _is("PT1M"))),
        consequences=each_way("start-window-longer-accepted"),
    ),
    Defect(
        "schedule-window-longer-refused",
        "A startWindow may not be longer than the recurrenceInterval.",
        "limits",
        each_way("start-window-longer-accepted"),
        "It looks as if it made no sense.",
        refuses(WAYS, _window_longer, values={"PropertyName": "schedule.startWindow"}),
    ),
    Defect(
        "schedule-priority-ends-refused",
        "The priority of the jobs of a schedule has to be between -1000 and 1000, and neither of them.",
        "limits",
        each_way("priority-ends-accepted"),
        "Off by one: < for <=.",
        _any((f"{SPEC}.priority", _is(-1000, 1000))),
    ),
    Defect(
        "schedule-display-names-1023",
        "displayName of a job schedule, of its jobs, their manager and their auto pool may have no more than 1023 characters.",
        "limits",
        (
            "job-schedules.add.display-name-1024-accepted",
            *each_way("job-display-name-1024-accepted", "manager-display-name-1024-accepted"),
            *each_way("auto-pool-display-name-1024-accepted"),
        ),
        "Room for the zero at the end.",
        together(
            refuses(ADD, has_member("displayName", long(1024)), values={"PropertyName": "displayName"}),
            _any(*((f"{place}.displayName", long(1024)) for place in (SPEC, _MANAGER, _POOL))),
        ),
    ),
    Defect(
        "schedule-retries-unlimited-refused",
        "maxTaskRetryCount of the jobs of a schedule and of their tasks cannot be -1.",
        "limits",
        each_way("max-task-retry-count-unlimited-accepted", "task-retries-unlimited-accepted"),
        "An unsigned number.",
        _any(*((f"{place}.constraints.maxTaskRetryCount", _is(-1)) for place in (SPEC, _MANAGER, _PREPARATION))),
    ),
    Defect(
        "schedule-environment-value-required",
        "An environment setting of the jobs of a schedule has to have a value.",
        "limits",
        each_way("environment-value-optional"),
        "Names and values taken for pairs, as metadata are.",
        _any((f"{SPEC}.commonEnvironmentSettings.0", lambda setting: setting.get("value") is None)),
    ),
    Defect(
        "schedule-ids-63",
        "The ids of a job schedule and of the tasks that its jobs bring may have no more than 63 characters.",
        "limits",
        (
            "job-schedules.add.id-64-accepted",
            "job-schedules.add.id-charset-accepted",
            *each_way("manager-id-64-accepted", "preparation-id-64-accepted", "release-id-64-accepted"),
        ),
        "63 is the limit of names in a DNS.",
        together(
            refuses(ADD, has_member("id", long(64)), values={"PropertyName": "id"}),
            _any(*((f"{place}.id", long(64)) for place in (_MANAGER, _PREPARATION, _RELEASE))),
        ),
    ),
    Defect(
        "schedule-release-quarter-refused",
        "A scheduled release task has to take less than 15 minutes.",
        "limits",
        each_way("release-time-limit-15-minutes-accepted"),
        "Off by one: < for <=.",
        _any((f"{_RELEASE}.maxWallClockTime", _is("PT15M"))),
    ),
    Defect(
        "schedule-prefix-19",
        "autoPoolIdPrefix of a job schedule may have no more than 19 characters, and is required.",
        "limits",
        each_way("auto-pool-prefix-20-accepted", "auto-pool-prefix-optional"),
        "Off by one; and what always was there in the author's own requests.",
        together(
            _any((f"{AUTO}.autoPoolIdPrefix", long(20))),
            refuses(
                WAYS,
                lambda asked: has_member(AUTO)(asked) and lacks_member(f"{AUTO}.autoPoolIdPrefix")(asked),
                "MissingRequiredProperty",
                {"PropertyName": f"{AUTO}.autoPoolIdPrefix"},
            ),
        ),
    ),
    Defect(
        "schedule-lifetime-unknown",
        "The auto pool of a job schedule cannot live as long as the schedule.",
        "limits",
        each_way("auto-pool-lifetimes-accepted"),
        "The rule for jobs taken for schedules.",
        _any((f"{AUTO}.poolLifetimeOption", _is("jobschedule"))),
    ),
    Defect(
        "schedule-auto-pool-ends-refused",
        "The resize timeout of an auto pool has to be above 5 minutes, its evaluation interval between 5 minutes and 7 days.",
        "limits",
        each_way("auto-pool-resize-timeout-5-minutes-accepted", "auto-pool-interval-ends-accepted"),
        "Off by one: < for <=.",
        _any((f"{_POOL}.resizeTimeout", _is("PT5M")), (f"{_POOL}.autoScaleEvaluationInterval", _is("PT5M", "P7D"))),
    ),
)
