"""Lies about Batch accounts in the management plane: what is asked of one, and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.defects.answers import with_body
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.where import When, always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

ALL: Final = "/subscriptions/{}/providers/Microsoft.Batch/batchAccounts"
GROUP: Final = "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Batch/batchAccounts"
ONE: Final = f"{GROUP}/{{}}"
LISTS: Final = f"GET {ALL}, GET {GROUP}"
SHOWN: Final = f"GET|PUT|PATCH {ONE}"
RESULT: Final = f"GET {ONE}/operationResults/{{}}"
GONE: Final = "GET /subscriptions/{}/providers/Microsoft.Batch/locations/{}/accountOperationResults/{}"
EVERY: Final = "* /subscriptions/..."
KIND: Final = "batch-account"
NEWEST: Final = "2025-06-01"


@dataclass(frozen=True)
class Account:
    """An account before and after a request that was carried out: `now` is the one in the store, to be changed in place."""

    was: Json
    now: Json
    sent: Json

    @property
    def properties(self) -> Json:
        found: Json = self.now["properties"]
        return found


def key_of(path: str) -> str:
    """By which the store knows the account of a path."""
    steps = path.strip("/").split("/")
    return f"{steps[3]}/{steps[7]}"


def afterwards(where: str, change: Callable[[Account], None], when: When = always) -> Maker:
    """What was carried out is followed by a change of the account that is stored, and an answer that tells the account tells it
    as it is then."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not (fits(where, asked) and when(asked)):
                return await ask(asked)
            was = deepcopy(service.store.get(KIND, key_of(asked.path)) or {})
            answer = await ask(asked)
            now = service.store.get(KIND, key_of(asked.path))
            if now is None or answer.status >= 300:
                return answer
            change(Account(was, now, sent(asked)))
            return replace(answer, body=(await ask(reading(asked))).body) if answer.status == 200 and answer.body else answer

        return lie

    return make


def reading(asked: WireRequest) -> WireRequest:
    return replace(asked, method="GET", body=b"")


def forgiving(where: str, stand_ins: Mapping[str, Any], when: When = always) -> Maker:
    """What is refused is tried again with other values at those places of the body; ABSENT takes away what is there. A place that
    the body does not have and that has no holder is left out."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status not in (400, 409) or not (fits(where, asked) and when(asked)):
            return answer
        document = sent(asked)
        for path, value in stand_ins.items():
            put(document, path, value)
        again = await ask(replace(asked, body=json.dumps(document).encode()))
        return again if again.status < 300 else answer

    return lambda service: lie


def wrong(path: str, so: Callable[[Any], bool]) -> When:
    """The body has something there, and it is so."""
    return lambda asked: (found := at(sent(asked), path)) is not ABSENT and so(found)


def shown(change: Callable[[Json], None], where: str = f"{SHOWN}, {RESULT}, {LISTS}", when: When = always) -> Maker:
    """Each account that an answer tells is changed in place."""

    def each(document: Json) -> None:
        for account in document.get("value", [document]):
            if isinstance(account.get("properties"), dict):
                change(account)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        told = fits(where, asked) and when(asked) and answer.status == 200
        return with_body(answer, each) if told else answer

    return lambda service: lie
