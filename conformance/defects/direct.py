"""The reference service with defects, asked in the same process: no socket, no server, and its time moves with the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from conformance.defects.liar import told_through
from conformance.defects.model import Ask, Break, Defect, Silence
from conformance.defects.signing import Signer
from conformance.reference.management.plane import Management
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest

__all__ = ["Break", "Direct", "Silence"]

_BODILESS = frozenset({204, 304})
_LENGTH = "content-length"


class Direct:
    """An empty account of its own. What a lie answers is sent as the server would send it."""

    def __init__(self, settings: Settings, defects: Iterable[Defect] = ()) -> None:
        self.service = Service(settings)
        self._management = Management(self.service.store)
        self._lies = [defect.make(self.service) for defect in defects]
        self._signer = Signer(settings)
        self._loop = asyncio.new_event_loop() if self._lies else None

    def answer(self, asked: WireRequest) -> WireAnswer:
        """Raises Silence when there is no answer, Break when the connection is closed without one."""
        if self._loop is None:
            return as_sent(self._serve(asked), asked)
        return as_sent(self._loop.run_until_complete(self._lied(asked)), asked)

    def close(self) -> None:
        if self._loop is not None:
            self._loop.close()

    async def _lied(self, asked: WireRequest) -> WireAnswer:
        async def ask_service(changed: WireRequest) -> WireAnswer:
            return self._serve(self._signer.signed(changed, asked))

        ask: Ask = ask_service
        return await told_through(self._lies, ask)(asked)

    def _serve(self, asked: WireRequest) -> WireAnswer:
        self.service.settings.clock.asked(f"{asked.method} {asked.path}?{asked.query}")
        answer = self._management.answer(asked) if self._management.owns(asked.path) else self.service.answer(asked)
        if answer.status in _BODILESS or any(name.lower() == _LENGTH for name, _ in answer.headers):
            return answer
        return replace(answer, headers=[*answer.headers, (_LENGTH, str(len(answer.body)))])


def as_sent(answer: WireAnswer, asked: WireRequest) -> WireAnswer:
    """With the body and the length that belong to its status and the request's verb."""
    bodiless = answer.status in _BODILESS
    if asked.method == "HEAD":
        return replace(answer, body=b"")
    kept = [(name, value) for name, value in answer.headers if name.lower() != _LENGTH]
    if bodiless:
        return replace(answer, headers=kept, body=b"")
    return replace(answer, headers=[*kept, (_LENGTH, str(len(answer.body)))])
