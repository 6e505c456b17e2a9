"""Job schedules: clocks that run early, late, twice or not at all."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import body, member
from conformance.defects.combined import acts_by, together
from conformance.defects.jobsmade import watching, when_made
from conformance.defects.leniency import has_member
from conformance.defects.model import Defect
from conformance.defects.schedules import ADD, GET
from conformance.defects.stored import created
from conformance.defects.timers import (
    AT_ONCE,
    UNTIL,
    again,
    at_once,
    begins,
    both,
    ends_active,
    ends_with_first,
    first_only,
    from_ten,
    hour_late,
    late_lost,
    never_completed,
    once,
    one_more,
    overlaps,
    recurs,
    stops,
    told_as_asked,
    while_disabled,
)


def _clock(id: str, lie: str, requirements: tuple[str, ...], idea: str, make: Any, *consequences: str) -> Defect:
    return Defect(id, lie, "life-cycles", tuple(f"job-schedules.clock.{name}" for name in requirements), idea, make, consequences)


DEFECTS = (
    _clock(
        "schedule-first-job-late",
        "A job schedule that does not recur makes its job two minutes after its creation.",
        ("first-job-at-once",),
        "A timer that looks every other minute.",
        acts_by(ADD, begins(120), UNTIL, when=both(AT_ONCE, lambda asked: not recurs(asked))),
    ),
    _clock(
        "schedule-numbers-from-ten",
        "The first job of a schedule is its job-10.",
        ("job-id",),
        "A sequence of the database.",
        together(created(ADD, from_ten), acts_by(ADD, begins(1), UNTIL, when=AT_ONCE)),
        "job-schedules.clock.next-run-time-interval",
    ),
    _clock(
        "schedule-once-twice",
        "A job schedule that does not recur makes two jobs.",
        ("once-one-job",),
        "Two timers that do not know of one another.",
        when_made(again),
        "jobs.responses.state",
    ),
    _clock(
        "schedule-next-run-hour-late",
        "nextRunTime of a job schedule is shown an hour late.",
        ("next-run-time-until", "next-run-time-interval"),
        "Local time taken for UTC.",
        body(GET, hour_late),
        "job-schedules.patch.next-run-time-follows",
        "job-schedules.update.next-run-time-follows",
        "job-schedules.list.element-equals-get",
    ),
    _clock(
        "schedule-begins-hour-late",
        "A job schedule makes its first job an hour after doNotRunUntil.",
        ("begins-after-do-not-run-until",),
        "UTC taken for local time.",
        together(body(GET, told_as_asked), acts_by(ADD, begins(3600), UNTIL, when=has_member(UNTIL))),
        "job-schedules.enable.jobs-again",
        "job-schedules.list.element-equals-get",
    ),
    _clock(
        "schedule-begins-hour-early",
        "A job schedule makes its first job an hour before doNotRunUntil.",
        ("none-before-do-not-run-until",),
        "UTC taken for local time.",
        together(body(GET, told_as_asked), acts_by(ADD, begins(-3600), UNTIL, when=has_member(UNTIL))),
        "job-schedules.disable.no-jobs",
        "job-schedules.list.element-equals-get",
    ),
    _clock(
        "schedule-never-completed",
        "A job schedule whose work is done stays active, unless it is terminated.",
        ("once-completes", "completes-with-last-job", "completes-at-do-not-run-after"),
        "Nothing looks at a schedule that has no job to make.",
        body(GET, never_completed),
        "job-schedules.trace.state-times",
    ),
    _clock(
        "schedule-ends-with-first-job",
        "A recurring job schedule is completed when its first job is.",
        ("recurring-stays-active",),
        "The end of a job ends what it belongs to.",
        watching(ends_with_first),
        "job-schedules.clock.start-window-*",
    ),
    _clock(
        "schedule-never-recurs",
        "A recurring job schedule makes one job.",
        ("recurs",),
        "A stub of a timer.",
        acts_by(ADD, once, "schedule.recurrenceInterval", when=recurs),
        "job-schedules.clock.next-run-time-interval",
        "job-schedules.clock.start-window-default",
    ),
    _clock(
        "schedule-recurs-at-once",
        "The next job of a recurring schedule is made as soon as the one before has ended.",
        ("interval-between-starts", "start-window-lost"),
        "A loop without a timer.",
        watching(at_once),
    ),
    _clock(
        "schedule-jobs-overlap",
        "A job schedule makes its next job while another one is active.",
        ("one-active-job",),
        "cron does.",
        watching(overlaps),
        "job-schedules.jobs.filter-state-transition-time",
    ),
    _clock(
        "schedule-stops-after-two",
        "A job schedule makes no third job.",
        ("next-after-previous",),
        "The timer is not set again when it finds a job at work.",
        when_made(stops),
    ),
    _clock(
        "schedule-recent-job-elsewhere",
        "The url of recentJob is below that of the job schedule.",
        ("recent-job",),
        "Jobs of a schedule are listed there.",
        member(GET, "executionInfo/recentJob/url", lambda url: url.replace("/jobs/", "/jobschedules/")),
        "job-schedules.responses.url",
        "job-schedules.list.element-equals-get",
    ),
    _clock(
        "schedule-recent-job-first",
        "recentJob of a job schedule is its first job.",
        ("recent-job-is-last",),
        "Set once, when it was empty.",
        body(GET, first_only),
    ),
    _clock(
        "schedule-end-ends-active",
        "A job schedule is completed at doNotRunAfter although its job is active.",
        ("active-job-outlives-end",),
        "A timer for the end.",
        watching(ends_active),
    ),
    _clock(
        "schedule-one-more-job",
        "A job schedule makes one more job after doNotRunAfter.",
        ("none-after-do-not-run-after",),
        "The end is looked at after the job was made.",
        watching(one_more),
        "protocol.consistency.times",
    ),
    _clock(
        "schedule-late-lost",
        "A job that is due while another one is active is left out, although there is no start window.",
        ("start-window-default",),
        "No window taken for an empty one.",
        watching(late_lost(windowed=False)),
    ),
    _clock(
        "schedule-late-lost-in-window",
        "A job that is due while another one is active is left out, whatever the start window.",
        ("start-window-longer",),
        "The window is there and never looked at.",
        watching(late_lost(windowed=True)),
    ),
    Defect(
        "schedule-disabled-runs",
        "A job schedule that is disabled makes jobs.",
        "life-cycles",
        ("job-schedules.disable.no-jobs",),
        "The state is for show.",
        watching(while_disabled),
    ),
)
