"""Writes a report into a folder, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from conformance.report.matrix import MATRIX, MATRIX_TEXT, Matrix, render_matrix
from conformance.report.model import Report
from conformance.report.terminal import render

REPORT, SUMMARY = "report.json", "summary.txt"


def write_atomic(folder: Path, report: Report) -> Path:
    """Write `report.json` and `summary.txt` into `folder`, which is made when it lacks; return the path of the first.

    Raises:
        OSError: the folder cannot be written; what stood there before still stands there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    replace_whole(folder / SUMMARY, render(report))
    replace_whole(folder / REPORT, report.model_dump_json(indent=1) + "\n")
    return folder / REPORT


def write_matrix(folder: Path, table: Matrix) -> Path:
    """Write `matrix.json` and `matrix.txt` into `folder`. Raises OSError as `write_atomic` does."""
    folder.mkdir(parents=True, exist_ok=True)
    replace_whole(folder / MATRIX_TEXT, render_matrix(table))
    replace_whole(folder / MATRIX, table.model_dump_json(indent=1) + "\n")
    return folder / MATRIX


def read(path: Path) -> Report:
    """Read a `report.json`.

    Raises:
        OSError: it cannot be read.
        pydantic.ValidationError: it is no report of this schema version.
    """
    return Report.model_validate_json(path.read_bytes())


def replace_whole(path: Path, text: str) -> None:
    """A reader sees the old file or the new one, also when the machine stops in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)  # mkstemp makes files that only their owner reads
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
