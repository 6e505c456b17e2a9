"""`batch-conformance spec`: the contract as documents."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from conformance.target.errors import UserError

spec = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help="The contract, rendered.")


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


@spec.command()
def openapi(
    api_version: Annotated[str, typer.Option(metavar="V", help="The api-version, such as 2024-02-01.19.0.")],
) -> None:
    """Print the OpenAPI 3.1 document of one api-version, as JSON."""
    from conformance.contract.openapi import render

    typer.echo(json.dumps(render(_known(api_version)), indent=1))


@spec.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The older api-version.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The newer api-version.")],
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Print what changed between two api-versions, per operation."""
    from conformance.contract.diff import diff as compare

    found = compare(_known(a), _known(b))
    typer.echo(json.dumps(found.as_json(), indent=1) if form is Format.JSON else found.text())


def _known(version: str) -> str:
    from conformance.contract import versions
    from conformance.target.config import nearest

    known = [v.name for v in versions()]
    if version not in known:
        raise UserError(f"unknown api-version {version!r}{nearest(version, known)}; known: {', '.join(known)}")
    return version
