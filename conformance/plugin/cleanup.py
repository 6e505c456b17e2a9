"""Removes from the target what the ledgers of a run name."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from pathlib import Path

from conformance.exchange import Exchange, NotJson
from conformance.plugin.expect import error_code
from conformance.plugin.requests import FAILED, may_fail_later, version_with, with_query
from conformance.target import Client, Ledger, TargetUnreachable
from conformance.target.client import is_management
from conformance.target.ledger import leftovers

CLEANUP = "cleanup"
# seconds; the pause grows, so that no more than MOST_REQUESTS are sent for one resource
_PATIENCE, _PAUSE, _LONGER = 60.0, 0.1, 1.5
MOST_REQUESTS = 32


def clean(client: Client, version: str, ledgers: Iterable[Path]) -> list[str]:
    """Delete everything; return a line about each thing that may have been left behind. What has to be waited for comes after
    all the rest, of every ledger."""
    found = [path for path in ledgers if leftovers(path)]
    if len(found) > 1 and any(may_fail_later(entry.delete) for path in found for entry in leftovers(path)):
        for path in found:
            _clean(client, version, path, patient=False)
    left: list[str] = []
    for path in found:
        left += _clean(client, version, path)
    return left


def _clean(client: Client, version: str, path: Path, *, patient: bool = True) -> list[str]:
    with Ledger(path, client.target.endpoint) as ledger:
        return remove(client, version, ledger, frozenset(), patient=patient)


def remove(client: Client, version: str, ledger: Ledger, kept: Collection[str], *, patient: bool = True) -> list[str]:
    """Delete what stands on a ledger, but for what is to be kept; return a line about each thing that is left behind.

    What something else may still use goes last, and only when there is patience: its deletion has to be waited for."""
    left: list[str] = []
    source, bounded = client.source, client.bounded
    # what ends with a scenario is a part of it
    client.source, client.bounded = CLEANUP if patient else source, False
    paths = [entry.delete for entry in ledger.leftovers() if entry.delete not in kept]
    later = [path for path in paths if may_fail_later(path)]
    begun: list[str] = []
    try:
        for path in [path for path in paths if path not in later] + (later if patient else []):
            exchange = client.send("DELETE", _stated(client, version, path))
            if not removed(exchange):
                left.append(f"left behind: {path}: {_answer(exchange)}")
            elif path in later and exchange.response.status != 404:
                begun.append(path)
            else:
                ledger.gone(path, f"deleted: {exchange.response.status}")
        waiting = await_gone(client, version, begun)
        for path in set(begun).difference(waiting):
            ledger.gone(path, "deleted: 404")
        left += [f"left behind: {path}: its deletion has not ended" for path in waiting]
    except TargetUnreachable as error:
        left += [f"left behind: {entry.delete}: {error}" for entry in ledger.leftovers() if entry.delete in paths]
    finally:
        client.source, client.bounded = source, bounded
    return left


def reserved(ledger: Ledger) -> int:
    """How many requests it takes at most to remove what stands on a ledger."""
    return sum(MOST_REQUESTS if may_fail_later(entry.delete) else 1 for entry in ledger.leftovers())


def await_gone(client: Client, version: str, paths: Iterable[str]) -> list[str]:
    """Wait until each is gone; return those that are not when time is up. A deletion that failed is asked for again, now that its
    users are on their way out."""
    waiting = list(paths)
    end, pause = time.monotonic() + _PATIENCE, _PAUSE
    while waiting and time.monotonic() < end:
        for path in list(waiting):
            shown = client.send("GET", _stated(client, version, path))
            if shown.response.status == 404:
                waiting.remove(path)
            elif _state(shown) == FAILED:
                client.send("DELETE", _stated(client, version, path))
        client.pause(pause if waiting else 0)
        pause *= _LONGER
    return waiting


def _state(exchange: Exchange) -> str:
    try:
        body = exchange.response.json
    except NotJson:
        return ""
    return str(body.get("state")).lower() if isinstance(body, dict) else ""


def _stated(client: Client, version: str, path: str) -> str:
    return with_query(path, {"api-version": _version(client, version, path)})


def _version(client: Client, version: str, path: str) -> str:
    """An account is deleted at an api-version of its own plane, a certificate at one that has certificates."""
    return client.target.management.api_version if is_management(path) else version_with(version, "DELETE", path)


def removed(exchange: Exchange) -> bool:
    status = exchange.response.status
    return 200 <= status < 300 or status == 404 or (status == 409 and "BeingDeleted" in (error_code(exchange) or ""))


def _answer(exchange: Exchange) -> str:
    return f"{exchange.response.status} {error_code(exchange) or ''}".rstrip()
