"""The command line. A command's module is imported when the command is called, so that none pays for another.

Exit codes: 0 conformant or nothing found; 1 a claimed MUST failed; 2 wrong usage or configuration; 3 the target could not be
reached or broke off; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from conformance import __version__

NAME = "batch-conformance"
TRACEBACK_VARIABLE = "BATCH_CONFORMANCE_TRACEBACK"
USAGE, UNREACHABLE, INTERRUPTED = 2, 3, 130
COMMANDS = ("run", "replay", "audit", "serve", "requirements", "spec", "qualify", "sweep")


class _Commands(TyperGroup):
    """The modules of `conformance.commands`: each has a function of its own name, or a Typer app for a group of commands."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"conformance.commands.{cmd_name}"), cmd_name)
        if isinstance(found, typer.Typer):
            return typer.main.get_command(found)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name=cmd_name)(found)
        return typer.main.get_command(single)


app = typer.Typer(
    name=NAME,
    cls=_Commands,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=(
        "Exit codes: 0 conformant or nothing found, 1 a claimed MUST failed, 2 wrong usage or configuration, "
        "3 the target could not be reached or broke off."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback()
def _top(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version.")) -> None:
    """Judge whether something that speaks the Azure Batch REST API behaves as the real service does.

    `run` judges the embedded reference service, `run --endpoint URL` yours, `audit PATH` recordings of either.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point. Whatever goes wrong ends in one line on standard error and the exit code that says whose matter it is."""
    sys.exit(call(arguments))


def call(arguments: Sequence[str] | None = None) -> int:
    if os.environ.get(TRACEBACK_VARIABLE):
        return _call(arguments)
    try:
        return _call(arguments)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has seen enough; Python must not complain when it flushes what is left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        code, line = explain(error)
        print(line if line.startswith("Usage:") else f"{NAME}: {line}", file=sys.stderr)
        return code


def _call(arguments: Sequence[str] | None) -> int:
    command = typer.main.get_command(app)
    result = command.main(list(sys.argv[1:] if arguments is None else arguments), prog_name=NAME, standalone_mode=False)
    return result if isinstance(result, int) else 0


def explain(error: Exception) -> tuple[int, str]:
    """The exit code and the line for an error that ended a command."""
    if hasattr(error, "format_message"):  # what click raises; newer versions of Typer bring a click of their own
        return USAGE, _usage(error)
    from conformance.contract import ContractDataError
    from conformance.requirements import CatalogueError
    from conformance.target.errors import TargetUnreachable, UserError

    match error:
        case UserError():
            return USAGE, _line(str(error))
        case TargetUnreachable():
            return UNREACHABLE, _line(str(error))
        case ContractDataError() | CatalogueError():
            return UNREACHABLE, f"the suite's own data is broken: {_line(str(error))}"
        case _:
            what = f"{type(error).__name__}: {_line(str(error))}"
            return UNREACHABLE, f"the suite broke: {what} ({TRACEBACK_VARIABLE}=1 shows where)"


def _usage(error: Any) -> str:
    if not isinstance(error, typer.BadParameter) and type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else NAME
    return f"{_line(error.format_message())} (see {command} --help)"


def _line(text: str) -> str:
    return " ".join(text.split())
