"""What one pytest process of a run holds: its connection, its part of the ledger, its spool of exchanges, and the evidence of the
scenario that is running. With xdist, each worker is such a process; the controller judges what they left in the work folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from conformance.exchange import Exchange, Request, write_exchange
from conformance.plugin.cleanup import reserved
from conformance.plugin.driver import Batch, Line
from conformance.plugin.estimate import PROBES
from conformance.plugin.expect import Expect
from conformance.plugin.management import Accounts
from conformance.plugin.options import Settings
from conformance.target import Client, Ledger, Scrubber, Target
from conformance.target.ledger import PREFIX

if TYPE_CHECKING:
    from httpx import BaseTransport

    from conformance.recording.recorder import Recorder

SPOOL = "spool-"
_SHORTEST_CREDENTIAL = 16
# no digits of a run id
_LETTERS = "ghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Place:
    """Where this process stands in the run: the work folder, the run id, its own name, and its number among `count`."""

    work: Path
    run_id: str
    name: str = "main"
    number: int = 0
    count: int = 1
    records: bool = True

    @property
    def label(self) -> str:
        """The run's id in names; as long, but another one, in each process, since processes may make the same things."""
        return f"{self.run_id[:-1]}{_LETTERS[(self.number - 1) % len(_LETTERS)]}" if self.number else self.run_id


class Process:
    """Opened at the start of the session, closed at its end. Every exchange is on disk, without secrets, once it is over."""

    def __init__(self, settings: Settings, place: Place, transport: BaseTransport | None = None) -> None:
        """`transport` carries the requests, if it is not the network."""
        self.settings = settings
        self.place = place
        self._transport = transport
        self.scrub = self.scrubber(settings)
        # what generated requests share, by the kind of their tokens
        self.residents: dict[str, str] = {}
        self.secret = ""
        self._spool: TextIO = (place.work / f"{SPOOL}{place.name}.jsonl").open("a", encoding="utf-8", buffering=1)
        self.recorder: Recorder | None = None
        self.client = self._connected(settings, place)
        durable = settings.replay is None and transport is None
        self.ledger = Ledger(place.work / f"{PREFIX}{place.name}.jsonl", settings.target.endpoint, durable)
        if settings.target.budget.requests:
            self.client.reserved = lambda: reserved(self.ledger)
        self.line = line = Line(self.client, self.ledger, self._label, conceal=self.scrub.learn)
        self._certify(line)
        self.batch = Batch(line, settings.version)
        self.accounts = Accounts(line, settings.management_version)

    @property
    def _label(self) -> str:
        return self.settings.replay.index.label if self.settings.replay is not None else self.place.label

    def _connected(self, settings: Settings, place: Place) -> Client:
        """The client, which a replay has answered from its recording."""
        if settings.replay is not None:
            from conformance.plugin import recordings

            client: Client = recordings.player(settings.replay, settings.target, self.scrub)
            client.recorder = self._record
            return client
        client = Client(_share(settings.target, place.count), self._record, self._transport)
        client.hurried = settings.repeatable
        if settings.record is not None and place.records:
            from conformance.plugin import recordings

            self.recorder = recordings.recorder(settings.target, self._label, self.scrub)
            client.unanswered = self._unanswered
        return client

    def _unanswered(self, request: Request, why: str, reached: bool) -> None:
        assert self.recorder is not None
        credential = request.headers.get("authorization", "").partition(" ")[2].rpartition(":")[2].strip()
        if len(credential) >= _SHORTEST_CREDENTIAL:
            self.scrub.learn(credential)
        self.recorder.unanswered(self.client.source, request, self.scrub.text(why), reached)

    def _certify(self, line: Line) -> None:
        if self.settings.replay is None and self.recorder is None:
            return
        from conformance.plugin import recordings

        if self.recorder is None:
            line.certify = recordings.recorded_certificate
            line.conceal = _nothing  # the secrets of stand-ins are none
        else:
            from conformance.plugin.certificates import make

            line.certify = recordings.certifying(make, self.recorder.aliases)

    @staticmethod
    def scrubber(settings: Settings) -> Scrubber:
        known = [settings.target.key, settings.target.management_token] if settings.replay is None else []
        return Scrubber(known)

    def expect(self, item: pytest.Item, command: str = "") -> Expect:
        """`command` runs the item again, if it is none of the suite's own."""
        ids = marked(item)
        live = [name for name in ids if self.live(name)]
        made = Expect(item.nodeid, ids, live, self.scrub.text, command or self.settings.command)
        item.stash[EXPECT] = made
        return made

    def live(self, name: str) -> bool:
        """Whether a requirement is judged in this run: asked for, of a claimed profile, and holding at the api-version."""
        requirement = self.settings.requirement(name)
        return requirement is not None and self.settings.judged(requirement)

    def close(self) -> None:
        self.client.close()
        self.ledger.close()
        if not self._spool.closed and self.recorder is not None:
            from conformance.plugin import recordings

            recordings.keep(self.recorder, self.place.work, self.place.name, list(self.scrub.known))
        self._spool.close()

    def _record(self, exchange: Exchange) -> None:
        credential = repeated_credential(exchange)
        if credential:
            self.scrub.learn(credential)
        write_exchange(self._spool, self.scrub.exchange(exchange))
        if self.recorder is not None:
            self.recorder.heard(exchange, self.client.poll)


def _nothing(secret: str) -> None:
    pass


def repeated_credential(exchange: Exchange) -> str:
    """The signature or the token of a request, when its answer repeats it: no pattern knows it for one. Empty otherwise."""
    stated = exchange.request.headers.get("authorization", "")
    credential = stated.partition(" ")[2].rpartition(":")[2].strip()
    if len(credential) < _SHORTEST_CREDENTIAL:
        return ""
    response = exchange.response
    told = (response.reason, *(value for _, value in response.headers.fields), response.body.decode("utf-8", "replace"))
    return credential if any(credential in text for text in told) else ""


def _share(target: Target, count: int) -> Target:
    """Each of `count` processes gets the same part of the budget; what looks whether the target answers has had its part."""
    if not target.budget.requests:
        return target
    part = max(1, (target.budget.requests - PROBES) // count)
    return target.model_copy(update={"budget": target.budget.model_copy(update={"requests": part})})


PROCESS: pytest.StashKey[Process] = pytest.StashKey()
EXPECT: pytest.StashKey[Expect] = pytest.StashKey()


def marked(item: pytest.Item) -> list[str]:
    """The ids of all `requirement` marks of a test, in order, each once."""
    return list(dict.fromkeys(str(name) for mark in item.iter_markers("requirement") for name in mark.args))
