"""Several lies in one, and lies that act by another body than the one that they show."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from conformance.defects.leniency import stub
from conformance.defects.liar import told_through
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import at, put, sent
from conformance.defects.requests import sent_body
from conformance.defects.stored import place_of
from conformance.defects.where import When, always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest


def together(*makers: Maker) -> Maker:
    """The first one has the last word."""

    def make(service: Service) -> Lie:
        lies = [maker(service) for maker in makers]

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            return await told_through(lies, ask)(asked)

        return lie

    return make


def nods(where: str, *properties: str, codes: tuple[str, ...] = (), when: When = always) -> Maker:
    """What is wrong with these properties (globs over PropertyName) is told as done, and nothing is done: 201 for a creation, 200
    for an update."""
    shown = properties or ("*",)
    verbs = ((201, "POST"), (200, "PATCH|PUT"))
    return together(*(stub(where, status, *codes, properties=shown, when=_by(verb, when)) for status, verb in verbs))


def _by(verbs: str, when: When) -> When:
    return lambda asked: asked.method in verbs.split("|") and when(asked)


def hears(where: str, *changes: tuple[str, Any], when: When = always) -> Maker:
    """Another value at each of these places of the body, or none when it is ABSENT; what is not there is put there. A function
    makes it from the one that was sent."""

    def change(document: Json) -> None:
        for path, value in changes:
            put(document, path, value(at(document, path)) if callable(value) else value)

    return sent_body(where, change, when)


def stores(where: str, *changes: tuple[str, Any], when: When = always) -> Maker:
    """As `hears`, but what was sent is carried out first, and what is kept of it is changed."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            told = fits(where, asked) and when(asked) and answer.status < 300
            place = _place(asked) if told else None
            resource = service.store.get(*place) if place else None
            for path, value in changes if resource is not None else ():
                put(resource, path, value(at(resource, path)) if callable(value) else value)
            return answer

        return lie

    return make


def _place(asked: WireRequest) -> tuple[str, str] | None:
    return place_of(asked.path if asked.method != "POST" else f"{asked.path}/{sent(asked).get('id')}")


def acts_by(where: str, change: Callable[[Json, int], None], *shown: str, when: When = always) -> Maker:
    """The service does what a changed body says, and then keeps at those places what was sent. `change` is told the instant."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            document = sent(asked)
            if not (fits(where, asked) and when(asked)) or not document:
                return await ask(asked)
            heard = deepcopy(document)
            change(heard, service.settings.clock.now())
            answer = await ask(replace(asked, body=json.dumps(heard, ensure_ascii=False).encode()))
            place = _place(asked) if answer.status < 300 else None
            resource = service.store.get(*place) if place else None
            for path in shown if resource is not None else ():
                put(resource, path, at(document, path))
            return answer

        return lie

    return make
