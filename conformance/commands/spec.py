"""`batch-conformance spec`: the contract as documents."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from conformance.commands.choices import Format
from conformance.target.errors import UserError

spec = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The contract, rendered.")


class PlaneName(StrEnum):
    DATA = "data-plane"
    MANAGEMENT = "management"


_PLANE = typer.Option("--plane", help="Whose api-versions: those of the data plane or of the management plane.")


@spec.command()
def openapi(
    api_version: Annotated[str, typer.Option(metavar="V", help="The api-version, such as 2024-02-01.19.0.")],
    plane: Annotated[PlaneName, _PLANE] = PlaneName.DATA,
) -> None:
    """Print the OpenAPI 3.1 document of one api-version, as JSON."""
    from conformance.contract import Plane
    from conformance.contract.openapi import render

    typer.echo(json.dumps(render(_known(api_version, plane), Plane(plane)), indent=1))


@spec.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The older api-version.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The newer api-version.")],
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
    plane: Annotated[PlaneName, _PLANE] = PlaneName.DATA,
) -> None:
    """Print what changed between two api-versions, per operation."""
    from conformance.contract import Plane
    from conformance.contract.diff import diff as compare

    found = compare(_known(a, plane), _known(b, plane), Plane(plane))
    typer.echo(json.dumps(found.as_json(), indent=1) if form is Format.JSON else found.text())


def _known(version: str, plane: PlaneName) -> str:
    from conformance.contract import Plane, versions
    from conformance.target.config import nearest

    known = [v.name for v in versions(Plane(plane))]
    if version not in known:
        raise UserError(f"unknown api-version {version!r}{nearest(version, known)}; known: {', '.join(known)}")
    return version
