"""Lies about how pools are read: at first, in between, from a cache, in lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from conformance.defects.answers import header_of, with_body
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.paths import ABSENT, at, put, sent
from conformance.defects.refusals import property_of
from conformance.defects.where import always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

NEW, ONE, LIST = "POST /pools", "GET /pools/{}", "GET /pools"
_ROUNDS = 6


def at_first(change: Callable[[Json], Any]) -> Maker:
    """The first read of each new pool shows something else."""

    def make(service: Service) -> Lie:
        fresh: set[str] = set()

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            if fits(NEW, asked) and answer.status == 201:
                fresh.add(f"/pools/{sent(asked).get('id')}")
            if not fits(ONE, asked) or asked.path not in fresh or answer.status != 200:
                return answer
            fresh.discard(asked.path)
            return with_body(answer, change)

        return lie

    return make


def hidden_at_first(service: Service) -> Lie:
    """The first read of each new pool does not find it."""
    fresh: set[str] = set()
    refused = refuses(ONE, always, "PoolNotFound")(service)

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(ONE, asked) and asked.path in fresh:
            fresh.discard(asked.path)
            return await refused(asked, ask)
        answer = await ask(asked)
        if fits(NEW, asked) and answer.status == 201:
            fresh.add(f"/pools/{sent(asked).get('id')}")
        return answer

    return lie


def every_second(where: str, change: Callable[[Json], Any]) -> Maker:
    """Of the answers to such requests, every second one is changed."""

    def make(service: Service) -> Lie:
        count = 0

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            nonlocal count
            answer = await ask(asked)
            if not fits(where, asked) or answer.status != 200:
                return answer
            count += 1
            return with_body(answer, change) if count % 2 == 0 else answer

        return lie

    return make


def cached(service: Service) -> Lie:
    """What was read once is answered again when it is gone."""
    seen: dict[str, WireAnswer] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(ONE, asked) or asked.query.count("$"):
            return answer
        if answer.status == 200:
            seen[asked.path] = answer
        known = seen.get(asked.path) if answer.status == 404 else None
        if known is None:
            return answer
        # the time goes on, also for a cache
        headers = [(name, header_of(answer, name) or value) for name, value in known.headers]
        return replace(known, headers=headers)

    return lie


def late(service: Service) -> Lie:
    """The list has a new pool only when the next one has been added."""
    newest = ""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        nonlocal newest
        answer = await ask(asked)
        if fits(NEW, asked) and answer.status == 201:
            newest = str(sent(asked).get("id"))

        def forget(document: Json) -> None:
            document["value"] = [pool for pool in document["value"] if pool.get("id") != newest]

        return with_body(answer, forget) if fits(LIST, asked) and answer.status == 200 else answer

    return lie


def lingering(service: Service) -> Lie:
    """The list goes on showing a pool that is gone, when it is asked for by its id."""
    seen: dict[str, Json] = {}

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if fits(ONE, asked) and answer.status == 200 and "$" not in asked.query:
            pool = json.loads(answer.body)
            seen[f"id eq '{pool.get('id')}'"] = {name: value for name, value in pool.items() if not name.startswith("odata.")}
        wanted = asked.parameters().get("$filter", "")
        if fits(LIST, asked) and answer.status == 200 and wanted in seen and not json.loads(answer.body).get("value"):
            return with_body(answer, lambda document: document["value"].append(deepcopy(seen[wanted])))
        return answer

    return lie


def shows_sent(*paths: str) -> Maker:
    """A pool shows at those paths what was sent there, secrets too."""

    def make(service: Service) -> Lie:
        known: dict[str, Json] = {}

        def show(pool: Json) -> None:
            for path in paths:
                value = at(known.get(f"/pools/{pool.get('id')}", {}), path)
                if value is not ABSENT:
                    put(pool, path, value)

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            if fits(NEW, asked) and answer.status == 201:
                known[f"/pools/{sent(asked).get('id')}"] = sent(asked)
            shown = fits(ONE, asked) and answer.status == 200 and asked.path in known
            return with_body(answer, show) if shown else answer

        return lie

    return make


def overlooks_unknown(where: str, *, nested: bool) -> Maker:
    """Properties that the api-version does not have are overlooked: those of parts of the resource, or its own."""

    def make(service: Service) -> Lie:
        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            first = answer = await ask(asked)
            document = sent(asked) if fits(where, asked) else {}
            for _ in range(_ROUNDS):
                name = property_of(answer) if b"UnsupportedProperty" in answer.body else ""
                if not name or ("." in name) is not nested or not put(document, name, ABSENT):
                    break
                answer = await ask(replace(asked, body=json.dumps(document).encode()))
            return answer if answer.status < 300 else first

        return lie

    return make
