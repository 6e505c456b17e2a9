"""`batch-conformance audit`: judges recorded traffic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        typer.Argument(
            metavar="PATH", help="vcrpy cassettes, HAR, JSON lines; files, folders, .zip, .tar.gz, or - for standard input."
        ),
    ],
    report: Annotated[Path, typer.Option(help="Folder for report.json and summary.txt.")] = DEFAULT_FOLDER,
    form: Annotated[Format, typer.Option("--format", help="What to print: text or json.")] = Format.TEXT,
    alone: Annotated[
        bool,
        typer.Option(
            "--alone", help="Each recording has all that was done to what it creates: then the oracle also judges what was kept."
        ),
    ] = False,
    skipped: Annotated[bool, typer.Option("--skipped", help="Also say which files of a folder are no recordings.")] = False,
    exercised: Annotated[bool, typer.Option("--exercised", help="Also list each requirement that was exercised.")] = False,
) -> None:
    """Judge recorded traffic: which exchanges the contract knows, and which requirements they keep or break.

    Uses no network. Exits with 0 when no MUST fails and all recordings could be read, 1 when a MUST fails, 2 when none fails but
    a recording or a part of one could not be read (or there is nothing to read), 3 when the suite itself broke.
    """
    raise typer.Exit(run(paths, report, form, skipped, exercised, alone))


def run(
    paths: list[str],
    folder: Path,
    form: Format = Format.TEXT,
    skipped: bool = False,
    exercised: bool = False,
    alone: bool = False,
) -> int:
    """The command without its framework; returns the exit code.

    Raises:
        UserError: there is nothing to read, or the report cannot be written.
    """
    from conformance.audit import audit as judge_recordings
    from conformance.report import exit_code, render

    with _progress(form) as told:
        found = judge_recordings(paths, progress=told, alone=alone)
    _write(folder, found)
    typer.echo(found.model_dump_json(indent=1) if form is Format.JSON else render(found), nl=form is Format.JSON)
    for line in [*_beside(found, form, skipped), *(_exercised(found) if exercised else ())]:
        typer.echo(line, err=True)
    if found.audit and found.audit.broken:
        typer.echo(
            f"some recordings could not be read: {found.audit.broken_count} broken places, first {found.audit.broken[0].place}",
            err=True,
        )
    return exit_code(found)


@contextmanager
def _progress(form: Format) -> Iterator[Callable[[int, str], None] | None]:
    """A line on standard error that tells how far it is, for somebody who watches; nothing where output goes to a program."""
    piped = form is Format.JSON and not sys.stdout.isatty()
    if piped or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} exchanges judged"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[of]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None, of="")
        yield lambda count, of: shown.update(task, completed=count, of=_end_of(of))


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
        more = report.audit.broken_count - len(report.audit.broken)
        if more > 0:
            yield f"and {more} more broken places"


def _exercised(report: Report) -> Iterator[str]:
    for one in report.requirements:
        if one.count_for or one.count_against:
            yield f"exercised: {one.id}: {one.verdict}, {one.count_for} for, {one.count_against} against"


def _end_of(name: str, longest: int = 60) -> str:
    """The end of a path tells more than its beginning."""
    return name if len(name) <= longest else f"…{name[-longest:]}"
