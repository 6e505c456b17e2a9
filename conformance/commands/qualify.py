"""`batch-conformance qualify`: what does the suite notice of seeded defects?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.choices import Format
from conformance.commands.chosen import chosen
from conformance.commands.processes import workers as _processes
from conformance.commands.run import stopped_politely
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.qualify.campaign import Campaign
    from conformance.qualify.report import Qualification

_MOST, _PLANS, _DAMAGES = 40, 12, 40
_REPORT = Path("reports/qualification")


def qualify(
    defect: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Only defects whose id fits; repeatable. `--list` tells all.")
    ] = None,
    family: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only defects of this family; repeatable.")] = None,
    requirement: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Only defects that fail a requirement that fits; repeatable.")
    ] = None,
    defects: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Python file with defects of your own; repeatable.")
    ] = None,
    recordings: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Damage these recordings, too, one exchange at a time; repeatable."),
    ] = None,
    damages: Annotated[
        int, typer.Option(min=0, metavar="N", help="Damages of each kind to recordings, 0: none. All defects bring cassettes/.")
    ] = _DAMAGES,
    only_recordings: Annotated[bool, typer.Option("--only-recordings", help="Damage recordings, and show no defect.")] = False,
    first: Annotated[bool, typer.Option("--first", help="Leave a defect as soon as anything fails.")] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="Every scenario that meets a defect, not some of them.")] = False,
    clean: Annotated[
        bool, typer.Option("--clean/--no-clean", help="Judge the service without defects, too. Without: what it answered before.")
    ] = True,
    plans: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="For the fuzz alone: sequences of each family of resources; 0: none."),
    ] = _PLANS,
    part: Annotated[str, typer.Option(metavar="K/N", help="Only the Kth of N parts of the defects.")] = "1/1",
    workers: Annotated[str, typer.Option(metavar="N|auto", help="Processes at the same time.")] = "auto",
    seed: Annotated[int, typer.Option(help="Seed of the service, of generated requests and of damages.")] = 0,
    listed: Annotated[bool, typer.Option("--list", help="Tell the defects that are chosen, and do nothing.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="For maintainers: take down what fails now, and write docs/qualification.md.")
    ] = False,
    report: Annotated[Path, typer.Option(metavar="DIR", help="Folder for qualification.json and summary.txt.")] = _REPORT,
    form: Annotated[Format, typer.Option("--format", help="What to print: text, or the result as json.")] = Format.TEXT,
) -> None:
    """Show the suite defective services, and tell what it notices: by which requirement, and in which layer.

    Exits with 0 when each defect fails the requirements that it declares and no others, and the clean service fails none; else
    with 1.
    """
    asked_for = chosen(defect or [], family or [], requirement or [], defects or [], part)
    if listed:
        for one in asked_for:
            typer.echo(f"{one.id} ({one.family}, {one.at}): {one.lie}")
        return
    from conformance.plugin.options import check_report
    from conformance.qualify.campaign import Campaign, SessionBroke

    if only_recordings and not (recordings and damages):
        raise UserError("--only-recordings: say with --recordings DIR which, and with --damages how many")
    if update and (first or thorough):
        raise UserError("--update: what --first or --thorough finds is not what a plain run is compared with")
    check_report(report)
    whole = not (defect or family or requirement or defects or only_recordings) and part == "1/1"
    damaged = _recordings(recordings, whole)
    campaign = Campaign(
        [] if only_recordings else asked_for,
        files=[str(path) for path in defects or []],
        workers=_processes(workers),
        most=0 if thorough else _MOST,
        first=first,
        plans=plans,
        seed=seed,
        clean=clean,
    )
    try:
        with stopped_politely():
            found = _run(campaign, damaged, damages, form)
    except SessionBroke as broke:
        typer.echo(f"batch-conformance: {broke}", err=True)
        raise typer.Exit(3) from None
    raise typer.Exit(_told(found, report, form, update, whole))


def _run(campaign: Campaign, recordings: Sequence[Path], sample: int, form: Format) -> Qualification:
    from conformance.qualify.damaged import damaged
    from conformance.qualify.report import Gathering

    gathering = Gathering(campaign)
    width = max((len(one.id) for one in campaign.defects), default=0)
    for outcome in campaign.outcomes():
        line = gathering.take(outcome, width)
        if form is Format.TEXT:
            typer.echo(line)
    return gathering.concluded(damaged(path, sample, campaign.seed, lambda said: None) for path in recordings)


def _told(found: Qualification, folder: Path, form: Format, update: bool, whole: bool) -> int:
    from conformance.qualify import publish

    publish.write(found, folder)
    if update:
        publish.take_down(found, whole)
    typer.echo(found.model_dump_json(indent=1) if form is Format.JSON else f"\n{publish.summary(found)}")
    if form is Format.TEXT:
        typer.echo(f"Report: {folder / publish.JSON}")
    return 0 if found.as_declared else 1


def _recordings(given: Sequence[Path] | None, whole: bool) -> list[Path]:
    """Raises UserError for what is not there."""
    from conformance.qualify.damaged import CASSETTES, check

    for path in given or ():
        check(path)
    own = sorted(path for path in CASSETTES.iterdir() if path.is_dir()) if whole and CASSETTES.is_dir() else []
    return [*own, *(given or [])]
