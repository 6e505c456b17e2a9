"""Lies about what is kept: the answer is right, and what the service remembers afterwards is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import unquote

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.where import When, always, fits
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest

_KINDS = {"pools": "pool", "jobs": "job", "jobschedules": "jobschedule"}
_CERTIFICATE = re.compile(r"/certificates\(thumbprintalgorithm=([^,]+),thumbprint=([^)]+)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Changed:
    """A resource before and after a request that was carried out: `now` is the one in the store, to be changed in place."""

    store: Store
    kind: str
    key: str
    was: Json
    now: Json
    sent: Json

    def restore(self, *names: str) -> None:
        """Those members are as they were."""
        for name in names:
            if name in self.was:
                self.now[name] = self.was[name]
            else:
                self.now.pop(name, None)


def after(where: str, change: Callable[[Changed], None], when: When = always) -> Maker:
    """What was carried out on a resource that was there before is followed by a change of what is stored."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            place = place_of(asked.path) if fits(where, asked) and when(asked) else None
            known = service.store.get(*place) if place else None
            was = copied(known) if known is not None else None
            answer = await ask(asked)
            now = service.store.get(*place) if place else None
            if place and was is not None and now is not None and answer.status < 300:
                change(Changed(service.store, *place, was, now, sent(asked)))
            return answer

        return lie

    return make


def drops(*names: str) -> Callable[[Changed], None]:
    """Those members are gone from what is stored."""

    def change(changed: Changed) -> None:
        for name in names:
            changed.now.pop(name, None)

    return change


def keeps(*names: str) -> Callable[[Changed], None]:
    """Those members are as they were before the request."""
    return lambda changed: changed.restore(*names)


def copied(resource: Json) -> Json:
    """The contract that is kept with some resources is shared: it never changes, and copying it takes half a second."""
    return {name: value if name == "_contract" else deepcopy(value) for name, value in resource.items()}


def created(where: str, change: Callable[[Changed], None], when: When = always) -> Maker:
    """What was created under the id that its body states is changed afterwards. `was` is what was sent."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            stated = sent(asked) if fits(where, asked) and when(asked) else {}
            answer = await ask(asked)
            place = place_of(f"{asked.path}/{stated['id']}") if answer.status == 201 and "id" in stated else None
            now = service.store.get(*place) if place else None
            if place and now is not None:
                change(Changed(service.store, *place, stated, now, stated))
            return answer

        return lie

    return make


def place_of(path: str) -> tuple[str, str] | None:
    """Where the store keeps the resource that a path begins with: a pool, a job, a task, a schedule, a certificate."""
    certificate = _CERTIFICATE.match(unquote(path))
    if certificate:
        return "certificate", f"{certificate[1]}/{certificate[2]}"
    segments = [unquote(segment) for segment in path.strip("/").split("/")]
    if len(segments) < 2 or segments[0].lower() not in _KINDS:
        return None
    if len(segments) > 3 and segments[2].lower() == "tasks":
        return f"task of {segments[1].lower()}", segments[3]
    return _KINDS[segments[0].lower()], segments[1]
