"""The defects that a command knows: those of the suite, and those of the user's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from conformance.defects.known import DefectFileError, gathered
from conformance.defects.model import Defect
from conformance.target.errors import UserError


def known_defects(files: Iterable[Path]) -> Mapping[str, Defect]:
    """By id. Raises UserError."""
    try:
        return gathered(files)
    except DefectFileError as error:
        raise UserError(f"--defects {error}") from None
