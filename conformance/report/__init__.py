"""The report of a run: its model, how it is built from judgements, and its renderers."""

from conformance.report.build import RunInfo, build
from conformance.report.matrix import Matrix, Missing, matrix, render_matrix
from conformance.report.model import Audit, Fuzz, FuzzFailure, Recording, Report, Suite, Target
from conformance.report.outcome import exit_code
from conformance.report.provenance import suite
from conformance.report.terminal import render, verdict_line
from conformance.report.write import read, write_atomic, write_matrix

__all__ = [
    "Audit",
    "Fuzz",
    "FuzzFailure",
    "Matrix",
    "Missing",
    "Recording",
    "Report",
    "RunInfo",
    "Suite",
    "Target",
    "build",
    "exit_code",
    "matrix",
    "read",
    "render",
    "render_matrix",
    "suite",
    "verdict_line",
    "write_atomic",
    "write_matrix",
]
