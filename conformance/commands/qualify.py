"""`batch-conformance qualify`: what does the suite notice of seeded defects?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.choices import Format
from conformance.target.config import nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from conformance.defects import Defect
    from conformance.qualify.report import Qualification

_MOST, _PLANS = 60, 12
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
        typer.Option(metavar="DIR", help="Damage these recordings, too, one exchange at a time; repeatable. Default: cassettes."),
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="Leave a defect as soon as anything fails.")] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="Every scenario that meets a defect, not a choice of them.")] = False,
    plans: Annotated[
        int, typer.Option(min=0, metavar="N", help="Generated sequences of each family of resources for the fuzz alone, 0: none.")
    ] = _PLANS,
    part: Annotated[str, typer.Option(metavar="K/N", help="Only the Kth of N parts of the defects.")] = "1/1",
    workers: Annotated[str, typer.Option(metavar="N|auto", help="Processes at the same time.")] = "auto",
    seed: Annotated[int, typer.Option(help="Seed of the service, of generated requests and of damages.")] = 0,
    listed: Annotated[bool, typer.Option("--list", help="Tell the defects that are chosen, and do nothing.")] = False,
    update: Annotated[
        bool, typer.Option("--update", help="For maintainers: take down what fails now, and write docs/qualification.md.")
    ] = False,
    report: Annotated[Path, typer.Option(metavar="DIR", help="Folder for qualification.json and qualification.md.")] = _REPORT,
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

    campaign = Campaign(
        chosen,
        files=[str(path) for path in defects or []],
        workers=_workers(workers),
        most=0 if thorough else _MOST,
        first=first,
        plans=plans,
        seed=seed,
    )
    try:
        found = _run(campaign, recordings, seed, form)
    except SessionBroke as broke:
        typer.echo(f"batch-conformance: {broke}", err=True)
        raise typer.Exit(3) from None
    raise typer.Exit(_told(found, report, form, update))
