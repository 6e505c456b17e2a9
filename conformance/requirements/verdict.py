"""Verdicts and the evidence that they rest on. Ids cross rooms as strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal


class Verdict(IntEnum):
    """Ordered: merging two verdicts takes the greater, so it only raises."""

    UNTESTED = 0
    NOT_CLAIMED = 1
    NOT_PERMITTED = 2
    PASSED = 3
    FAILED = 4
    ERROR = 5

    @property
    def slug(self) -> str:
        """The name in reports: `not-claimed`."""
        return self.name.lower().replace("_", "-")


Kind = Literal["scenario", "rule", "oracle", "fuzz"]
Outcome = Literal["for", "against", "error", "blocked", "not-permitted"]


@dataclass(frozen=True)
class ExchangeSummary:
    """Enough of an exchange to find it again: `index` is its place in the run's trace, -1 when unknown; `source` is the recording
    and place, or the test, that it came from."""

    method: str
    url: str
    status: int
    index: int = -1
    source: str = ""


@dataclass(frozen=True)
class Evidence:
    """One observation about one requirement.

    `by` is a test id or a rule id. `blocked` means that a precondition broke before the requirement was exercised: it proves
    nothing. `error` means that the suite or the transport broke. `reproduce` is a command line without secrets.
    """

    requirement: str
    kind: Kind
    by: str
    outcome: Outcome
    message: str = ""
    expected: str = ""
    actual: str = ""
    exchange: ExchangeSummary | None = None
    reproduce: str = ""


@dataclass
class Judgement:
    """The verdict of one requirement. Of evidence for, the first and a count are kept; of evidence against (and errors), the
    first 20 and a count. `flaky`: the same request was answered as it should be and not."""

    requirement: str
    verdict: Verdict = Verdict.UNTESTED
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    count_for: int = 0
    count_against: int = 0
    flaky: bool = False
