"""`batch-conformance replay`: sends again what a run's fuzzing found, and says whether it still fails."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conformance.commands.choices import Auth, Format, ManagementAuth
from conformance.commands.kept import kept
from conformance.commands.replaytarget import settings_for
from conformance.commands.run import stopped_politely
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE

if TYPE_CHECKING:
    from conformance.commands.replaying import Result


def replay(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="The report folder of a run, such as reports/latest.")],
    failure: Annotated[
        list[str], typer.Argument(metavar="ID...", help="F1, F2 … as the report names them; a requirement; or `all`.")
    ],
    endpoint: Annotated[str | None, typer.Option(metavar="URL", help="Default: the endpoint that the report judged.")] = None,
    target: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML file that describes the target; options win over it.")
    ] = None,
    api_version: Annotated[str | None, typer.Option(metavar="V", help="Default: that of the report.")] = None,
    auth: Annotated[
        Auth | None, typer.Option(help=f"Default: as then. The account key is read from {KEY_VARIABLE} only.")
    ] = None,
    account: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the Batch account.")] = None,
    management_endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Azure Resource Manager, for failures of the management plane.")
    ] = None,
    management_auth: Annotated[
        ManagementAuth | None, typer.Option(help=f"Default: bearer if {TOKEN_VARIABLE} is set, else as --auth if that is entra.")
    ] = None,
    management_version: Annotated[str | None, typer.Option(metavar="V", help="Default: that of the report.")] = None,
    subscription: Annotated[str | None, typer.Option(metavar="ID", help="The subscription for new accounts.")] = None,
    resource_group: Annotated[str | None, typer.Option(metavar="NAME", help="The resource group for new accounts.")] = None,
    create_accounts: Annotated[bool, typer.Option("--create-accounts", help="Batch accounts may be created.")] = False,
    start_nodes: Annotated[bool, typer.Option("--start-nodes", help="Compute nodes may be started.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0.01, metavar="S", help="Seconds to wait for an answer.")] = None,
    deadline: Annotated[float | None, typer.Option(min=0.01, metavar="S", help="Seconds to wait for a state.")] = None,
    defect: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Replay against the reference service with this defect; see serve --defect."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Send again what fuzzing found, as short as it was made: is it fixed, or still failing?

    Without --endpoint or --target it goes to what the report judged: the reference service is started again if it was that. What
    is created is removed.

    Exits with 0 when all is fixed, 1 when something still fails, 3 when something could not be told.
    """
    reaching: dict[str, Any] = {
        "--auth": auth.value if auth else None,
        "--account": account,
        "--management-endpoint": management_endpoint,
        "--management-auth": management_auth.value if management_auth else None,
        "--subscription": subscription,
        "--resource-group": resource_group,
    }
    found = kept(report)
    failures = found.chosen(failure)
    given = {
        "api_version": api_version or found.report.target.api_version,
        "management.api_version": management_version or found.report.target.management_api_version,
        "profiles": found.report.target.profiles,
        "permissions.create_accounts": create_accounts or None,
        "permissions.start_nodes": start_nodes or None,
        "timeouts.answer": timeout,
        "timeouts.deadline": deadline,
    }
    with stopped_politely(), settings_for(found.report, endpoint, target, reaching, given, defect or []) as settings:
        from conformance.commands.replaying import Replay, code, counts, told

        going = Replay(settings)
        results: list[Result] = []
        try:
            with closing(going.results(failures)) as coming:
                for one in coming:
                    results.append(one)
                    if form is Format.TEXT:
                        typer.echo(told(one))
        finally:
            for line in going.left:
                typer.echo(f"note: {line}", err=True)
    if form is Format.JSON:
        target_told = {"endpoint": settings.target.endpoint, "api_version": settings.version}
        typer.echo(
            json.dumps({"target": target_told, "results": [one.as_json() for one in results], "left": going.left}, indent=1)
        )
    elif len(results) > 1:
        typer.echo(counts(results))
    raise typer.Exit(code(results))
