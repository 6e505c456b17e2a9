"""Lies about pools that several families tell: what is not asked for, what is made up, what is mixed up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.refusals import property_of
from conformance.defects.requests import sent_body
from conformance.defects.where import When, always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

MACHINE = {
    "imageReference": {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"},
    "nodeAgentSKUId": "batch.node.ubuntu 18.04",
}
_ROUNDS = 8


@dataclass(frozen=True)
class Whole:
    """Everything that stands at that path is forgotten."""

    path: str


def made_up(where: str, path: str, value: Any, when: When = always) -> Maker:
    """What has to be sent is made up when it is not: `path` like `startTask.commandLine`, in an object that is there."""

    def change(document: Json) -> None:
        if at(document, path) is ABSENT:
            put(document, path, value)

    return sent_body(where, change, when)


def corrected(where: str, path: str, change: Callable[[Any], Any], when: When = always) -> Maker:
    """What was sent there is heard as something else; ABSENT is not heard at all."""

    def edit(document: Json) -> None:
        value = at(document, path)
        if value is not ABSENT:
            put(document, path, change(value))

    return sent_body(where, edit, when)


def forgives(where: str, mended: Mapping[str, Any], when: When = always) -> Maker:
    """What is wrong with properties (globs over PropertyName) is not looked at: the service hears that value instead, nothing
    for ABSENT, or nothing of a larger part."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            first = answer = await ask(asked)
            if answer.status not in (400, 409) or not (fits(where, asked) and when(asked)):
                return answer
            document = sent(asked)
            for _ in range(_ROUNDS):
                name = property_of(answer)
                glob = next((each for each in mended if fnmatchcase(name, each)), None)
                if glob is None or not _mend(document, name, mended[glob]):
                    break
                answer = await ask(replace(asked, body=json.dumps(document, ensure_ascii=False).encode()))
            return answer if answer.status < 300 else first

        return lie

    return make


def put_all(document: Any, path: str, value: Any) -> bool:
    """As `put`, in every element of a list whose elements the path does not number."""
    for step in range(path.count("."), 0, -1):
        way, rest = ".".join(path.split(".")[:step]), ".".join(path.split(".")[step:])
        holder = at(document, way)
        if isinstance(holder, list) and not rest.partition(".")[0].isdecimal():
            return any([put_all(element, rest, value) for element in holder])
    return put(document, path, value)


def _mend(document: Json, name: str, mended: Any) -> bool:
    if isinstance(mended, Whole):
        return put(document, mended.path, ABSENT)
    return put_all(document, _last_choice(name), mended)


def _last_choice(name: str) -> str:
    """The service names several properties, of which one is needed, as `way.one or other`."""
    way = name.partition(" or ")[0].rpartition(".")[0]
    last = name.rpartition(" or ")[2]
    return f"{way}.{last}" if way and " or " in name else last


def each(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """A change of every element of a list, or of what was read alone."""

    def changed(document: Json) -> None:
        found = document.get("value")
        for element in found if isinstance(found, list) else (document,):
            change(element)

    return changed


def pool_of(service: Service, asked: WireRequest) -> Json | None:
    """The pool that the path names."""
    segments = asked.path.strip("/").split("/")
    return service.store.get("pool", segments[1]) if len(segments) > 1 and segments[0].lower() == "pools" else None
