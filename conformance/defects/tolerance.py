"""Lies of a service that takes what it should refuse: the service behind hears a value that it takes, and then keeps the one that
was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from conformance.defects.answers import header_of
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import sent
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.reference.wire import Json, WireAnswer, WireRequest


def takes(where: str, name: str, wrong: Callable[[Any], bool], stand_in: Callable[[Any], Any]) -> Maker:
    """A creation takes a wrong value of one of its properties."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            stated = sent(asked) if fits(where, asked) else {}
            if name not in stated or not wrong(stated[name]):
                return await ask(asked)
            heard = {**stated, name: stand_in(stated[name])}
            answer = await ask(replace(asked, body=json.dumps(heard).encode()))
            if answer.status != 201:
                return answer
            _keep(service.store, _created(asked, heard), name, stated[name])
            return _named(answer, str(heard[name]), stated[name]) if name == "id" else answer

        return lie

    return make


def _created(asked: WireRequest, heard: Json) -> tuple[str, str] | None:
    return place_of(f"{asked.path}/{heard.get('id')}")


def _keep(store: Store, place: tuple[str, str] | None, name: str, value: Any) -> None:
    resource = store.get(*place) if place else None
    if place is None or resource is None:
        return
    resource[name] = value
    if name == "id":
        store.remove(*place)
        store.put(place[0], value, resource)


def _named(answer: WireAnswer, heard: str, sent: str) -> WireAnswer:
    """With the id that was sent in the URLs of the headers."""
    location = header_of(answer, "Location") or ""
    if not urlsplit(location).path.endswith(f"/{heard}"):
        return answer
    told = f"{location[: -len(heard)]}{sent}"
    return replace(answer, headers=[(name, value.replace(location, told)) for name, value in answer.headers])
