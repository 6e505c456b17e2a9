"""Failures that a run's fuzzing kept in its report folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.target.config import nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.fuzz.failure import Failure
    from conformance.report import Report

EVERY: Final = "all"
_REPORT, _REPRO, _MATRIX = "report.json", "repro", "matrix.json"


@dataclass(frozen=True)
class Kept:
    """What a folder has: the report, and the names of the failures beside it."""

    folder: Path
    report: Report
    names: tuple[str, ...]

    def chosen(self, wanted: Iterable[str]) -> list[Failure]:
        """The failures that are meant, in the order of their names: by name, by requirement, or all. Raises UserError."""
        failures = {name: self._read(name) for name in self.names}
        found: set[str] = set()
        for word in wanted:
            matching = [name for name, failure in failures.items() if _means(word, failure)]
            if not matching:
                raise UserError(self._unknown(word, failures))
            found.update(matching)
        return [failure for name, failure in failures.items() if name in found]

    def _read(self, name: str) -> Failure:
        from conformance.fuzz.failure import Failure

        path = self.folder / _REPRO / f"{name}.json"
        try:
            return Failure.from_json(json.loads(_text(path)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            why = f"{type(error).__name__}: {error}"
            raise UserError(f"{path}: not a failure that fuzzing wrote: {why}; run again, or take it away") from None

    def _unknown(self, word: str, failures: dict[str, Failure]) -> str:
        known = [*failures, *dict.fromkeys(failure.violation.requirement for failure in failures.values())]
        listed = ", ".join(f"{name} ({failure.violation.requirement})" for name, failure in failures.items())
        return f"{self.folder} has no failure {word!r}{nearest(word, known)}; it has: {listed}"


def _means(word: str, failure: Failure) -> bool:
    if word.lower() in (EVERY, failure.id.lower()):
        return True
    return word == failure.violation.requirement or word in failure.requirements


def kept(at: Path) -> Kept:
    """What a report folder, or its report.json, says. Raises UserError."""
    folder = at.parent if at.name == _REPORT else at
    report = _report(folder)
    names = sorted((path.stem for path in (folder / _REPRO).glob("*.json")), key=lambda name: (len(name), name))
    if names:
        return Kept(folder, report, tuple(names))
    if report.audit is not None or report.recording is not None:
        raise UserError(f"{folder}: judges recordings; only what a run's fuzzing found can be replayed")
    if report.fuzz is None:
        raise UserError(f"{folder}: nothing was fuzzed in that run, so there is nothing to replay")
    if report.fuzz.failures:
        raise UserError(f"{folder / _REPRO}: is gone, though the report tells of failures; run again")
    raise UserError(f"{folder}: fuzzing found no failure in that run, so there is nothing to replay")


def _report(folder: Path) -> Report:
    from pydantic import ValidationError

    from conformance.report import Report

    path = folder / _REPORT
    if not path.exists():
        raise UserError(f"{folder}: no report is there{_elsewhere(folder)}")
    try:
        return Report.model_validate_json(_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UserError(f"{path}: not a report: {f'{place}: ' if place else ''}{first['msg']}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None


def _elsewhere(folder: Path) -> str:
    """Where reports are, near by: one for each api-version below, or a folder of a similar name."""
    below = [path.name for path in _reports(folder)]
    if below:
        return f"; there is one for each api-version in it: {', '.join(below)}"
    beside = [path.name for path in _reports(folder.parent)]
    listed = f"; reports in {folder.parent}: {', '.join(beside)}" if beside else ""
    return nearest(folder.name, beside) + listed


def _reports(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path.parent for path in folder.glob(f"*/{_REPORT}"))
    except OSError:
        return
