"""Lies of a service that says yes where it should say no, and no where it should say yes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from typing import Any

from conformance.defects.answers import header_of, simply
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.refusals import code_of, property_of, refusal
from conformance.defects.stored import place_of
from conformance.defects.where import When, always, fits
from conformance.reference.instants import etag, from_unix
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest

_ROUNDS = 8


def stub(where: str, status: int, *codes: str, properties: tuple[str, ...] = ("*",), when: When = always) -> Maker:
    """A refusal with one of these error codes (globs; none: any refusal but 401, 403 and 404), about one of these properties, is
    told as success, and nothing is done. `properties` are globs over what the service calls PropertyName."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status < 400 or not (fits(where, asked) and when(asked)) or not _about(answer, codes, properties):
            return answer
        return _forged(asked, answer, status)

    return simply(lie)


def lenient(where: str, *properties: str, kept: bool = False, when: When = always) -> Maker:
    """Whatever is wrong with these properties (globs over PropertyName) is overlooked: it is as if they had not been sent. With
    `kept` they are stored as they were sent."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not (fits(where, asked) and when(asked)):
                return await ask(asked)
            heard, document, overlooked = asked, deepcopy(sent(asked)), []
            first = answer = await ask(asked)
            for _ in range(_ROUNDS):
                name = property_of(answer)
                if not any(fnmatchcase(name, glob) for glob in properties) or not put(document, name, ABSENT):
                    break
                overlooked.append(name)
                heard = replace(asked, body=json.dumps(document, ensure_ascii=False).encode())
                answer = await ask(heard)
            if answer.status >= 300:
                return first
            if kept:
                _keep(service, asked, overlooked)
            return answer

        return lie

    return make


def refuses(where: str, when: When, code: str = "InvalidPropertyValue", values: Mapping[str, str] | None = None) -> Maker:
    """What it should do is refused, in the service's own words. `values` are the details of the error."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not (fits(where, asked) and when(asked)):
                return await ask(asked)
            return refusal(service, asked, code, values)

        return lie

    return make


def has_member(path: str, wrong: Callable[[Any], bool] = lambda value: True) -> When:
    """The body has something at a path (`constraints.maxTaskRetryCount`), and it is so."""

    def so(asked: WireRequest) -> bool:
        value = at(sent(asked), path)
        return value is not ABSENT and wrong(value)

    return so


def lacks_member(path: str) -> When:
    return lambda asked: at(sent(asked), path) is ABSENT


def longer(than: int) -> Callable[[Any], bool]:
    """A text or a list."""
    return lambda value: isinstance(value, str | list) and len(value) > than


def long(length: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str | list) and len(value) == length


def _about(answer: WireAnswer, codes: tuple[str, ...], properties: tuple[str, ...]) -> bool:
    code = code_of(answer)
    said = any(fnmatchcase(code, glob) for glob in codes) if codes else answer.status not in (401, 403, 404)
    return said and any(fnmatchcase(property_of(answer), glob) for glob in properties)


def _keep(service: Service, asked: WireRequest, names: list[str]) -> None:
    document = sent(asked)
    place = place_of(asked.path if asked.method != "POST" else f"{asked.path}/{document.get('id')}")
    resource = service.store.get(*place) if place else None
    for name in reversed(names) if resource is not None else ():
        put(resource, name, at(document, name))


def _forged(asked: WireRequest, answer: WireAnswer, status: int) -> WireAnswer:
    """As a stub would write it: with the headers that such an answer has, and nothing behind them."""
    kept = [(name, value) for name, value in answer.headers if name.lower() not in ("content-type", "content-length")]
    url = f"{asked.url}/{sent(asked).get('id', '')}" if status == 201 else asked.url
    date = header_of(answer, "Date") or ""
    more = [("ETag", etag_of(date)), ("Last-Modified", date), ("DataServiceId", url)]
    more += [("Location", url)] if status == 201 else []
    return WireAnswer(status, [*kept, *(more if asked.method != "DELETE" else [])])


def etag_of(date: str) -> str:
    """The ETag of what was changed at that second: the service makes it from the time of the change."""
    return etag(from_unix(parsedate_to_datetime(date).timestamp()))
