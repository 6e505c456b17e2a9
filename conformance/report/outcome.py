"""What a report means for the exit code of a command."""

from __future__ import annotations

from conformance.report.model import Report

CONFORMANT, NOT_CONFORMANT, UNREADABLE, BROKEN_OFF = 0, 1, 2, 3


def exit_code(report: Report) -> int:
    """1 when a claimed MUST failed; 3 when none failed, but the suite or the connection broke; 2 when an audit
    could not read all of its recordings, so that nobody takes a part for the whole; else 0."""
    verdicts = {r.verdict for r in report.requirements if r.level == "MUST" and r.profile in report.target.profiles}
    if "failed" in verdicts:
        return NOT_CONFORMANT
    if "error" in verdicts or report.suite_errors:
        return BROKEN_OFF
    return UNREADABLE if report.audit and report.audit.broken else CONFORMANT
