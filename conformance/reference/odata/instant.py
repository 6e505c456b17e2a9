"""Points in time as the service writes them, to 100 nanoseconds: `datetime` would lose the last digit."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:T(?P<time>\d\d:\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,7}))?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?",
    re.IGNORECASE,
)
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def ticks(text: str) -> int | None:
    """100-nanosecond units since year 1, or None when the text is no ISO 8601 instant. Without a zone it is UTC."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    zone = match["zone"] or "Z"
    whole = f"{match['date']}T{match['time'] or '00:00'}:{match['second'] or '00'}{'+00:00' if zone in 'Zz' else zone}"
    try:
        since = datetime.fromisoformat(whole) - _EPOCH
    except (ValueError, OverflowError):
        return None
    return (since.days * 86_400 + since.seconds) * 10_000_000 + int((match["fraction"] or "0").ljust(7, "0"))
