"""The report of a run: its model, how it is built from judgements, and its renderers."""

from conformance.report.build import RunInfo, build
from conformance.report.model import Audit, Report, Suite, Target
from conformance.report.outcome import exit_code
from conformance.report.provenance import suite
from conformance.report.terminal import render, verdict_line
from conformance.report.write import read, write_atomic

__all__ = [
    "Audit",
    "Report",
    "RunInfo",
    "Suite",
    "Target",
    "build",
    "exit_code",
    "read",
    "render",
    "suite",
    "verdict_line",
    "write_atomic",
]
