"""Which trace an exchange belongs to: all that was exchanged with one account at one host, recording after recording in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from conformance.audit.names import account_of, host_of, recording_of
from conformance.exchange import Exchange
from conformance.judge import Traces

Name = tuple[str, str]
_LATE = " (out of order)"
# clocks of the machines of the live service differ by up to 3 seconds (source: recordings)
_SLACK = timedelta(seconds=5)
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
        when = exchange.started or _date_of(exchange)
        if when is None:
            return False
        when, known = when if when.tzinfo else when.replace(tzinfo=UTC), self._latest
        if known is not None and when < known - (timedelta(0) if exchange.started else _SLACK):
            return True
        self._latest = when if known is None else max(known, when)
        return False

    def for_judge(self, alone: bool = False) -> Traces:
        """`alone`: each recording has all that was done to what it creates, so each is a trace of its own."""
        if alone:
            return Traces(of=lambda _: (self._trace, self._label), recording=lambda _: self._label, whole=True)
        return Traces(of=lambda _: self._trace, recording=lambda _: self._label, whole=False)


def recording_named(label: str) -> str:
    """The recording that a label of the judge's stands for."""
    return label.removesuffix(_LATE)


def time_of(exchange: Exchange) -> datetime | None:
    """When it was, as the answer or the recorder says."""
    return _date_of(exchange) or exchange.started


def _date_of(exchange: Exchange) -> datetime | None:
    try:
        return parsedate_to_datetime(exchange.response.headers["date"])
    except (KeyError, ValueError):
        return None
