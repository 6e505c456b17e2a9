"""What a fuzzing scenario asks for, and what it learns. The fuzzer itself is loaded when it is used: it takes long to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.plugin.expect import NotHeld
from conformance.target import TargetUnreachable

if TYPE_CHECKING:
    from conformance.fuzz.engine import Findings
    from conformance.fuzz.failure import Failure, Violation
    from conformance.plugin.process import Process


class Found:
    """What fuzzing one family showed."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    @property
    def requests(self) -> int:
        return self._findings.requests

    def against(self, requirement: str) -> Violation | None:
        """What speaks against a requirement. What did not come again is told, and speaks against nothing."""
        found = (f.violation for f in self._findings.failures if not f.flaky and f.violation.requirement == requirement)
        return next(found, None)

    def raise_failures(self) -> None:
        """Raises NotHeld when a requirement was violated, TargetUnreachable when the target is gone."""
        if self._findings.gone:
            raise TargetUnreachable(f"{self._findings.stopped}, after {self._findings.requests} generated requests")
        failures = self._findings.failures
        if failures:
            raise NotHeld("\n".join(["generated requests violate requirements:", *(_line(one) for one in failures)]))


class Fuzzing:
    """Called with the name of a family. Raises BudgetExhausted."""

    def __init__(self, process: Process, source: str) -> None:
        self._process = process
        self._source = source

    def __call__(self, family: str) -> Found:
        from conformance.plugin.fuzzed import fuzz_family

        return Found(fuzz_family(self._process, family, self._source))


def _line(failure: Failure) -> str:
    return f"{failure.violation.requirement}: {failure.violation.message} ({failure.count} times)"
