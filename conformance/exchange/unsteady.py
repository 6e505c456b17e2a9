"""Tells when the same request is answered in two ways though nothing was written between."""

from __future__ import annotations

from collections.abc import Collection, Hashable

from conformance.exchange.model import Exchange

_READS = frozenset({"GET", "HEAD"})
_NONE: frozenset[str] = frozenset()
# so many reads without a write are remembered
_MOST = 1000


class Unsteady:
    """Hears all exchanges in order, with what speaks against each (names of the hearer's own). Remembers no more than the reads
    of one trace since its last write."""

    def __init__(self) -> None:
        self._trace: Hashable = None
        self._answers: dict[tuple[str, str, str | None], tuple[int, frozenset[str]]] = {}

    def heard(self, trace: Hashable, exchange: Exchange, against: Collection[str]) -> frozenset[str]:
        """What speaks against one of two answers to the same request, and not against the other. Answers of another status are
        not compared: what is looked for in them is not the same."""
        request, status = exchange.request, exchange.response.status
        if request.method not in _READS or trace != self._trace or len(self._answers) >= _MOST:
            self._trace = trace
            self._answers.clear()
            if request.method not in _READS:
                return _NONE
        key = (request.method, request.url, request.headers.get("if-none-match"))
        told = frozenset(against) if against else _NONE
        before = self._answers.get(key)
        self._answers[key] = status, told
        if before is None or before[0] != status or before[1] == told:
            return _NONE
        return told.symmetric_difference(before[1])
