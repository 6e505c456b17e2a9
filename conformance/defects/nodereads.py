"""Lies about where nodes are found: under which pool, in which list, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from conformance.defects.answers import simply, with_header
from conformance.defects.leniency import refuses
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.nodelies import node_of
from conformance.defects.where import always, fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_LIST, _ONE = "GET /pools/{}/nodes", "GET /pools/{}/nodes/{}"
_JSON = "application/json;odata=minimalmetadata"


def empty_when_missing(where: str, metadata: str) -> Maker:
    """What is not found is an empty list."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status != 404 or not fits(where, asked):
            return answer
        document = {"odata.metadata": f"{asked.base}/$metadata#{metadata}", "value": []}
        return replace(with_header(answer, "Content-Type", _JSON), status=200, body=json.dumps(document).encode())

    return simply(lie)


def missing_when_empty(where: str) -> Maker:
    """A list without elements is not found."""

    def make(service: Service) -> Lie:
        refused = refuses(where, always, "ResourceNotFound")(service)

        async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
            answer = await ask(asked)
            empty = fits(where, asked) and answer.status == 200 and json.loads(answer.body).get("value") == []
            return await refused(asked, ask) if empty else answer

        return lie

    return make


def without_content(where: str) -> Maker:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        return replace(answer, body=b"") if fits(where, asked) and answer.status == 200 else answer

    return simply(lie)


def _finds_none(asked: WireRequest, answer: WireAnswer) -> bool:
    plain = fits(_LIST, asked) and "$" not in asked.query
    return plain and answer.status == 200 and json.loads(answer.body).get("value") == []


def any_pool(service: Service) -> Lie:
    """A node is found under every pool, and a pool without nodes lists those of another one."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        segments = asked.path.strip("/").split("/")
        if fits(_ONE, asked) and answer.status == 404:
            node = next((each for each in service.store.all("node") if each["id"] == segments[3]), None)
        elif _finds_none(asked, answer):
            node = next(iter(service.store.all("node")), None)
        else:
            return answer
        if node is None:
            return answer
        segments[1] = str(node["_pool"])
        return await ask(replace(asked, path="/" + "/".join(segments)))

    return lie


def not_found(where: str, when: Callable[[Json], bool]) -> Maker:
    """A node of which that holds is not found."""

    def make(service: Service) -> Lie:
        def hidden(asked: WireRequest) -> bool:
            node = node_of(service, asked)
            return node is not None and when(node)

        return refuses(where, hidden, "NodeNotFound")(service)

    return make
