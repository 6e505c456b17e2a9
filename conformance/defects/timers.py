"""Clocks of job schedules that run early, late, twice or not at all: what they do to bodies, answers and the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from conformance.defects.jobsmade import Made
from conformance.defects.leniency import has_member, lacks_member
from conformance.defects.paths import ABSENT, at, put
from conformance.defects.stored import Changed, copied
from conformance.defects.where import When
from conformance.reference.instants import TICKS_PER_SECOND, iso
from conformance.reference.odata.instant import ticks
from conformance.reference.resources import scheduleclock
from conformance.reference.resources.joblife import jobs_of
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireRequest

UNTIL = "schedule.doNotRunUntil"


def begins(seconds: float) -> Any:
    """A body that says that the first job comes so much later than asked for, or than now."""

    def change(document: Json, now: int) -> None:
        asked = at(document, UNTIL)
        first = now if asked is ABSENT else ticks(str(asked)) or now
        put(document, UNTIL, iso(first + round(seconds * TICKS_PER_SECOND)))

    return change


def both(*conditions: When) -> When:
    return lambda asked: all(condition(asked) for condition in conditions)


AT_ONCE = both(lacks_member(UNTIL), has_member("schedule", lambda value: isinstance(value, dict)))


def told_as_asked(document: Json) -> None:
    """The next run is told as if nothing were wrong."""
    until = (document.get("schedule") or {}).get("doNotRunUntil")
    info = document.get("executionInfo") or {}
    if until and "recentJob" not in info and "nextRunTime" in info:
        info["nextRunTime"] = until


def hour_late(document: Json) -> None:
    info = document.get("executionInfo", {})
    if "nextRunTime" in info:
        info["nextRunTime"] = iso((ticks(info["nextRunTime"]) or 0) + 3600 * TICKS_PER_SECOND)


def from_ten(changed: Changed) -> None:
    changed.now["_count"] = 9


def again(made: Made) -> None:
    """The job is there twice: the other one has come to its end at once."""
    if "recurrenceInterval" not in made.schedule["schedule"] and not made.earlier:
        name = f"{made.job['id']}-again"
        twin = {**copied(made.job), "id": name, "state": "completed"}
        made.store.put("job", name, twin)


def never_completed(document: Json) -> None:
    ended = document.get("state") == "completed" and document.get("previousState") == "active"
    if ended and "recentJob" in document.get("executionInfo", {}):
        document["state"] = "active"
        document["executionInfo"].pop("endTime", None)


def ends_with_first(store: Store, schedule: Json, now: int) -> None:
    endless = "recurrenceInterval" in schedule["schedule"] and "doNotRunAfter" not in schedule["schedule"]
    if endless and schedule["state"] == "active" and any(job["state"] == "completed" for job in jobs_of(store, schedule["id"])):
        scheduleclock.complete(store, schedule, now)


def once(document: Json, now: int) -> None:
    put(document, "schedule.recurrenceInterval", ABSENT)


def at_once(store: Store, schedule: Json, now: int) -> None:
    """The next job comes as soon as the one before has ended."""
    going = schedule["state"] == "active" and "recurrenceInterval" in schedule["schedule"]
    if going and jobs_of(store, schedule["id"]) and scheduleclock.active_job(store, schedule) is None:
        schedule["_missed"] = now
        scheduleclock.make_up(store, schedule, now)


@contextmanager
def hidden(jobs: list[Json]) -> Iterator[None]:
    schedules = [job["_schedule"] for job in jobs]
    for job in jobs:
        job["_schedule"] = None
    yield
    for job, schedule in zip(jobs, schedules, strict=True):
        job["_schedule"] = schedule


def overlaps(store: Store, schedule: Json, now: int) -> None:
    if schedule.get("_missed") is not None and schedule["state"] == "active":
        with hidden(jobs_of(store, schedule["id"])):
            scheduleclock.make_up(store, schedule, now)


def stops(made: Made) -> None:
    """After its second job the timer is not set again."""
    if made.earlier:
        made.schedule["_turn"] += 1


def first_only(document: Json) -> None:
    recent = document.get("executionInfo", {}).get("recentJob", {})
    for name, value in recent.items():
        stem, _, number = value.rpartition(":job-")
        recent[name] = f"{stem}:job-1" if number.isdecimal() else value


def ends_active(store: Store, schedule: Json, now: int) -> None:
    after = ticks(schedule["schedule"].get("doNotRunAfter", ""))
    if schedule["state"] == "active" and after is not None and now >= after:
        scheduleclock.complete(store, schedule, now)


def one_more(store: Store, schedule: Json, now: int) -> None:
    """The end is looked at only after the next job was made."""
    jobs = jobs_of(store, schedule["id"])
    if schedule["state"] == "completed" and "doNotRunAfter" in schedule["schedule"] and jobs and "_extra" not in schedule:
        schedule["_extra"] = name = f"{schedule['id']}:job-{len(jobs) + 1}"
        extra = {**copied(jobs[-1]), "id": name, "creationTime": iso(now)}
        store.put("job", name, extra)


def while_disabled(store: Store, schedule: Json, now: int) -> None:
    if schedule["state"] == "disabled" and schedule.get("_missed") is not None:
        schedule["state"] = "active"
        scheduleclock.make_up(store, schedule, now)
        schedule["state"] = "disabled"


def late_lost(windowed: bool) -> Any:
    def change(store: Store, schedule: Json, now: int) -> None:
        same = ("startWindow" in schedule["schedule"]) is windowed
        if same and schedule.get("_missed") is not None and scheduleclock.active_job(store, schedule) is not None:
            schedule["_missed"] = None

    return change


def recurs(asked: WireRequest) -> bool:
    """In whole minutes."""
    return has_member("schedule.recurrenceInterval", lambda value: str(value).startswith("PT") and str(value).endswith("M"))(
        asked
    )
