"""Lies about the protocol itself: what is refused is asked again in another way; who is let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, put, sent
from conformance.defects.refusals import code_of, refusal, values_of
from conformance.defects.requests import with_parameter
from conformance.defects.signing import Signer
from conformance.defects.where import When, always, fits
from conformance.reference.auth import Authenticator, SignedRequest
from conformance.reference.httpdate import parse_http_date
from conformance.reference.instants import to_datetime
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_ROUNDS = 5
Again = Callable[[WireRequest, Json], WireRequest]


def second_try(where: str, codes: tuple[str, ...], change: Again, when: When = always) -> Maker:
    """What is refused with one of these codes is asked again, changed, until it is taken. `change` gets the error's values."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        first = answer = await ask(asked)
        if not fits(where, asked) or not when(asked):
            return answer
        heard = asked
        for _ in range(_ROUNDS):
            if code_of(answer) not in codes:
                break
            heard = change(heard, values_of(answer))
            answer = await ask(heard)
        return first if answer.status >= 400 else answer

    return simply(lie)


def without_property(asked: WireRequest, values: Json) -> WireRequest:
    document = sent(asked)
    put(document, values.get("PropertyName", ""), ABSENT)
    return replace(asked, body=json.dumps(document, ensure_ascii=False).encode())


def with_property(**defaults: Any) -> Again:
    """The property that the error names, with the value that is given for it here."""

    def change(asked: WireRequest, values: Json) -> WireRequest:
        document = sent(asked)
        name = values.get("PropertyName", "")
        put(document, name, defaults.get(name.rpartition(".")[2], ABSENT))
        return replace(asked, body=json.dumps(document, ensure_ascii=False).encode())

    return change


def without_parameter(asked: WireRequest, values: Json) -> WireRequest:
    return replace(asked, query=with_parameter(asked.query, values.get("QueryParameterName", ""), lambda value: None))


def let_in(whom: Callable[[WireRequest, Guard], bool]) -> Maker:
    """A request of the data plane that fits is served, whatever its signature."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if asked.path.startswith("/subscriptions/") or not whom(asked, Guard(service)):
                return await ask(asked)
            signer = Signer(service.settings)
            now = to_datetime(service.settings.clock.wall()).strftime("%a, %d %b %Y %H:%M:%S GMT")
            kept = [(name, value) for name, value in asked.headers if name.lower() not in ("ocp-date", "date")]
            return await ask(signer.force(replace(asked, headers=[*kept, ("ocp-date", now)])))

        return lie

    return make


def kept_out(whom: Callable[[WireRequest, Guard], bool]) -> Maker:
    """A request that fits fails authentication."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            if not asked.path.startswith("/subscriptions/") and whom(asked, Guard(service)):
                return refusal(service, asked, "AuthenticationFailed")
            return await ask(asked)

        return lie

    return make


class Guard:
    """What a service knows of the date and the signature of a request."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def age(self, asked: WireRequest, *names: str) -> timedelta | None:
        """How long ago it was dated, by the first of these headers that it has."""
        stated = self.date(asked, *names)
        return to_datetime(self._service.settings.clock.wall()) - stated if stated is not None else None

    def date(self, asked: WireRequest, *names: str) -> datetime | None:
        text = next((found for name in names if (found := asked.header(name))), None)
        return parse_http_date(text) if text else None

    def signed(self, asked: WireRequest) -> bool:
        """Rightly, whenever that was."""
        when = self.date(asked, "ocp-date", "date")
        parts = SignedRequest(asked.method, asked.path, asked.query, asked.headers)
        settings = self._service.settings
        authenticator = Authenticator(settings.account, settings.key, settings.token)
        return when is not None and authenticator.check(parts, when) is None
