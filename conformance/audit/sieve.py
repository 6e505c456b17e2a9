"""Tells exchanges with Batch from others that a recording also holds: a browser's HAR has every page that was open.

A host is one of Batch by its name, or because some exchange with it names an operation and an api-version; an emulator may have
any name. What came before that first exchange waits for it, within bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from conformance.audit.names import host_of, recording_of
from conformance.exchange import Exchange
from conformance.rules import context_for

_WAITING = 1000
_HOSTS = 1000
_REST = "more hosts"


@dataclass
class Other:
    """What was exchanged with a host that is none of Batch, so far. `recordings` counts its exchanges in each."""

    first: str
    count: int = 0
    recordings: dict[str, int] = field(default_factory=dict)
    waiting: list[Exchange] = field(default_factory=list)


class Sieve:
    """`others` holds, at the end, what was exchanged with hosts that are none of Batch, by host; `late` what came too long before
    anything showed that its host is one."""

    def __init__(self) -> None:
        self.others: dict[str, Other] = {}
        self.late: dict[str, Other] = {}
        self._known: set[str] = set()
        self._waiting = 0

    def batch(self, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        for exchange in exchanges:
            host = host_of(exchange)
            if host in self._known:
                yield exchange
            elif ".batch." in host or _names_operation(exchange):
                self._known.add(host)
                yield from self._found(host)
                yield exchange
            else:
                self._lay_aside(host, exchange)

    def _found(self, host: str) -> Iterator[Exchange]:
        other = self.others.pop(host, None)
        if other is None:
            return
        self._waiting -= len(other.waiting)
        yield from other.waiting
        other.count -= len(other.waiting)
        other.waiting = []
        if other.count:
            self.late[host] = other

    def _lay_aside(self, host: str, exchange: Exchange) -> None:
        if host not in self.others and len(self.others) >= _HOSTS:
            host = _REST
        other = self.others.setdefault(host, Other(exchange.source))
        other.count += 1
        name = recording_of(exchange)
        if name in other.recordings or len(other.recordings) < _HOSTS:
            other.recordings[name] = other.recordings.get(name, 0) + 1
        if self._waiting < _WAITING and host is not _REST:
            self._waiting += 1
            other.waiting.append(exchange)


def _names_operation(exchange: Exchange) -> bool:
    context = context_for(exchange)
    return exchange.api_version is not None and (context.operation is not None or context.case.known_elsewhere)
