"""Tells exchanges with Batch from others that a recording also holds: a browser's HAR has every page that was open.

A host is one of Batch by its name, or because some exchange with it names an operation and an api-version; an emulator may have
any name. What came before that first exchange waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.exchange import Exchange
from conformance.rules import context_for


class Sieve:
    """`others` holds, at the end, the exchanges with hosts that are none of Batch, by host."""

    def __init__(self) -> None:
        self.others: dict[str, list[Exchange]] = {}
        self._known: set[str] = set()

    def batch(self, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        for exchange in exchanges:
            host = exchange.request.parts.netloc.rpartition("@")[2].lower()  # a name and a password before it are not told
            if host in self._known:
                yield exchange
            elif ".batch." in host or _names_operation(exchange):
                self._known.add(host)
                yield from self.others.pop(host, ())
                yield exchange
            else:
                self.others.setdefault(host, []).append(exchange)


def _names_operation(exchange: Exchange) -> bool:
    context = context_for(exchange)
    return exchange.api_version is not None and (context.operation is not None or context.case.known_elsewhere)
