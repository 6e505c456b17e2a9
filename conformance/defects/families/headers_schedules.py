"""Job schedules: headers that are missing or wrong, ETags and times that move or stay when they should not."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import (
    REFUSED,
    header,
    header_of,
    no_header,
    with_body,
    with_header,
)
from conformance.defects.combined import together
from conformance.defects.model import Ask, Defect, Lie, Maker
from conformance.defects.schedules import ADD, GET
from conformance.defects.stored import after, place_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ALL = "* /jobschedules, * /jobschedules/{}, POST /jobschedules/{}/..."
_SWITCH = "POST /jobschedules/{}/disable, POST /jobschedules/{}/enable"
_UPDATES = "PATCH|PUT /jobschedules/{}"
_WRITES = f"{_UPDATES}, POST /jobschedules/{{}}/..."


def _new_etags(service: Service) -> Lie:
    """The ETag is that of the answer."""
    count = 0

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal count
        answer = await ask(asked)
        if not fits(GET, asked) or answer.status != 200:
            return answer
        count += 1
        etag = (header_of(answer, "ETag") or "")[:-3] + f"{count % 4096:03X}"

        def change(document: Json) -> None:
            if "eTag" in document:
                document["eTag"] = etag

        return with_body(with_header(answer, "ETag", etag), change)

    return lie


def _frozen(service: Service) -> Lie:
    """The row is not touched, and its ETag is what is answered."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        place = place_of(asked.path) if fits(_SWITCH, asked) else None
        schedule = service.store.get(*place) if place else None
        was = {name: schedule[name] for name in ("_modified", "eTag", "lastModified")} if schedule else {}
        answer = await ask(asked)
        if schedule is None or answer.status >= REFUSED.start:
            return answer
        schedule.update(was)
        return with_header(answer, "ETag", was["eTag"])

    return lie


def _form(id: str, lie: str, family: Any, names: tuple[str, ...], idea: str, make: Maker, *consequences: str) -> Defect:
    return Defect(id, lie, family, tuple(f"job-schedules.{name}" for name in names), idea, make, consequences)


DEFECTS = (
    _form(
        "schedule-no-etag",
        "Answers about job schedules have neither ETag nor Last-Modified.",
        "headers",
        ("responses.etag-present", "responses.last-modified-present"),
        "A proxy that does not cache removes them.",
        together(no_header(_ALL, "ETag"), no_header(_ALL, "Last-Modified")),
    ),
    _form(
        "schedule-location-relative",
        "The Location of a new job schedule is a path.",
        "headers",
        ("responses.location", "responses.data-service-id-is-location"),
        "Frameworks write it so, and HTTP allows it.",
        header(ADD, "Location", lambda url: f"/jobschedules/{url.rpartition('/')[2]}"),
    ),
    _form(
        "schedule-service-id-query",
        "DataServiceId of updates and actions on a job schedule has the query of the request.",
        "headers",
        ("responses.data-service-id-is-request-url",),
        "The URL as it was asked for.",
        header(_WRITES, "DataServiceId", lambda url: f"{url}?api-version=2022-01-01.15.0"),
    ),
    _form(
        "schedule-no-service-id",
        "Writes to job schedules are answered without DataServiceId.",
        "headers",
        ("responses.data-service-id-present",),
        "Nobody knows what it is for.",
        no_header(f"{ADD}, {_WRITES}", "DataServiceId"),
    ),
    _form(
        "schedule-etag-per-read",
        "Each read of a job schedule answers another ETag.",
        "conditions",
        ("trace.etag-stays",),
        "Made of the answer, with its request-id.",
        _new_etags,
        "job-schedules.*.honours-conditions",
        "job-schedules.get.repeatable",
        "job-schedules.trace.condition-unmet",
        "job-schedules.trace.condition-met",
        "job-schedules.trace.etag-answered",
        "job-schedules.trace.etag-transition",
        "job-schedules.trace.list-agrees",
        "job-schedules.list.element-equals-get",
        "job-schedules.*.moves-etag",
        "protocol.consistency.etag-ticks",
        "protocol.etag.*",
        "job-schedules.add.duplicate-changes-nothing",
        "job-schedules.get.expands-stats",
    ),
    _form(
        "schedule-disable-keeps-etag",
        "Disabling and enabling a job schedule leave its ETag.",
        "conditions",
        ("trace.etag-moves",),
        "A state is no content.",
        _frozen,
        "job-schedules.trace.modified-forward",
        "protocol.consistency.etag-ticks",
        "protocol.etag.moves-on-write",
        "protocol.etag.write-answers-new",
    ),
    _form(
        "schedule-state-time-stays",
        "Disabling and enabling a job schedule leave its stateTransitionTime.",
        "life-cycles",
        ("trace.state-times",),
        "Set once, when the schedule is made.",
        after(_SWITCH, lambda changed: changed.restore("stateTransitionTime")),
    ),
)
