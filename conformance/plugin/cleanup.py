"""Removes from the target what the ledgers of a run name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conformance.exchange import Exchange
from conformance.plugin.expect import error_code
from conformance.plugin.requests import with_query
from conformance.target import Client, Ledger, TargetUnreachable
from conformance.target.ledger import leftovers


def clean(client: Client, version: str, ledgers: Iterable[Path]) -> list[str]:
    """Delete everything; return a line about each thing that may have been left behind."""
    client.source, client.bounded = "cleanup", False
    left: list[str] = []
    for path in ledgers:
        if leftovers(path):
            left += _clean(client, version, path)
    return left


def _clean(client: Client, version: str, path: Path) -> list[str]:
    left: list[str] = []
    with Ledger(path, client.target.endpoint) as ledger:
        for entry in ledger.leftovers():
            try:
                exchange = client.send("DELETE", with_query(entry.delete, {"api-version": version}))
            except TargetUnreachable as error:
                return [*left, *(f"left behind: {e.delete}: {error}" for e in ledger.leftovers())]
            if removed(exchange):
                ledger.gone(entry.delete, f"deleted: {exchange.response.status}")
            else:
                left.append(f"left behind: {entry.delete}: {_answer(exchange)}")
    return left


def removed(exchange: Exchange) -> bool:
    status = exchange.response.status
    return 200 <= status < 300 or status == 404 or (status == 409 and "BeingDeleted" in (error_code(exchange) or ""))


def _answer(exchange: Exchange) -> str:
    return f"{exchange.response.status} {error_code(exchange) or ''}".rstrip()
