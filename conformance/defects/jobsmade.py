"""Lies about the jobs that a schedule makes: found as soon as they are there, and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.resources.joblife import jobs_of
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

# what shows a schedule or one of its jobs, with the colon as it is or escaped
_SHOWS = "* /jobschedules..., * /jobs/{}:job-..., * /jobs/{}%3Ajob-..., * /jobs/{}%3ajob-..."


@dataclass(frozen=True)
class Made:
    """A job that was just made, and its schedule. `earlier`: the jobs before it, the oldest first. `notes` are the lie's own."""

    store: Store
    schedule: Json
    job: Json
    earlier: list[Json]
    notes: dict[str, Any]
    now: int


def when_made(change: Callable[[Made], None], where: str = _SHOWS) -> Maker:
    def make(service: Service) -> Lie:
        known: set[str] = set()
        notes: dict[str, Any] = {}

        def look() -> None:
            now = service.settings.clock.now()
            for schedule in service.store.all("jobschedule"):
                jobs = sorted(jobs_of(service.store, schedule["id"]), key=lambda job: int(job["_made"]))
                for place, job in enumerate(jobs):
                    if job["id"] not in known:
                        known.add(job["id"])
                        change(Made(service.store, schedule, job, jobs[:place], notes, now))

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not fits(where, asked):
                return await ask(asked)
            service.store.agenda.run(service.settings.clock.now())
            look()
            answer = await ask(asked)
            look()
            return answer

        return lie

    return make


def watching(change: Callable[[Store, Json, int], None], where: str = _SHOWS) -> Maker:
    """Before such a request is answered, each schedule is looked at and perhaps changed: what a timer would do meanwhile."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if fits(where, asked):
                now = service.settings.clock.now()
                service.store.agenda.run(now)
                for schedule in service.store.all("jobschedule"):
                    change(service.store, schedule, now)
            return await ask(asked)

        return lie

    return make


def before_request(where: str, change: Callable[[Store, Json, int], None]) -> Maker:
    """The schedule that such a request names is changed before."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            place = place_of(asked.path) if fits(where, asked) else None
            schedule = service.store.get(*place) if place else None
            if schedule is not None:
                change(service.store, schedule, service.settings.clock.now())
            return await ask(asked)

        return lie

    return make
