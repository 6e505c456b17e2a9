"""Which violations have the same cause: one defect shows on many operations, and with many values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from conformance.fuzz.failure import Violation

_VARIES = (
    (re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`"), "'…'"),
    (re.compile(r"\bbcs-[\w-]+"), "…"),
    (re.compile(r"https?://\S+|/\S+"), "…"),
    (re.compile(r"\b[A-Z][A-Za-z]+_[A-Z]\w+"), "…"),
    (re.compile(r"\d[\d:.TZ+-]*"), "0"),
)


class Cause(NamedTuple):
    """Who found it, and what is said without that which differs from case to case."""

    by: str
    shape: str


def cause_of(violation: Violation) -> Cause:
    shape = violation.message
    for pattern, instead in _VARIES:
        shape = pattern.sub(instead, shape)
    return Cause(violation.by, shape)


def by_cause(violations: Iterable[Violation]) -> dict[Cause, list[Violation]]:
    """In the order in which they were first seen."""
    found: dict[Cause, list[Violation]] = {}
    for violation in violations:
        found.setdefault(cause_of(violation), []).append(violation)
    return found
