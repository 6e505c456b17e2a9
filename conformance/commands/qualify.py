"""`batch-conformance qualify`: what does the suite notice of seeded defects?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.choices import Format
from conformance.commands.processes import workers as _processes
from conformance.target.config import nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.defects import Defect
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
    chosen = _chosen(defect or [], family or [], requirement or [], defects or [], _part(part))
    if listed:
        for one in chosen:
            typer.echo(f"{one.id} ({one.family}, {one.at}): {one.lie}")
        return
    from conformance.qualify.campaign import Campaign, SessionBroke

    whole = not (defect or family or requirement or defects or only_recordings) and part == "1/1"
    campaign = Campaign(
        [] if only_recordings else chosen,
        files=[str(path) for path in defects or []],
        workers=_processes(workers),
        most=0 if thorough else _MOST,
        first=first,
        plans=plans,
        seed=seed,
        clean=clean,
    )
    try:
        found = _run(campaign, _recordings(recordings, whole), damages, form)
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


def _chosen(
    ids: Sequence[str], families: Sequence[str], requirements: Sequence[str], files: Sequence[Path], part: tuple[int, int]
) -> list[Defect]:
    """Raises UserError when a word fits nothing, or nothing fits all of them."""
    from conformance.commands.seeded import known_defects
    from conformance.qualify import kills
    from conformance.qualify.declared import fits

    known = known_defects(files)
    _check("--defect", ids, known)
    _check("--family", families, {one.family for one in known.values()})
    taken = kills.load()
    failing = {name: {*one.requirements, *(taken[name].failed if name in taken else ())} for name, one in known.items()}
    chosen = [
        one
        for name, one in known.items()
        if (not ids or fits(name, ids))
        and (not families or fits(one.family, families))
        and (not requirements or any(fits(each, requirements) for each in failing[name]))
    ]
    if not chosen:
        raise UserError("no defect is what all of the options ask for; `batch-conformance qualify --list` tells every one")
    number, parts = part
    return chosen[number - 1 :: parts]


def _recordings(given: Sequence[Path] | None, whole: bool) -> list[Path]:
    from conformance.qualify.damaged import CASSETTES

    own = sorted(path for path in CASSETTES.iterdir() if path.is_dir()) if whole and CASSETTES.is_dir() else []
    return [*own, *(given or [])]


def _check(option: str, globs: Sequence[str], known: Mapping[str, Defect] | set[str]) -> None:
    from conformance.qualify.declared import fits

    for glob in globs:
        if not any(fits(name, [glob]) for name in known):
            raise UserError(f"{option}: nothing fits {glob!r}{nearest(glob, known)}; --list tells every defect")


def _part(stated: str) -> tuple[int, int]:
    number, slash, parts = stated.partition("/")
    if not (slash and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise UserError(f"--part: K/N, such as 2/5 for the second of five parts, not {stated!r}")
    return int(number), int(parts)
