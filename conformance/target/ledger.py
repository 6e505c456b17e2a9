"""What a run created on its target, on disk before the request that creates it is sent, so that even a crash leaves a trace.

JSON lines, each synced to disk: `{"event": "intent", "endpoint", "delete", "time"}` and `{"event": "gone", "delete", "why"}`.
`delete` is the path whose DELETE removes the resource.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

PREFIX = "ledger-"


@dataclass(frozen=True)
class Entry:
    """One resource that may still be there."""

    endpoint: str
    delete: str
    time: str


class Ledger:
    """The ledger of one process; other processes of a run write their own files."""

    def __init__(self, path: Path, endpoint: str, durable: bool = True) -> None:
        """`durable`: each entry survives even a crash of the machine, which costs a moment; a replay creates nothing."""
        self._durable = durable
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._endpoint = endpoint
        self._open = {entry.delete: entry for entry in leftovers(path)}
        cut_short = path.exists() and not path.read_bytes().endswith(b"\n")
        self._stream = path.open("a", encoding="utf-8")
        if cut_short:
            self._stream.write("\n")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()

    def __contains__(self, delete: str) -> bool:
        return delete in self._open

    def intent(self, delete: str) -> None:
        """Call this before the creating request is sent."""
        entry = Entry(self._endpoint, delete, datetime.now(UTC).isoformat())
        self._open[delete] = entry
        self._write({"event": "intent", "endpoint": entry.endpoint, "delete": delete, "time": entry.time})

    def gone(self, delete: str, why: str) -> None:
        if self._open.pop(delete, None) is not None:
            self._write({"event": "gone", "delete": delete, "why": why})

    def leftovers(self) -> list[Entry]:
        return list(self._open.values())

    def _write(self, record: dict[str, str]) -> None:
        self._stream.write(json.dumps(record) + "\n")
        self._stream.flush()
        if self._durable:
            os.fsync(self._stream.fileno())


def leftovers(path: Path) -> list[Entry]:
    """What a ledger file says may still be there. A last line that a crash cut short is left out: its request was not sent."""
    found: dict[str, Entry] = {}
    for record in _records(path):
        delete = str(record.get("delete", ""))
        if record.get("event") == "intent":
            found[delete] = Entry(str(record.get("endpoint", "")), delete, str(record.get("time", "")))
        else:
            found.pop(delete, None)
    return list(found.values())


def ledgers(folder: Path) -> list[Path]:
    """Every ledger below a folder."""
    return sorted(folder.rglob(f"{PREFIX}*.jsonl"))


def _records(path: Path) -> Iterator[dict[str, object]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(record, dict):
            yield record
