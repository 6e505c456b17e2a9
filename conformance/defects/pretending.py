"""Lies of a service that shows what was sent, and goes by something else for as long as the resource lives."""

from __future__ import annotations

import json
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
            if answer.status != 200 or not fits(f"GET {collection}/{{}}", asked) or not _could_be(answer, path, instead):
                return answer
            place = place_of(asked.path)
            shown = (service.store.get(*place) or {}).get(_PRETENDED, {}) if place else {}
            return with_body(answer, lambda document: _show(document, shown))

        return lie

    return make


def _could_be(answer: WireAnswer, path: str, instead: Any) -> bool:
    """Whether the answer may be one that is to be changed."""
    value = at(json.loads(answer.body), path)
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
        if at(document, path.partition(".")[0]) is not ABSENT or "." not in path:
            put(document, path, value)
