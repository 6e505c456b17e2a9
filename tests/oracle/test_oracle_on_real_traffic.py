"""The live service as recorded contradicts nothing: each recording as its own trace, and those of one account as one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from oracle_tapes import contradicted, held, member, step

from conformance.exchange import Exchange, Headers, read_cassette
from conformance.oracle import Account, Finding, observe

# how often each check held when this was written: fewer means that the oracle looks away
HELD: Mapping[str, int] = {
    "read.fixed": 198,
    "state.time": 100,
    "list.once": 49,
    "modified.forward": 42,
    "create.unsent": 41,
    "read.stable": 38,
    "etag.still": 35,
    "list.agrees": 21,
    "create.default": 21,
    "modified.answered": 15,
    "create.taken": 14,
    "etag.transition": 11,
    "etag.answered": 9,
    "etag.moved": 3,
    "collection.each": 1,
    "deleted.gone": 1,
    "state.previous": 1,
}

_SHARED = os.environ.get("BATCH_SHARED")
pytestmark = pytest.mark.skipif(not _SHARED, reason="BATCH_SHARED does not name the folder with real-traffic/")
_ACCOUNT = re.compile(r"/batchaccounts/([^/?]+)", re.IGNORECASE)


@pytest.fixture(scope="module")
def recordings() -> list[tuple[str, list[Exchange]]]:
    """By name; those that begin earlier come first."""
    files = sorted((Path(_SHARED or "") / "real-traffic").rglob("*.yaml"))
    found = [(str(file), list(read_cassette(file))) for file in files]
    return sorted(found, key=lambda recording: _begins(recording[1]))


def _begins(exchanges: Iterable[Exchange]) -> float:
    first = next((e.response.headers["date"] for e in exchanges if "date" in e.response.headers), None)
    return parsedate_to_datetime(first).timestamp() if first else 0.0


def _account(exchange: Exchange) -> str:
    managed = _ACCOUNT.search(exchange.request.path)
    return managed[1].lower() if managed else exchange.request.parts.hostname or ""


def _follow(recordings: Iterable[tuple[str, list[Exchange]]], trace_of: Callable[[str, Exchange], Hashable]) -> list[Finding]:
    accounts: dict[Hashable, Account] = {}
    return [
        finding
        for name, exchanges in recordings
        for exchange in exchanges
        for finding in observe(accounts.setdefault(trace_of(name, exchange), Account()), step(exchange, name))
    ]


def _too_few(found: Iterable[Finding], floor: Mapping[str, int]) -> dict[str, int]:
    counted: Counter[str] = held(found)
    return {check: counted[check] for check, least in floor.items() if counted[check] < least}


def test_each_recording_is_a_trace(recordings: list[tuple[str, list[Exchange]]]) -> None:
    found = _follow(recordings, lambda name, exchange: (name, _account(exchange)))
    assert contradicted(found) == []
    assert _too_few(found, HELD) == {}


def test_the_recordings_of_an_account_are_one_trace(recordings: list[tuple[str, list[Exchange]]]) -> None:
    found = _follow(recordings, lambda name, exchange: _account(exchange))
    assert contradicted(found) == []
    assert _too_few(found, HELD) == {}


def test_a_wrong_answer_among_them_is_found(recordings: list[tuple[str, list[Exchange]]]) -> None:
    """Were the service to change with updateproperties what that cannot name, it would be seen, if the request says that nobody
    else wrote before."""
    name, (first, write, last) = next((n, e) for n, e in recordings if n.endswith("/pool-update-using-json-file.yaml"))
    known = Headers({**dict(write.request.headers.fields), "If-Match": first.response.headers["etag"]})
    guarded = replace(write, request=replace(write.request, headers=known))
    good, bad = (_follow([(name, [first, guarded, e])], lambda *_: "") for e in (last, member("vmSize", "huge")(last)))
    assert contradicted(good) == []
    assert held(good)["replace.kept"] == 13
    assert [(check, prop) for check, prop, _ in contradicted(bad)] == [("replace.kept", "vmSize")]


def test_an_exchange_that_is_missing_contradicts_nothing(recordings: list[tuple[str, list[Exchange]]]) -> None:
    """Nobody knows what was said in it."""
    for name, exchanges in recordings:
        for place in range(len(exchanges)):
            gap = [(name, [*exchanges[:place], *exchanges[place + 1 :]])]
            assert contradicted(_follow(gap, lambda _, exchange: _account(exchange))) == [], (name, place)
