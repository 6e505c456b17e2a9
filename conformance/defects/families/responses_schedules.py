"""Job schedules: answers of another form, with other headers or another status than documented."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import (
    body,
    member,
    no_member,
    status,
)
from conformance.defects.combined import together
from conformance.defects.model import Defect, Maker
from conformance.defects.schedules import GET, SPEC
from conformance.reference.wire import Json

_LIST = "GET /jobschedules"
_AGREES = ("job-schedules.list.element-equals-get", "job-schedules.trace.list-agrees")
_SWITCH = "POST /jobschedules/{}/disable, POST /jobschedules/{}/enable"
_TERMINATE, _DELETE = "POST /jobschedules/{}/terminate", "DELETE /jobschedules/{}"
_UPDATES = "PATCH|PUT /jobschedules/{}"


def _span(value: Any) -> Any:
    return "00:10:00" if value == "PT10M" else value


def _before(document: Json) -> None:
    if "state" in document and "previousState" not in document:
        document["previousState"] = "active"


def _year_one(document: Json) -> None:
    if "executionInfo" in document:
        document["executionInfo"].setdefault("endTime", "0001-01-01T00:00:00Z")


def _form(id: str, lie: str, family: Any, names: tuple[str, ...], idea: str, make: Maker, *consequences: str) -> Defect:
    return Defect(id, lie, family, tuple(f"job-schedules.{name}" for name in names), idea, make, consequences)


DEFECTS = (
    _form(
        "schedule-actions-200",
        "Disabling, enabling, terminating and deleting a job schedule are answered 200.",
        "status",
        ("disable.answers-204", "enable.answers-204", "terminate.answers-202", "delete.answers-202"),
        "Frameworks answer 200 unless told otherwise.",
        together(status(_SWITCH, 204, 200), status(_TERMINATE, 202, 200), status(_DELETE, 202, 200)),
        "job-schedules.delete.completed-accepted",
        "job-schedules.disable.state-disabled",
        "job-schedules.enable.state-active",
        "job-schedules.delete.gone",
        "job-schedules.terminate.ends-completed",
    ),
    _form(
        "schedule-updates-204",
        "PATCH and PUT of a job schedule are answered 204.",
        "status",
        ("patch.answers-200", "update.answers-200"),
        "There is no body, so it is No Content.",
        status(_UPDATES, 200, 204),
        "job-schedules.patch.empty-body-changes-nothing",
    ),
    _form(
        "schedule-get-203",
        "Reads of a job schedule are answered 203.",
        "status",
        ("get.answers-200",),
        "A proxy that transforms what passes says so.",
        status(GET, 200, 203),
        "job-schedules.add.readable",
        "job-schedules.get.id-ignores-case",
        "job-schedules.get.expands-stats",
        "job-schedules.requests.valid-served",
        "job-schedules.delete.gone",
    ),
    _form(
        "schedule-list-206",
        "A list of job schedules is answered 206.",
        "status",
        ("list.answers-200",),
        "A page is partial content.",
        status(_LIST, 200, 206),
        "job-schedules.list.expands-stats",
        "job-schedules.list.filter-*",
    ),
    _form(
        "schedule-exists-204",
        "HEAD of a job schedule is answered 204.",
        "status",
        ("exists.answers-200",),
        "There is no body, so it is No Content.",
        status("HEAD /jobschedules/{}", 200, 204),
        "job-schedules.exists.found",
    ),
    _form(
        "schedule-required-lost",
        "The list of job schedules shows job specifications without poolInfo.",
        "schema",
        ("responses.required-present", "trace.list-agrees"),
        "Where the jobs run is nobody's business.",
        no_member(_LIST, f"value/*/{SPEC}/poolInfo"),
        *_AGREES,
        "job-schedules.trace.sent-shown",
    ),
    _form(
        "schedule-priority-text",
        "The list of job schedules shows the priority of their jobs as text.",
        "schema",
        ("responses.types",),
        "Numbers come as text from a table store.",
        member(_LIST, f"value/*/{SPEC}/priority", str),
        *_AGREES,
    ),
    _form(
        "schedule-state-enabled",
        "A job schedule that is active is shown as enabled.",
        "schema",
        ("responses.enum-values", "add.state-active", "trace.states"),
        "The opposite of disabled.",
        member(GET, "state", lambda state: "enabled" if state == "active" else state),
        "job-schedules.clock.active-job-outlives-end",
        "job-schedules.enable.state-active",
        "job-schedules.trace.previous-state",
        "job-schedules.trace.state-times",
        "job-schedules.clock.recurring-stays-active",
        "job-schedules.trace.actions-lead",
        "job-schedules.list.element-equals-get",
        "job-schedules.trace.list-agrees",
        "job-schedules.list.selects",
    ),
    _form(
        "schedule-time-span",
        "A job schedule shows its recurrenceInterval as 00:10:00.",
        "schema",
        ("responses.durations",),
        "A TimeSpan as .NET writes it.",
        member(GET, "schedule/recurrenceInterval", _span),
        "job-schedules.*.recurrence-interval-kept",
        "job-schedules.trace.sent-shown",
        "job-schedules.trace.writes-shown",
        "job-schedules.update.replaces-recurrence-interval",
    ),
    _form(
        "schedule-id-path",
        "A job schedule shows the whole path as its id.",
        "schema",
        ("responses.id",),
        "ARM has ids that are paths.",
        member(GET, "id", lambda name: f"/jobschedules/{name}"),
        "job-schedules.list.element-equals-get",
        "job-schedules.trace.identity",
        "job-schedules.trace.list-agrees",
        "job-schedules.trace.sent-shown",
        "job-schedules.trace.writes-shown",
        "job-schedules.get.id-ignores-case",
        "job-schedules.patch.keeps-identity-times",
        "job-schedules.trace.reads-agree",
    ),
    _form(
        "schedule-url-singular",
        "The url of a job schedule is below jobschedule.",
        "schema",
        ("responses.url",),
        "Named after the class, as object mappers do.",
        member(GET, "url", lambda url: url.replace("/jobschedules/", "/jobschedule/")),
        "job-schedules.trace.identity",
        "job-schedules.list.element-equals-get",
        "job-schedules.patch.keeps-identity-times",
    ),
    _form(
        "schedule-previous-none",
        "A new job schedule shows that it was active before.",
        "schema",
        ("add.no-previous-state",),
        "The first value of an enumeration that cannot be empty.",
        body(GET, _before),
        "job-schedules.get.selects",
        "job-schedules.list.element-equals-get",
        "protocol.select.only-selected",
    ),
    _form(
        "schedule-end-year-one",
        "A job schedule that has not ended shows an end time in the year 1.",
        "schema",
        ("add.no-end",),
        "The default of a type that cannot be empty.",
        body(GET, _year_one),
        "job-schedules.list.element-equals-get",
        "job-schedules.responses.state",
        "protocol.consistency.times",
    ),
)
