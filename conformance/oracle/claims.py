"""A claim is what is known of an answer before it comes: which statuses it may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.exchange import Exchange
from conformance.oracle.model import Finding, Step, holds

Accepts = Callable[[int, str], bool]
"""Whether a status with an error code (empty: none) is acceptable."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`about` is the operation that the claim is about; `earlier` the exchange that it follows from."""

    check: str
    about: str
    accepts: Accepts
    expected: str
    property: str = ""
    earlier: Exchange | None = None

    def judge(self, step: Step) -> Finding:
        if self.accepts(step.status, step.code):
            return holds(self.check, self.about, self.property)
        actual = f"{step.status} {step.code}".strip()
        return Finding(
            self.check, False, self.about, self.property, "the answer contradicts the trace", self.expected, actual, self.earlier
        )
