"""What a report means for the exit code of a command."""

from __future__ import annotations

from conformance.report.model import Report

CONFORMANT, NOT_CONFORMANT, BROKEN_OFF = 0, 1, 3


def exit_code(report: Report) -> int:
    """1 when a claimed MUST failed; 3 when none failed, but the suite or the connection broke; else 0."""
    verdicts = {r.verdict for r in report.requirements if r.level == "MUST" and r.profile in report.target.profiles}
    if "failed" in verdicts:
        return NOT_CONFORMANT
    return BROKEN_OFF if "error" in verdicts or report.suite_errors else CONFORMANT
