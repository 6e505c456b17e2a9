"""Dates in HTTP headers: RFC 1123, and RFC 850 which the service accepts too. Other spellings are no date."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = r" (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT"
_RFC_1123 = re.compile(r"[A-Z][a-z]{2}, (?P<day>\d\d) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4})" + _TIME)
_RFC_850 = re.compile(r"[A-Z][a-z]{5,8}, (?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-(?P<year>\d\d)" + _TIME)


def parse_http_date(text: str) -> datetime | None:
    """The instant in UTC, or None when the text is no date of these two forms."""
    match = _RFC_1123.fullmatch(text.strip()) or _RFC_850.fullmatch(text.strip())
    if match is None or match["month"] not in _MONTHS:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        # two digits: the window that RFC 6265 and most servers use
        year += 2000 if year < 70 else 1900
    hour, minute, second = (int(match[name]) for name in ("hour", "minute", "second"))
    try:
        return datetime(year, _MONTHS.index(match["month"]) + 1, int(match["day"]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
