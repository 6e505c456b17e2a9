"""What a refusal says of itself: when it was, and that it is an error."""

from __future__ import annotations

from typing import Final

from conformance.defects.answers import REFUSED, member, no_member
from conformance.defects.model import Defect
from conformance.defects.where import EVERYTHING

_LINES: Final = 3


def _stale(text: str) -> str:
    """The last line says the time."""
    lines = text.split("\n")
    return "\n".join([*lines[:-1], "Time:2019-01-01T00:00:00.0000000Z"]) if len(lines) == _LINES else text


DEFECTS = (
    Defect(
        "error-of-another-time",
        "The message of an error names the time at which the service was built.",
        "envelope",
        ("protocol.errors.time-of-answer",),
        "The text is made once, and kept.",
        member(EVERYTHING, "message/value", _stale, statuses=REFUSED),
    ),
    Defect(
        "error-without-metadata",
        "An error has no odata.metadata.",
        "envelope",
        ("protocol.errors.metadata",),
        "Errors are written by something else than answers.",
        no_member(EVERYTHING, "odata.metadata", statuses=REFUSED),
    ),
)
