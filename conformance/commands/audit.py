"""`batch-conformance audit`: judges recorded traffic."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_FOLDER = Path("reports/latest")


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def audit(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="vcrpy cassettes, HAR, JSON lines; files, folders, or - for standard input."),
    ],
    report: Annotated[Path, typer.Option(help="Folder for report.json and summary.txt.")] = DEFAULT_FOLDER,
    form: Annotated[Format, typer.Option("--format", help="What to print: text or json.")] = Format.TEXT,
    skipped: Annotated[bool, typer.Option("--skipped", help="Also say which files of a folder are no recordings.")] = False,
) -> None:
    """Judge recorded traffic: which exchanges the contract knows, and which requirements they keep or break.

    Uses no network. Exits with 0 when nothing is found, 1 when a MUST fails, 2 when there is nothing to read.
    """
    raise typer.Exit(run(paths, report, form, skipped))


def run(paths: list[str], folder: Path, form: Format = Format.TEXT, skipped: bool = False) -> int:
    """The command without its framework; returns the exit code."""
    from conformance.audit import NothingToAudit
    from conformance.audit import audit as judge_recordings
    from conformance.report import exit_code, render, write_atomic

    try:
        found = judge_recordings(paths)
        write_atomic(folder, found)
    except NothingToAudit as error:
        typer.echo(str(error), err=True)
        return 2
    except OSError as error:
        typer.echo(f"{folder}: the report cannot be written: {error.strerror or error}", err=True)
        return 2
    typer.echo(found.model_dump_json(indent=1) if form is Format.JSON else render(found), nl=form is Format.JSON)
    told = found.audit
    if told is not None and skipped:
        for entry in told.skipped:
            typer.echo(f"left out: {entry.place}: {entry.problem}", err=True)
    if told is not None and form is Format.JSON:
        for entry in told.broken:
            typer.echo(f"broken, left out: {entry.place}: {entry.problem}", err=True)
    return exit_code(found)
