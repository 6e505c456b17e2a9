"""`batch-conformance audit`: judges recorded traffic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.choices import Format

if TYPE_CHECKING:
    from conformance.report import Report

DEFAULT_FOLDER = Path("reports/latest")


def audit(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="vcrpy cassettes, HAR, JSON lines; files, folders, or - for standard input."),
    ],
    report: Annotated[Path, typer.Option(help="Folder for report.json and summary.txt.")] = DEFAULT_FOLDER,
    form: Annotated[Format, typer.Option("--format", help="What to print: text or json.")] = Format.TEXT,
    skipped: Annotated[bool, typer.Option("--skipped", help="Also say which files of a folder are no recordings.")] = False,
) -> None:
    """Judge recorded traffic: which exchanges the contract knows, and which requirements they keep or break.

    Uses no network. Exits with 0 when no MUST fails and all recordings could be read, 1 when a MUST fails, 2 when none fails but
    a recording or a part of one could not be read (or there is nothing to read), 3 when the suite itself broke.
    """
    raise typer.Exit(run(paths, report, form, skipped))


def run(paths: list[str], folder: Path, form: Format = Format.TEXT, skipped: bool = False) -> int:
    """The command without its framework; returns the exit code.

    Raises:
        UserError: there is nothing to read, or the report cannot be written.
    """
    from conformance.audit import audit as judge_recordings
    from conformance.report import exit_code, render

    found = judge_recordings(paths)
    _write(folder, found)
    typer.echo(found.model_dump_json(indent=1) if form is Format.JSON else render(found), nl=form is Format.JSON)
    for line in _beside(found, form, skipped):
        typer.echo(line, err=True)
    if found.audit and found.audit.broken:
        typer.echo(
            f"some recordings could not be read: {len(found.audit.broken)} broken places, first {found.audit.broken[0].place}",
            err=True,
        )
    return exit_code(found)


def _write(folder: Path, report: Report) -> None:
    from conformance.report import write_atomic

    try:
        write_atomic(folder, report)
    except OSError as error:
        from conformance.target.errors import UserError

        raise UserError(f"{folder}: the report cannot be written: {error.strerror or error}") from error


def _beside(report: Report, form: Format, skipped: bool) -> Iterator[str]:
    """What is told on standard error: the text has the broken places in it, JSON on standard output must stay alone."""
    if report.audit is None:
        return
    if skipped:
        yield from (f"left out: {entry.place}: {entry.problem}" for entry in report.audit.skipped)
    if form is Format.JSON:
        yield from (f"broken, not judged: {entry.place}: {entry.problem}" for entry in report.audit.broken)
