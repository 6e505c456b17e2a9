"""Lies about the size of a pool that reach into its life: events that get lost, nodes that stay, formulas without effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from conformance.defects.answers import with_header
from conformance.defects.model import Ask, Lie, Maker
from conformance.defects.poolparts import pool_of
from conformance.defects.where import fits
from conformance.reference.service import Service
from conformance.reference.wire import Json, WireAnswer, WireRequest

_RESIZE = "POST /pools/{}/resize"
_ENABLE = "POST /pools/{}/enableautoscale"
_REMOVE = "POST /pools/{}/removenodes"


def instead(where: str, status: int, document: Json) -> Maker:
    """What is refused with 400 or 409 is answered with that document."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits(where, asked) or answer.status not in (400, 409):
            return answer
        told = with_header(answer, "Content-Type", "application/json; odata=minimalmetadata")
        return replace(told, status=status, body=json.dumps(document).encode())

    return lambda service: lie


def stuck_resizing(service: Service) -> Lie:
    """A pool that was resized to some nodes gets them and is never steady again."""
    stuck: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        pool = pool_of(service, asked) if fits(_RESIZE, asked) and answer.status == 202 else None
        if pool is not None and pool.get("targetDedicatedNodes"):
            stuck.add(pool["id"])
        if stuck and fits("GET /pools/{}", asked) and answer.status == 200:
            shown = json.loads(answer.body)
            if shown.get("id") in stuck and "allocationState" in shown:
                return replace(answer, body=json.dumps({**shown, "allocationState": "resizing"}).encode())
        return answer

    return lie


def no_scaling(service: Service) -> Lie:
    """The formula is computed, and its result forgotten."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        pool = pool_of(service, asked) if fits(_ENABLE, asked) else None
        was = dict(pool or {})
        answer = await ask(asked)
        if pool is not None and answer.status == 200:
            pool["targetDedicatedNodes"] = was.get("targetDedicatedNodes", 0)
        return answer

    return lie


def nodes_stay(service: Service) -> Lie:
    """Nobody is told to leave."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        pool = pool_of(service, asked) if fits(_REMOVE, asked) else None
        if pool is None:
            return await ask(asked)
        with _unchanged(service, pool):
            return await ask(asked)

    return lie


@contextmanager
def _unchanged(service: Service, pool: Json) -> Iterator[None]:
    nodes = [node for node in service.store.all("node") if node["_pool"] == pool["id"].lower()]
    states, targets = [node["state"] for node in nodes], pool.get("targetDedicatedNodes", 0)
    yield
    pool["targetDedicatedNodes"] = targets
    for node, state in zip(nodes, states, strict=True):
        node["state"] = state
