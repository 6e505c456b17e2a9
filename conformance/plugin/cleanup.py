"""Removes from the target what the ledgers of a run name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from conformance.exchange import Exchange
from conformance.plugin.expect import error_code
from conformance.plugin.requests import with_query
from conformance.target import Client, Ledger, TargetUnreachable
from conformance.target.client import is_management
from conformance.target.ledger import leftovers


def clean(client: Client, version: str, ledgers: Iterable[Path]) -> list[str]:
    """Delete everything; return a line about each thing that may have been left behind."""
    left: list[str] = []
    for path in ledgers:
        if leftovers(path):
            left += _clean(client, version, path)
    return left


def _clean(client: Client, version: str, path: Path) -> list[str]:
    with Ledger(path, client.target.endpoint) as ledger:
        return remove(client, version, ledger, frozenset())


def remove(client: Client, version: str, ledger: Ledger, kept: Collection[str]) -> list[str]:
    """Delete what stands on a ledger, but for what is to be kept; return a line about each thing that is left behind."""
    left: list[str] = []
    source, bounded = client.source, client.bounded
    client.source, client.bounded = "cleanup", False
    try:
        for entry in [entry for entry in ledger.leftovers() if entry.delete not in kept]:
            exchange = client.send("DELETE", with_query(entry.delete, {"api-version": _version(client, version, entry.delete)}))
            if removed(exchange):
                ledger.gone(entry.delete, f"deleted: {exchange.response.status}")
            else:
                left.append(f"left behind: {entry.delete}: {_answer(exchange)}")
    except TargetUnreachable as error:
        left += [f"left behind: {entry.delete}: {error}" for entry in ledger.leftovers() if entry.delete not in kept]
    finally:
        client.source, client.bounded = source, bounded
    return left


def _version(client: Client, version: str, path: str) -> str:
    """An account is deleted at an api-version of its own plane."""
    return client.target.management.api_version if is_management(path) else version


def removed(exchange: Exchange) -> bool:
    status = exchange.response.status
    return 200 <= status < 300 or status == 404 or (status == 409 and "BeingDeleted" in (error_code(exchange) or ""))


def _answer(exchange: Exchange) -> str:
    return f"{exchange.response.status} {error_code(exchange) or ''}".rstrip()
