"""Lies that hear something else than was said: the service gets another request than the one that was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Maker
from conformance.defects.where import When, always, fits
from conformance.reference.wire import Json, WireAnswer, WireRequest


def heard(where: str, edit: Callable[[WireRequest], WireRequest], when: When = always) -> Maker:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        return await ask(edit(asked) if fits(where, asked) and when(asked) else asked)

    return simply(lie)


def deaf_to_header(where: str, *names: str, when: When = always) -> Maker:
    """As if those headers had not been sent."""
    gone = {name.lower() for name in names}

    def edit(asked: WireRequest) -> WireRequest:
        kept = [(name, value) for name, value in asked.headers if name.lower() not in gone]
        return asked if len(kept) == len(asked.headers) else replace(asked, headers=kept)

    return heard(where, edit, when)


def deaf_to_parameter(where: str, name: str, when: When = always) -> Maker:
    """As if that query parameter had not been sent."""
    return parameter(where, name, lambda value: None, when)


def parameter(where: str, name: str, change: Callable[[str], str | None], when: When = always) -> Maker:
    """Another value for a query parameter; None takes it away."""

    def edit(asked: WireRequest) -> WireRequest:
        if name.lower() not in asked.parameters():
            return asked
        return replace(asked, query=with_parameter(asked.query, name, change))

    return heard(where, edit, when)


def with_parameter(query: str, name: str, change: Callable[[str], str | None]) -> str:
    given = parse_qsl(query, keep_blank_values=True)
    heard = [(key, change(value) if key.lower() == name.lower() else value) for key, value in given]
    return urlencode([(key, value) for key, value in heard if value is not None], quote_via=quote, safe="$")


def sent_body(where: str, change: Callable[[Json], None], when: When = always) -> Maker:
    """The JSON object that was sent is changed in place."""

    def edit(asked: WireRequest) -> WireRequest:
        try:
            document = json.loads(asked.body)
        except ValueError:
            return asked
        if not isinstance(document, dict):
            return asked
        change(document)
        return replace(asked, body=json.dumps(document, ensure_ascii=False).encode())

    return heard(where, edit, when)


def deaf_to_member(where: str, *names: str, when: When = always) -> Maker:
    """As if those members of the body had not been sent."""

    def change(document: Json) -> None:
        for name in names:
            document.pop(name, None)

    return sent_body(where, change, when)
