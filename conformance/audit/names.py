"""What tells exchanges apart: host, account, and the recording that they are from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from conformance.exchange import Exchange

_ACCOUNT = re.compile(r"/batchaccounts/([^/?]+)", re.IGNORECASE)
_PLACE = re.compile(r"(#\d+|:\d+)$")


def host_of(exchange: Exchange) -> str:
    """With its port; a name and a password before it are not told."""
    return exchange.request.parts.netloc.rpartition("@")[2].lower()


def account_of(exchange: Exchange) -> str:
    """The account of a management request; else the first label of the host, or the host where it has no name."""
    path = exchange.request.path
    if len(path) > 40:  # the shortest path of an account is longer
        named = _ACCOUNT.search(path)
        if named:
            return named[1].lower()
    return _first_label(exchange.request.host)


@lru_cache(maxsize=1024)
def _first_label(host: str) -> str:
    return host if host.replace(".", "").isdigit() or ":" in host else host.partition(".")[0]


def recording_of(exchange: Exchange) -> str:
    """The path of the file that it was read from."""
    return _PLACE.sub("", exchange.source)


def recording_name(exchange: Exchange, roots: Iterable[str | Path]) -> str:
    """Its recording as seen from the folder that was named, so that it says the same on every machine."""
    path = Path(recording_of(exchange))
    root = next((r for r in roots if Path(r).is_dir() and path.is_relative_to(r)), path.parent)
    return path.relative_to(root).as_posix()
