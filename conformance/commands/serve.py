"""`batch-conformance serve`: the embedded reference service."""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conformance.commands.choices import Clock
from conformance.target.config import KEY_VARIABLE, TOKEN_VARIABLE, nearest
from conformance.target.errors import UserError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from conformance.defects import Defect
    from conformance.reference.settings import Settings

# set by `run` for the service that it starts: it lives as long as its standard input is open, and Ctrl-C is the parent's matter
EMBEDDED_VARIABLE = "BATCH_CONFORMANCE_EMBEDDED"
_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8080,
    account: Annotated[str, typer.Option(help="Name of the account.")] = "testaccount",
    key: Annotated[
        str,
        typer.Option(
            envvar=KEY_VARIABLE,
            help="Account key, base64. With it every request must be signed (SharedKey); without it none needs to be.",
        ),
    ] = "",
    management_token: Annotated[
        str, typer.Option(envvar=TOKEN_VARIABLE, help="Bearer token. With it every request to the management plane needs it.")
    ] = "",
    subscription: Annotated[str, typer.Option(help="The subscription that the management plane knows.")] = _SUBSCRIPTION,
    resource_group: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A resource group in it; repeatable. Default: conformance, default.")
    ] = None,
    speed: Annotated[
        float, typer.Option(help="Simulated seconds per second: how fast pools resize and nodes start.", min=0)
    ] = 1.0,
    clock: Annotated[
        Clock,
        typer.Option(help="What moves the service's time: the world, or each request a little, which makes answers repeatable."),
    ] = Clock.WORLD,
    latency: Annotated[float, typer.Option(help="Seconds that each answer is held back.", min=0)] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    without_quirk: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Leave out one undocumented habit of the live service; repeatable.")
    ] = None,
    defect: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Misbehave in one way; repeatable. `list` tells every ID and what it does."),
    ] = None,
    defects: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Python file with defects of your own; repeatable.")
    ] = None,
) -> None:
    """Run the reference service in the foreground, until Ctrl-C.

    When it is ready, one line of JSON on standard output says its url, account, subscription and resource groups. Everything is
    kept in memory.
    """
    from conformance.reference.clock import SteppingClock, SystemClock
    from conformance.reference.quirks import ALL
    from conformance.reference.serve import PortTaken
    from conformance.reference.serve import serve as listen
    from conformance.reference.settings import Settings

    known: Mapping[str, Defect] = {}
    if defects and not defect:
        raise UserError("--defects: none of them is told unless --defect says which; --defect list tells all")
    if defect:
        from conformance.commands.seeded import known_defects

        known = known_defects(defects or [])
    if "list" in (defect or ()):
        for name in sorted(known):
            typer.echo(f"{name}: {known[name].lie}")
        return
    try:
        base64.b64decode(key, validate=True)
    except ValueError:
        raise UserError("--key: the account key must be base64, as Azure gives it out") from None
    quirks = ALL - _named(without_quirk or [])
    settings = Settings(
        account=account,
        key=key or None,
        management_token=management_token or None,
        latency=latency,
        seed=seed,
        subscription=subscription,
        resource_groups=tuple(resource_group or Settings.resource_groups),
        quirks=quirks,
        clock=SystemClock(speed) if clock is Clock.WORLD else SteppingClock(),
    )
    if os.environ.get(EMBEDDED_VARIABLE):
        _belong_to_parent()
    try:
        listen(settings, host, port, _ready, _defective(defect, known, settings) if defect else None)
    except PortTaken as error:
        raise UserError(str(error)) from error


def _named(quirks: list[str]) -> set[str]:
    from conformance.reference.quirks import QUIRKS

    for name in quirks:
        if name not in QUIRKS:
            raise UserError(f"--without-quirk: there is no {name!r}{nearest(name, QUIRKS)}; known: {', '.join(QUIRKS)}")
    return set(quirks)


def _defective(ids: list[str], known: Mapping[str, Defect], settings: Settings) -> ASGIApp:
    from conformance.defects import defective

    for name in ids:
        if name not in known:
            raise UserError(f"--defect: there is no {name!r}{nearest(name, known)}; --defect list tells all")
    return defective([known[name] for name in ids], settings)


def _ready(told: dict[str, str]) -> None:
    print(json.dumps(told), flush=True)


def _belong_to_parent() -> None:
    """Ctrl-C reaches the whole process group, but the parent still has to clean up here: it is blocked, not ignored, as the
    server sets a handler of its own."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # not by way of sys.stdin, whose lock would be held when the interpreter ends
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
