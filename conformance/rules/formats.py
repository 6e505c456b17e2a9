"""Lexical forms, each as a predicate, and the clock arithmetic of ETags."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

_GUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}").fullmatch
_BARE_ETAG = re.compile(r"0x[0-9A-F]{15}").fullmatch
_ANY_ETAG = re.compile(r'(W/)?"0x[0-9A-Fa-f]{15}"|0x[0-9A-Fa-f]{15}').fullmatch
_HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} [0-2]\d:[0-5]\d:[0-6]\d GMT"
).fullmatch
_DATE_TIME = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?"
_UTC = re.compile(_DATE_TIME + "Z").fullmatch
_ZONED = re.compile(_DATE_TIME + r"(?:Z|[+-]\d\d:\d\d)").fullmatch
_DURATION = re.compile(
    r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
).fullmatch
_SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?").fullmatch
_INT64 = re.compile(r"-?\d{1,19}").fullmatch
_EPOCH = datetime(1, 1, 1)
_SECOND = timedelta(seconds=1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = {
    name: n
    for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1)
}


def is_guid(text: str) -> bool:
    return _GUID(text) is not None


def is_bare_etag(text: str) -> bool:
    """The form of the data plane: no quotes, 15 upper-case hex digits."""
    return _BARE_ETAG(text) is not None


def is_etag(text: str) -> bool:
    """Any form that the management plane uses: bare, quoted or weak."""
    return _ANY_ETAG(text) is not None


@lru_cache(maxsize=4096)
def is_http_date(text: str) -> bool:
    """With the day of the week that the date has."""
    if _HTTP_DATE(text) is None:
        return False
    try:
        return date(int(text[12:16]), _MONTHS[text[8:11]], int(text[5:7])).weekday() == _DAYS.index(text[:3])
    except ValueError:
        return False


def is_utc_date_time(text: str) -> bool:
    return _UTC(text) is not None and _in_calendar(text)


def is_date_time(text: str) -> bool:
    return _ZONED(text) is not None and _in_calendar(text)


def _in_calendar(text: str) -> bool:
    """Every month has 28 days."""
    if text[8:10] <= "28":
        return True
    try:
        return bool(date.fromisoformat(text[:10]))
    except ValueError:
        return False


def is_duration(text: str) -> bool:
    return _DURATION(text) is not None


def is_length(text: str) -> bool:
    """A duration as answers show it: ISO 8601 knows no sign."""
    return not text.startswith("-") and is_duration(text)


def seconds_of(duration: str) -> float | None:
    """None when it is no duration, or one with units of no fixed length."""
    match = _SPAN(duration.strip().upper()) if is_duration(duration.strip().upper()) else None
    if match is None:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3_600 + minutes * 60 + seconds


def is_int64(text: str) -> bool:
    return _INT64(text) is not None


def is_absolute_url(text: str) -> bool:
    parts = split_url(text)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc)


def split_url(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:  # e.g. an unclosed bracket in the host
        return None


@lru_cache(maxsize=4096)
def decoded_path(text: str) -> str:
    """The path of a URL, percent-decoded, without a trailing slash; the host is left out, as a proxy has its own."""
    parts = split_url(text)
    return unquote(parts.path).rstrip("/") if parts else ""


@lru_cache(maxsize=4096)
def ticks(utc: str) -> int | None:
    """100 ns steps since year 1 of an ISO 8601 instant in UTC with up to 7 digits; None when it is not one."""
    if not is_utc_date_time(utc):
        return None
    whole, _, fraction = utc[:-1].partition(".")
    try:
        seconds = (datetime.fromisoformat(whole) - _EPOCH) // _SECOND
    except ValueError:  # 31 February
        return None
    return seconds * 10_000_000 + int(fraction.ljust(7, "0") if fraction else 0)


@lru_cache(maxsize=4096)
def http_date_ticks(text: str) -> int | None:
    """The same of an RFC 1123 date."""
    try:
        if is_http_date(text):  # nearly every one; parsing any form of date takes ten times as long
            hour, minute, second = int(text[17:19]), int(text[20:22]), int(text[23:25])
            plain = datetime(int(text[12:16]), _MONTHS[text[8:11]], int(text[5:7]), hour, minute, second)
            return ((plain - _EPOCH) // _SECOND) * 10_000_000
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return ((instant.astimezone(UTC).replace(tzinfo=None) - _EPOCH) // _SECOND) * 10_000_000


def etag_ticks(etag: str) -> int | None:
    return int(etag, 16) if is_bare_etag(etag) else None
