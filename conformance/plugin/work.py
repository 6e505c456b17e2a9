"""The work folder of a run: spools and ledgers. It outlives the run only when something was left on the target, for `sweep`."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from conformance.exchange import Exchange, read_exchanges, write_exchange
from conformance.plugin.process import SPOOL
from conformance.target.ledger import ledgers, leftovers

TRACE = "exchanges.jsonl"
STATE_VARIABLE = "BATCH_CONFORMANCE_STATE"


def state_folder() -> Path:
    """Where runs keep what must survive a crash."""
    stated = os.environ.get(STATE_VARIABLE)
    if stated:
        return Path(stated)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "batch-conformance"


def new_run_id() -> str:
    return secrets.token_hex(4)


def open_work(run_id: str) -> Path:
    folder = state_folder() / run_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def close_work(folder: Path) -> None:
    """Removes the folder, unless its ledgers still name something."""
    if not any(leftovers(ledger) for ledger in ledgers(folder)):
        shutil.rmtree(folder, ignore_errors=True)


def spools(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{SPOOL}*.jsonl"))


def process_name(spool: Path) -> str:
    return spool.stem.removeprefix(SPOOL)


def whole_trace(folder: Path) -> tuple[list[Exchange], dict[str, int]]:
    """All exchanges of a run, one process after the other and numbered through; where each process begins."""
    trace: list[Exchange] = []
    offsets: dict[str, int] = {}
    for spool in spools(folder):
        offsets[process_name(spool)] = len(trace)
        trace.extend(_numbered(spool, len(trace)))
    return trace, offsets


def save_trace(trace: Iterable[Exchange], folder: Path) -> None:
    """The whole run as JSON lines beside its report, so that anybody can judge it again; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{TRACE}.{os.getpid()}"
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
            for exchange in trace:
                write_exchange(stream, exchange)
        unfinished.replace(folder / TRACE)
    finally:
        unfinished.unlink(missing_ok=True)


def _numbered(spool: Path, offset: int) -> Iterator[Exchange]:
    for exchange in read_exchanges(spool):
        yield replace(exchange, index=offset + exchange.index)
