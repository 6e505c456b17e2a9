"""What the contract forbids in a single value of a request: its type, its enumeration, its limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from conformance.contract import Property
from conformance.rules.formats import is_duration, seconds_of
from conformance.rules.model import Problem, Shape, clip

Issue = tuple[str, Problem]
TYPE, ENUM = "request.type", "request.enum"
TOO_LONG, TOO_SHORT, CHARACTERS = "request.too-long", "request.too-short", "request.characters"
BELOW, ABOVE, DATE_TIME = "request.below", "request.above", "request.date-time"
DURATION, TOO_BRIEF, TOO_LASTING = "request.duration", "request.duration-below", "request.duration-above"

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*").fullmatch
# a date in any of the documented forms begins so; what follows is left to the service
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(\D.*)?", re.DOTALL).match


def scalar_check(p: Property) -> Shape | None:
    """None when nothing can be said of the value."""
    if p.enum or p.constant:
        return _enum(p.enum or (str(p.constant),))
    if p.format == "date-time":
        return _text(_date_time)
    if p.format == "duration":
        return _text(_duration(p))
    if p.type == "string":
        return _text(_length(p))
    return {"integer": _number(p, whole=True), "number": _number(p, whole=False), "boolean": _boolean, "object": _object}.get(
        p.type
    )


def wrong_type(value: Any, expected: str) -> list[Issue]:
    return [(TYPE, Problem(f"a member is not {expected}", f"{expected}, else status 400", clip(value)))]


def _issue(slug: str, message: str, value: Any) -> list[Issue]:
    return [(slug, Problem(message, "status 400", clip(value)))]


def _text(check: Callable[[str], list[Issue] | None]) -> Shape:
    return lambda value: check(value) if type(value) is str else wrong_type(value, "a string")


def _enum(values: tuple[str, ...]) -> Shape:
    allowed = frozenset(v.lower() for v in values)

    def check(value: str) -> list[Issue] | None:
        # an empty text may count as absent, and a number may be that of a value
        if value.lower() in allowed or not value.strip() or _NUMBER(value):
            return None
        return _issue(ENUM, f"the value is none of {', '.join(values)}", value)

    return _text(check)


def _date_time(value: str) -> list[Issue] | None:
    return None if _DATE(value) else _issue(DATE_TIME, "the value is no ISO 8601 date-time", value)


def _duration(p: Property) -> Callable[[str], list[Issue] | None]:
    least, most = seconds_of(p.minimum_duration or ""), seconds_of(p.maximum_duration or "")

    def check(value: str) -> list[Issue] | None:
        if not is_duration(value.strip().upper()):
            return _issue(DURATION, "the value is no ISO 8601 duration", value)
        length = seconds_of(value)
        if length is not None and least is not None and length < least:
            return _issue(TOO_BRIEF, f"the duration is below {p.minimum_duration}", value)
        if length is not None and most is not None and length > most:
            return _issue(TOO_LASTING, f"the duration is above {p.maximum_duration}", value)
        return None

    return check


def _length(p: Property) -> Callable[[str], list[Issue] | None]:
    pattern = re.compile(p.pattern) if p.pattern else None

    def check(value: str) -> list[Issue] | None:
        if p.min_length is not None and len(value) < p.min_length:
            return _issue(TOO_SHORT, f"{len(value)} characters, at least {p.min_length} are documented", value)
        # counted in code points, so that what is too long is so by any way to count
        if p.max_length is not None and len(value) > p.max_length:
            return _issue(TOO_LONG, f"{len(value)} characters, at most {p.max_length} are documented", value)
        if pattern is not None and not pattern.fullmatch(value):
            return _issue(CHARACTERS, f"the value does not match {p.pattern}", value)
        return None

    return check


def _number(p: Property, *, whole: bool) -> Shape:
    expected = "an integer" if whole else "a number"

    def check(value: Any) -> list[Issue] | None:
        if type(value) is str and _NUMBER(value):
            return None  # the Azure CLI writes numbers as text, and the live service takes them
        if type(value) not in (int, float) or (whole and type(value) is float and not value.is_integer()):
            return wrong_type(value, expected)
        if p.minimum is not None and value < p.minimum:
            return _issue(BELOW, f"the value is below {p.minimum:g}", value)
        if p.maximum is not None and value > p.maximum:
            return _issue(ABOVE, f"the value is above {p.maximum:g}", value)
        return None

    return check


def _boolean(value: Any) -> list[Issue] | None:
    written = type(value) is str and value.strip().lower() in ("true", "false")
    return None if type(value) is bool or written else wrong_type(value, "a boolean")


def _object(value: Any) -> list[Issue] | None:
    return None if type(value) is dict else wrong_type(value, "an object")
