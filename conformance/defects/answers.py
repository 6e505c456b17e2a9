"""Lies in the answer: the service did what it should, and says something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.where import When, always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

Edit = Callable[[WireRequest, WireAnswer], WireAnswer]
OK = range(200, 300)
REFUSED = range(400, 600)


def answered(where: str, edit: Edit, when: When = always, statuses: range = range(600)) -> Maker:
    """The answers to some requests, of some statuses, are edited."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        told = fits(where, asked) and answer.status in statuses and when(asked)
        return edit(asked, answer) if told else answer

    return simply(lie)


def simply(lie: Lie) -> Maker:
    """A lie that needs nothing of the service."""

    def make(service: Service) -> Lie:
        return lie

    return make


def status(where: str, was: int, told: int, when: When = always) -> Maker:
    return answered(where, lambda asked, answer: replace(answer, status=told), when, range(was, was + 1))


def no_header(where: str, name: str, when: When = always) -> Maker:
    return answered(where, lambda asked, answer: with_header(answer, name, None), when)


def header(where: str, name: str, change: Callable[[str], str], when: When = always) -> Maker:
    """Another value for a header that the answer has."""

    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        value = header_of(answer, name)
        return with_header(answer, name, change(value)) if value is not None else answer

    return answered(where, edit, when)


def added_header(where: str, name: str, value: str, when: When = always) -> Maker:
    return answered(where, lambda asked, answer: with_header(answer, name, value), when)


def header_of(answer: WireAnswer, name: str) -> str | None:
    return next((value for key, value in answer.headers if key.lower() == name.lower()), None)


def with_header(answer: WireAnswer, name: str, value: str | None) -> WireAnswer:
    """With that value, in its old place if it had one; None takes it away."""
    if value is not None and header_of(answer, name) is None:
        return replace(answer, headers=[*answer.headers, (name, value)])
    found = [(key, value if key.lower() == name.lower() else was) for key, was in answer.headers]
    return replace(answer, headers=[(key, each) for key, each in found if each is not None])


def body(where: str, change: Callable[[Json], Any], when: When = always, statuses: range = OK) -> Maker:
    """A JSON body is changed in place, or replaced by what `change` gives."""

    def edit(asked: WireRequest, answer: WireAnswer) -> WireAnswer:
        return with_body(answer, change)

    return answered(where, edit, when, statuses)


def with_body(answer: WireAnswer, change: Callable[[Json], Any]) -> WireAnswer:
    try:
        document = json.loads(answer.body)
    except ValueError:
        return answer
    changed = change(document)
    whole = document if changed is None else changed
    return replace(answer, body=json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def no_member(where: str, path: str, when: When = always, statuses: range = OK) -> Maker:
    def change(document: Json) -> None:
        for holder, name in _holders(document, path):
            holder.pop(name, None)

    return body(where, change, when, statuses)


def member(where: str, path: str, value: Any, when: When = always, statuses: range = OK) -> Maker:
    """A member is told with that value, whether it was there or not; a function makes it from the one that was there."""

    def change(document: Json) -> None:
        for holder, name in _holders(document, path):
            if callable(value):
                if name in holder:
                    holder[name] = value(holder[name])
            else:
                holder[name] = value

    return body(where, change, when, statuses)


def null_when_absent(where: str, name: str, when: When = always, statuses: range = OK) -> Maker:
    def change(document: Json) -> None:
        document.setdefault(name, None)

    return body(where, change, when, statuses)


def renamed(where: str, path: str, name: str, when: When = always, statuses: range = OK) -> Maker:
    def change(document: Json) -> None:
        for holder, was in _holders(document, path):
            if was in holder:
                holder[name] = holder.pop(was)

    return body(where, change, when, statuses)


def _holders(document: Any, path: str) -> Iterator[tuple[Json, str]]:
    """The objects that hold what a path like `value/*/startTask/commandLine` names, and its last name."""
    first, _, rest = path.partition("/")
    if first == "*":
        for element in document if isinstance(document, list) else ():
            yield from _holders(element, rest)
    elif isinstance(document, dict):
        if not rest:
            yield document, first
        elif first in document:
            yield from _holders(document[first], rest)
