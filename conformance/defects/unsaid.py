"""Lies about what nobody said: reads show another value than the default for what the creation left out."""

from __future__ import annotations

import json

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.stored import place_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_UNSAID = "_unsaid"


def shows_unsaid(collection: str, defaults: Json) -> Maker:
    """Reads of what was added to a collection (`/jobs`) show these values, by path, until a change says something of them; nested
    ones only where there is what holds them."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            if answer.status >= 300 or not fits(f"POST {collection}, GET|PUT|PATCH {collection}/{{}}", asked):
                return answer
            said = sent(asked)
            if not _concerned(defaults, said if asked.method == "POST" else _told(answer)):
                return answer
            place = place_of(asked.path if asked.method != "POST" else f"{asked.path}/{said.get('id')}")
            resource = service.store.get(*place) if place else None
            if resource is None:
                return answer
            if asked.method != "GET":
                before = resource.get(_UNSAID, defaults)
                resource[_UNSAID] = {path: value for path, value in before.items() if at(said, path) is ABSENT}
                return answer
            unsaid = resource.get(_UNSAID, {})
            return with_body(answer, lambda document: _show(document, unsaid))

        return lie

    return make


def _told(answer: WireAnswer) -> Json | None:
    """None when there is nothing to see."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _concerned(defaults: Json, document: Json | None) -> bool:
    return document is None or any("." not in path or at(document, path.partition(".")[0]) is not ABSENT for path in defaults)


def _show(document: Json, unsaid: Json) -> None:
    for path, value in unsaid.items():
        holder = path.rpartition(".")[0]
        if at(document, holder or path) is not ABSENT:
            put(document, path, value)
