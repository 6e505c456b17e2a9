"""Lies of a service that shows what was sent, and goes by something else for as long as the resource lives."""

from __future__ import annotations

from typing import Any

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.requests import sent_body
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_PRETENDED = "_pretended"


def pretends(collection: str, path: str, instead: Any, default: Any = ABSENT) -> Maker:
    """What a creation in a collection (`/jobs`), or a PATCH, says at a path is shown by reads of it. The service goes by
    `instead`; by nothing when it is ABSENT; by what it makes of what was sent when it is a function. With a default, what is not
    said counts as said where there is what would hold it."""
    writes, holder = f"POST {collection}, PATCH {collection}/{{}}", path.rpartition(".")[0]

    def said(document: Json) -> Any:
        value = at(document, path)
        return default if value is ABSENT and at(document, holder) is not ABSENT else value

    def change(document: Json) -> None:
        put(document, path, instead(said(document)) if callable(instead) else instead)

    hear = sent_body(writes, change, lambda asked: said(sent(asked)) is not ABSENT)

    def make(service: Service) -> Lie:
        hearing = hear(service)

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await hearing(asked, ask)
            if fits(writes, asked) and said(sent(asked)) is not ABSENT and answer.status < 300:
                _remember(service, asked, path, said(sent(asked)))
            if answer.status != 200 or not fits(f"GET {collection}, GET {collection}/{{}}", asked):
                return answer
            return with_body(answer, lambda document: _tell(service, asked.path, document, path, instead))

        return lie

    return make


def _tell(service: Service, url: str, document: Json, path: str, instead: Any) -> None:
    listed = document.get("value")
    for one in listed if isinstance(listed, list) else [document]:
        place = place_of(f"{url}/{one.get('id')}" if listed is not None else url) if _could_be(one, path, instead) else None
        _show(one, (service.store.get(*place) or {}).get(_PRETENDED, {}) if place else {})


def _could_be(document: Json, path: str, instead: Any) -> bool:
    """Whether it may be one that is to be changed."""
    value = at(document, path)
    if callable(instead):
        return value is not ABSENT
    return bool(value == instead) or (instead is ABSENT and value in (ABSENT, False, None))


def _remember(service: Service, asked: WireRequest, path: str, value: Any) -> None:
    place = place_of(asked.path if asked.method != "POST" else f"{asked.path}/{sent(asked).get('id')}")
    resource = service.store.get(*place) if place else None
    if resource is not None:
        resource[_PRETENDED] = {**resource.get(_PRETENDED, {}), path: value}


def _show(document: Json, shown: Json) -> None:
    for path, value in shown.items():
        if "." not in path or at(document, path.rpartition(".")[0]) is not ABSENT:
            put(document, path, value)
