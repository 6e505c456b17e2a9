"""The reference service with defects, asked in the same process: no socket, no server, and its time moves with the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from conformance.defects.liar import as_sent, told_through
from conformance.defects.model import Ask, Break, Defect, Silence
from conformance.defects.signing import Signer
from conformance.reference.app import Planes
from conformance.reference.service import Service
from conformance.reference.settings import Settings
from conformance.reference.wire import WireAnswer, WireRequest

__all__ = ["Break", "Direct", "Silence"]


class Direct:
    """An empty account of its own. What a lie answers is sent as the server would send it. `broke`: how a lie ended first that
    ended with an error of its own."""

    def __init__(self, settings: Settings, defects: Iterable[Defect] = ()) -> None:
        self.service = Service(settings)
        self._planes = Planes(self.service)
        self._lies = [defect.make(self.service) for defect in defects]
        self._signer = Signer(settings)
        self._loop = asyncio.new_event_loop() if self._lies else None
        self.broke = ""

    def answer(self, asked: WireRequest) -> WireAnswer:
        """Raises Silence when there is no answer, Break when the connection is closed without one."""
        if self._loop is None:
            return as_sent(self._planes.answer(asked), asked)
        try:
            return as_sent(self._loop.run_until_complete(self._lied(asked)), asked)
        except (Silence, Break):
            raise
        except Exception as error:
            self.broke = self.broke or f"the lie broke at {asked.method} {asked.path}: {type(error).__name__}: {error}"
            raise

    def close(self) -> None:
        if self._loop is not None:
            self._loop.close()

    async def _lied(self, asked: WireRequest) -> WireAnswer:
        async def ask_service(changed: WireRequest) -> WireAnswer:
            return self._planes.answer(self._signer.signed(changed, asked))

        ask: Ask = ask_service
        return await told_through(self._lies, ask)(asked)
