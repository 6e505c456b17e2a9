"""Which of two exchanges came first, as far as clocks and recorders say."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from conformance.exchange import Exchange

_SLACK: Final = timedelta(seconds=5)
_ROUNDED: Final = timedelta(milliseconds=20)


def when(exchange: Exchange | None) -> datetime | None:
    """When it was answered, as the answer or the recorder says."""
    if exchange is None:
        return None
    stated = exchange.response.headers.get("date")
    try:
        return parsedate_to_datetime(stated) if stated is not None else exchange.started
    except ValueError:
        return exchange.started


def well_after(before: datetime | None, now: datetime | None) -> bool:
    """Machines of the live service differ by up to 3 seconds (source: recordings)."""
    if before is None or now is None or (before.tzinfo is None) != (now.tzinfo is None):
        return False
    return now - before > _SLACK


def asked_before(asked: datetime | None, answered: datetime | None) -> bool:
    """Whether a request was sent before another one was answered, as the recorder says."""
    if asked is None or answered is None or (asked.tzinfo is None) != (answered.tzinfo is None):
        return False
    return answered - asked > _ROUNDED


def answered(exchange: Exchange, latest: datetime | None) -> datetime | None:
    """When the last answer of those so far came."""
    if exchange.started is None or exchange.elapsed is None:
        return latest
    try:
        came = exchange.started + timedelta(seconds=exchange.elapsed)
    except (OverflowError, ValueError):
        return latest
    later = latest is None or (came.tzinfo is None) != (latest.tzinfo is None) or came > latest
    return came if later else latest
