"""Requests that a service cannot bear: it fails, breaks off or falls silent."""

from __future__ import annotations

from dataclasses import replace

from conformance.defects.answers import simply
from conformance.defects.model import Ask, Break, Maker, Silence
from conformance.defects.where import When, fits
from conformance.reference.wire import WireAnswer, WireRequest

_SENTENCE = b"<html><body><h1>500 Internal Server Error</h1></body></html>"


def fails(where: str, when: When) -> Maker:
    """What would be carried out is answered 500, as a web framework says it of an exception that nobody caught."""

    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        answer = await ask(asked)
        if answer.status >= 300 or not (fits(where, asked) and when(asked)):
            return answer
        kept = [(name, value) for name, value in answer.headers if name.lower() not in ("content-type", "etag", "last-modified")]
        return replace(answer, status=500, headers=[*kept, ("Content-Type", "text/html")], body=_SENTENCE)

    return simply(lie)


def breaks(where: str, when: When) -> Maker:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(where, asked) and when(asked):
            raise Break
        return await ask(asked)

    return simply(lie)


def hangs(where: str, when: When) -> Maker:
    async def lie(asked: WireRequest, ask: Ask) -> WireAnswer:
        if fits(where, asked) and when(asked):
            raise Silence
        return await ask(asked)

    return simply(lie)
