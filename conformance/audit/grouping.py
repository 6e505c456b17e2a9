"""Which trace an exchange belongs to: all that was exchanged with one account at one host, recording after recording in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from conformance.audit.names import account_of, host_of, recording_of
from conformance.exchange import Exchange
from conformance.judge import Traces
from conformance.oracle.order import well_after, when

Name = tuple[str, str]
_LATE = " (out of order)"
RECORDED_HOST = "recorded.invalid"


@dataclass
class Trace:
    """One account at one host. Only its first and its last exchange are kept."""

    first: Exchange
    last: Exchange
    exchanges: int = 0
    recordings: set[str] = field(default_factory=set)


class Grouping:
    """Hears every exchange just before the judge does, and can then tell the judge where it belongs."""

    def __init__(self) -> None:
        self.traces: dict[Name, Trace] = {}
        self._trace: Name = ("", "")
        self._recording = ""
        self._label = ""
        self._latest: datetime | None = None

    def hear(self, exchange: Exchange) -> None:
        recording = recording_of(exchange)
        if recording != self._recording:
            self._recording, self._latest = recording, None
        self._label = recording + _LATE if self._is_late(exchange) else recording
        host = host_of(exchange)
        # recordings of this suite all have the same stand-ins for host and names: what one tells says nothing about another
        self._trace = name = (host, recording if host == RECORDED_HOST else account_of(exchange))
        trace = self.traces.get(name)
        if trace is None:
            trace = self.traces[name] = Trace(exchange, exchange)
        trace.exchanges += 1
        trace.last = exchange
        trace.recordings.add(recording)

    def _is_late(self, exchange: Exchange) -> bool:
        """What one recording tells is in order. What is out of it is taken for another recording, of which less is concluded."""
        stated = exchange.started or when(exchange)
        if stated is None:
            return False
        stated, known = stated if stated.tzinfo else stated.replace(tzinfo=UTC), self._latest
        if known is not None and (stated < known if exchange.started else well_after(stated, known)):
            return True
        self._latest = stated if known is None else max(known, stated)
        return False

    def for_judge(self, alone: bool = False) -> Traces:
        """`alone`: each recording has all that was done to what it creates, so each is a trace of its own."""
        if alone:
            return Traces(of=lambda _: (self._trace, self._label), recording=lambda _: self._label, whole=True)
        return Traces(of=lambda _: self._trace, recording=lambda _: self._label, whole=False)


def recording_named(label: str) -> str:
    """The recording that a label of the judge's stands for."""
    return label.removesuffix(_LATE)
