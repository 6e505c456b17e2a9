"""Instants as .NET ticks (100 ns since year 1), the unit in which the service writes ETags and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

TICKS_PER_SECOND = 10_000_000
_UNIX_EPOCH = 621_355_968_000_000_000
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)


def from_unix(seconds: float) -> int:
    return _UNIX_EPOCH + round(seconds * TICKS_PER_SECOND)


def to_datetime(ticks: int) -> datetime:
    return _YEAR_ONE + timedelta(microseconds=ticks // 10)


def iso(ticks: int) -> str:
    """`2016-09-12T23:36:20.7296433Z`, trailing zeros dropped, no fraction when whole."""
    whole, fraction = _split(ticks)
    digits = fraction.rstrip("0")
    return f"{whole}.{digits}Z" if digits else f"{whole}Z"


def iso_full(ticks: int) -> str:
    """Always seven digits, as in the `Time:` line of an error."""
    whole, fraction = _split(ticks)
    return f"{whole}.{fraction}Z"


def http_date(ticks: int) -> str:
    """RFC 1123, cut to the second."""
    return format_datetime(to_datetime(ticks).replace(microsecond=0), usegmt=True)


def etag(ticks: int) -> str:
    """`0x` and 15 upper-case hex digits."""
    return f"0x{ticks:X}"


def _split(ticks: int) -> tuple[str, str]:
    seconds, rest = divmod(ticks, TICKS_PER_SECOND)
    # strftime writes no zeros before a year of three digits
    return (_YEAR_ONE + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat(timespec="seconds"), f"{rest:07d}"
