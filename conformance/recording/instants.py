"""Moves all times of a recording so that it begins at one fixed instant, whichever day it was made.

One whole number of seconds for a recording: order, differences and the digits of a second stay what they are. Only times near the
recording move; what a scenario writes as a constant (the year 2100) is far from it, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

BASE = datetime(2026, 1, 1, tzinfo=UTC)
"""Where recordings begin; the reference service's repeatable clock begins there too, so that its times do not move at all."""

_NEAR = timedelta(days=400)
_SAME = timedelta(days=3)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d", re.IGNORECASE)
_HTTP = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)
_OLD_HTTP = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT")
_ETAG = re.compile(r"0x[0-9A-F]{15}(?![0-9A-F])")
_TICKS = 10_000_000
_START = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Shift:
    """`begin` once, with the first time that the target tells."""

    first: datetime | None = None
    seconds: int = 0

    def begin(self, told: str | None) -> None:
        """`told` is a Date header; without one, times stay as they are."""
        if self.first is not None or told is None:
            return
        try:
            self.first = parsedate_to_datetime(told)
        except ValueError:
            return
        if abs(self.first - BASE) > _SAME:
            self.seconds = int((BASE - self.first).total_seconds())

    def text(self, text: str) -> str:
        if not self.seconds:
            return text
        for pattern, moved in ((_ISO, self._iso), (_HTTP, self._http), (_OLD_HTTP, self._old_http), (_ETAG, self._etag)):
            text = pattern.sub(self._near(moved), text)
        return text

    def _near(self, moved: Callable[[str], str | None]) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            try:
                return moved(match[0]) or match[0]
            except (ValueError, OverflowError):
                return match[0]

        return replace

    def _moved(self, instant: datetime) -> datetime | None:
        if self.first is None or abs(instant - self.first) > _NEAR:
            return None
        return instant + timedelta(seconds=self.seconds)

    def _iso(self, text: str) -> str | None:
        colon = "%3A" if "%3A" in text else "%3a" if "%3a" in text else ":"
        moved = self._moved(datetime.fromisoformat(text.replace(colon, ":")).replace(tzinfo=UTC))
        return moved.strftime(f"%Y-%m-%dT%H{colon}%M{colon}%S".replace("%3A", "%%3A").replace("%3a", "%%3a")) if moved else None

    def _http(self, text: str) -> str | None:
        moved = self._moved(parsedate_to_datetime(text))
        return format_datetime(moved, usegmt=True) if moved else None

    def _old_http(self, text: str) -> str | None:
        moved = self._moved(datetime.strptime(text, "%A, %d-%b-%y %H:%M:%S GMT").replace(tzinfo=UTC))
        return moved.strftime("%A, %d-%b-%y %H:%M:%S GMT") if moved else None

    def _etag(self, text: str) -> str | None:
        ticks = int(text, 16)
        if self._moved(_START + timedelta(microseconds=ticks // 10)) is None:
            return None
        return f"0x{ticks + self.seconds * _TICKS:015X}"
