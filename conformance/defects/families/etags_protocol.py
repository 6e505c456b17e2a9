"""ETags of pools, over time."""

from __future__ import annotations

from conformance.defects.answers import header
from conformance.defects.model import Ask, Defect, Lie
from conformance.defects.stored import Changed, after, place_of
from conformance.defects.where import fits
from conformance.reference.resources.lifecycle import touch
from conformance.reference.service import Service
from conformance.reference.wire import WireAnswer, WireRequest


def _touch(changed: Changed) -> None:
    touch(changed.now, changed.now["_modified"] + 10_000_000)


def _keep(changed: Changed) -> None:
    changed.restore("_modified", "eTag", "lastModified")


def _touched_by_resize(service: Service) -> Lie:
    """When the service has ended a resize, the pool has another ETag."""
    resizing: set[str] = set()

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if not fits("GET /pools/{}", asked) or answer.status != 200:
            return answer
        if b'"allocationState":"resizing"' in answer.body:
            resizing.add(asked.path)
        elif b'"allocationState":"steady"' in answer.body and asked.path in resizing:
            resizing.discard(asked.path)
            place = place_of(asked.path)
            pool = service.store.get(*place) if place else None
            if pool is not None:
                touch(pool, pool["_modified"] + 10_000_000)
                return await ask(asked)
        return answer

    return lie


DEFECTS = (
    Defect(
        "head-touches",
        "HEAD of a pool changes its ETag.",
        "conditions",
        ("protocol.etag.stable-on-read",),
        "The time of the last access is kept in the same row.",
        after("HEAD /pools/{}", _touch),
        consequences=(
            "protocol.etag.moves-on-write",
            "protocol.etag.write-answers-new",
            "pools.exists.etag-agrees",
            "protocol.conditional.*",
            "*.trace.etag-*",
            "*.trace.modified-*",
        ),
    ),
    Defect(
        "pool-update-keeps-etag",
        "updateproperties and resize of a pool leave its ETag.",
        "conditions",
        ("protocol.etag.moves-on-write",),
        "Only PATCH thinks of it.",
        after("POST /pools/{}/updateproperties, POST /pools/{}/resize", _keep),
        consequences=("pools.*", "protocol.etag.write-answers-new"),
    ),
    Defect(
        "pool-create-etag",
        "The ETag that the creation of a pool answers is not the one that the pool has.",
        "conditions",
        ("protocol.etag.create-answers-first",),
        "It is made before the row is written.",
        header("POST /pools", "ETag", lambda tag: f"{tag[:-4]}{'0' if tag[-4] != '0' else '1'}{tag[-3:]}"),
        consequences=("pools.trace.etag-transition", "pools.trace.etag-answered", "protocol.consistency.etag-ticks"),
    ),
    Defect(
        "pool-resize-touches",
        "When a resize has ended, the pool has another ETag.",
        "conditions",
        ("protocol.etag.still-on-transition",),
        "Whatever is written moves the ETag.",
        _touched_by_resize,
        consequences=("pools.trace.*",),
    ),
)
