"""ISO 8601 durations, as the service takes them."""

from __future__ import annotations

import re
from datetime import timedelta

_SHAPE = re.compile(
    r"^P(?:(?P<days>\d{1,9})D)?(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d+)?)S)?)?$"
)
UNLIMITED = "P10675199DT2H48M5.4775807S"


def parse_duration(text: str) -> timedelta | None:
    """None when it is no duration of days and smaller units."""
    match = _SHAPE.match(text)
    parts = {name: float(value) for name, value in match.groupdict().items() if value} if match else {}
    return timedelta(**parts) if parts else None
