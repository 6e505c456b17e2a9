"""`batch-conformance sweep`: deletes what earlier runs left on a target."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from conformance.commands.choices import Auth, Format
from conformance.target.config import KEY_VARIABLE
from conformance.target.errors import UserError

_AGE = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def sweep(
    endpoint: Annotated[str | None, typer.Option(metavar="URL", help="The endpoint to clean.")] = None,
    target: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML file that describes the target.")] = None,
    api_version: Annotated[str | None, typer.Option(metavar="V", help="Default: the newest that is no preview.")] = None,
    auth: Annotated[Auth | None, typer.Option(help=f"Default: none. The account key is read from {KEY_VARIABLE} only.")] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the Batch account.")] = None,
    management_endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Azure Resource Manager: accounts of earlier runs are deleted there.")
    ] = None,
    subscription: Annotated[str | None, typer.Option(metavar="ID", help="The subscription of these accounts.")] = None,
    resource_group: Annotated[str | None, typer.Option(metavar="NAME", help="The resource group of these accounts.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.01, metavar="S", help="Seconds to wait for an answer.")] = None,
    older_than: Annotated[
        str, typer.Option(metavar="AGE", help="Leave alone what is younger: 30m, 2h, 1d. A run may be going on.")
    ] = "2h",
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would be deleted.")] = False,
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Delete what earlier runs left on a target: pools, jobs and job schedules whose names begin with bcs-, and their accounts.

    Without --yes nothing is deleted. Exits with 0 when nothing is left, 1 when something is.
    """
    from conformance.commands.sweeping import Sweeper
    from conformance.plugin.options import resolve
    from conformance.target import load_target

    given = {
        "endpoint": endpoint,
        "api_version": api_version,
        "auth": auth.value if auth else None,
        "account": account,
        "management_endpoint": management_endpoint,
        "management.subscription": subscription,
        "management.resource_group": resource_group,
        "timeouts.answer": timeout,
    }
    made = resolve(load_target(target, given), [])
    with Sweeper(made.target, datetime.now(UTC) - _age(older_than)) as sweeper:
        found = sweeper.find()
        if form is Format.TEXT:
            for one in found:
                typer.echo(f"{'deleting' if yes else 'would delete'} {one.path} (created {one.created})")
        left = sweeper.delete(found) if yes else [one.path for one in found]
    for note in sweeper.notes:
        typer.echo(f"note: {note}", err=True)
    if form is Format.JSON:
        typer.echo(json.dumps({"found": [one.as_json() for one in found], "deleted": yes, "left": left}, indent=1))
    else:
        typer.echo(_told(len(found), len(left), yes))
    raise typer.Exit(1 if left else 0)


def _told(found: int, left: int, yes: bool) -> str:
    if not found:
        return "Nothing to delete."
    if not yes:
        return f"{found} found; nothing was deleted: --yes deletes them."
    return f"{found - left} of {found} deleted."


def _age(stated: str) -> timedelta:
    match = _AGE.fullmatch(stated.strip())
    if match is None:
        raise UserError(f"--older-than: a number with s, m, h or d, such as 2h, not {stated!r}")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
