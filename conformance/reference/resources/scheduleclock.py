"""When a job schedule makes jobs, and when it has come to its end.

`_due` is the instant of the next occurrence (None: there is none), `_missed` that of one that passed while a job was active
or the schedule was disabled, and may still be made up for, `_last` that of the last one. All in ticks.

At the very instant of doNotRunAfter no job is made any more: no document says, and so the end does not depend on what runs first.
"""

from __future__ import annotations

from copy import deepcopy

from conformance.reference.instants import TICKS_PER_SECOND, iso
from conformance.reference.odata.instant import ticks
from conformance.reference.resources import autopools, joblife
from conformance.reference.resources.commandlines import seconds_of
from conformance.reference.resources.jobaccess import ENDING
from conformance.reference.resources.lifecycle import enter
from conformance.reference.store import Store
from conformance.reference.wire import Json

_CONSTRAINTS = {"maxWallClockTime": "P10675199DT2H48M5.4775807S", "maxTaskRetryCount": 0}


def begin(store: Store, schedule: Json, now: int) -> None:
    """A new schedule, or one whose times have changed: find the next occurrence."""
    until = _instant(schedule, "doNotRunUntil")
    interval = _span(schedule, "recurrenceInterval")
    last, missed = schedule.get("_last"), schedule.get("_missed")
    if until is not None and until > now:
        due: int | None = until
        missed = None
    elif last is None:
        due = now
    else:
        due = max(last + interval, now) if interval else None
    schedule["_due"], schedule["_missed"] = due, missed
    _await(store, schedule, now)
    after = _instant(schedule, "doNotRunAfter")
    if after is not None:  # judged anew when it has come: the times may have been changed by then
        store.agenda.at(after, lambda at: _end_if_done(store, schedule, at))
    _end_if_done(store, schedule, now)


def _await(store: Store, schedule: Json, now: int) -> None:
    """Say when the next occurrence is, and wait for it."""
    schedule["_turn"] = turn = schedule.get("_turn", 0) + 1
    due = schedule["_due"]
    after = _instant(schedule, "doNotRunAfter")
    if due is not None and after is not None and due >= after:
        due = schedule["_due"] = None
    if due is None:
        schedule["executionInfo"].pop("nextRunTime", None)
        return
    schedule["executionInfo"]["nextRunTime"] = iso(due)
    if due <= now:
        _occur(store, schedule, due, now)
    else:
        store.agenda.at(due, lambda at: _occur(store, schedule, due, at) if schedule["_turn"] == turn else None)


def _occur(store: Store, schedule: Json, due: int, now: int) -> None:
    """An occurrence is due: make its job, unless one is active or the schedule is disabled."""
    if schedule["state"] not in ("active", "disabled"):
        return
    interval = _span(schedule, "recurrenceInterval")
    schedule["_missed"], schedule["_last"] = due, due
    schedule["_due"] = due + interval if interval else None
    make_up(store, schedule, now)
    _await(store, schedule, now)


def make_up(store: Store, schedule: Json, now: int) -> None:
    """Make the job of the last occurrence, if that can still be done inside of its start window."""
    missed = schedule.get("_missed")
    if missed is None or schedule["state"] != "active" or active_job(store, schedule):
        return
    window = _span(schedule, "startWindow")
    schedule["_missed"] = None
    if (window is None or now <= missed + window) and not _past(schedule, now):
        _make(store, schedule, now)


def _make(store: Store, schedule: Json, now: int) -> None:
    schedule["_count"] = schedule.get("_count", 0) + 1
    name = f"{schedule['id']}:job-{schedule['_count']}"
    defaults = {"constraints": dict(_CONSTRAINTS), "onAllTasksComplete": "noaction", "onTaskFailure": "noaction"}
    spec = {**defaults, **deepcopy(schedule["jobSpecification"]), "id": name}
    schedule["executionInfo"]["recentJob"] = {"id": name}
    joblife.create(store, schedule["_contract"], spec, now, schedule=schedule)


def active_job(store: Store, schedule: Json) -> Json | None:
    """The one job of the schedule that has not ended."""
    running = (job for job in joblife.jobs_of(store, schedule["id"]) if job["state"] not in ("completed", "deleting"))
    return next(running, None)


def _end_if_done(store: Store, schedule: Json, now: int) -> None:
    """The schedule is completed, disabled or not, when no job is active and its time is over, or the one job that it was to make
    has come and gone. One that recurs waits for its doNotRunAfter, also when no occurrence is left before that."""
    waiting = schedule["_due"] is not None or schedule["_missed"] is not None
    had_its_turn = "_last" in schedule and _span(schedule, "recurrenceInterval") is None and not waiting
    ends = schedule["state"] in ("active", "disabled") and (_past(schedule, now) or had_its_turn)
    if ends and active_job(store, schedule) is None:
        complete(store, schedule, now)


def _past(schedule: Json, now: int) -> bool:
    after = _instant(schedule, "doNotRunAfter")
    return after is not None and now >= after


def complete(store: Store, schedule: Json, now: int) -> None:
    enter(schedule, "completed", now)
    schedule["executionInfo"].pop("nextRunTime", None)
    schedule["executionInfo"]["endTime"] = iso(now)
    schedule["_turn"] += 1
    autopools.release(store, schedule, now)


def terminate(store: Store, schedule: Json, now: int) -> None:
    """The active job is ended first; without one there is nothing to wait for (source: recording jobschedule-stop)."""
    job = active_job(store, schedule)
    schedule["_turn"] += 1
    schedule["_due"] = schedule["_missed"] = None
    if job is None:
        complete(store, schedule, now)
        return
    enter(schedule, "terminating", now)
    if job["state"] not in ENDING:
        joblife.terminate(store, job, "TerminateJobSchedule", now)


def resume(store: Store, schedule: Json, now: int) -> None:
    """The schedule is active again: what was missed may still be made up for."""
    make_up(store, schedule, now)
    _end_if_done(store, schedule, now)


def _job_ended(store: Store, job: Json, now: int) -> None:
    schedule = store.get("jobschedule", job["_schedule"]) if job["_schedule"] else None
    if schedule is None:
        return
    if schedule["state"] == "terminating":
        complete(store, schedule, now)
    elif schedule["state"] != "deleting":
        make_up(store, schedule, now)
        _end_if_done(store, schedule, now)


def _instant(schedule: Json, name: str) -> int | None:
    text = schedule["schedule"].get(name)
    return ticks(text) if text else None


def _span(schedule: Json, name: str) -> int | None:
    """In ticks; None when it is absent or endless."""
    seconds = seconds_of(schedule["schedule"].get(name))
    return None if seconds is None else round(seconds * TICKS_PER_SECOND)


joblife.ENDED.append(_job_ended)
